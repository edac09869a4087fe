//! Replies that mean what they always mean, in a form that a client may not expect.

use serde_json::{Map, Value, json};

use super::Effect;

/// The enums, by the members that hold them: their names in the order in which they are published,
/// after the zero name.
const ENUMS: &[(&str, &str, &[&str])] = &[
    (
        "status",
        "STATUS_UNSPECIFIED",
        &[
            "STATUS_CREATING",
            "STATUS_READY",
            "STATUS_UPDATING",
            "STATUS_DELETING",
            "STATUS_ERROR",
            "STATUS_FAILED",
        ],
    ),
    (
        "status",
        "CONDITION_STATUS_UNSPECIFIED",
        &["True", "False", "Unknown"],
    ),
    (
        "state",
        "HOT_LOAD_STATE_UNSPECIFIED",
        &[
            "HOT_LOAD_STATE_PENDING",
            "HOT_LOAD_STATE_IN_PROGRESS",
            "HOT_LOAD_STATE_COMPLETED",
            "HOT_LOAD_STATE_FAILED",
            "HOT_LOAD_STATE_CANCELED",
        ],
    ),
    (
        "state",
        "STATE_UNSPECIFIED",
        &["PENDING_UPDATE", "UPDATING", "READY", "ERROR"],
    ),
    (
        "capacityType",
        "CAPACITY_TYPE_UNSPECIFIED",
        &[
            "CAPACITY_TYPE_SERVERLESS",
            "CAPACITY_TYPE_CUSTOMER",
            "CAPACITY_TYPE_MANAGED",
        ],
    ),
    (
        "capacityClasses",
        "CAPACITY_CLASS_UNSPECIFIED",
        &["CAPACITY_CLASS_RESERVED", "CAPACITY_CLASS_ON_DEMAND"],
    ),
    (
        "transitionMode",
        "TRANSITION_MODE_UNSPECIFIED",
        &["TRANSITION_MODE_ASYNC"],
    ),
    ("apiType", "API_TYPE_UNSPECIFIED", &["API_TYPE_OPENAI"]),
    (
        "type",
        "SNAPSHOT_TYPE_UNSPECIFIED",
        &["SNAPSHOT_TYPE_FULL", "SNAPSHOT_TYPE_INCREMENTAL"],
    ),
    (
        "promptCachePolicy",
        "PROMPT_CACHE_POLICY_UNSPECIFIED",
        &[
            "PROMPT_CACHE_POLICY_RESET_ALL",
            "PROMPT_CACHE_POLICY_PRESERVE",
        ],
    ),
    (
        "compressionFormat",
        "COMPRESSION_FORMAT_UNSPECIFIED",
        &["COMPRESSION_FORMAT_ZSTD"],
    ),
    (
        "checksumFormat",
        "CHECKSUM_FORMAT_UNSPECIFIED",
        &["CHECKSUM_FORMAT_ADLER32"],
    ),
];

/// The members whose values are maps by the user's keys and no messages.
const MAPS: &[&str] = &[
    "engineConfig",
    "engineEnv",
    "zoneInstanceTypes",
    "runtimeVersions",
    "runtimeConfigOptions",
    "engineEnvOptions",
];

/// A member that protobuf JSON may leave out, and its zero value.
struct Optional {
    member: &'static str,
    zero: Zero,
}

enum Zero {
    Message,
    List,
    Text,
    Enum(&'static str),
}

const fn optional(member: &'static str, zero: Zero) -> Optional {
    Optional { member, zero }
}

/// The optional members of a resource's spec and status.
struct Shape {
    /// The member of a reply that holds one, and the one that holds several.
    members: [&'static str; 2],
    /// A member that only this kind's spec has, to tell the kinds in `items` apart.
    mark: &'static str,
    spec: &'static [Optional],
    status: &'static [Optional],
}

const SHAPES: &[Shape] = &[
    Shape {
        members: ["gateway", "items"],
        mark: "zones",
        spec: &[
            optional("coreWeaveAuth", Zero::Message),
            optional("weightsAndBiasesAuth", Zero::Message),
            optional("bodyBasedRouting", Zero::Message),
            optional("headerBasedRouting", Zero::Message),
            optional("pathBasedRouting", Zero::Message),
            optional("endpointConfiguration", Zero::Message),
        ],
        status: &[
            optional("conditions", Zero::List),
            optional("endpoints", Zero::List),
        ],
    },
    Shape {
        members: ["deployment", "items"],
        mark: "model",
        spec: &[
            optional("disabled", Zero::Message),
            optional("hotLoad", Zero::Message),
        ],
        status: &[optional("conditions", Zero::List)],
    },
    Shape {
        members: ["capacityClaim", "capacityClaims"],
        mark: "resources",
        spec: &[optional("name", Zero::Text)],
        status: &[optional("conditions", Zero::List)],
    },
    Shape {
        members: ["hotLoad", "hotLoads"],
        mark: "deploymentId",
        spec: &[
            optional("incrementalSnapshotMetadata", Zero::Message),
            optional(
                "promptCachePolicy",
                Zero::Enum("PROMPT_CACHE_POLICY_UNSPECIFIED"),
            ),
        ],
        status: &[
            optional("conditions", Zero::List),
            optional("finishedAt", Zero::Message),
            optional("canceledAt", Zero::Message),
        ],
    },
];

/// Disguises a reply's body if the effect is of this kind.
pub(super) fn apply(effect: &Effect, body: &mut Value) {
    match effect {
        Effect::UnknownEnums => each_enum(body, &|zero, _| {
            json!(format!(
                "{}FROM_TOMORROW",
                zero.strip_suffix("UNSPECIFIED").unwrap_or(zero)
            ))
        }),
        Effect::IntegerEnums => each_enum(body, &|_, number| json!(number)),
        Effect::UnknownMembers => add_unknown_members(body),
        Effect::Nulls => fill(body, &|_| Value::Null),
        Effect::ZeroValues => fill(body, &|zero| match zero {
            Zero::Message => Value::Null,
            Zero::List => json!([]),
            Zero::Text => json!(""),
            Zero::Enum(name) => json!(name),
        }),
        Effect::WithoutResource => *body = json!({}),
        _ => {}
    }
}

/// Replaces every enum value, given its enum's zero name and its number.
fn each_enum(value: &mut Value, replace: &dyn Fn(&str, usize) -> Value) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                replace_enum(member, value, replace);
                if !MAPS.contains(&member.as_str()) {
                    each_enum(value, replace);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_enum(item, replace)),
        _ => {}
    }
}

fn replace_enum(member: &str, value: &mut Value, replace: &dyn Fn(&str, usize) -> Value) {
    if let Value::Array(items) = value {
        items
            .iter_mut()
            .for_each(|item| replace_enum(member, item, replace));
    }
    let Some(name) = value.as_str() else {
        return;
    };
    let found = ENUMS
        .iter()
        .filter(|(holder, ..)| *holder == member)
        .find_map(|(_, zero, names)| {
            Some((zero, names.iter().position(|known| *known == name)? + 1))
        });
    if let Some((zero, number)) = found {
        *value = replace(zero, number);
    }
}

fn add_unknown_members(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (member, value) in members.iter_mut() {
                match value {
                    Value::Object(entries) if MAPS.contains(&member.as_str()) => {
                        entries.values_mut().for_each(add_unknown_members);
                    }
                    value => add_unknown_members(value),
                }
            }
            members.insert(
                "fromTomorrow".to_owned(),
                json!({"depth": [1, null, "deep"]}),
            );
        }
        Value::Array(items) => items.iter_mut().for_each(add_unknown_members),
        _ => {}
    }
}

/// Fills in the unset members of the reply's resources.
fn fill(body: &mut Value, value: &dyn Fn(&Zero) -> Value) {
    let Some(members) = body.as_object_mut() else {
        return;
    };
    for (member, held) in members {
        let resources = match held {
            Value::Array(items) => items.iter_mut().collect(),
            single => vec![single],
        };
        for resource in resources {
            let shape = SHAPES.iter().find(|shape| {
                shape.members.contains(&member.as_str())
                    && resource
                        .get("spec")
                        .is_some_and(|spec| spec.get(shape.mark).is_some())
            });
            let Some(shape) = shape else {
                continue;
            };
            for (part, optional) in [("spec", shape.spec), ("status", shape.status)] {
                if let Some(part) = resource.get_mut(part).and_then(Value::as_object_mut) {
                    fill_part(part, optional, value);
                }
            }
        }
    }
}

fn fill_part(part: &mut Map<String, Value>, optional: &[Optional], value: &dyn Fn(&Zero) -> Value) {
    for Optional { member, zero } in optional {
        part.entry(*member).or_insert_with(|| value(zero));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_are_replaced_and_other_strings_are_not() {
        let mut body = json!({"gateway": {
            "spec": {"name": "STATUS_READY", "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}},
            "status": {"status": "STATUS_READY", "conditions": [{"type": "Ready", "status": "True"}]},
        }});
        apply(&Effect::IntegerEnums, &mut body);
        assert_eq!(
            body,
            json!({"gateway": {
                "spec": {"name": "STATUS_READY", "bodyBasedRouting": {"apiType": 1}},
                "status": {"status": 2, "conditions": [{"type": "Ready", "status": 1}]},
            }})
        );
    }

    #[test]
    fn maps_get_no_members_of_their_own() {
        let mut body = json!({"runtime": {"engineConfig": {"dtype": "auto"}}});
        apply(&Effect::UnknownMembers, &mut body);
        assert_eq!(body["runtime"]["engineConfig"], json!({"dtype": "auto"}));
        assert!(body["runtime"]["fromTomorrow"].is_object());
    }

    #[test]
    fn unset_members_are_filled_and_set_ones_kept() {
        let hot_load = json!({"spec": {"deploymentId": "d"}, "status": {"finishedAt": "t"}});
        let mut body = json!({"hotLoads": [hot_load]});
        apply(&Effect::ZeroValues, &mut body);
        assert_eq!(
            body["hotLoads"][0],
            json!({
                "spec": {
                    "deploymentId": "d",
                    "incrementalSnapshotMetadata": null,
                    "promptCachePolicy": "PROMPT_CACHE_POLICY_UNSPECIFIED",
                },
                "status": {"conditions": [], "finishedAt": "t", "canceledAt": null},
            })
        );
    }
}
