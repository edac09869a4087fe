//! Compares two documents by what the difference means to a program that uses the generated client.
//!
//! Most of it is a table, `rules`: the class of an added, removed or changed member of each kind of object, where it is
//! sent and where it is received. What a table can't say is beside it: how operations and parameters pair up, what `allOf`
//! and references mean, and which limits are tighter.
//!
#![doc = include_str!("checks.md")]

mod access;
mod document;
mod entry;
mod findings;
mod location;
mod object;
mod operation;
mod reach;
mod rules;
mod schema;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};

use self::document::Documents;
pub use self::entry::{Class, Diff, Entry};
use self::findings::Findings;
use self::reach::Uses;
use crate::ObjectKind;
use crate::operation::operations;
use crate::yaml::Node;

/// A document to compare.
#[derive(Clone, Copy, Debug)]
pub struct Side<'v> {
    /// The document.
    pub document: &'v Node,
    /// Whether the document describes the full API.
    pub complete: bool,
}

/// Compares `a` to `b`. If one of them covers a part of the API, only that part is compared: its operations, and the schemas
/// and tags that these use on either side.
#[must_use]
pub fn compare(a: Side<'_>, b: Side<'_>) -> Diff {
    let documents = Documents::new(a.document, b.document);
    let (in_a, in_b) = (operations(a.document), operations(b.document));
    let mut uses = Uses::default();
    uses.add(a.document, &in_a);
    uses.add(b.document, &in_b);
    let mut findings = Findings::default();
    document::head(&documents, &mut findings);
    let paired = operation::pair_up(in_a, in_b);
    for (old, new) in &paired.both {
        operation::compare(&documents, old, new, &mut findings);
    }
    for old in paired.removed.iter().filter(|_| b.complete) {
        operation::removed(old, &mut findings);
    }
    for new in paired.added.iter().filter(|_| a.complete) {
        operation::added(new, &mut findings);
    }
    let complete = a.complete && b.complete;
    let reached = (!complete).then(|| {
        let (in_a, in_b): (Vec<_>, Vec<_>) = paired.both.iter().cloned().unzip();
        let mut reached = Uses::default();
        reached.add(a.document, &in_a);
        reached.add(b.document, &in_b);
        let covered = in_a.iter().chain(&in_b).map(|operation| operation.value);
        let tags = covered.filter_map(|operation| operation.get("tags"));
        let tags: BTreeSet<_> = tags
            .flat_map(Node::items)
            .filter_map(Node::as_str)
            .collect();
        (reached, tags)
    });
    let (reached, tags) =
        reached.map_or((None, None), |(reached, tags)| (Some(reached), Some(tags)));
    document::tags(&documents, tags.as_ref(), &mut findings);
    document::components(&documents, &uses, reached.as_ref(), &mut findings);
    compare_pairs(&documents, &uses, &mut findings);
    findings.into_diff(
        &uses,
        paired.both.len() + paired.removed.len() + paired.added.len(),
    )
}

/// Compares what was found to be at the same place of both documents, until nothing is left.
fn compare_pairs<'v>(documents: &Documents<'v>, uses: &Uses<'v>, findings: &mut Findings<'v>) {
    let mut seen = HashSet::new();
    while let Some(pair) = findings.pairs.pop() {
        let directions = pair.location.directions;
        let nodes = [std::ptr::from_ref(pair.a), std::ptr::from_ref(pair.b)];
        if pair.a == pair.b || !seen.insert((nodes, directions)) {
            continue;
        }
        if pair.kind == ObjectKind::Schema {
            schema::compare(documents, uses, &pair, findings);
            continue;
        }
        let (a, b) = (documents.a.follow(pair.a), documents.b.follow(pair.b));
        let skip: &[&str] = match pair.kind {
            // What a program passes has no name, and operations compare where it is in the path.
            ObjectKind::Parameter if [a, b].iter().all(|node| is_in_path(node)) => {
                &["$ref", "name"]
            }
            _ => &["$ref"],
        };
        object::compare(pair.kind, &[a], &[b], &pair.location, skip, findings);
    }
}

fn is_in_path(parameter: &Node) -> bool {
    parameter.get("in").and_then(Node::as_str) == Some("path")
}
