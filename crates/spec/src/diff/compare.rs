//! Compares two documents.

use std::collections::{BTreeMap, BTreeSet};

use crate::Pointer;
use serde_json::Value;

use super::call::keys;
use super::entry::{Class, Diff, Entry};
use super::reach::{self, Directions, Uses};
use crate::operation::{Key, Operation, operations};

/// A document to compare.
#[derive(Clone, Copy, Debug)]
pub struct Side<'v> {
    /// The document.
    pub document: &'v Value,
    /// Whether the document describes the full API.
    pub complete: bool,
}

/// Compares `a` to `b`. If one of them covers a part of the API, only that part is compared: its operations, and the schemas
/// and tags that these use on either side.
pub fn compare(a: Side<'_>, b: Side<'_>) -> Diff {
    let (all_a, all_b) = (operations(a.document), operations(b.document));
    let mut uses = Uses::new();
    reach::collect(a.document, &all_a, &mut uses);
    reach::collect(b.document, &all_b, &mut uses);
    let mut comparison = Comparison {
        a: a.document,
        b: b.document,
        operation_count: union(&all_a, &all_b).len(),
        uses,
        renamed: BTreeMap::new(),
        diff: Diff::default(),
    };
    comparison.head();
    let (in_a, in_b) = (by_key(&all_a), by_key(&all_b));
    let mut covered = [Vec::new(), Vec::new()];
    for key in union(&all_a, &all_b) {
        match (in_a.get(&key), in_b.get(&key)) {
            (Some(old), Some(new)) => {
                comparison.operation(old, new);
                covered[0].push((*old).clone());
                covered[1].push((*new).clone());
            }
            (Some(old), None) if b.complete => comparison.operation_removed(old),
            (None, Some(new)) if a.complete => comparison.operation_added(new),
            _ => {}
        }
    }
    if a.complete && b.complete {
        comparison.tags(None);
        comparison.schemas(None);
    } else {
        comparison.tags(Some(&tags_of(&covered)));
        let mut reached = Uses::new();
        let [covered_a, covered_b] = &covered;
        reach::collect(a.document, covered_a, &mut reached);
        reach::collect(b.document, covered_b, &mut reached);
        comparison.schemas(Some(&reached));
    }
    comparison.security_schemes(a.complete && b.complete);
    comparison.diff.sort();
    comparison.diff
}

fn by_key<'o, 'v>(operations: &'o [Operation<'v>]) -> BTreeMap<Key, &'o Operation<'v>> {
    operations
        .iter()
        .map(|operation| (operation.key.clone(), operation))
        .collect()
}

fn union(a: &[Operation<'_>], b: &[Operation<'_>]) -> BTreeSet<Key> {
    a.iter()
        .chain(b)
        .map(|operation| operation.key.clone())
        .collect()
}

fn tags_of(covered: &[Vec<Operation<'_>>]) -> BTreeSet<String> {
    let lists = covered
        .iter()
        .flatten()
        .filter_map(|operation| operation.value.get("tags")?.as_array());
    lists
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The location of a change in each document, and the operations affected.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) a: Pointer,
    pub(super) b: Pointer,
    /// The name of the value in messages.
    pub(super) name: String,
    pub(super) operation: Option<String>,
    pub(super) directions: Directions,
    /// The suffix of messages that lists the operations that use a shared schema.
    pub(super) reaches: String,
}

impl Place {
    pub(super) fn child(&self, token: impl std::fmt::Display) -> Self {
        Self {
            a: self.a.child(&token),
            b: self.b.child(&token),
            ..self.clone()
        }
    }

    /// The place of a property.
    pub(super) fn member(&self, name: &str) -> Self {
        Self {
            name: format!("{}.{name}", self.name),
            ..self.child(name)
        }
    }
}

pub(super) struct Comparison<'v> {
    pub(super) a: &'v Value,
    pub(super) b: &'v Value,
    pub(super) operation_count: usize,
    pub(super) uses: Uses,
    /// Renamed schemas, from their name in `a` to their name in `b`.
    pub(super) renamed: BTreeMap<String, String>,
    pub(super) diff: Diff,
}

impl<'v> Comparison<'v> {
    /// A change of something that both documents have.
    pub(super) fn changed(
        &mut self,
        class: Class,
        kind: &'static str,
        place: &Place,
        message: String,
    ) {
        self.entry(class, kind, place, place.b.clone(), message);
    }

    /// Something that only the new document has.
    pub(super) fn added(
        &mut self,
        class: Class,
        kind: &'static str,
        place: &Place,
        message: String,
    ) {
        self.entry(class, kind, place, place.b.clone(), message);
    }

    /// Something that only the old document has.
    pub(super) fn removed(
        &mut self,
        class: Class,
        kind: &'static str,
        place: &Place,
        message: String,
    ) {
        self.entry(class, kind, place, place.a.clone(), message);
    }

    fn entry(
        &mut self,
        class: Class,
        kind: &'static str,
        place: &Place,
        at: Pointer,
        message: String,
    ) {
        let entry = Entry {
            kind,
            operation: place.operation.clone(),
            path: at.into(),
            message: if class == Class::Documentation {
                message
            } else {
                format!("{message}{}", place.reaches)
            },
        };
        self.diff.push(class, entry);
    }

    /// Compares members that have no effect on programs.
    pub(super) fn annotations(&mut self, a: &Value, b: &Value, place: &Place, known: &[&str]) {
        for key in keys(a, b)
            .iter()
            .filter(|key| !known.contains(&key.as_str()))
        {
            let (old, new) = (a.get(key), b.get(key));
            if old != new {
                let kind = if key == "description" {
                    "description-changed"
                } else {
                    "annotation-changed"
                };
                let at = place.child(key);
                let of = if place.name.is_empty() {
                    String::new()
                } else {
                    format!(" of `{}`", place.name)
                };
                match (old, new) {
                    (Some(_), None) => self.removed(
                        Class::Documentation,
                        kind,
                        &at,
                        format!("the {key}{of} was removed"),
                    ),
                    (None, Some(_)) => self.added(
                        Class::Documentation,
                        kind,
                        &at,
                        format!("the {key}{of} was added"),
                    ),
                    _ => self.changed(
                        Class::Documentation,
                        kind,
                        &at,
                        format!("the {key}{of} was changed"),
                    ),
                }
            }
        }
    }
}
