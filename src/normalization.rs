//! How the service normalizes specs: which values are equivalent.
//!
//! It is known for the members of today. Members that this version does not know are compared as they are, apart from
//! what protobuf JSON leaves out.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Number, Value};

use crate::FromJson;

/// Members of which a spec has exactly one; setting one clears the others. An empty object counts as set.
pub const ONE_OF: &[&[&str]] = &[
    &["coreWeaveAuth", "weightsAndBiasesAuth"],
    &["bodyBasedRouting", "headerBasedRouting", "pathBasedRouting"],
];

/// The paths of members that the service sets itself where a request does not.
pub const CHOSEN_BY_SERVICE: &[&str] = &["runtime.version", "zones"];

/// Lists whose order does not matter.
const UNORDERED: &[&str] = &[
    "additionalDns",
    "allowedSourceIpRanges",
    "gatewayIds",
    "zones",
];

/// Members whose values are case-insensitive.
const ANY_CASE: &[&str] = &[
    "additionalDns",
    "deploymentId",
    "gatewayIds",
    "id",
    "instanceId",
    "instanceType",
    "zones",
];

/// Objects with any keys, whose entries are kept as they are.
const MAPS: &[&str] = &["engineConfig", "engineEnv"];

/// Values that are equivalent to an absent member.
const DEFAULTS: &[&str] = &[
    "",
    "EDGE_PROXY_MODE_MANAGED",
    "PROMPT_CACHE_POLICY_PRESERVE",
];

/// Capacity types that were withdrawn. Claims that were made with one read as managed, sooner or later.
const WITHDRAWN: &[&str] = &["CAPACITY_TYPE_CUSTOMER", "CAPACITY_TYPE_SERVERLESS"];

/// Returns whether a member is an object with any keys, whose entries are kept as they are.
#[must_use]
pub fn is_map(name: &str) -> bool {
    MAPS.contains(&name)
}

/// Returns the canonical form of a member's value, in which equivalent values are equal, or `None` if it is equivalent to
/// an absent member.
///
/// ```
/// use coreweave_inference_api::normalization::canonical;
/// use serde_json::json;
///
/// assert_eq!(canonical("zones", Some(&json!(["b", "A"]))), canonical("zones", Some(&json!(["A", "B"]))));
/// assert_eq!(canonical("disabled", Some(&json!(false))), None);
/// ```
#[must_use]
pub fn canonical(name: &str, value: Option<&Value>) -> Option<Value> {
    let is_map = is_map(name);
    match value? {
        Value::Null | Value::Bool(false) => None,
        Value::Number(number) if number.as_f64() == Some(0.0) => None,
        Value::Number(number) => Some(whole(number).unwrap_or_else(|| number.clone()).into()),
        Value::String(text) => text_form(name, text).map(Value::from),
        Value::Array(items) => {
            let items = items.iter().filter_map(|item| canonical(name, Some(item)));
            if UNORDERED.contains(&name) {
                let mut sorted = Map::new();
                items.for_each(|item| drop(sorted.insert(item.to_string(), item)));
                return (!sorted.is_empty()).then(|| sorted.into_values().collect());
            }
            let items: Vec<_> = items.collect();
            (!items.is_empty()).then(|| items.into())
        }
        Value::Object(members) => {
            let mut canonical_members = Map::new();
            for (name, value) in members {
                let value = match is_map {
                    true => Some(value.clone()).filter(|value| !value.is_null()),
                    false => canonical(name, Some(value)),
                };
                value.map(|value| canonical_members.insert(name.clone(), value));
            }
            let counts_as_set = ONE_OF.iter().any(|group| group.contains(&name));
            let is_set = counts_as_set || !canonical_members.is_empty();
            is_set.then(|| canonical_members.into())
        }
        value => Some(value.clone()),
    }
}

/// Returns whether a spec has everything that a request asked for. The service may have added to it.
///
/// ```
/// use coreweave_inference_api::normalization::covers;
/// use serde_json::json;
///
/// let spec = json!({"name": "chat", "zones": ["US-EAST-04A"], "coreWeaveAuth": {}});
/// assert!(covers(&spec, &json!({"name": "chat", "coreWeaveAuth": {}, "endpointConfiguration": null})));
/// assert!(!covers(&spec, &json!({"name": "chat", "weightsAndBiasesAuth": {}})));
/// ```
#[must_use]
pub fn covers(spec: &Value, request: &Value) -> bool {
    covers_at("", spec, request)
}

/// Returns whether the resource in a response has everything that the body of a create asked for. `member` is the member that
/// holds the resource.
///
/// The id does not count: the response is that of a GET by it.
///
/// ```
/// use coreweave_inference_api::normalization::covers_create;
///
/// let asked = br#"{"id": "1", "name": "chat"}"#;
/// let found = br#"{"gateway": {"spec": {"id": "1", "name": "chat", "zones": ["US-EAST-04A"]}}}"#;
/// assert!(covers_create(asked, found, "gateway"));
/// ```
#[must_use]
pub fn covers_create(asked: &[u8], found: &[u8], member: &str) -> bool {
    let parse = |json| Value::from_json(json).ok();
    let (Some(Value::Object(asked)), Some(found)) = (parse(asked), parse(found)) else {
        return false;
    };
    let found = found.get(member).and_then(|found| found.get("spec"));
    let Some(spec) = found.and_then(Value::as_object) else {
        return false;
    };
    let is_id = |name: &str| ["id", "hotLoadId"].contains(&name);
    asked
        .iter()
        .all(|(name, asked)| is_id(name) || covers_member("", spec, name, asked))
}

fn covers_at(parent: &str, spec: &Value, request: &Value) -> bool {
    let (Some(spec), Some(request)) = (spec.as_object(), request.as_object()) else {
        return false;
    };
    request
        .iter()
        .all(|(name, asked)| covers_member(parent, spec, name, asked))
}

fn covers_member(parent: &str, spec: &Map<String, Value>, name: &str, asked: &Value) -> bool {
    let path = match parent {
        "" => name.to_owned(),
        parent => format!("{parent}.{name}"),
    };
    let found = spec.get(name);
    match (canonical(name, Some(asked)), found) {
        (None, _) if CHOSEN_BY_SERVICE.contains(&path.as_str()) => true,
        (Some(Value::Object(_)), Some(found)) if !is_map(name) => covers_at(&path, found, asked),
        // The service never returns the key.
        (Some(_), None) if name == "apiKey" => true,
        (asked, found) => asked == canonical(name, found),
    }
}

/// A whole number without a fraction: `4` for `4.0`.
fn whole(number: &Number) -> Option<Number> {
    let text = number
        .as_f64()
        .filter(|float| float.fract() == 0.0)?
        .to_string();
    text.parse().ok()
}

fn text_form(name: &str, text: &str) -> Option<String> {
    if DEFAULTS.contains(&text) || text.ends_with("_UNSPECIFIED") {
        return None;
    }
    Some(match name {
        "capacityType" if WITHDRAWN.contains(&text) => "CAPACITY_TYPE_MANAGED".to_owned(),
        "allowedSourceIpRanges" => network(text).unwrap_or_else(|| text.to_owned()),
        name if ANY_CASE.contains(&name) => text.to_ascii_uppercase(),
        _ => text.to_owned(),
    })
}

/// The canonical form of a CIDR range.
fn network(range: &str) -> Option<String> {
    let (address, length) = range.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let network: IpAddr = match address.parse().ok()? {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(length)?);
            Ipv4Addr::from_bits(address.to_bits() & mask.unwrap_or(0)).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(length)?);
            Ipv6Addr::from_bits(address.to_bits() & mask.unwrap_or(0)).into()
        }
    };
    Some(format!("{network}/{length}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_spec_covers_a_request() {
        let spec = json!({
            "name": "chat", "zones": ["A"], "coreWeaveAuth": {}, "nested": {"a": 1, "b": 2}, "mode": "EDGE_PROXY_MODE_MANAGED",
            "runtime": {"version": "1.0", "engineEnv": {"A": "x"}},
        });
        for asked in [
            json!({"name": "chat"}),
            json!({"name": "chat", "disabled": false, "weight": 0, "list": [], "text": "", "gone": null}),
            json!({"nested": {"a": 1}}),
            json!({"nested": {"a": 1.0, "apiKey": "kept back"}}),
            json!({"zones": ["a"]}),
            json!({"zones": []}),
            json!({"mode": ""}),
            json!({"runtime": {"version": "", "engineEnv": {"A": "x"}}}),
            json!({"coreWeaveAuth": {}}),
        ] {
            assert!(covers(&spec, &asked), "{asked}");
        }
        for asked in [
            json!({"name": "other"}),
            json!({"name": "CHAT"}),
            json!({"disabled": true}),
            json!({"zones": ["B"]}),
            json!({"zones": ["A", "B"]}),
            json!({"weightsAndBiasesAuth": {}}),
            json!({"nested": {"a": 2}}),
            json!({"nested": {"b": 0}}),
            json!({"runtime": {"engineEnv": {"A": "X"}}}),
            json!({"runtime": {"engineEnv": {}}}),
        ] {
            assert!(!covers(&spec, &asked), "{asked}");
        }
    }

    #[test]
    fn equivalent_ranges_have_one_form() {
        for (range, expected) in [
            ("2001:DB8:0:0::/32", Some("2001:db8::/32")),
            ("192.0.2.7/24", Some("192.0.2.0/24")),
            ("192.0.2.7/32", Some("192.0.2.7/32")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("::/0", Some("::/0")),
            ("192.0.2.0/33", None),
            ("192.0.2.0", None),
            ("example.com/8", None),
        ] {
            assert_eq!(network(range).as_deref(), expected, "{range}");
        }
    }
}
