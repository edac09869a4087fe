//! Determines which components operations send and receive.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::location::{Directions, Scope};
use crate::yaml::Node;
use crate::{ObjectKind, Operation, resolve};

/// The use of every component that some operation reaches, by the references to it.
#[derive(Debug, Default)]
pub(super) struct Uses<'v>(HashMap<&'v str, Use<'v>>);

#[derive(Debug)]
struct Use<'v> {
    operations: BTreeSet<&'v str>,
    directions: Directions,
}

impl<'v> Uses<'v> {
    /// Adds what operations of a document reach.
    pub(super) fn add(&mut self, document: &'v Node, operations: &[Operation<'v, Node>]) {
        let mut inner: HashMap<&'v str, Vec<(&'v str, Directions)>> = HashMap::new();
        for operation in operations {
            let id = operation.value.get("operationId").and_then(Node::as_str);
            let id = id.unwrap_or_default();
            let mut open = Vec::new();
            references(
                ObjectKind::PathItem,
                operation.item,
                Directions::BOTH,
                &mut open,
            );
            references(
                ObjectKind::Operation,
                operation.value,
                Directions::BOTH,
                &mut open,
            );
            let mut seen = HashSet::new();
            while let Some((reference, directions)) = open.pop() {
                if directions == Directions::NONE || !seen.insert((reference, directions)) {
                    continue;
                }
                let reached = self.0.entry(reference).or_insert(Use {
                    operations: BTreeSet::new(),
                    directions,
                });
                reached.operations.insert(id);
                reached.directions = reached.directions.or(directions);
                let inner = inner.entry(reference).or_insert_with(|| {
                    let mut inner = Vec::new();
                    if let Some(node) = resolve(document, reference) {
                        references(kind(reference), node, Directions::BOTH, &mut inner);
                    }
                    inner
                });
                let inner = inner.iter();
                open.extend(inner.map(|(reference, inside)| (*reference, inside.and(directions))));
            }
        }
    }

    /// The reference to a component as the documents have it, and the directions in which it is used.
    pub(super) fn get(&self, reference: &str) -> Option<(&'v str, Directions)> {
        let (key, reached) = self.0.get_key_value(reference)?;
        Some((key, reached.directions))
    }

    /// The ids of the operations that a change concerns.
    pub(super) fn operations(&self, scope: Scope<'v>) -> BTreeSet<&'v str> {
        match scope {
            Scope::Document | Scope::Unused => BTreeSet::new(),
            Scope::Operation(id) => BTreeSet::from([id]),
            Scope::Component(old, new) => {
                let uses = [old, new]
                    .into_iter()
                    .filter_map(|reference| self.0.get(reference));
                uses.flat_map(|reached| reached.operations.iter().copied())
                    .collect()
            }
        }
    }
}

/// The kind of what a reference refers to.
fn kind(reference: &str) -> ObjectKind {
    let mut tokens = reference.split('/').skip(1);
    tokens
        .try_fold(ObjectKind::Document, |kind, token| Some(kind.member(token)))
        .unwrap_or(ObjectKind::Leaf)
}

/// The references in an object, and the directions in which they are followed.
fn references<'v>(
    kind: ObjectKind,
    node: &'v Node,
    directions: Directions,
    found: &mut Vec<(&'v str, Directions)>,
) {
    let directions = match kind {
        ObjectKind::Parameter | ObjectKind::RequestBody => directions.and(Directions::REQUEST),
        ObjectKind::Response => directions.and(Directions::RESPONSE),
        ObjectKind::Schema => directions.inside(node),
        // The operations of a path item are not of each other, and callbacks go the other way.
        ObjectKind::Leaf | ObjectKind::Map(ObjectKind::Map(_)) => return,
        _ => directions,
    };
    for item in node.items() {
        references(kind.item(), item, directions, found);
    }
    for (key, member) in node.members() {
        match (key.as_str(), member.as_str()) {
            ("$ref", Some(reference)) if !matches!(kind, ObjectKind::Map(_)) => {
                found.push((reference, directions))
            }
            _ if kind == ObjectKind::PathItem && key != "parameters" => {}
            _ => references(kind.member(key), member, directions, found),
        }
    }
}
