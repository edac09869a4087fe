use syn::Expr;
use syn::visit_mut::{self, VisitMut};

/// Makes mocks match path parameters as the client sends them.
///
/// progenitor inserts a value into a regular expression unescaped: a mock for the id `a.b` also matches `axb`, and one for
/// `a/b` does not match `a%2Fb`, which the client sends.
pub(super) fn escape_values(file: &mut syn::File) {
    Escape { in_regex: false }.visit_file_mut(file);
}

struct Escape {
    in_regex: bool,
}

impl VisitMut for Escape {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        self.in_regex = matches!(&local.pat, syn::Pat::Ident(pattern) if pattern.ident == "re");
        visit_mut::visit_local_mut(self, local);
        self.in_regex = false;
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if self.in_regex && call.path.is_ident("format") {
            let escaped = call.parse_body_with(
                syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated,
            );
            if let Ok(arguments) = escaped
                && let Some(template) = arguments.first()
            {
                call.tokens = quote::quote! { #template, regex::escape(&crate::runtime::encode_path(&value.to_string()).to_string()) };
            }
        }
    }
}
