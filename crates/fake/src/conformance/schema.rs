//! OpenAPI 3.0 schemas as JSON Schema.

use serde_json::{Map, Value, json};

/// Rewrites what OpenAPI 3.0 says in its own way: `nullable`, and the widths of integers.
pub(super) fn to_json_schema(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        Value::Object(members) => {
            members.values_mut().for_each(to_json_schema);
            if members.get("nullable") == Some(&Value::Bool(true)) {
                allow_null(members);
            }
            let (low, high) = match members.get("format").and_then(Value::as_str) {
                Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
                Some("uint32") => (0, i64::from(u32::MAX)),
                _ => return,
            };
            members.remove("format");
            members.entry("minimum").or_insert(json!(low));
            members.entry("maximum").or_insert(json!(high));
        }
        _ => {}
    }
}

fn allow_null(members: &mut Map<String, Value>) {
    members.remove("nullable");
    let schema = Value::Object(std::mem::take(members));
    members.insert("anyOf".to_owned(), json!([schema, {"type": "null"}]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_and_widths_become_json_schema() {
        let mut schema = json!({"properties": {
            "a": {"type": "string", "nullable": true},
            "b": {"type": "integer", "format": "uint32", "maximum": 7},
        }});
        to_json_schema(&mut schema);
        let expected = json!({"properties": {
            "a": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "b": {"type": "integer", "minimum": 0, "maximum": 7},
        }});
        assert_eq!(schema, expected);
    }
}
