//! Code that codegen emits itself: everything but the messages and the mocks.

mod operation;
mod params;
mod resource;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::Item;

use crate::message::Messages;
use crate::operation::Operation;
use crate::preprocess::{EmptyMessage, OpenEnum, Variant};
use crate::resource::Resource;

/// Returns the text of a generated file.
pub(crate) fn file(what: &str, file: &syn::File) -> String {
    format!(
        "// @generated: the {what} of the CoreWeave Inference API, generated from openapi.yaml by coreweave-inference-codegen with progenitor.\n\
         // Do not edit: change openapi.yaml or crates/codegen, then run `cargo xtask generate`.\n\n{}",
        prettyplease::unparse(file)
    )
}

/// Returns an open enum, as an invocation of the client crate's macro.
pub(crate) fn open_enum(open_enum: &OpenEnum) -> TokenStream {
    let name = ident(&open_enum.name);
    let unspecified = &open_enum.unspecified;
    let members = open_enum.members.join("`, `");
    let doc = format!(" The values of `{members}`.");
    let variants = open_enum.variants.iter().map(|variant| {
        let Variant {
            name,
            value,
            aliases,
            number,
        } = variant;
        let name = ident(name);
        let number = number.map(Literal::i64_unsuffixed);
        let number = number.map(|number| quote! { = #number });
        quote! { #name: #value #(| #aliases)* #number, }
    });
    quote! {
        crate::open_enum::open_enum! {
            #[doc = #doc]
            #name, unspecified #unspecified, { #(#variants)* }
        }
    }
}

/// Returns the JSON form of a message, as an invocation of the client crate's macro.
pub(crate) fn json(message: &str, messages: &Messages) -> TokenStream {
    let name = ident(message);
    let unknown = messages.unknown(message).map(|member| &member.field);
    let members = messages.members(message).iter().filter_map(|member| {
        let (field, name) = (&member.field, member.name.as_ref()?);
        let always = member.is_always_written().then(|| quote!(always));
        Some(quote!(#field => #name #always,))
    });
    quote! {
        crate::proto_json::message! {
            #name { #(#members)* } #unknown
        }
    }
}

/// Returns a message without members, as a struct that keeps unknown members.
pub(crate) fn empty_message(message: &EmptyMessage) -> TokenStream {
    let name = ident(&message.name);
    let doc = format!(" {}", message.description);
    quote! {
        #[doc = #doc]
        pub struct #name {
            #[serde(flatten)]
            pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        }
    }
}

/// Returns the file of the client: the types, the operations and the bindings of the resources.
pub(crate) fn client(
    types: &[Item],
    messages: &Messages,
    operations: &[Operation],
    resources: &[Resource<'_>],
) -> syn::Result<syn::File> {
    let created_ids = resources.iter().filter_map(|resource| {
        let id = resource::create_id(resource, messages)?;
        Some((resource.create.name.as_str(), &id.field))
    });
    let created_ids = created_ids.collect();
    let resources = resources
        .iter()
        .filter_map(|resource| resource::binding(resource, messages));
    let methods = operation::methods(operations);
    let calls = operation::calls(operations, &created_ids);
    let params = params::module(operations);
    let table = operation::table(operations);
    syn::parse2(quote! {
        #[allow(unused_imports)]
        use crate::{
            Call, Client, Error, FromJson, Items, Managed, Metadata, Operation, Resource, Response,
        };
        /// Messages and enums: the bodies of requests and responses, and what they contain.
        pub mod types {
            #(#types)*
        }
        #methods
        #calls
        #params
        #(#resources)*
        #table
    })
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
