//! Merging and comparing specs.

use std::collections::BTreeSet;

use coreweave_inference::raw::normalization::{ONE_OF, canonical, is_map};
use serde_json::{Map, Value};

use crate::change::MemberChange;
use crate::kind::Kind;

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
pub(crate) fn differences(old: &Object, new: &Object) -> Vec<MemberChange> {
    let mut changes = Vec::new();
    compare("", old, new, &mut changes);
    // The service never returns the key, so there is nothing to compare it with.
    let withheld = old.contains_key("weightsAndBiasesAuth");
    changes.retain(|change| !(withheld && change.path == API_KEY));
    changes
}

/// The reasons why an update cannot change these members of a spec.
pub(crate) fn blockers(
    kind: Kind,
    members: &[MemberChange],
    old: &Object,
    new: &Object,
) -> Vec<String> {
    let fixed = members
        .iter()
        .filter_map(|member| kind.schema().immutable(&member.path));
    let fixed: BTreeSet<_> = fixed.collect();
    let reasons = fixed.iter();
    let mut reasons: Vec<_> = reasons
        .map(|path| format!("`{path}` of a {kind} cannot change"))
        .collect();
    if kind == Kind::Gateway {
        let removed: Vec<_> = dns_names(old)
            .difference(&dns_names(new))
            .cloned()
            .collect();
        let name = "endpointConfiguration";
        let form = |spec: &Object| canonical(name, spec.get(name));
        if !removed.is_empty() {
            let removed = removed.join(", ");
            reasons.push(format!("DNS names cannot be removed: {removed}"));
        } else if form(new).is_none() && form(old).is_some() {
            reasons.push("the endpoint configuration cannot be cleared".to_owned());
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

fn compare(parent: &str, old: &Object, new: &Object, changes: &mut Vec<MemberChange>) {
    let of_map = is_map(parent.rsplit('.').next().unwrap_or(parent));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let given = |spec: &Object| spec.get(name).filter(|value| !value.is_null()).cloned();
        let (old, new) = (given(old), given(new));
        let are_equal = match of_map {
            true => old == new,
            false => canonical(name, old.as_ref()) == canonical(name, new.as_ref()),
        };
        if are_equal {
            continue;
        }
        let path = match parent {
            "" => name.clone(),
            parent => format!("{parent}.{name}"),
        };
        match (members(old.as_ref()), members(new.as_ref())) {
            (Some(old), Some(new)) if !(old.is_empty() && new.is_empty()) => {
                compare(&path, &old, &new, changes);
            }
            _ => {
                let is_secret = path == API_KEY || path.starts_with(ENVIRONMENT);
                let shown = |value: Option<Value>| match value {
                    Some(_) if is_secret => Some("(hidden)".into()),
                    value => value,
                };
                let (old, new) = (shown(old), shown(new));
                changes.push(MemberChange { path, old, new });
            }
        }
    }
}

/// The members of an object, none of an absent one.
fn members(value: Option<&Value>) -> Option<Object> {
    match value {
        None => Some(Object::new()),
        Some(value) => value.as_object().cloned(),
    }
}
