//! Rewrites successful responses into forms that a client may not expect.

use serde_json::{Map, Value, json};

use super::Effect;
use crate::json::set;
use crate::schema::{Enum, Field, Message, Presence, Type};

impl Effect {
    /// Applies the effect to a successful response.
    pub(crate) fn mutate(&self, message: Message, page_token: Option<&str>, body: &mut Value) {
        match self {
            Effect::UnknownEnums => visit(message, body, &mut |values, value| {
                let prefix = values.zero.trim_end_matches("UNSPECIFIED");
                *value = json!(format!("{prefix}FROM_TOMORROW"));
            }),
            Effect::IntegerEnums => visit(message, body, &mut |values, value| {
                let number = value.as_str().and_then(|name| values.number(name));
                *value = number.map_or_else(|| value.take(), |number| json!(number));
            }),
            Effect::UnknownMembers => each_message(message, body, 0, &mut |_, members, _| {
                members.insert(
                    "fromTomorrow".to_owned(),
                    json!({"depth": [1, null, "deep"]}),
                );
            }),
            Effect::Nulls => fill(message, body, |_| Value::Null),
            Effect::ZeroValues => fill(message, body, zero),
            Effect::WithoutResource => *body = json!({}),
            Effect::MergePatch { patch } => merge_patch(body, patch),
            Effect::RenameMember { from, to } => {
                let renamed = body.as_object_mut().and_then(|body| body.remove(from));
                if let Some(value) = renamed {
                    set(body, to, value);
                }
            }
            Effect::RepeatPageToken => {
                if let Some(token) = page_token {
                    set(body, "nextPageToken", token);
                }
            }
            _ => {}
        }
    }
}

type Members = Map<String, Value>;

/// Calls `change` with every message in a value, and its depth.
fn each_message(
    message: Message,
    value: &mut Value,
    depth: usize,
    change: &mut dyn FnMut(Message, &mut Members, usize),
) {
    let Some(members) = value.as_object_mut() else {
        return;
    };
    for field in message {
        match (&field.holds, members.get_mut(field.name)) {
            (Type::Message(message), Some(value)) => {
                each_message(message, value, depth + 1, change)
            }
            (Type::Messages(message), Some(Value::Array(items))) => {
                for item in items {
                    each_message(message, item, depth + 1, change);
                }
            }
            (Type::MessageMap(message), Some(Value::Object(entries))) => {
                for entry in entries.values_mut() {
                    each_message(message, entry, depth + 1, change);
                }
            }
            _ => {}
        }
    }
    change(message, members, depth);
}

/// Calls `change` with every enum value.
fn visit(message: Message, body: &mut Value, change: &mut dyn FnMut(&Enum, &mut Value)) {
    each_message(message, body, 0, &mut |message, members, _| {
        for field in message {
            match (&field.holds, members.get_mut(field.name)) {
                (Type::Enum(values), Some(value)) => change(values, value),
                (Type::Enums(values), Some(Value::Array(items))) => {
                    items.iter_mut().for_each(|item| change(values, item));
                }
                _ => {}
            }
        }
    });
}

/// Adds the unset members of every resource.
fn fill(message: Message, body: &mut Value, value: impl Fn(&Type) -> Value) {
    each_message(message, body, 0, &mut |message, members, depth| {
        // The members of the response itself belong to different operations.
        let is_shown = |field: &&Field| depth > 0 && field.presence != Presence::Input;
        for field in message.iter().filter(is_shown) {
            let unset = || value(&field.holds);
            members.entry(field.name).or_insert_with(unset);
        }
    });
}

fn zero(holds: &Type) -> Value {
    match holds {
        Type::Message(_) | Type::Timestamp => Value::Null,
        Type::Bool => json!(false),
        Type::String => json!(""),
        Type::Uint(..) => json!(0),
        Type::Int64 => json!("0"),
        Type::Enum(values) => json!(values.zero),
        Type::Strings | Type::Enums(_) | Type::Messages(_) => json!([]),
        Type::StringMap | Type::MessageMap(_) => json!({}),
    }
}

/// Applies a merge patch as RFC 7396 defines it.
fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, patch) in patch {
        match patch {
            Value::Null => {
                target
                    .as_object_mut()
                    .and_then(|target| target.remove(name));
            }
            patch => merge_patch(&mut target[name], patch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;

    fn mutated(effect: Effect, kind: Kind, mut body: Value) -> Value {
        effect.mutate(kind.response(), None, &mut body);
        body
    }

    #[test]
    fn enums_become_the_numbers_of_the_api() {
        let body = json!({"gateway": {
            "spec": {"name": "STATUS_READY", "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}},
            "status": {"status": "STATUS_READY", "conditions": [{"type": "Ready", "status": "True"}]},
        }});
        let expected = json!({"gateway": {
            "spec": {"name": "STATUS_READY", "bodyBasedRouting": {"apiType": 1}},
            "status": {"status": 6, "conditions": [{"type": "Ready", "status": 1}]},
        }});
        assert_eq!(mutated(Effect::IntegerEnums, Kind::Gateway, body), expected);
    }

    #[test]
    fn maps_get_no_unknown_members() {
        let body =
            json!({"deployment": {"spec": {"runtime": {"engineConfig": {"dtype": "auto"}}}}});
        let found = mutated(Effect::UnknownMembers, Kind::Deployment, body);
        let runtime = &found["deployment"]["spec"]["runtime"];
        assert_eq!(runtime["engineConfig"], json!({"dtype": "auto"}));
        assert!(runtime["fromTomorrow"].is_object());
    }

    #[test]
    fn only_unset_members_become_zero_values() {
        let body = json!({"hotLoads": [{"spec": {"deploymentId": "d"}, "status": {}}]});
        let found = mutated(Effect::ZeroValues, Kind::HotLoad, body);
        let expected = json!({"hotLoads": [{
            "spec": {
                "id": "",
                "organizationId": "",
                "deploymentId": "d",
                "identity": "",
                "type": "SNAPSHOT_TYPE_UNSPECIFIED",
                "promptCachePolicy": "PROMPT_CACHE_POLICY_UNSPECIFIED",
                "incrementalSnapshotMetadata": null,
                "snapshotChain": [],
            },
            "status": {
                "state": "HOT_LOAD_STATE_UNSPECIFIED",
                "createdAt": null,
                "updatedAt": null,
                "finishedAt": null,
                "canceledAt": null,
                "conditions": [],
            },
        }]});
        assert_eq!(found, expected);
    }

    #[test]
    fn a_merge_patch_adds_replaces_and_removes() {
        let patch = json!({"items": null, "other": {"a": [1], "b": null}});
        let body = json!({"items": [], "other": {"a": 1, "b": 2, "c": 3}});
        let found = mutated(Effect::MergePatch { patch }, Kind::Gateway, body);
        assert_eq!(found, json!({"other": {"a": [1], "c": 3}}));
    }
}
