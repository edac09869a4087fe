use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Expr, ExprCall, ExprMethodCall, FnArg, ImplItem, ImplItemFn, Item, LitStr, Macro, Pat,
    PathArguments, ReturnType, Token, Type, parse_quote,
};

/// Replaces `progenitor_client` with the runtime of the client crate.
///
/// progenitor generates the code that builds a request, sends it and decodes the response for every operation, in terms of
/// reqwest, and a client with its constructors. The runtime contains that code once. A generated method keeps what differs
/// between operations: method, path, query, body and success statuses.
///
/// progenitor sends `info.version` as the header `api-version`, which the API does not have. No operation has header
/// parameters (`preprocess::supported` refuses them), so all headers are dropped.
pub(super) fn redirect(file: &mut syn::File) -> syn::Result<()> {
    file.items.retain(is_kept);
    let runtime = parse_quote!(
        use crate::runtime::{Client, Error, Response, encode_path};
    );
    file.items.insert(0, runtime);
    for item in &mut file.items {
        if let Item::Impl(block) = item {
            for item in &mut block.items {
                if let ImplItem::Fn(method) = item {
                    operation(method)?;
                }
            }
        }
    }
    Ok(())
}

/// Returns whether an item is neither a use of `progenitor_client` nor a part of the client, which the runtime contains.
fn is_kept(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.ident == "types",
        Item::Impl(block) => {
            block
                .items
                .iter()
                .all(|item| matches!(item, ImplItem::Fn(method) if method.sig.asyncness.is_some()))
                && block.trait_.is_none()
        }
        _ => false,
    }
}

fn operation(method: &mut ImplItemFn) -> syn::Result<()> {
    let mut found = Found::default();
    found.visit_block(&method.block);
    let (path, texts) = path(&found.url, &method.sig.inputs)?;
    let mut calls = Vec::new();
    for call in &found.calls {
        let arguments = &call.args;
        match call.method.to_string().as_str() {
            "get" | "put" | "post" | "patch" | "delete" => {
                let name = &call.method;
                calls.push(quote!(.#name(#path)));
            }
            "query" => {
                let parameter = query_parameter(arguments)?;
                calls.push(quote!(.query(#parameter)));
            }
            "json" => calls.push(quote!(.json(#arguments))),
            "header" | "headers" | "build" => {}
            _ => return Err(unsupported(call, "this part of a request")),
        }
    }
    let operation = format_ident!("{}", method.sig.ident.to_string().to_ascii_uppercase());
    let successes: Vec<_> = found
        .statuses
        .iter()
        .filter(|status| *status != "_")
        .collect();
    if successes != ["200u16"] {
        let successes = successes
            .iter()
            .map(|status| status.trim_end_matches("u16"));
        let successes = successes.map(str::parse).collect::<Result<Vec<u16>, _>>();
        let successes = successes.map_err(|_| unsupported(&method.sig.ident, "its responses"))?;
        let successes = successes.into_iter().map(Literal::u16_unsuffixed);
        calls.push(quote!(.success(&[#(#successes),*])));
    }
    result(&mut method.sig.output);
    let send = match method
        .sig
        .output
        .to_token_stream()
        .to_string()
        .contains("Response < () >")
    {
        true => format_ident!("send_for_status"),
        false => format_ident!("send"),
    };
    method.block = parse_quote!({ self #(#calls)* .#send(crate::Operation::#operation).await });
    for argument in &mut method.sig.inputs {
        if let FnArg::Typed(argument) = argument
            && let Pat::Ident(pattern) = &*argument.pat
            && texts.contains(&pattern.ident.to_string())
        {
            argument.ty = parse_quote!(impl AsRef<str> + Send);
        }
    }
    Ok(())
}

/// The relevant parts of a generated method.
#[derive(Default)]
struct Found {
    url: TokenStream,
    /// The calls that build the request, in their order.
    calls: Vec<ExprMethodCall>,
    /// The patterns that the response's status is matched with.
    statuses: Vec<String>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let Some(value) = &local.init else { return };
        match &*value.expr {
            Expr::Macro(url) => self.visit_macro(&url.mac),
            Expr::Try(request) => {
                let mut call = &*request.expr;
                while let Expr::MethodCall(outer) = call {
                    self.calls.insert(0, outer.clone());
                    call = &outer.receiver;
                }
                self.calls.retain(|call| call.method != "exec");
            }
            _ => {}
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if call.path.is_ident("format") {
            self.url = call.tokens.clone();
        }
    }

    fn visit_expr_match(&mut self, expression: &'ast syn::ExprMatch) {
        for arm in &expression.arms {
            self.statuses.push(arm.pat.to_token_stream().to_string());
        }
        visit::visit_expr_match(self, expression);
    }
}

/// The path of `format!("{}/path/{}", self.baseurl, encode_path(&id.to_string()))` as an argument, and the names of those
/// parameters that are text.
fn path(
    url: &TokenStream,
    inputs: &Punctuated<FnArg, Token![,]>,
) -> syn::Result<(TokenStream, Vec<String>)> {
    let arguments =
        syn::parse::Parser::parse2(Punctuated::<Expr, Token![,]>::parse_terminated, url.clone())?;
    let mut arguments = arguments.iter();
    let template = arguments.next().to_token_stream();
    let template: LitStr = syn::parse2(template)?;
    let template = template.value().replacen("{}", "", 1);
    let mut names = Vec::new();
    let mut segments = Vec::new();
    for argument in arguments.skip(1) {
        let Some(name) = parameter(argument) else {
            return Err(unsupported(argument, "this part of a path"));
        };
        if is_text(inputs, &name.to_string()) {
            segments.push(quote!(encode_path(#name.as_ref())));
            names.push(name.to_string());
        } else {
            segments.push(quote!(encode_path(&#name.to_string())));
        }
    }
    let path = match segments.is_empty() {
        true => quote!(#template),
        false => quote!(&format!(#template, #(#segments),*)),
    };
    Ok((path, names))
}

/// Whether the argument `name` is a string.
fn is_text(inputs: &Punctuated<FnArg, Token![,]>, name: &str) -> bool {
    inputs.iter().any(|input| match input {
        FnArg::Typed(input) => {
            matches!(&*input.pat, Pat::Ident(pattern) if pattern.ident == name)
                && matches!(&*input.ty, Type::Reference(ty) if ty.elem.to_token_stream().to_string() == "str")
        }
        FnArg::Receiver(_) => false,
    })
}

/// The `id` of `encode_path(&id.to_string())`.
fn parameter(argument: &Expr) -> Option<TokenStream> {
    let Expr::Call(encode) = argument else {
        return None;
    };
    let Some(Expr::Reference(text)) = encode.args.first() else {
        return None;
    };
    match &*text.expr {
        Expr::MethodCall(call) if call.method == "to_string" => {
            Some(call.receiver.to_token_stream())
        }
        _ => None,
    }
}

/// The arguments of `&progenitor_client::QueryParam::new("name", &value)`.
fn query_parameter(arguments: &Punctuated<Expr, Token![,]>) -> syn::Result<TokenStream> {
    if let Some(Expr::Reference(reference)) = arguments.first()
        && let Expr::Call(ExprCall { args, .. }) = &*reference.expr
    {
        return Ok(args.to_token_stream());
    }
    Err(unsupported(arguments, "this query parameter"))
}

/// `Result<ResponseValue<T>, Error<()>>` as `Result<Response<T>, Error>`.
fn result(output: &mut ReturnType) {
    if let ReturnType::Type(_, ty) = output
        && let Type::Path(result) = &mut **ty
        && let Some(segment) = result.path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut segment.arguments
        && let Some(syn::GenericArgument::Type(Type::Path(response))) = arguments.args.first_mut()
        && let Some(response) = response.path.segments.last()
    {
        let body = &response.arguments;
        **ty = parse_quote!(Result<Response #body, Error>);
    }
}

fn unsupported(tokens: impl ToTokens, what: &str) -> syn::Error {
    syn::Error::new_spanned(tokens, format!("the runtime has no form for {what}"))
}
