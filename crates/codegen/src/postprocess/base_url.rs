use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Field, parse_quote};

/// Lets clones of the client share the base URL.
///
/// Fact: progenitor keeps it as a `String`, which every clone copies, and the wrapper makes a clone for each call.
pub(super) fn share(file: &mut syn::File) {
    Share.visit_file_mut(file);
}

const BASE_URL: &str = "baseurl";

struct Share;

impl VisitMut for Share {
    fn visit_field_mut(&mut self, field: &mut Field) {
        if field.ident.as_ref().is_some_and(|name| name == BASE_URL) {
            field.ty = parse_quote!(::std::sync::Arc<str>);
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else {
            return;
        };
        match &*call.receiver {
            Expr::Path(path) if path.path.is_ident(BASE_URL) && call.method == "to_string" => {
                *expression = parse_quote!(#path.into());
            }
            Expr::Field(field)
                if matches!(&field.member, syn::Member::Named(name) if name == BASE_URL)
                    && call.method == "as_str" =>
            {
                *expression = parse_quote!(&#field);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    #[test]
    fn only_the_base_url_is_shared() {
        let mut file: syn::File = parse_quote! {
            struct Client { baseurl: String, name: String }
            impl Client {
                fn new(baseurl: &str, name: &str) -> Self {
                    Self { baseurl: baseurl.to_string(), name: name.to_string() }
                }
                fn baseurl(&self) -> &str { self.baseurl.as_str() }
                fn name(&self) -> &str { self.name.as_str() }
            }
        };
        share(&mut file);
        let expected: syn::File = parse_quote! {
            struct Client { baseurl: ::std::sync::Arc<str>, name: String }
            impl Client {
                fn new(baseurl: &str, name: &str) -> Self {
                    Self { baseurl: baseurl.into(), name: name.to_string() }
                }
                fn baseurl(&self) -> &str { &self.baseurl }
                fn name(&self) -> &str { self.name.as_str() }
            }
        };
        assert_eq!(
            file.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }
}
