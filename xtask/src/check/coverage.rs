use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use coreweave_inference_codegen::Operation;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{Failure, Outcome};

/// Whether the wrapper calls a generated method of every operation: `name`, or `name_with` for query parameters.
pub(super) fn check(root: &Path, operations: &[Operation]) -> Outcome {
    let mut calls = Vec::new();
    for file in rust_files(&root.join("crates/client/src"))? {
        let text = fs::read_to_string(&file)?;
        let tokens: TokenStream = text
            .parse()
            .map_err(|error| format!("reading {}: {error}", file.display()))?;
        collect_calls(tokens, &mut calls);
    }
    Ok(missing(operations, &calls)
        .map(|operation| Failure {
            what: format!(
                "{} ({} {}): nothing in crates/client/src calls `{}`",
                operation.id, operation.method, operation.path, operation.name
            ),
            remedy: "add a method to the resource's handle in crates/client/src/resource and a row to the README's table",
        })
        .collect())
}

fn missing<'a>(
    operations: &'a [Operation],
    calls: &[String],
) -> impl Iterator<Item = &'a Operation> {
    operations.iter().filter(move |operation| {
        let with_params = format!("{}_with", operation.name);
        !calls.contains(&operation.name) && !calls.contains(&with_params)
    })
}

/// The `.rs` files below `folder`, in order.
pub(super) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .map_err(|error| format!("reading {}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The name in every `.name(...)`, macros' arguments included. Comments and strings hold no such tokens.
fn collect_calls(tokens: TokenStream, calls: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for window in tokens.windows(3) {
        if let [
            TokenTree::Punct(dot),
            TokenTree::Ident(name),
            TokenTree::Group(arguments),
        ] = window
            && dot.as_char() == '.'
            && arguments.delimiter() == Delimiter::Parenthesis
        {
            calls.push(name.to_string());
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            collect_calls(group.stream(), calls);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_count() {
        let source = r#"
            // raw.delete_gateway(id)
            fn list_gateways() { vec![raw.get_gateway(id)]; let name = ".create_gateway()"; raw.update_gateway; }
        "#;
        let mut calls = Vec::new();
        collect_calls(source.parse().unwrap(), &mut calls);
        assert_eq!(calls, ["get_gateway"]);
    }

    #[test]
    fn what_is_not_called_is_named() {
        let operation = |name: &str| Operation {
            name: name.into(),
            id: String::new(),
            method: String::new(),
            path: String::new(),
        };
        let operations = [operation("get_gateway"), operation("drain_gateway")];
        let missing: Vec<_> = missing(&operations, &["get_gateway".into()]).collect();
        assert_eq!(missing, [&operations[1]]);
    }
}
