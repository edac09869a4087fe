//! Parts of a document, to find the one that a generator fails on.

use serde_json::{Map, Value};

use crate::walk;
use coreweave_inference_spec::operations;

/// Returns, for each schema, the document with only that schema and those it refers to; then, for each operation, the
/// document with only that operation.
pub(crate) fn parts(document: &Value) -> impl Iterator<Item = (String, Value)> {
    let schemas = walk::schemas(document).map(|(name, _)| {
        let mut part = without_operations(document);
        if let Some(schemas) = walk::schemas_mut(&mut part) {
            keep_reachable(schemas, name);
        }
        (format!("schema {name}"), part)
    });
    let operations = operations(document).into_iter().map(|operation| {
        let mut part = without_operations(document);
        if let Some(paths) = part.get_mut("paths").and_then(Value::as_object_mut) {
            let method = operation.key.method().to_owned();
            let item = Map::from_iter([(method, operation.value.clone())]);
            paths.insert(operation.path.to_owned(), Value::Object(item));
        }
        (format!("operation {}", operation.id), part)
    });
    schemas.chain(operations)
}

/// Returns the document without operations.
pub(crate) fn without_operations(document: &Value) -> Value {
    let mut part = document.clone();
    if let Some(paths) = part.get_mut("paths") {
        *paths = Value::Object(Map::new());
    }
    part
}

/// Keeps `root` and the schemas that it refers to, directly or indirectly.
fn keep_reachable(schemas: &mut Map<String, Value>, root: &str) {
    let mut reached = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(name) = pending.pop() {
        if !reached.contains(&name) {
            if let Some(schema) = schemas.get(&name) {
                references(schema, &mut pending);
            }
            reached.push(name);
        }
    }
    schemas.retain(|name, _| reached.contains(name));
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value
                    .as_str()
                    .and_then(|text| text.strip_prefix("#/components/schemas/"))
                {
                    Some(name) if key == "$ref" => found.push(name.to_owned()),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_schema_and_each_operation_is_a_part() {
        let document = json!({
            "paths": {"/a": {"get": {"operationId": "get_a"}, "put": {"operationId": "put_a"}}},
            "components": {"schemas": {
                "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"type": "string"},
            }},
        });
        let parts: Vec<_> = parts(&document).collect();
        let subjects: Vec<_> = parts.iter().map(|(subject, _)| subject.as_str()).collect();
        assert_eq!(
            subjects,
            ["schema A", "schema B", "operation get_a", "operation put_a"]
        );
        assert!(parts[0].1.pointer("/components/schemas/B").is_some());
        assert!(parts[1].1.pointer("/components/schemas/A").is_none());
        assert!(parts[3].1.pointer("/paths/~1a/get").is_none());
    }
}
