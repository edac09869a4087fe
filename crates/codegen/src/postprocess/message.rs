use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Field, Item, ItemImpl, ItemStruct, Token, Type, parse_quote};

use crate::emit;
use crate::message::serde_arguments;
use crate::preprocess::Preprocessed;

/// Returns the items of the generated module `types`, with lenient deserialization, the same derives for all messages, and
/// codegen's own types.
pub(crate) fn types(file: syn::File, preprocessed: &Preprocessed) -> syn::Result<Vec<Item>> {
    let module = file.items.into_iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => Some(module.content?.1),
        _ => None,
    });
    let mut items = module.unwrap_or_default();
    // progenitor implements `Default` only for messages without required members, and adds an error module for enums and
    // newtypes, which are all replaced.
    items.retain(|item| match item {
        Item::Impl(block) => !is_default(block),
        Item::Mod(module) => module.ident != "error",
        _ => true,
    });
    for item in items.iter_mut() {
        if let Item::Struct(message) = item {
            derives(message);
            keep_members_apart(message);
            for field in &mut message.fields {
                lenient(field)?;
            }
        }
    }
    for open_enum in &preprocessed.enums {
        items.push(syn::parse2(emit::open_enum(open_enum))?);
    }
    for message in &preprocessed.empty_messages {
        items.push(syn::parse2(emit::empty_message(message))?);
    }
    items.sort_by_cached_key(name);
    Ok(items)
}

fn is_default(block: &ItemImpl) -> bool {
    block.trait_.as_ref().is_some_and(|(path, _)| {
        path.segments
            .last()
            .is_some_and(|segment| segment.ident == "Default")
    })
}

fn name(item: &Item) -> String {
    match item {
        Item::Struct(message) => message.ident.to_string(),
        Item::Macro(call) => {
            let tokens = call.mac.tokens.clone().into_iter();
            tokens
                .filter_map(|token| match token {
                    proc_macro2::TokenTree::Ident(name) => Some(name.to_string()),
                    _ => None,
                })
                .next()
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// Derives the same traits for every message.
///
/// With `Default`, a message is constructed as `Message { name, ..Default::default() }`, which a new member does not break.
fn derives(message: &mut ItemStruct) {
    message
        .attrs
        .retain(|attribute| !attribute.path().is_ident("derive"));
    message.attrs.push(parse_quote!(
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    ));
}

/// Renames the map of unknown members to `extra_members` in a message that has a member named `extra`.
fn keep_members_apart(message: &mut ItemStruct) {
    let (unknown, known): (Vec<_>, Vec<_>) = message
        .fields
        .iter_mut()
        .partition(|field| is_flattened(field));
    let is_extra = |field: &&mut Field| field.ident.as_ref().is_some_and(|name| name == "extra");
    if known.iter().any(is_extra) {
        for field in unknown {
            field.ident = Some(parse_quote!(extra_members));
        }
    }
}

fn is_flattened(field: &Field) -> bool {
    quote!(#field).to_string().contains("flatten")
}

/// Accepts absent and `null` members, even if the spec requires them.
///
/// Protobuf JSON omits defaults, and some encoders send `null`, or `""` for timestamps. serde accepts an absent or `null`
/// `Option` and rejects both for all other types.
fn lenient(field: &mut Field) -> syn::Result<()> {
    if is_flattened(field) {
        return Ok(());
    }
    let ty = &field.ty;
    let is_option = outer(ty) == "Option";
    let with = match is_option {
        true if quote!(#ty).to_string().contains("DateTime") => "crate::lenient::timestamp",
        true => return Ok(()),
        false => "crate::lenient::null_as_default",
    };
    let mut arguments: Punctuated<TokenStream, Token![,]> = Punctuated::new();
    for argument in serde_arguments(&field.attrs)? {
        if !argument.path().is_ident("default") {
            arguments.push(quote!(#argument));
        }
    }
    arguments.push(quote!(default));
    arguments.push(quote!(deserialize_with = #with));
    field
        .attrs
        .retain(|attribute| !attribute.path().is_ident("serde"));
    field.attrs.push(parse_quote!(#[serde(#arguments)]));
    Ok(())
}

/// Returns the name of the outermost type.
fn outer(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        _ => String::new(),
    }
}
