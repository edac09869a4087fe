use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, parse_quote};

/// Makes mocks match timestamps as the client sends them.
///
/// progenitor matches `to_string()`, which is `2026-02-03 04:05:06 UTC`. The client sends RFC 3339, as serde writes it.
pub(super) fn compare_as_sent(file: &mut syn::File) {
    Methods.visit_file_mut(file);
}

struct Methods;

impl VisitMut for Methods {
    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        let signature = method.sig.to_token_stream().to_string();
        if signature.contains("DateTime") {
            ToString.visit_block_mut(&mut method.block);
        }
    }
}

struct ToString;

impl VisitMut for ToString {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == "to_string"
        {
            let value = &call.receiver;
            *expression =
                parse_quote!(#value.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true));
        }
    }
}
