//! Merging and comparing specs as the service interprets them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::kind::Kind;
use crate::plan::MemberChange;
use crate::schema::{Member, Shape};

type Object = Map<String, Value>;

/// Members of which a spec has exactly one; setting one clears the others. An empty object counts as set.
const ONE_OF: &[&[&str]] = &[
    &["coreWeaveAuth", "weightsAndBiasesAuth"],
    &["bodyBasedRouting", "headerBasedRouting", "pathBasedRouting"],
];

/// Lists whose order does not matter.
const UNORDERED: &[&str] = &[
    "additionalDns",
    "allowedSourceIpRanges",
    "gatewayIds",
    "zones",
];

/// Members whose values are case-insensitive.
const ANY_CASE: &[&str] = &["gatewayIds", "id", "instanceId", "instanceType", "zones"];

/// Members that the service sets itself when they are cleared; they keep their value.
const CHOSEN_BY_SERVICE: &[&str] = &["version", "zones"];

/// Values that are equivalent to an absent member.
const DEFAULTS: &[&str] = &["", "EDGE_PROXY_MODE_MANAGED"];

/// Members with secrets, which are never shown.
const API_KEY: &str = "weightsAndBiasesAuth.apiKey";
const ENVIRONMENT: &str = "runtime.engineEnv.";

/// Merges members into a spec: what is left out keeps its value, `null` clears, objects merge.
///
/// Setting one of several members of which a spec has exactly one, such as `coreWeaveAuth`, clears the others. Members
/// that the service chooses when they are cleared, such as `runtime.version`, keep their value.
///
/// ```
/// use coreweave_inference_apply::merge;
/// use serde_json::json;
///
/// let spec = json!({"coreWeaveAuth": {}, "zones": ["A"], "traffic": {"weight": 5}});
/// let body = json!({"weightsAndBiasesAuth": {}, "traffic": null});
/// let merged = merge(spec.as_object().unwrap(), body.as_object().unwrap());
/// assert_eq!(serde_json::Value::from(merged), json!({"weightsAndBiasesAuth": {}, "zones": ["A"]}));
/// ```
pub fn merge(spec: &Object, body: &Object) -> Object {
    let mut merged = spec.clone();
    // A version belongs to its engine.
    if body
        .get("engine")
        .is_some_and(|engine| Some(engine) != spec.get("engine"))
    {
        merged.remove("version");
    }
    for (name, value) in body {
        let cleared = canonical(None, name, Some(value)).is_none();
        match (merged.get_mut(name), value) {
            (_, _) if cleared && CHOSEN_BY_SERVICE.contains(&name.as_str()) => {}
            (_, Value::Null) => {
                merged.remove(name);
            }
            (Some(Value::Object(old)), Value::Object(new)) => *old = merge(old, new),
            (_, Value::Object(new)) => {
                merged.insert(name.clone(), merge(&Object::new(), new).into());
            }
            (_, value) => {
                merged.insert(name.clone(), value.clone());
            }
        }
        let others = ONE_OF
            .iter()
            .filter(|group| group.contains(&name.as_str()) && !value.is_null());
        for other in others.copied().flatten().filter(|other| *other != name) {
            merged.remove(*other);
        }
    }
    merged
}

/// The members that differ between two specs of a kind.
pub(crate) fn differences(kind: Kind, old: &Object, new: &Object) -> Vec<MemberChange> {
    let mut changes = Vec::new();
    let root = Some(Shape::Object(kind.members()));
    let (old, new) = (Value::from(old.clone()), Value::from(new.clone()));
    compare(root, "", Some(&old), Some(&new), &mut changes);
    // The service never returns the key, so there is nothing to compare it with.
    let withheld = old.get("weightsAndBiasesAuth").is_some();
    changes.retain(|change| !(withheld && change.path == API_KEY));
    changes
}

/// The reasons why an update cannot turn one spec into the other.
pub(crate) fn blockers(kind: Kind, old: &Object, new: &Object) -> Vec<String> {
    let mut reasons = Vec::new();
    let differ = |name: &str| {
        let shape = shape_of(Some(Shape::Object(kind.members())), name);
        canonical(shape, name, old.get(name)) != canonical(shape, name, new.get(name))
    };
    if kind != Kind::Deployment && differ("name") {
        reasons.push(format!("the name of a {kind} cannot change"));
    }
    if kind == Kind::Deployment && differ("hotLoad") {
        reasons.push("hot-load settings can only be set at creation".to_owned());
    }
    if kind == Kind::Gateway {
        let removed: Vec<_> = dns_names(old)
            .difference(&dns_names(new))
            .copied()
            .collect();
        if !removed.is_empty() {
            reasons.push(format!(
                "DNS names cannot be removed: {}",
                removed.join(", ")
            ));
        }
        let name = "endpointConfiguration";
        let cleared = canonical(None, name, new.get(name)).is_none();
        if cleared && removed.is_empty() && differ(name) {
            reasons.push("the endpoint configuration cannot be cleared".to_owned());
        }
    }
    reasons
}

fn dns_names(spec: &Object) -> BTreeSet<&str> {
    let names = spec
        .get("endpointConfiguration")
        .and_then(|endpoint| endpoint.get("additionalDns"))
        .and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn compare(
    shape: Option<Shape>,
    path: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    changes: &mut Vec<MemberChange>,
) {
    let name = path.rsplit('.').next().unwrap_or(path);
    if canonical(shape, name, old) == canonical(shape, name, new) {
        return;
    }
    let members = |value: Option<&Value>| match value {
        None | Some(Value::Null) => Some(Object::new()),
        Some(Value::Object(members)) => Some(members.clone()),
        Some(_) => None,
    };
    if let (Some(old), Some(new)) = (members(old), members(new))
        && !(old.is_empty() && new.is_empty())
    {
        let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for name in names {
            let path = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            compare(
                shape_of(shape, name),
                &path,
                old.get(name),
                new.get(name),
                changes,
            );
        }
        return;
    }
    let sensitive = path == API_KEY || path.starts_with(ENVIRONMENT);
    let shown = |value: Option<&Value>| match value {
        Some(_) if sensitive => Some("(hidden)".into()),
        value => value.cloned(),
    };
    changes.push(MemberChange {
        path: path.to_owned(),
        old: shown(old),
        new: shown(new),
    });
}

fn shape_of(shape: Option<Shape>, name: &str) -> Option<Shape> {
    match shape? {
        Shape::Object(members) => members
            .iter()
            .find(|member: &&Member| member.name == name)
            .map(|member| member.shape),
        Shape::Map => Some(Shape::Text),
        _ => None,
    }
}

/// The canonical form of a value, in which equivalent values are equal; `None` if it is equivalent to an absent member.
pub(crate) fn canonical(shape: Option<Shape>, name: &str, value: Option<&Value>) -> Option<Value> {
    match value? {
        Value::Null | Value::Bool(false) => None,
        Value::Number(number) if number.as_f64() == Some(0.0) => None,
        Value::String(text)
            if DEFAULTS.contains(&text.as_str()) || text.ends_with("_UNSPECIFIED") =>
        {
            None
        }
        // Withdrawn; old claims read as managed.
        Value::String(text) if text == "CAPACITY_TYPE_SERVERLESS" => {
            Some("CAPACITY_TYPE_MANAGED".into())
        }
        Value::String(text) if ANY_CASE.contains(&name) => Some(text.to_ascii_uppercase().into()),
        Value::Array(items) => {
            let mut items: Vec<_> = items
                .iter()
                .filter_map(|item| canonical(None, name, Some(item)))
                .collect();
            if UNORDERED.contains(&name) {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            (!items.is_empty()).then(|| items.into())
        }
        Value::Object(entries) if shape == Some(Shape::Map) => {
            let entries: Object = entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            (!entries.is_empty()).then(|| entries.into())
        }
        Value::Object(members) => {
            let members: Object = members
                .iter()
                .filter_map(|(name, value)| {
                    let value = canonical(shape_of(shape, name), name, Some(value))?;
                    Some((name.clone(), value))
                })
                .collect();
            let counts_as_set = ONE_OF.iter().any(|group| group.contains(&name));
            (counts_as_set || !members.is_empty()).then(|| members.into())
        }
        value => Some(value.clone()),
    }
}
