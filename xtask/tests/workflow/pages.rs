//! Reference pages as upstream publishes them: prose, an example, and one fenced block with the
//! document cut down to one operation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use coreweave_inference_spec::{METHODS, Spec, canonical, resolve};
use serde_json::{Map, Value, json};

/// The vendored document.
pub(crate) fn vendored() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    Spec::load(path).unwrap().into_value()
}

/// All pages of a document, by `<service>/<operation>.md`.
pub(crate) fn pages(document: &Value) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let (service, name) = operation["operationId"]
                    .as_str()
                    .unwrap()
                    .split_once('_')
                    .unwrap();
                let cut = canonical::write(&cut(document, path, method));
                pages.insert(
                    format!("{}/{}.md", kebab(service), kebab(name)),
                    page(operation, method, path, &cut),
                );
            }
        }
    }
    pages
}

/// The same, but only the file names, as a folder of saved pages has them.
pub(crate) fn flat(document: &Value) -> BTreeMap<String, String> {
    let name = |path: String| path.split_once('/').unwrap().1.to_owned();
    pages(document)
        .into_iter()
        .map(|(path, page)| (name(path), page))
        .collect()
}

fn page(operation: &Value, method: &str, path: &str, document: &str) -> String {
    let title = operation["summary"].as_str().unwrap_or("An operation");
    let shout = method.to_uppercase();
    format!(
        "> ## Index\n> All pages are listed in llms.txt\n\n# {title}\n\n```bash title=\"Example\" theme={{\"system\"}}\n\
         curl -X {shout} https://api.coreweave.com{path}\n```\n\n## OpenAPI\n\n\
         ````yaml /openapi/inference/openapi.yaml {method} {path}\n{document}\n````"
    )
}

fn cut(document: &Value, path: &str, method: &str) -> Value {
    let operation = &document["paths"][path][method];
    let mut cut = document.clone();
    cut["paths"] = json!({path: {method: operation}});
    let mut needed = BTreeSet::new();
    let mut open = vec![operation];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                    && needed.insert(reference)
                {
                    open.push(resolve(document, reference).unwrap());
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    let schemas = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .iter();
    let schemas = schemas
        .filter(|(name, _)| needed.contains(format!("#/components/schemas/{name}").as_str()));
    cut["components"]["schemas"] = Value::Object(
        schemas
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect::<Map<_, _>>(),
    );
    cut
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(c.to_lowercase());
    }
    kebab
}
