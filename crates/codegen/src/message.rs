//! The messages that progenitor has generated, as structs.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, GenericArgument, Ident, Item, Meta, PathArguments, Token, Type};

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
}

impl Messages {
    /// Reads the structs of the module `types`.
    pub(crate) fn read(types: &[Item]) -> syn::Result<Self> {
        let mut messages = BTreeMap::new();
        for item in types {
            let Item::Struct(message) = item else {
                continue;
            };
            let members = message.fields.iter().filter_map(|field| {
                let ident = field.ident.clone()?;
                Some(wire_name(field).map(|name| Member {
                    field: ident,
                    name,
                    ty: field.ty.clone(),
                }))
            });
            let members = members.collect::<syn::Result<_>>()?;
            messages.insert(message.ident.to_string(), members);
        }
        Ok(Self(messages))
    }

    /// The members of a message.
    pub(crate) fn members(&self, message: &str) -> &[Member] {
        self.0.get(message).map_or(&[], Vec::as_slice)
    }

    /// The member `name` of a message.
    pub(crate) fn member(&self, message: &str, name: &str) -> Option<&Member> {
        let mut members = self.members(message).iter();
        members.find(|member| member.name.as_deref() == Some(name))
    }

    /// The map of unknown members of a message.
    pub(crate) fn unknown(&self, message: &str) -> Option<&Member> {
        let mut members = self.members(message).iter();
        members.find(|member| member.name.is_none())
    }
}

impl Member {
    /// The `T` of a field of the type `Option<T>`.
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

    /// The type, without `Option`.
    pub(crate) fn required(&self) -> &Type {
        self.optional().unwrap_or(&self.ty)
    }

    /// The name of the message that the member is.
    pub(crate) fn message(&self) -> Option<String> {
        match self.required() {
            Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
            _ => None,
        }
    }

    /// An expression of the type `Option<&T>` for this member of `of`, which is an `Option` of a reference to the message.
    pub(crate) fn of(&self, of: &TokenStream) -> TokenStream {
        let field = &self.field;
        match self.optional() {
            Some(_) => quote!(#of.and_then(|message| message.#field.as_ref())),
            None => quote!(#of.map(|message| &message.#field)),
        }
    }
}

/// The name of a field on the wire, or none if it is flattened.
fn wire_name(field: &Field) -> syn::Result<Option<String>> {
    for argument in serde_arguments(&field.attrs)? {
        match &argument {
            Meta::Path(path) if path.is_ident("flatten") => return Ok(None),
            Meta::NameValue(rename) if rename.path.is_ident("rename") => {
                let name: syn::LitStr = syn::parse2(rename.value.to_token_stream())?;
                return Ok(Some(name.value()));
            }
            _ => {}
        }
    }
    Ok(field.ident.as_ref().map(Ident::to_string))
}

/// The arguments of the `serde` attributes.
pub(crate) fn serde_arguments(attributes: &[Attribute]) -> syn::Result<Vec<Meta>> {
    let mut arguments = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("serde") {
            let parsed =
                attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
            arguments.extend(parsed);
        }
    }
    Ok(arguments)
}
