use syn::{Item, ItemStruct, parse_quote};

use crate::emit;
use crate::message::Messages;
use crate::preprocess::Preprocessed;

/// Returns the items of the generated module `types`, with the same derives for all messages, their form in JSON, and codegen's
/// own types; and what the messages hold.
///
/// Protobuf JSON omits defaults, and some encoders send `null`, or `""` for timestamps: derived code rejects both, even where
/// the spec requires a member.
pub(crate) fn types(
    file: syn::File,
    preprocessed: &Preprocessed,
) -> syn::Result<(Vec<Item>, Messages)> {
    let module = file.items.into_iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => Some(module.content?.1),
        _ => None,
    });
    // progenitor implements `Default` only for messages without required members, and adds an error module for enums and
    // newtypes, which are all replaced.
    let mut structs: Vec<ItemStruct> = module
        .into_iter()
        .flatten()
        .filter_map(|item| match item {
            Item::Struct(message) => Some(message),
            _ => None,
        })
        .collect();
    for message in &preprocessed.empty_messages {
        structs.push(syn::parse2(emit::empty_message(message))?);
    }
    structs.iter_mut().for_each(keep_members_apart);
    let messages = Messages::read(&structs)?;
    let mut items = Vec::new();
    for open_enum in &preprocessed.enums {
        let item: Item = syn::parse2(emit::open_enum(open_enum))?;
        items.push((open_enum.name.clone(), vec![item]));
    }
    for mut message in structs {
        derives(&mut message);
        let name = message.ident.to_string();
        let json: Item = syn::parse2(emit::json(&name, &messages))?;
        items.push((name, vec![Item::Struct(message), json]));
    }
    items.sort_by(|(one, _), (other, _)| one.cmp(other));
    let items = items.into_iter().flat_map(|(_, items)| items);
    Ok((items.collect(), messages))
}

/// Derives the same traits for every message.
///
/// With `Default`, a message is constructed as `Message { name, ..Default::default() }`, which a new member does not break.
fn derives(message: &mut ItemStruct) {
    message
        .attrs
        .retain(|attribute| !attribute.path().is_ident("derive"));
    message
        .attrs
        .push(parse_quote!(#[derive(Clone, Debug, Default, PartialEq)]));
    for field in &mut message.fields {
        field
            .attrs
            .retain(|attribute| !attribute.path().is_ident("serde"));
    }
}

/// Renames the map of unknown members to `extra_members` in a message that has a member named `extra`.
fn keep_members_apart(message: &mut ItemStruct) {
    let names = message
        .fields
        .iter()
        .filter_map(|field| field.ident.as_ref());
    if names.filter(|name| *name == "extra").count() > 1
        && let Some(unknown) = message.fields.iter_mut().next_back()
    {
        unknown.ident = Some(parse_quote!(extra_members));
    }
}
