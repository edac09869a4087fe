//! Converts the schemas of OpenAPI 3.0 to JSON Schema.

use serde_json::{Value, json};

/// Rewrites what OpenAPI 3.0 expresses differently from JSON Schema: `nullable`, and the formats that limit integers.
///
/// Every keyword keeps its place, so that an error's schema path is a JSON pointer into the document.
///
/// If `strict`, objects have no members but the documented ones.
pub(super) fn convert(schema: &mut Value, strict: bool) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| convert(item, strict)),
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|member| convert(member, strict));
            let is_open = !matches!(members.get("additionalProperties"), Some(Value::Object(_)));
            if strict && is_open && members.get("properties").is_some_and(Value::is_object) {
                members.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            }
            if members.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(Value::String(kind)) = members.get("type") {
                    let kinds = json!([kind, "null"]);
                    members.insert("type".to_owned(), kinds);
                    if let Some(Value::Array(values)) = members.get_mut("enum") {
                        values.push(Value::Null);
                    }
                } else {
                    members.remove("nullable");
                    let schema = Value::Object(std::mem::take(members));
                    members.insert("anyOf".to_owned(), json!([schema, {"type": "null"}]));
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_and_integer_formats_become_json_schema() {
        let mut schema = json!({"properties": {
            "a": {"type": "string", "nullable": true, "enum": ["x"]},
            "b": {"type": "integer", "format": "uint32", "maximum": 7},
            "c": {"$ref": "#/c", "nullable": true},
        }});
        convert(&mut schema, false);
        let a = &schema["properties"]["a"];
        assert_eq!(a["type"], json!(["string", "null"]));
        assert_eq!(a["enum"], json!(["x", null]));
        assert_eq!(
            schema["properties"]["b"],
            json!({"type": "integer", "minimum": 0, "maximum": 7})
        );
        assert_eq!(
            schema["properties"]["c"],
            json!({"anyOf": [{"$ref": "#/c"}, {"type": "null"}]})
        );
    }
}
