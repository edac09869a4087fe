use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use coreweave_inference_codegen::Operation;
use syn::visit::{self, Visit};

use super::coverage::rust_files;
use super::{Failure, Outcome};

const REMEDY: &str = "fix the row in README.md, section \"Operations\"";

/// A row of the README's table: `| GetGateway | GET /gateways/{id} | client.gateways().get(id) |`.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    operation: String,
    request: String,
    call: String,
}

/// Whether the README lists every operation with its true route and a wrapper call that exists.
pub(super) fn check(root: &Path, operations: &[Operation]) -> Outcome {
    let text = fs::read_to_string(root.join("README.md"))?;
    let methods = public_methods(&root.join("crates/client/src"))?;
    Ok(compare(operations, &rows(&text), &methods)
        .into_iter()
        .map(|what| Failure {
            what,
            remedy: REMEDY,
        })
        .collect())
}

fn compare(operations: &[Operation], rows: &[Row], methods: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut rows: BTreeMap<&str, &Row> = rows
        .iter()
        .map(|row| (row.operation.as_str(), row))
        .collect();
    for operation in operations {
        let Some(row) = rows.remove(operation.id.as_str()) else {
            wrong.push(format!("{} has no row", operation.id));
            continue;
        };
        let request = format!("{} {}", operation.method, operation.path);
        if row.request != request {
            wrong.push(format!(
                "{} says `{}`; it is `{request}`",
                operation.id, row.request
            ));
        }
        match chain(&row.call) {
            Ok(chain) => {
                for method in chain.iter().filter(|method| !methods.contains(*method)) {
                    wrong.push(format!(
                        "{} says `{}`; the wrapper has no public method `{method}`",
                        operation.id, row.call
                    ));
                }
            }
            Err(error) => wrong.push(format!(
                "{} says `{}`, which is no Rust: {error}",
                operation.id, row.call
            )),
        }
    }
    wrong.extend(
        rows.keys()
            .map(|id| format!("{id} has a row, and the API has no such operation")),
    );
    wrong
}

/// The table's rows: those whose first cell is an operation id in backticks.
fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim).map(code);
            let (operation, request, call) = (cells.next()??, cells.next()??, cells.next()??);
            operation.contains("Service_").then_some(Row {
                operation,
                request,
                call,
            })
        })
        .collect()
}

fn code(cell: &str) -> Option<String> {
    Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned())
}

/// The methods that a call such as `client.gateways().get(id)` goes through.
fn chain(call: &str) -> syn::Result<Vec<String>> {
    struct Chain(Vec<String>);

    impl Visit<'_> for Chain {
        fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
            self.0.push(call.method.to_string());
            self.visit_expr(&call.receiver);
        }
    }

    let mut chain = Chain(Vec::new());
    chain.visit_expr(&syn::parse_str(call)?);
    Ok(chain.0)
}

fn public_methods(folder: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let mut methods = Methods(BTreeSet::new());
    for file in rust_files(folder)? {
        let text = fs::read_to_string(&file)?;
        let file = syn::parse_file(&text)
            .map_err(|error| format!("reading {}: {error}", file.display()))?;
        methods.visit_file(&file);
    }
    Ok(methods.0)
}

struct Methods(BTreeSet<String>);

impl Visit<'_> for Methods {
    fn visit_impl_item_fn(&mut self, method: &syn::ImplItemFn) {
        if matches!(method.vis, syn::Visibility::Public(_)) {
            self.0.insert(method.sig.ident.to_string());
        }
        visit::visit_impl_item_fn(self, method);
    }
}

#[cfg(test)]
mod tests {
    use coreweave_inference_spec::Spec;

    use super::*;

    fn operations() -> Vec<Operation> {
        let spec = Spec::parse(
            "gateways.yaml",
            "openapi: 3.0.3
info: {title: Gateways, version: '1'}
paths:
  /gateways/{id}:
    get:
      operationId: GatewayService_GetGateway
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: OK}}
",
        );
        coreweave_inference_codegen::operations(&spec.unwrap()).unwrap()
    }

    fn problems(table: &str) -> Vec<String> {
        let methods = ["gateways", "get"].map(str::to_owned).into();
        compare(&operations(), &rows(table), &methods)
    }

    #[test]
    fn a_true_row_passes() {
        let table =
            "| `GatewayService_GetGateway` | `GET /gateways/{id}` | `client.gateways().get(id)` |";
        assert_eq!(problems(table), Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_untruth_is_named() {
        let table = [
            ("", "has no row"),
            (
                "| `GatewayService_GetGateway` | `POST /gateways/{id}` | `client.gateways().get(id)` |",
                "it is `GET /gateways/{id}`",
            ),
            (
                "| `GatewayService_GetGateway` | `GET /gateways/{id}` | `client.gateways().fetch(id)` |",
                "no public method `fetch`",
            ),
            (
                "| `GatewayService_GetGateway` | `GET /gateways/{id}` | `client.` |",
                "is no Rust",
            ),
            (
                "| `GatewayService_GetGateway` | `GET /gateways/{id}` | `client.gateways().get(id)` |\n| `GatewayService_Drain` | `GET /a` | `a()` |",
                "GatewayService_Drain has a row",
            ),
        ];
        for (table, expected) in table {
            let problems = problems(table);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(expected), "{problems:?}");
        }
    }
}
