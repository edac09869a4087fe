//! Messages without members: `CoreWeaveAuth`, `PathBasedRouting`, `CancelHotLoadRequest`.

use serde_json::Value;

use crate::walk;

/// A message without members, which codegen emits itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EmptyMessage {
    pub(crate) name: String,
    pub(crate) description: String,
}

/// Returns the messages without members.
///
/// progenitor generates a newtype over a JSON map for them or, with `additionalProperties: false`, a struct that rejects
/// members that the API adds. They are replaced by structs like those of all other messages.
pub(super) fn find(document: &Value) -> Vec<EmptyMessage> {
    walk::schemas(document)
        .filter(|(_, schema)| is_empty_message(schema))
        .map(|(name, schema)| EmptyMessage {
            name: name.clone(),
            description: schema
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        })
        .collect()
}

/// Returns whether a schema is a message: an object with declared members, or an object without any.
pub(super) fn is_message(schema: &Value) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| !properties.is_empty()) || is_empty_message(schema)
}

fn is_empty_message(schema: &Value) -> bool {
    let without = |keyword: &str| match schema.get(keyword) {
        None | Some(Value::Bool(_)) => true,
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    };
    schema.get("type").is_some_and(|kind| kind == "object")
        && without("properties")
        && without("additionalProperties")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_messages_without_members_are_found() {
        let document = json!({"components": {"schemas": {
            "Bare": {"type": "object", "description": "Nothing in it."},
            "Declared": {"type": "object", "properties": {}, "additionalProperties": false},
            "Full": {"type": "object", "properties": {"a": {"type": "string"}}},
            "Map": {"type": "object", "additionalProperties": {"type": "string"}},
            "Text": {"type": "string"},
        }}});
        let names: Vec<_> = find(&document)
            .into_iter()
            .map(|message| message.name)
            .collect();
        assert_eq!(names, ["Bare", "Declared"]);
    }
}
