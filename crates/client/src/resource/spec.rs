//! From the spec that a reply holds to the one that an update sends.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The spec of a reply as the body of an update, without the members that only the service or a create can set.
///
/// It goes through JSON so that every member goes along, those that this version doesn't know included, and those that a
/// later version of the generated types will know.
pub(super) fn editable<S, U>(spec: &Option<S>, fixed: &[&str]) -> Result<U, serde_json::Error>
where
    S: Serialize,
    U: DeserializeOwned,
{
    let mut spec = match serde_json::to_value(spec)? {
        Value::Object(members) => members,
        _ => serde_json::Map::new(),
    };
    for member in fixed {
        spec.remove(*member);
    }
    serde_json::from_value(Value::Object(spec))
}
