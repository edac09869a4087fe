//! Merging and comparing specs.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::change::MemberChange;
use crate::kind::Kind;
use crate::normal::{ONE_OF, canonical, shape_of};
use crate::schema::Shape;

type Object = Map<String, Value>;

/// Members with secrets, which are never shown.
const API_KEY: &str = "weightsAndBiasesAuth.apiKey";
const ENVIRONMENT: &str = "runtime.engineEnv.";

/// Merges members into a spec: what is left out keeps its value, `null` clears, objects merge.
///
/// Setting one of several members of which a spec has exactly one, such as `coreWeaveAuth`, clears the others. A new
/// engine clears the version, which belongs to the old one.
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
    if body
        .get("engine")
        .is_some_and(|engine| Some(engine) != spec.get("engine"))
    {
        merged.remove("version");
    }
    for (name, value) in body {
        match (merged.get_mut(name), value) {
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
    let differ = |path: &str| {
        let name = path.rsplit('.').next().unwrap_or(path);
        canonical(None, name, at(old, path)) != canonical(None, name, at(new, path))
    };
    match kind {
        Kind::CapacityClaim => {
            let fixed = [
                ("name", "name"),
                ("resources.instanceId", "instance type"),
                ("resources.zones", "zones"),
            ];
            let changed = fixed.iter().filter(|(path, _)| differ(path));
            reasons
                .extend(changed.map(|(_, noun)| format!("the {noun} of a {kind} cannot change")));
        }
        Kind::Deployment if differ("hotLoad") => {
            reasons.push("hot-load settings can only be set at creation".to_owned());
        }
        Kind::Deployment => {}
        Kind::Gateway => {
            if differ("name") {
                reasons.push(format!("the name of a {kind} cannot change"));
            }
            let removed: Vec<_> = dns_names(old)
                .difference(&dns_names(new))
                .cloned()
                .collect();
            let name = "endpointConfiguration";
            if !removed.is_empty() {
                let removed = removed.join(", ");
                reasons.push(format!("DNS names cannot be removed: {removed}"));
            } else if canonical(None, name, new.get(name)).is_none() && differ(name) {
                reasons.push("the endpoint configuration cannot be cleared".to_owned());
            }
        }
    }
    reasons
}

fn dns_names(spec: &Object) -> BTreeSet<String> {
    let names = at(spec, "endpointConfiguration.additionalDns").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_ascii_lowercase).collect()
}

/// The value at a path such as `runtime.version`.
pub(crate) fn at<'a>(spec: &'a Object, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        None => spec.get(path),
        Some((name, rest)) => at(spec.get(name)?.as_object()?, rest),
    }
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
