use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use coreweave_inference_codegen::Operation;
use proc_macro2::{TokenStream, TokenTree};

use super::{Failure, Outcome};

/// Whether the wrapper uses every operation: the generated method or call, `name` or `name_with` with query parameters, or
/// the resource whose binding has the operation.
pub(super) fn check(root: &Path, operations: &[Operation]) -> Outcome {
    let mut names = BTreeSet::new();
    for file in rust_files(&root.join("crates/client/src"))? {
        let text = fs::read_to_string(&file)?;
        let tokens: TokenStream = text
            .parse()
            .map_err(|error| format!("reading {}: {error}", file.display()))?;
        collect_names(tokens, &mut names);
    }
    Ok(missing(operations, &names)
        .map(|operation| Failure {
            what: format!(
                "{} ({} {}): nothing in crates/client/src uses `{}`",
                operation.id, operation.method, operation.path, operation.name
            ),
            remedy: "add a method to `Api<K>` in crates/client/src and a row to the README's table",
        })
        .collect())
}

fn missing<'a>(
    operations: &'a [Operation],
    names: &BTreeSet<String>,
) -> impl Iterator<Item = &'a Operation> {
    operations.iter().filter(|operation| {
        let with = format!("{}_with", operation.name);
        let mut ways = [&operation.name, &with]
            .into_iter()
            .chain(&operation.resource);
        !ways.any(|name| names.contains(name))
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

/// Every identifier but the names of functions that are defined. Comments and strings hold none.
fn collect_names(tokens: TokenStream, names: &mut BTreeSet<String>) {
    let mut is_definition = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                if !is_definition {
                    names.insert(name.to_string());
                }
                is_definition = name == "fn";
            }
            TokenTree::Group(group) => collect_names(group.stream(), names),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use coreweave_inference_codegen::operations;
    use coreweave_inference_spec::Spec;

    use super::*;

    #[test]
    fn calls_and_macro_arguments_count() {
        let source = r#"
            // raw.delete_gateway(id)
            fn list_gateways() { vec![raw.get_gateway(id)]; let name = "create_gateway"; }
            kind!(update_gateway: UPDATE_GATEWAY);
        "#;
        let mut names = BTreeSet::new();
        collect_names(source.parse().unwrap(), &mut names);
        names.retain(|name| name.ends_with("gateway") || name.ends_with("gateways"));
        assert_eq!(
            names,
            ["get_gateway", "update_gateway"].map(str::to_owned).into()
        );
    }

    #[test]
    fn what_is_not_called_is_named() {
        let spec = Spec::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml")).unwrap();
        let operations = operations(&spec).unwrap();
        let names = ["get_gateway_parameters", "Gateway", "list_hot_loads"];
        let names = names.map(str::to_owned).into();
        let missing: Vec<_> = missing(&operations, &names)
            .map(|operation| operation.name.as_str())
            .collect();
        assert!(missing.contains(&"get_deployment"), "{missing:?}");
        let reached = [
            "get_gateway",
            "update_gateway",
            "get_gateway_parameters",
            "list_hot_loads",
        ];
        assert!(
            reached.iter().all(|name| !missing.contains(name)),
            "{missing:?}"
        );
    }
}
