//! Optional query parameters, grouped in a struct for each operation.
//!
//! As positional arguments, a parameter that the API adds would break every caller. The API may also add the first optional
//! parameter of an operation. Therefore list operations always take a struct. Other operations keep their method without
//! one, and have a second method, `<name>_with`, if they have optional query parameters.

use heck::ToUpperCamelCase;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::ident;
use crate::operation::{Argument, Operation};
use crate::rust_type::RustType;

/// Returns the module of the structs.
pub(super) fn module(operations: &[Operation]) -> TokenStream {
    let mut operations: Vec<_> = operations
        .iter()
        .filter(|operation| operation.is_list() || !operation.options.is_empty())
        .collect();
    operations.sort_by_key(|operation| &operation.name);
    let structs = operations.into_iter().map(params);
    quote! {
        /// The optional query parameters of the operations, one struct for each operation that has some.
        pub mod params {
            #[allow(unused_imports)]
            use super::types;
            #(#structs)*
        }
    }
}

/// Returns the name of an operation's struct.
pub(super) fn name(operation: &Operation) -> Ident {
    format_ident!("{}Params", operation.name.to_upper_camel_case())
}

fn params(operation: &Operation) -> TokenStream {
    let method = &operation.name;
    let doc = format!(" The optional query parameters of [`{method}`](super::Client::{method}).");
    let name = name(operation);
    let fields = operation.options.iter().map(|option| {
        let Argument {
            name,
            ty,
            description,
            ..
        } = option;
        let name = ident(name);
        let description = description.iter();
        let ty = match ty {
            RustType::List(_) => quote!(#ty),
            ty => quote!(::std::option::Option<#ty>),
        };
        quote!(#(#[doc = #description])* pub #name: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #name {
            #(#fields,)*
            // Makes `..Default::default()` necessary, so that a parameter the API adds breaks no caller.
            #[doc(hidden)]
            pub _non_exhaustive: (),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{EnumTable, generate, tests};

    /// The client of a spec with one operation.
    fn client(id: &str, parameters: &str) -> String {
        let spec = tests::spec(&format!(
            "paths:
  /things/{{id}}:
    patch:
      operationId: ThingService_{id}
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}, description: The id.}}
{parameters}      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}, required: true}}
      responses:
        '200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}
components:
  schemas:
    Thing: {{type: object, properties: {{name: {{type: string}}}}}}
"
        ));
        let client = generate(&spec, &EnumTable::default()).unwrap().client;
        client.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    const OPTIONAL: &str = "        - {name: pageSize, in: query, schema: {type: integer, format: int32}, description: 'How many.\n\n            At most 9.'}
        - {name: kinds, in: query, schema: {type: array, items: {type: string}}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
";

    #[test]
    fn a_list_operation_always_takes_a_struct() {
        for parameters in ["", OPTIONAL] {
            let client = client("ListThings", parameters);
            let expected = "pub async fn list_things( &self, id: &str, params: &params::ListThingsParams, body: &types::Thing, )";
            assert!(client.contains(expected), "{client}");
            assert!(!client.contains("list_things_with"), "{client}");
        }
    }

    #[test]
    fn the_first_query_parameter_adds_a_method_and_changes_none() {
        let plain = "pub async fn update_thing( &self, id: &str, body: &types::Thing, )";
        let without = client("UpdateThing", "");
        assert!(without.contains(plain), "{without}");
        assert!(!without.contains("Params"), "{without}");
        let with = client("UpdateThing", OPTIONAL);
        assert!(with.contains(plain), "{with}");
        let expected = "pub async fn update_thing_with( &self, id: &str, params: &params::UpdateThingParams, body: &types::Thing, )";
        assert!(with.contains(expected), "{with}");
    }

    #[test]
    fn fields_are_owned_and_documented_and_lists_are_plain() {
        let client = client("ListThings", OPTIONAL);
        for expected in [
            "/// How many. /// At most 9. pub page_size: ::std::option::Option<i32>,",
            "pub kinds: ::std::vec::Vec<::std::string::String>,",
            "pub since: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,",
            "\"pageSize\", &params.page_size",
            "\"kinds\", &params.kinds",
        ] {
            assert!(client.contains(expected), "{expected}: {client}");
        }
        let docs = "/// Arguments: /// - `id`: The id. /// - `params`: The optional query parameters. /// - `body` pub async fn";
        assert!(client.contains(docs), "{client}");
    }

    #[test]
    fn a_required_query_parameter_stays_an_argument() {
        let client = client(
            "ListThings",
            "        - {name: kind, in: query, required: true, schema: {type: string}}\n",
        );
        assert!(client.contains("id: &str, kind: &str, params:"), "{client}");
        assert!(client.contains(".query(\"kind\", &kind)"), "{client}");
    }
}
