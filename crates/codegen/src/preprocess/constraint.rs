//! Constraints on values.

use serde_json::Value;

use crate::walk;

/// Keywords that constrain or describe a schema's values without changing their type.
pub(super) const CONSTRAINTS: [&str; 21] = [
    "default",
    "deprecated",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
    "pattern",
    "title",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// Formats that determine a Rust type. Any other format constrains a string.
const FORMATS: [&str; 8] = [
    "date-time",
    "double",
    "enum",
    "float",
    "int32",
    "int64",
    "uint32",
    "uint64",
];

/// Removes all constraints on values.
///
/// progenitor generates a newtype for each constrained string, which fails to decode once the service accepts other values.
/// The service validates values, not the client. `nullable` is removed because every member accepts `null`.
pub(super) fn drop(document: &mut Value) {
    let mut relax = |schema: &mut Value| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        schema.retain(|keyword, value| match keyword.as_str() {
            "format" => value
                .as_str()
                .is_some_and(|format| FORMATS.contains(&format)),
            keyword => !CONSTRAINTS.contains(&keyword),
        });
        if schema.contains_key("properties") {
            schema.insert("type".to_owned(), "object".into());
        }
    };
    for (_, schema) in walk::schemas_mut(document).into_iter().flatten() {
        walk::each_schema_mut(schema, &mut relax);
    }
    for operation in walk::operations_mut(document) {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let in_path = parameter.get("in").is_some_and(|place| place == "path");
            if let Some(schema) = parameter.get_mut("schema") {
                walk::each_schema_mut(schema, &mut relax);
                // progenitor would write a timestamp into a path with `to_string`, not as RFC 3339.
                if in_path && schema.get("type").is_some_and(|kind| kind == "string") {
                    *schema = serde_json::json!({"type": "string"});
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn constraints_are_removed_and_types_are_kept() {
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": [{"schema": {"type": "integer", "format": "int32", "maximum": 9}}]}}},
            "components": {"schemas": {"A": {"type": "object", "properties": {
                "pattern": {"type": "string", "format": "uuid", "pattern": "a+", "nullable": true},
                "at": {"type": "string", "format": "date-time", "description": "When."},
            }}}},
        });
        drop(&mut document);
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"parameters": [{"schema": {"type": "integer", "format": "int32"}}]}}},
                "components": {"schemas": {"A": {"type": "object", "properties": {
                    "pattern": {"type": "string"},
                    "at": {"type": "string", "format": "date-time", "description": "When."},
                }}}},
            })
        );
    }
}
