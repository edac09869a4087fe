//! What is left of a document without its prose.

use serde_json::Value;

use crate::{ObjectKind, canonical};

/// Members that describe and do not define.
const PROSE: [&str; 8] = [
    "title",
    "description",
    "summary",
    "deprecated",
    "example",
    "examples",
    "externalDocs",
    "bearerFormat",
];

/// Returns the canonical order of a part of a document, without descriptions, examples and extensions.
///
/// Two parts with the same structure make the same generated code, apart from its comments.
#[must_use]
pub fn structure(part: &Value, kind: ObjectKind) -> Value {
    let mut part = canonical::order_as(part, kind);
    remove_prose(&mut part, kind);
    part
}

fn remove_prose(value: &mut Value, kind: ObjectKind) {
    match value {
        Value::Object(members) if !matches!(kind, ObjectKind::Leaf) => {
            if !matches!(kind, ObjectKind::Map(_)) {
                members.retain(|key, _| !PROSE.contains(&key.as_str()) && !key.starts_with("x-"));
            }
            if kind == ObjectKind::Info {
                members.remove("version");
            }
            for (key, member) in members {
                remove_prose(member, kind.member(key));
            }
        }
        Value::Array(items) => {
            for item in items {
                remove_prose(item, kind.item());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_named_like_annotations_are_kept() {
        let schema = json!({
            "description": "A thing.", "x-order": 1, "type": "object", "required": ["b", "a"],
            "properties": {"description": {"type": "string", "example": "x"}, "x-y": {"title": "Y", "type": "string"}},
        });
        assert_eq!(
            structure(&schema, ObjectKind::Schema),
            json!({
                "type": "object", "required": ["a", "b"],
                "properties": {"description": {"type": "string"}, "x-y": {"type": "string"}},
            })
        );
    }
}
