use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use proc_macro2::Ident;
use quote::format_ident;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprMethodCall, FnArg, GenericArgument, ImplItem, ImplItemFn, Item,
    ItemStruct, Lit, Pat, PathArguments, Type, parse_quote,
};

use super::doc;
use crate::preprocess::walk;

/// Groups the optional query parameters of each method in a struct that implements `Default`.
///
/// progenitor generates positional arguments, so a parameter that the API adds would break every caller. The API may also
/// add the first optional parameter of an operation. Therefore list operations always take a struct. Other operations keep
/// their method without one, and have a second method, `<name>_with`, if they have optional query parameters.
pub(super) fn group(file: &mut syn::File, document: &Value) {
    let operations: BTreeMap<&str, &Value> = walk::operations(document)
        .filter_map(|(.., operation)| Some((operation.get("operationId")?.as_str()?, operation)))
        .collect();
    let mut structs: Vec<ItemStruct> = Vec::new();
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        for item in std::mem::take(&mut block.items) {
            let operation = match &item {
                ImplItem::Fn(method) => operations.get(method.sig.ident.to_string().as_str()),
                _ => None,
            };
            match (item, operation) {
                (ImplItem::Fn(method), Some(operation)) => {
                    let grouped = group_method(method, operation, &mut structs);
                    block.items.extend(grouped.into_iter().map(ImplItem::Fn));
                }
                (item, _) => block.items.push(item),
            }
        }
    }
    structs.sort_by_cached_key(|item| item.ident.to_string());
    file.items.push(parse_quote! {
        /// The optional query parameters of the operations, one struct for each operation that has some.
        pub mod params {
            #[allow(unused_imports)]
            use super::types;
            #(#structs)*
        }
    });
}

/// An optional query parameter.
struct Parameter {
    name: Ident,
    ty: Type,
    description: Option<String>,
}

/// Returns the methods of an operation.
fn group_method(
    mut method: ImplItemFn,
    operation: &Value,
    structs: &mut Vec<ItemStruct>,
) -> Vec<ImplItemFn> {
    let name = method.sig.ident.to_string();
    let optional = method
        .sig
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some((argument_name(argument)?, in_option(&typed.ty)?)),
            FnArg::Receiver(_) => None,
        });
    let mut group = Group {
        optional: optional.collect(),
        operation,
        parameters: Vec::new(),
    };
    group.visit_block_mut(&mut method.block);
    let parameters = group.parameters;
    let is_list = name.starts_with("list_");
    if parameters.is_empty() && !is_list {
        return vec![method];
    }

    let params = format_ident!("{}Params", name.to_upper_camel_case());
    structs.push(params_struct(&params, &name, &parameters));
    remove_arguments_from_doc(&mut method.attrs, &parameters);
    let is_grouped = |argument: &FnArg| {
        parameters
            .iter()
            .any(|parameter| argument_name(argument) == Some(&parameter.name))
    };
    method.sig.inputs = std::mem::take(&mut method.sig.inputs)
        .into_iter()
        .filter(|argument| !is_grouped(argument))
        .collect();
    let mut with_params = method.clone();
    let is_body = |argument: &FnArg| argument_name(argument).is_some_and(|name| name == "body");
    let inputs = &mut with_params.sig.inputs;
    let before_body = inputs.iter().position(is_body).unwrap_or(inputs.len());
    inputs.insert(before_body, parse_quote!(params: &'a params::#params));
    if is_list {
        if parameters.is_empty() {
            with_params
                .attrs
                .push(parse_quote!(#[allow(unused_variables)]));
        }
        return vec![with_params];
    }
    let with_name = format_ident!("{name}_with");
    let arguments = with_params.sig.inputs.iter().filter_map(argument_name);
    let arguments = arguments.map(|name| -> Expr {
        match name == "params" {
            true => parse_quote!(&::std::default::Default::default()),
            false => parse_quote!(#name),
        }
    });
    method.block = parse_quote!({ self.#with_name(#(#arguments),*).await });
    with_params.sig.ident = with_name;
    vec![method, with_params]
}

fn params_struct(name: &Ident, method: &str, parameters: &[Parameter]) -> ItemStruct {
    let doc = format!(" The optional query parameters of [`{method}`](super::Client::{method}).");
    let fields = parameters.iter().map(|parameter| -> syn::Field {
        let Parameter {
            name,
            ty,
            description,
        } = parameter;
        let description = description.iter();
        parse_quote!(#(#[doc = #description])* pub #name: #ty)
    });
    parse_quote! {
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

/// Collects the optional query parameters of a method, and replaces them with the fields of the struct.
struct Group<'a> {
    optional: Vec<(&'a Ident, &'a Type)>,
    operation: &'a Value,
    parameters: Vec<Parameter>,
}

impl VisitMut for Group<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let Some((wire_name, name)) = query_param(call) else {
            return;
        };
        let Some((name, ty)) = self.optional.iter().find(|(known, _)| **known == name) else {
            return;
        };
        let Some(value) = call.args.last_mut() else {
            return;
        };
        *value = parse_quote!(&params.#name);
        let parameters = self.operation.get("parameters").and_then(Value::as_array);
        let description = parameters
            .into_iter()
            .flatten()
            .find(|parameter| parameter.get("name").is_some_and(|name| *name == wire_name))
            .and_then(|parameter| parameter.get("description")?.as_str());
        self.parameters.push(Parameter {
            name: (*name).clone(),
            ty: owned(ty),
            description: description.map(str::to_owned),
        });
    }
}

/// The arguments of `.query("wireName", &name)`.
fn query_param(call: &ExprMethodCall) -> Option<(String, Ident)> {
    if call.method != "query" {
        return None;
    }
    match (call.args.first()?, call.args.last()?) {
        (Expr::Lit(wire_name), Expr::Reference(value)) => match (&wire_name.lit, &*value.expr) {
            (Lit::Str(wire_name), Expr::Path(name)) => {
                Some((wire_name.value(), name.path.get_ident()?.clone()))
            }
            _ => None,
        },
        _ => None,
    }
}

fn argument_name(argument: &FnArg) -> Option<&Ident> {
    match argument {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(name) => Some(&name.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

/// The type in `Option<T>`.
fn in_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
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

/// Returns the type of the field for an argument of type `Option<inner>`: owned, and without `Option` for a list.
fn owned(inner: &Type) -> Type {
    let inner = match inner {
        Type::Reference(reference) => &*reference.elem,
        inner => inner,
    };
    match inner {
        Type::Path(path) if path.path.is_ident("str") => {
            parse_quote!(::std::option::Option<::std::string::String>)
        }
        Type::Path(path)
            if path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Vec") =>
        {
            inner.clone()
        }
        inner => parse_quote!(::std::option::Option<#inner>),
    }
}

/// Removes the parameters from the list of arguments in the doc comment, where progenitor writes `- `name`: description`.
fn remove_arguments_from_doc(attributes: &mut [Attribute], parameters: &[Parameter]) {
    for attribute in attributes {
        let Some(mut text) = doc::text(attribute) else {
            continue;
        };
        for parameter in parameters {
            let description = parameter.description.as_ref();
            let description = description
                .map(|text| format!(": {text}"))
                .unwrap_or_default();
            text = text.replace(&format!("- `{}`{description}\n", parameter.name), "");
        }
        let text = text.trim_end().trim_end_matches("Arguments:").trim_end();
        *attribute = parse_quote!(#[doc = #text]);
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
            let expected = "pub async fn list_things<'a>( &'a self, id: impl AsRef<str> + Send, params: &'a params::ListThingsParams, body: &'a types::Thing, )";
            assert!(client.contains(expected), "{client}");
            assert!(!client.contains("list_things_with"), "{client}");
        }
    }

    #[test]
    fn the_first_query_parameter_adds_a_method_and_changes_none() {
        let plain = "pub async fn update_thing<'a>( &'a self, id: impl AsRef<str> + Send, body: &'a types::Thing, )";
        let without = client("UpdateThing", "");
        assert!(without.contains(plain), "{without}");
        assert!(!without.contains("Params"), "{without}");
        let with = client("UpdateThing", OPTIONAL);
        assert!(with.contains(plain), "{with}");
        let expected = "pub async fn update_thing_with<'a>( &'a self, id: impl AsRef<str> + Send, params: &'a params::UpdateThingParams, body: &'a types::Thing, )";
        assert!(with.contains(expected), "{with}");
        let call = "self.update_thing_with(id, &::std::default::Default::default(), body).await";
        assert!(with.contains(call), "{with}");
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
        assert!(
            client.contains("/// Arguments: /// - `id`: The id. /// - `body` pub async fn"),
            "{client}"
        );
    }

    #[test]
    fn a_required_query_parameter_stays_an_argument() {
        let client = client(
            "ListThings",
            "        - {name: kind, in: query, required: true, schema: {type: string}}\n",
        );
        assert!(
            client.contains("id: impl AsRef<str> + Send, kind: &'a str, params:"),
            "{client}"
        );
    }
}
