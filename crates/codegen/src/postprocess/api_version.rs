use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat, Stmt};

/// Removes the `api-version` header, and the header map that holds nothing else.
///
/// Fact: progenitor sends `info.version` in it with every request, and the API knows no such header. No operation has
/// header parameters (`preprocess::supported` refuses them), so nothing else is ever in the map.
pub(super) fn remove_header(file: &mut syn::File) {
    Remove.visit_file_mut(file);
}

const HEADER_MAP: &str = "header_map";

struct Remove;

impl VisitMut for Remove {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.retain(|statement| match statement {
            Stmt::Local(local) => {
                !matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == HEADER_MAP)
            }
            Stmt::Expr(Expr::MethodCall(call), _) => !is_header_map(&call.receiver),
            _ => true,
        });
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
            && call.args.first().is_some_and(is_header_map)
        {
            *expression = (*call.receiver).clone();
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}

fn is_header_map(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident(HEADER_MAP))
}
