//! Limits on values.

use serde_json::Value;

use super::walk;

/// The keywords that narrow a schema's values or speak about them without changing their type.
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

/// The formats that decide a Rust type; any other is a limit on a string.
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

/// Drops every limit on values.
///
/// Fact: progenitor makes a newtype of its own for each limited string, whose decoding fails where the service's mind
/// has moved on from its spec. Limits are the server's to hold; the wrapper checks what it is sure of. `nullable` goes
/// because every member accepts `null` anyway.
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
                // A timestamp in a path is text: progenitor writes it as people read it, not as RFC 3339.
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
    fn what_decides_a_type_stays_and_what_limits_it_goes() {
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
