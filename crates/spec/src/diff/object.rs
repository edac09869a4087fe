//! Compares the members of objects by the [rules](super::rules).

use std::collections::BTreeSet;

use serde_json::Value;

use super::findings::{Findings, Pair};
use super::location::Location;
use super::rules;
use crate::ObjectKind;
use crate::yaml::Node;

/// Compares all members except those to `skip`. An object is in several parts if it is composed with `allOf`.
pub(super) fn compare<'v>(
    kind: ObjectKind,
    a: &[&'v Node],
    b: &[&'v Node],
    location: &Location<'v>,
    skip: &[&str],
    findings: &mut Findings<'v>,
) {
    for key in keys(a, b).into_iter().filter(|key| !skip.contains(key)) {
        let (old, new) = (stated(a, key), stated(b, key));
        if old == new {
            continue;
        }
        let mut at = location.child(key);
        match (kind.member(key), old, new) {
            (ObjectKind::Map(of), ..) if !matches!(of, ObjectKind::Map(_)) => {
                let [a, b] = [old, new].map(|map| map.into_iter().collect::<Vec<_>>());
                compare(kind.member(key), &a, &b, &at, &[], findings);
            }
            (ObjectKind::Leaf | ObjectKind::List(_) | ObjectKind::Map(_), ..)
            | (_, None, _)
            | (_, _, None) => {
                rules::apply(kind, key, [old, new], &at, findings);
            }
            (kind_of_member, Some(a), Some(b)) => {
                if let ObjectKind::Map(ObjectKind::Header | ObjectKind::SecurityScheme) = kind {
                    at = at.named(key);
                }
                findings.pairs.push(Pair {
                    kind: kind_of_member,
                    a,
                    b,
                    location: at,
                });
            }
        }
    }
}

/// The member `key` of the first part that has it.
pub(super) fn get<'v>(parts: &[&'v Node], key: &str) -> Option<&'v Node> {
    parts.iter().find_map(|part| part.get(key))
}

/// The items of a list, if there is one.
pub(super) fn items(list: Option<&Node>) -> &[Node] {
    list.map_or(&[], Node::items)
}

/// The names of the members of two objects.
pub(super) fn keys<'v>(a: &[&'v Node], b: &[&'v Node]) -> BTreeSet<&'v str> {
    let members = a.iter().chain(b).flat_map(|part| part.members());
    members.map(|(key, _)| key.as_str()).collect()
}

/// The member `key`, unless it only states the default.
pub(super) fn stated<'v>(parts: &[&'v Node], key: &str) -> Option<&'v Node> {
    get(parts, key).filter(|node| !is_default(parts, key, node))
}

fn is_default(parts: &[&Node], key: &str, node: &Node) -> bool {
    let text = |key| get(parts, key).and_then(Node::as_str);
    let default_style = match text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let default = match key {
        "allowEmptyValue" | "allowReserved" | "deprecated" | "exclusiveMaximum"
        | "exclusiveMinimum" | "nullable" | "readOnly" | "required" | "uniqueItems"
        | "writeOnly" => Value::Bool(false),
        "minItems" | "minLength" | "minProperties" => 0.into(),
        "style" => default_style.into(),
        "explode" => Value::Bool(text("style").unwrap_or(default_style) == "form"),
        _ => return false,
    };
    *node == Node::from(&default)
}
