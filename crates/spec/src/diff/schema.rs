//! Compares schemas.
//!
//! What both documents refer to is compared once, by itself, however often it is referred to. The parts of `allOf` count as
//! one schema, in whichever part a keyword is.

use std::collections::HashSet;

use serde_json::Value;

use super::document::Documents;
use super::entry::Class::{Additive, Breaking, Documentation};
use super::findings::Change::{self, Added, Changed, Removed};
use super::findings::{Findings, Pair};
use super::location::{Directions, Location, Scope};
use super::object::{self, get, items, stated};
use super::reach::Uses;
use super::rules::{self, text};
use super::shape::{STRUCTURE, Shape, Side, has_structure, name, required};
use crate::yaml::Node;
use crate::{ObjectKind, Pointer};

/// The keywords that limit values.
const LIMITS: &str = "exclusiveMaximum exclusiveMinimum maxItems maxLength maxProperties maximum \
                      minItems minLength minProperties minimum multipleOf pattern uniqueItems";

pub(super) fn compare<'v>(
    documents: &Documents<'v>,
    uses: &Uses<'v>,
    pair: &Pair<'v>,
    findings: &mut Findings<'v>,
) {
    let at = &pair.location;
    let (mut a, mut b) = (Shape::of(pair.a), Shape::of(pair.b));
    let shared: HashSet<_> = a.references.iter().copied().collect();
    let shared: HashSet<_> = b
        .references
        .iter()
        .copied()
        .filter(|one| shared.contains(one))
        .collect();
    a.references.retain(|reference| !shared.contains(reference));
    b.references.retain(|reference| !shared.contains(reference));
    if let (&[old], &[new]) = (a.references.as_slice(), b.references.as_slice()) {
        let has_more = has_structure(&a.parts) || has_structure(&b.parts);
        let is_renamed = took_over(documents, old, new, findings);
        if is_renamed {
            rename(documents, uses, old, new, findings);
        } else if !has_more {
            let message = format!(
                "`{}` is now a `{}`, before a `{}`",
                at.name,
                name(new),
                name(old)
            );
            findings.add(Breaking, "type-changed", at, Changed, message);
        }
        if is_renamed || !has_more {
            (a.references, b.references) = (Vec::new(), Vec::new());
        }
    }
    let side = |document, shape: Shape<'v>, node| Side {
        own: shape.resolve(document),
        ..Side::new(document, node)
    };
    let a = side(&documents.a, a, pair.a);
    let b = side(&documents.b, b, pair.b);
    let comparison = Comparison { a, b, at };
    if has_structure(&comparison.a.own) || has_structure(&comparison.b.own) {
        comparison.structure(findings);
    }
    let (a, b) = (&comparison.a, &comparison.b);
    let special = STRUCTURE.split(' ').chain(LIMITS.split(' '));
    let skip: Vec<_> = special.chain(["$ref", "allOf", "default"]).collect();
    object::compare(ObjectKind::Schema, &a.own, &b.own, at, &skip, findings);
    comparison.limits(findings);
    comparison.default(findings);
}

/// Whether a reference to another schema than before means that the schema was renamed.
fn took_over<'v>(
    documents: &Documents<'v>,
    old: &'v str,
    new: &'v str,
    findings: &Findings<'v>,
) -> bool {
    let mut renamed = findings.renamed.iter();
    match renamed.find(|(known, target)| **known == old || **target == new) {
        Some((known, target)) => (*known, *target) == (old, new),
        None => documents.b.resolve(old).is_none() && documents.a.resolve(new).is_none(),
    }
}

/// Reports that a schema was renamed, and compares it, unless that is done.
fn rename<'v>(
    documents: &Documents<'v>,
    uses: &Uses<'v>,
    old: &'v str,
    new: &'v str,
    findings: &mut Findings<'v>,
) {
    let nodes = (documents.a.resolve(old), documents.b.resolve(new));
    let (None, (Some(a), Some(b))) = (findings.renamed.insert(old, new), nodes) else {
        return;
    };
    let directions = |reference| {
        uses.get(reference)
            .map_or(Directions::NONE, |(_, used)| used)
    };
    let location = Location {
        a: Pointer::parse(old.trim_start_matches('#')),
        b: Pointer::parse(new.trim_start_matches('#')),
        directions: directions(old).or(directions(new)),
        ..Location::new(&Pointer::root(), Scope::Component(old, new)).named(name(new))
    };
    let message = format!("the schema `{}` was renamed to `{}`", name(old), name(new));
    findings.add(Breaking, "schema-renamed", &location, Changed, message);
    findings.pair(ObjectKind::Schema, a, b, location);
}

/// Two schemas at the same place.
struct Comparison<'c, 'v> {
    a: Side<'c, 'v>,
    b: Side<'c, 'v>,
    at: &'c Location<'v>,
}

impl<'v> Comparison<'_, 'v> {
    fn structure(&self, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a, &self.b, self.at);
        let name = &at.name;
        if a.kind() != b.kind() {
            let message = format!(
                "`{name}` is now {}, before {}",
                b.described(),
                a.described()
            );
            let (at, change) = match [a, b].map(|side| get(&side.all, "type")) {
                [None, None] => (at.clone(), Changed),
                [old, new] => (at.child("type"), Change::of(old, new)),
            };
            return match a.is_enum() && b.is_enum() {
                true => findings.add(Additive, "enum-encoding-changed", &at, change, message),
                false => findings.add(Breaking, "type-changed", &at, change, message),
            };
        }
        let (old, new) = (get(&a.own, "format"), get(&b.own, "format"));
        if old != new {
            let message = format!(
                "`{name}` is now of format {}, before {}",
                quoted(new),
                quoted(old)
            );
            let decides = a.deciding_format() != b.deciding_format();
            let class = if decides { Breaking } else { Documentation };
            findings.add(
                class,
                "format-changed",
                &at.child("format"),
                Change::of(old, new),
                message,
            );
        }
        if !self.values(findings) {
            self.alternatives("anyOf", findings);
            self.alternatives("oneOf", findings);
        }
        self.properties(findings);
        self.requirements(findings);
        self.additional_properties(findings);
        for (key, suffix) in [("items", "[]"), ("not", "")] {
            let at = at.child(key).named(format!("{name}{suffix}"));
            match [get(&a.own, key), get(&b.own, key)] {
                [Some(a), Some(b)] => findings.pair(ObjectKind::Schema, a, b, at),
                [None, None] => {}
                sides => rules::apply(ObjectKind::Schema, key, sides, &at, findings),
            }
        }
    }

    /// Compares enum values. Returns whether there are any: an enum may also be a list of alternatives.
    fn values(&self, findings: &mut Findings<'v>) -> bool {
        let (a, b, at) = (&self.a, &self.b, self.at);
        let name = &at.name;
        let at = at.child("enum");
        match (a.values(), b.values()) {
            (Some(old), Some(new)) => {
                for value in old.iter().filter(|value| !new.contains(value)) {
                    let message =
                        format!("`{name}` no longer has the value {}", quoted(Some(value)));
                    findings.add(Breaking, "enum-value-removed", &at, Removed, message);
                }
                for value in new.iter().filter(|value| !old.contains(value)) {
                    let message = format!("`{name}` has the new value {}", quoted(Some(value)));
                    findings.add(Additive, "enum-value-added", &at, Added, message);
                }
            }
            (Some(_), None) => {
                let message = format!("`{name}` is no longer an enum");
                findings.add(Breaking, "type-changed", &at, Removed, message);
            }
            (None, Some(_)) => {
                let message = format!("`{name}` is an enum now");
                findings.add(Breaking, "type-changed", &at, Added, message);
            }
            (None, None) => return false,
        }
        true
    }

    fn properties(&self, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a, &self.b, self.at);
        let own = |side: &Side<'_, 'v>| -> Vec<&'v Node> {
            let parts = side.own.iter();
            parts.filter_map(|part| part.get("properties")).collect()
        };
        for key in object::keys(&own(a), &own(b)) {
            let name = format!("{}.{key}", at.name);
            let mut at = at.child("properties").child(key).named(&name);
            match (a.property(key), b.property(key)) {
                (Some(old), Some(new)) => {
                    at.directions = inside(&at, Some(old)).or(inside(&at, Some(new)));
                    findings.pair(ObjectKind::Schema, old, new, at);
                }
                (Some(_), None) => {
                    let message = format!("`{name}` was removed");
                    findings.add(Breaking, "member-removed", &at, Removed, message);
                }
                (None, new) => {
                    let parts = new.map(|new| Shape::of(new).resolve(b.document));
                    let is_optional = parts.is_some_and(|parts| get(&parts, "default").is_some());
                    let (class, suffix) = match b.requires(key) && inside(&at, new).request {
                        true if !is_optional => (Breaking, " and is required"),
                        _ => (Additive, ""),
                    };
                    let message = format!("`{name}` was added{suffix}");
                    findings.add(class, "member-added", &at, Added, message);
                }
            }
        }
    }

    /// Compares which members are required, of those that both sides have or neither.
    fn requirements(&self, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a, &self.b, self.at);
        let name = &at.name;
        let list = at.child("required");
        for key in required(&a.own).union(&required(&b.own)) {
            let (old, new) = (a.property(key), b.property(key));
            if a.requires(key) == b.requires(key) || old.is_some() != new.is_some() {
                continue;
            }
            let Directions { request, response } = inside(at, new);
            if b.requires(key) {
                let message = format!("`{name}.{key}` is now required");
                let class = if request { Breaking } else { Additive };
                findings.add(class, "newly-required", &list, Changed, message);
            } else {
                let message = format!("`{name}.{key}` is now optional");
                let class = if response { Breaking } else { Additive };
                findings.add(class, "newly-optional", &list, Changed, message);
            }
        }
    }

    /// Compares `additionalProperties`, which default to any.
    fn additional_properties(&self, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a, &self.b, self.at);
        let [old, new] = [a, b].map(|side| get(&side.own, "additionalProperties"));
        let [a, b] = [old, new].map(|node| node.filter(|node| !node.members().is_empty()));
        let is_closed =
            |node: Option<&Node>| node.and_then(Node::scalar) == Some(&Value::Bool(false));
        let name = &at.name;
        let at = at.child("additionalProperties").named(format!("{name}.*"));
        let change = Change::of(old, new);
        match (a, b) {
            (Some(a), Some(b)) => findings.pair(ObjectKind::Schema, a, b, at),
            (None, None) if is_closed(old) == is_closed(new) => {}
            (None, None) => {
                let breaks = is_closed(new) && at.directions.request;
                let class = if breaks { Breaking } else { Documentation };
                let message = match is_closed(new) {
                    true => format!("`{name}` no longer takes members of other names"),
                    false => format!("`{name}` now takes members of any name"),
                };
                findings.add(class, "additional-members-changed", &at, change, message);
            }
            _ => {
                let message = format!("the members of any name in `{name}` are of another type");
                findings.add(Breaking, "type-changed", &at, change, message);
            }
        }
    }

    /// Compares lists of alternatives, regardless of order.
    fn alternatives(&self, key: &str, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a, &self.b, self.at);
        let sides = [get(&a.own, key), get(&b.own, key)];
        let at = at.child(key);
        let [old, new] = sides.map(items);
        if old.iter().chain(new).all(is_condition) {
            return self.conditions(sides, &at, findings);
        }
        if let [None, Some(_)] | [Some(_), None] = sides {
            return rules::apply(ObjectKind::Schema, key, sides, &at, findings);
        }
        let [mut departed, mut arrived] =
            [old, new].map(|list| list.iter().enumerate().collect::<Vec<_>>());
        let location = |old: usize, new: usize| Location {
            a: at.a.child(old),
            b: at.b.child(new),
            ..at.clone()
        };
        departed.retain(|(_, old)| !new.contains(old));
        arrived.retain(|(_, new)| !old.contains(new));
        let is_only_one = departed.len() == 1 && arrived.len() == 1;
        departed.retain(|&(index, old)| {
            let same = |(_, new): &(usize, &'v Node)| is_only_one || label(a, old) == label(b, new);
            let Some(found) = arrived.iter().position(same) else {
                return true;
            };
            let (new_index, new) = arrived.remove(found);
            findings.pair(ObjectKind::Schema, old, new, location(index, new_index));
            false
        });
        let name = &at.name;
        for (index, old) in departed {
            let message = format!("`{name}` can no longer be {}", label(a, old));
            let at = location(index, index);
            findings.add(Breaking, "alternative-removed", &at, Removed, message);
        }
        for (index, new) in arrived {
            // What is received may then be something that a program doesn't know.
            let class = if at.directions.response {
                Breaking
            } else {
                Additive
            };
            let message = format!("`{name}` can now also be {}", label(b, new));
            let at = location(index, index);
            findings.add(class, "alternative-added", &at, Added, message);
        }
    }

    /// Compares lists of members of which one has to be there. They are a limit, which excludes nothing if one of them asks for
    /// no more than what was required before.
    fn conditions(
        &self,
        [old, new]: [Option<&'v Node>; 2],
        at: &Location<'v>,
        findings: &mut Findings<'v>,
    ) {
        if old == new {
            return;
        }
        let was_required = |node: &Node| {
            required(&[node])
                .into_iter()
                .all(|name| self.a.requires(name))
        };
        let is_kept = |node: &Node| items(new).contains(node);
        let is_looser = match old {
            Some(old) => new.is_none() || old.items().iter().all(is_kept),
            None => items(new).iter().any(was_required),
        };
        let message = format!("`{}` needs other members together than before", at.name);
        limit(at, !is_looser, [old, new], message, findings);
    }

    /// Compares limits.
    fn limits(&self, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a.own, &self.b.own, self.at);
        for key in LIMITS.split(' ') {
            let (old, new) = (stated(a, key), stated(b, key));
            if old == new {
                continue;
            }
            let number = |node: Option<&Node>| node?.scalar()?.as_f64();
            let is_tighter = match (number(old), number(new)) {
                (Some(old), Some(new)) if key.starts_with("max") => new < old,
                (Some(old), Some(new)) if key.starts_with("min") => new > old,
                (Some(old), Some(new)) if key == "multipleOf" => old % new != 0.0,
                _ => new.is_some(),
            };
            let (is, was) = (quoted(new), quoted(old));
            let message = format!("`{key}` of `{}` is now {is}, before {was}", at.name);
            let sides = [get(a, key), get(b, key)];
            limit(&at.child(key), is_tighter, sides, message, findings);
        }
    }

    /// Compares defaults. A parameter's default decides what a call without it does.
    fn default(&self, findings: &mut Findings<'v>) {
        let (a, b, at) = (&self.a.own, &self.b.own, self.at);
        let (old, new) = (get(a, "default"), get(b, "default"));
        if old != new {
            let breaks = at.in_parameter;
            let class = if breaks { Breaking } else { Documentation };
            let (is, was) = (quoted(new), quoted(old));
            let message = format!("the default of `{}` is now {is}, before {was}", at.name);
            let at = at.child("default");
            findings.add(class, "default-changed", &at, Change::of(old, new), message);
        }
    }
}

/// The directions of a property, if there is one.
fn inside(at: &Location<'_>, member: Option<&Node>) -> Directions {
    member.map_or(at.directions, |member| at.directions.inside(member))
}

/// Reports a limit. A tighter one can reject what programs send; generated code ignores them all.
fn limit<'v>(
    at: &Location<'v>,
    is_tighter: bool,
    [old, new]: [Option<&Node>; 2],
    message: String,
    findings: &mut Findings<'v>,
) {
    let change = Change::of(old, new);
    match is_tighter && at.directions.request {
        true => findings.add(Breaking, "limit-tightened", at, change, message),
        false => findings.add(Documentation, "limit-changed", at, change, message),
    }
}

/// What tells an alternative from the others.
fn label<'v>(side: &Side<'_, 'v>, node: &'v Node) -> String {
    let references = Shape::of(node).references;
    let names: Vec<_> = references.iter().map(|reference| name(reference)).collect();
    match (names.is_empty(), node.get("title").and_then(Node::as_str)) {
        (false, _) => format!("a `{}`", names.join("` and `")),
        (true, Some(title)) => format!("a `{title}`"),
        (true, None) => Side::new(side.document, node).described(),
    }
}

/// Whether an alternative defines no type, and only requires members.
fn is_condition(node: &Node) -> bool {
    let shape = Shape::of(node);
    let defines = |key| key != "required" && get(&shape.parts, key).is_some();
    shape.references.is_empty() && !STRUCTURE.split(' ').any(defines)
}

fn quoted(node: Option<&Node>) -> String {
    match node {
        None => text(None),
        node => format!("`{}`", text(node)),
    }
}
