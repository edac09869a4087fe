//! Replaces a part of the API in the full document.

use std::collections::BTreeSet;

use coreweave_inference_spec::{METHODS, resolve};
use serde_json::{Map, Value};

use coreweave_inference_spec::{Operation, operations};

/// Replaces what `part` covers: its operations, the schemas and tags they use, and the top-level members. Schemas that
/// become unused are removed.
pub(super) fn splice(full: &Value, part: &Value) -> Value {
    let referred_before = referred_schemas(full);
    let mut result = full.as_object().cloned().unwrap_or_default();
    for (key, value) in part.as_object().into_iter().flatten() {
        if !["paths", "components", "tags"].contains(&key.as_str()) {
            result.insert(key.clone(), value.clone());
        }
    }
    let covered = operations(part);
    replace_tags(&mut result, part, &covered);
    replace_paths(&mut result, full, part, &covered);
    replace_components(&mut result, part);
    let mut result = Value::Object(result);
    let referred = referred_schemas(&result);
    if let Some(Value::Object(schemas)) = result.pointer_mut("/components/schemas") {
        schemas.retain(|name, _| referred.contains(name) || !referred_before.contains(name));
    }
    result
}

fn replace_tags(result: &mut Map<String, Value>, part: &Value, covered: &[Operation<'_>]) {
    let used = covered
        .iter()
        .filter_map(|operation| operation.value.get("tags")?.as_array());
    let used: BTreeSet<_> = used.flatten().filter_map(Value::as_str).collect();
    let arrived = part
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let arrived: Vec<_> = arrived
        .filter(|tag| name(tag).is_some_and(|name| used.contains(name)))
        .collect();
    if arrived.is_empty() {
        return;
    }
    if let Value::Array(tags) = result
        .entry("tags")
        .or_insert_with(|| Value::Array(Vec::new()))
    {
        tags.retain(|tag| !arrived.iter().any(|new| name(new) == name(tag)));
        tags.extend(arrived.into_iter().cloned());
    }
}

fn name(tag: &Value) -> Option<&str> {
    tag.get("name")?.as_str()
}

fn replace_paths(
    result: &mut Map<String, Value>,
    full: &Value,
    part: &Value,
    covered: &[Operation<'_>],
) {
    let Value::Object(paths) = result
        .entry("paths")
        .or_insert_with(|| Value::Object(Map::new()))
    else {
        return;
    };
    // An operation's path may have been renamed, in the names of its parameters.
    for old in operations(full)
        .iter()
        .filter(|old| covered.iter().any(|new| new.key == old.key))
    {
        if let Some(Value::Object(item)) = paths.get_mut(old.path) {
            item.remove(old.key.method());
        }
    }
    for (path, new) in part
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let item = paths
            .entry(path)
            .or_insert_with(|| Value::Object(Map::new()));
        if let (Value::Object(item), Value::Object(new)) = (item, new) {
            item.extend(new.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
    }
    paths.retain(|_, item| METHODS.iter().any(|method| item.get(method).is_some()));
}

fn replace_components(result: &mut Map<String, Value>, part: &Value) {
    let arrived = part.get("components").and_then(Value::as_object);
    if let Value::Object(components) = result
        .entry("components")
        .or_insert_with(|| Value::Object(Map::new()))
    {
        for (group, entries) in arrived.into_iter().flatten() {
            let known = components
                .entry(group)
                .or_insert_with(|| Value::Object(Map::new()));
            if let (Value::Object(known), Value::Object(entries)) = (known, entries) {
                known.extend(
                    entries
                        .iter()
                        .map(|(name, entry)| (name.clone(), entry.clone())),
                );
            }
        }
    }
}

/// The names of the schemas that paths refer to, through whatever lies between.
fn referred_schemas(document: &Value) -> BTreeSet<String> {
    let mut open = Vec::new();
    let mut seen = BTreeSet::new();
    references(document.get("paths").unwrap_or(&Value::Null), &mut open);
    while let Some(reference) = open.pop() {
        if seen.insert(reference)
            && let Some(target) = resolve(document, reference)
        {
            references(target, &mut open);
        }
    }
    let names = seen
        .into_iter()
        .filter_map(|reference| reference.strip_prefix("#/components/schemas/"));
    names.map(str::to_owned).collect()
}

fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
