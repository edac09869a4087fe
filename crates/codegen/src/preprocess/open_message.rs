//! Unknown members of messages.

use serde_json::{Value, json};

use crate::walk;

/// Makes every message keep unknown members.
///
/// A PATCH resets members that its body omits, so an update would erase members that were dropped when decoding. progenitor
/// keeps unknown members, in a flattened map named `extra`, only if the schema has `additionalProperties: {}`.
pub(super) fn keep_unknown_members(document: &mut Value) {
    let schemas = walk::schemas_mut(document).into_iter().flatten();
    for (_, schema) in schemas {
        walk::each_schema_mut(schema, &mut |schema| {
            let Some(schema) = schema.as_object_mut() else {
                return;
            };
            let has_members = schema
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|properties| !properties.is_empty());
            let is_open = !matches!(schema.get("additionalProperties"), Some(Value::Object(_)));
            if has_members && is_open {
                schema.insert("additionalProperties".to_owned(), json!({}));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_unknown_members_and_maps_are_unchanged() {
        let mut document = json!({"components": {"schemas": {
            "Message": {"type": "object", "properties": {"a": {"type": "string"}}},
            "Any": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": true},
            "Map": {"type": "object", "additionalProperties": {"type": "string"}},
        }}});
        keep_unknown_members(&mut document);
        let extra = |name: &str| {
            document.pointer(&format!("/components/schemas/{name}/additionalProperties"))
        };
        assert_eq!(extra("Message"), Some(&json!({})));
        assert_eq!(extra("Any"), Some(&json!({})));
        assert_eq!(extra("Map"), Some(&json!({"type": "string"})));
    }
}
