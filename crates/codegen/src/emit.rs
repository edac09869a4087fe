//! Code that codegen emits itself: file headers, open enums, empty messages and the table of operations.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::preprocess::{EmptyMessage, OpenEnum, Operation, Variant};

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

/// Returns a message without members, as a struct that keeps unknown members.
pub(crate) fn empty_message(message: &EmptyMessage) -> TokenStream {
    let name = ident(&message.name);
    let doc = format!(" {}", message.description);
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
        pub struct #name {
            #[serde(flatten)]
            pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        }
    }
}

/// Returns a constant for each operation, and the table of all operations.
pub(crate) fn operations(operations: &[Operation]) -> TokenStream {
    let constants: Vec<_> = operations
        .iter()
        .map(|operation| ident(&operation.name.to_ascii_uppercase()))
        .collect();
    let rows = operations
        .iter()
        .zip(&constants)
        .map(|(operation, constant)| {
            let Operation {
                name,
                id,
                method,
                path,
            } = operation;
            let doc = format!(" `{id}`: `{method} {path}`");
            quote! {
                #[doc = #doc]
                pub const #constant: &'static Self =
                    &Self { name: #name, id: #id, method: #method, path: #path };
            }
        });
    quote! {
        impl crate::Operation {
            #(#rows)*
        }
        /// All operations of the API, sorted by name.
        pub const OPERATIONS: &[crate::Operation] = &[#(*crate::Operation::#constants),*];
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
