//! Operations: a method of the client, a call and a row in the table of operations for each.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{ident, params};
use crate::operation::{Argument, Operation};
use crate::rust_type::RustType;

/// Returns the methods of the client.
pub(super) fn methods(operations: &[Operation]) -> TokenStream {
    let methods = operations.iter().flat_map(forms).map(|form| {
        let Form {
            operation,
            name,
            takes_params,
            ..
        } = &form;
        let docs = docs(operation, *takes_params);
        let parameters = form.parameters();
        let arguments = form.arguments();
        let response = match &operation.response {
            Some(ty) => quote!(#ty),
            None => quote!(()),
        };
        quote! {
            #[doc = #docs]
            pub async fn #name(&self, #parameters) -> Result<Response<#response>, Error> {
                self.send(&Call::#name(#arguments)).await
            }
        }
    });
    quote! {
        impl Client {
            #(#methods)*
        }
    }
}

/// Returns the functions that build a call.
///
/// They are not generic, so that encoding is compiled once, in the client crate.
///
/// `created_ids` has, for operations that create a resource, the field of the body with the id that the resource is to have.
pub(super) fn calls(operations: &[Operation], created_ids: &HashMap<&str, &Ident>) -> TokenStream {
    let calls = operations.iter().flat_map(forms).map(|form| {
        let Form {
            operation, name, ..
        } = &form;
        let doc = format!(" The call of [`Client::{name}`].");
        let parameters = form.parameters();
        let build = match &form.delegate {
            Some(with) => {
                let arguments = form.arguments_for_delegate();
                quote!(Self::#with(#arguments))
            }
            None => {
                let created_id = created_ids.get(operation.name.as_str());
                let creates = created_id.map(|id| quote!(.creates(&body.#id)));
                let call = build(operation);
                quote!(#call #creates)
            }
        };
        quote! {
            #[doc = #doc]
            pub fn #name(#parameters) -> Self {
                #build
            }
        }
    });
    quote! {
        impl Call {
            #(#calls)*
        }
    }
}

/// Returns a constant for each operation, and the table of all operations.
pub(super) fn table(operations: &[Operation]) -> TokenStream {
    let mut operations: Vec<_> = operations.iter().collect();
    operations.sort_by_key(|operation| &operation.name);
    let constants: Vec<_> = operations
        .iter()
        .map(|operation| constant(operation))
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
                success,
                ..
            } = operation;
            let success = success.iter().copied().map(Literal::u16_unsuffixed);
            let doc = format!(" `{id}`: `{method} {path}`");
            quote! {
                #[doc = #doc]
                pub const #constant: &'static Self = &Self {
                    name: #name, id: #id, method: #method, path: #path, success: &[#(#success),*],
                };
            }
        });
    quote! {
        impl Operation {
            #(#rows)*
        }
        /// All operations of the API, sorted by name.
        pub const OPERATIONS: &[Operation] = &[#(*Operation::#constants),*];
    }
}

/// Returns the name of an operation's constant.
pub(super) fn constant(operation: &Operation) -> Ident {
    format_ident!("{}", operation.name.to_ascii_uppercase())
}

/// A form in which an operation can be called.
struct Form<'a> {
    operation: &'a Operation,
    name: Ident,
    takes_params: bool,
    /// The form with optional query parameters, which this one calls without any.
    delegate: Option<Ident>,
}

fn forms(operation: &Operation) -> Vec<Form<'_>> {
    let form = |name: Ident, takes_params, delegate| Form {
        operation,
        name,
        takes_params,
        delegate,
    };
    let name = ident(&operation.name);
    match operation.has_two_forms() {
        true => {
            let with = format_ident!("{name}_with");
            vec![
                form(name, false, Some(with.clone())),
                form(with, true, None),
            ]
        }
        false => vec![form(name, operation.is_list(), None)],
    }
}

impl Form<'_> {
    /// `id: &str, params: &params::ListThingsParams, body: &types::Thing`
    fn parameters(&self) -> TokenStream {
        let arguments = self.operation.arguments.iter().map(|argument| {
            let (name, ty) = (ident(&argument.name), argument.ty.argument());
            quote!(#name: #ty)
        });
        let params = self.takes_params.then(|| params::name(self.operation));
        let params = params.map(|name| quote!(params: &params::#name));
        let body = self.operation.body.iter().map(|body| {
            let ty = body.ty.argument();
            quote!(body: #ty)
        });
        let parameters = arguments.chain(params).chain(body);
        quote!(#(#parameters),*)
    }

    /// `id, params, body`
    fn arguments(&self) -> TokenStream {
        self.arguments_with(self.takes_params.then(|| quote!(params)))
    }

    /// `id, &Default::default(), body`
    fn arguments_for_delegate(&self) -> TokenStream {
        self.arguments_with(Some(quote!(&::std::default::Default::default())))
    }

    fn arguments_with(&self, params: Option<TokenStream>) -> TokenStream {
        let names = self.operation.arguments.iter().map(|argument| {
            let name = ident(&argument.name);
            quote!(#name)
        });
        let body = self.operation.body.iter().map(|_| quote!(body));
        let arguments = names.chain(params).chain(body);
        quote!(#(#arguments),*)
    }
}

/// Returns the expression that builds the call of an operation.
fn build(operation: &Operation) -> TokenStream {
    let constant = constant(operation);
    let (path, query): (Vec<_>, Vec<_>) = operation
        .arguments
        .iter()
        .partition(|argument| argument.is_path);
    let path = path.into_iter().map(|argument| {
        let name = ident(&argument.name);
        match argument.ty {
            RustType::Text => quote!(#name),
            _ => quote!(&#name.to_string()),
        }
    });
    let query = query.into_iter().map(|argument| {
        let (name, wire_name) = (ident(&argument.name), &argument.wire_name);
        quote!(.query(#wire_name, &#name))
    });
    let options = operation.options.iter().map(|option| {
        let Argument {
            name, wire_name, ..
        } = option;
        let name = ident(name);
        quote!(.query(#wire_name, &params.#name))
    });
    // Without one, the argument `params` is for parameters that the API may add.
    let ignore =
        (operation.is_list() && operation.options.is_empty()).then(|| quote!(let _ = params;));
    let body = operation.body.iter().map(|_| quote!(.json(body)));
    quote!(#ignore Self::new(Operation::#constant, &[#(#path),*]) #(#query)* #(#options)* #(#body)*)
}

/// Returns the doc comment of a method.
fn docs(operation: &Operation, takes_params: bool) -> String {
    let mut docs = operation.docs.clone();
    docs.push(format!(
        "Sends a `{}` request to `{}`",
        operation.method, operation.path
    ));
    let describe = |name: &str, description: &Option<String>| match description {
        Some(description) => format!("- `{name}`: {description}"),
        None => format!("- `{name}`"),
    };
    let arguments = operation
        .arguments
        .iter()
        .map(|argument| describe(&argument.name, &argument.description));
    let params = (takes_params && !operation.options.is_empty())
        .then(|| "- `params`: The optional query parameters.".to_owned());
    let body = operation
        .body
        .iter()
        .map(|body| describe("body", &body.description));
    let arguments: Vec<_> = arguments.chain(params).chain(body).collect();
    if !arguments.is_empty() {
        docs.push(format!("Arguments:\n{}", arguments.join("\n")));
    }
    let paragraphs = docs.iter().map(|paragraph| paragraph.trim_end());
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
