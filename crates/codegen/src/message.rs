//! The messages that progenitor has generated, as structs.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Field, GenericArgument, Ident, ItemStruct, Meta, PathArguments, Token, Type};

/// The members of each generated message, in the order of their fields.
#[derive(Debug, Default)]
pub(crate) struct Messages(BTreeMap<String, Vec<Member>>);

/// A field of a generated message.
#[derive(Debug)]
pub(crate) struct Member {
    /// `gateway_ids`
    pub(crate) field: Ident,
    /// `gatewayIds`, or none for the map of unknown members.
    pub(crate) name: Option<String>,
    pub(crate) ty: Type,
    /// Whether the member is left out of JSON if it is an empty list or map.
    skips_empty: bool,
}

impl Messages {
    /// Reads the structs as progenitor has generated them.
    pub(crate) fn read(structs: &[ItemStruct]) -> syn::Result<Self> {
        let mut messages = BTreeMap::new();
        for message in structs {
            let members = message.fields.iter().filter_map(|field| {
                let ident = field.ident.clone()?;
                Some(serde_arguments(field).map(|arguments| Member {
                    name: wire_name(&ident, &arguments),
                    field: ident,
                    ty: field.ty.clone(),
                    skips_empty: has(&arguments, "skip_serializing_if"),
                }))
            });
            let members = members.collect::<syn::Result<_>>()?;
            messages.insert(message.ident.to_string(), members);
        }
        Ok(Self(messages))
    }

    /// Returns the members of a message.
    pub(crate) fn members(&self, message: &str) -> &[Member] {
        self.0.get(message).map_or(&[], Vec::as_slice)
    }

    /// Returns the member `name` of a message.
    pub(crate) fn member(&self, message: &str, name: &str) -> Option<&Member> {
        let mut members = self.members(message).iter();
        members.find(|member| member.name.as_deref() == Some(name))
    }

    /// Returns the map of unknown members of a message.
    pub(crate) fn unknown(&self, message: &str) -> Option<&Member> {
        let mut members = self.members(message).iter();
        members.find(|member| member.name.is_none())
    }
}

impl Member {
    /// Returns the `T` of a field of the type `Option<T>`.
    pub(crate) fn optional(&self) -> Option<&Type> {
        match &self.ty {
            Type::Path(path) => {
                let segment = path.path.segments.last()?;
                match &segment.arguments {
                    PathArguments::AngleBracketed(arguments) if segment.ident == "Option" => {
                        match arguments.args.first()? {
                            GenericArgument::Type(inner) => Some(inner),
                            _ => None,
                        }
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Returns whether the member is written although it is an empty list or map.
    pub(crate) fn is_always_written(&self) -> bool {
        let is_collection = self
            .message()
            .is_some_and(|ty| ["Vec", "HashMap", "Map"].contains(&ty.as_str()));
        is_collection && !self.skips_empty
    }

    /// Returns the type, without `Option`.
    pub(crate) fn required(&self) -> &Type {
        self.optional().unwrap_or(&self.ty)
    }

    /// Returns the name of the message that the member is.
    pub(crate) fn message(&self) -> Option<String> {
        match self.required() {
            Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
            _ => None,
        }
    }

    /// Returns an expression of the type `Option<&T>` for this member of `of`, which is an `Option` of a reference to the message.
    pub(crate) fn of(&self, of: &TokenStream) -> TokenStream {
        let field = &self.field;
        match self.optional() {
            Some(_) => quote!(#of.and_then(|message| message.#field.as_ref())),
            None => quote!(#of.map(|message| &message.#field)),
        }
    }
}

/// Returns the name of a field on the wire, or none if it is flattened.
fn wire_name(field: &Ident, serde: &[Meta]) -> Option<String> {
    if has(serde, "flatten") {
        return None;
    }
    let rename = serde.iter().find_map(|argument| match argument {
        Meta::NameValue(rename) if rename.path.is_ident("rename") => {
            let name: syn::LitStr = syn::parse2(rename.value.to_token_stream()).ok()?;
            Some(name.value())
        }
        _ => None,
    });
    Some(rename.unwrap_or_else(|| field.to_string()))
}

fn has(serde: &[Meta], argument: &str) -> bool {
    serde.iter().any(|found| found.path().is_ident(argument))
}

/// Returns the arguments of a field's `serde` attributes.
fn serde_arguments(field: &Field) -> syn::Result<Vec<Meta>> {
    let mut arguments = Vec::new();
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            let parsed =
                attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
            arguments.extend(parsed);
        }
    }
    Ok(arguments)
}
