//! Compares what applies to the full API, and pairs up what operations share.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::Class::Documentation;
use super::findings::Change::{self, Added, Removed};
use super::findings::Findings;
use super::location::{Directions, Location, Scope};
use super::object::{self, items};
use super::reach::Uses;
use crate::yaml::Node;
use crate::{ObjectKind, Pointer, resolve};

/// A document with its components by the references to them.
#[derive(Debug)]
pub(super) struct Document<'v> {
    pub(super) root: &'v Node,
    components: HashMap<String, &'v Node>,
}

impl<'v> Document<'v> {
    fn new(root: &'v Node) -> Self {
        let groups = root.get("components").map_or(&[][..], Node::members);
        let components = groups.iter().flat_map(|(group, entries)| {
            let at = Pointer::root().child("components").child(group);
            let entries = entries.members().iter();
            entries.map(move |(name, node)| (format!("#{}", at.child(name)), node))
        });
        Self {
            root,
            components: components.collect(),
        }
    }

    pub(super) fn resolve(&self, reference: &str) -> Option<&'v Node> {
        let component = self.components.get(reference).copied();
        component.or_else(|| resolve(self.root, reference))
    }

    /// Follows a chain of references to its end.
    pub(super) fn follow(&self, node: &'v Node) -> &'v Node {
        let target = |node: &&'v Node| self.resolve(node.get("$ref")?.as_str()?);
        // A valid document has no chain without an end.
        let chain = std::iter::successors(Some(node), target);
        chain.take(100).last().unwrap_or(node)
    }
}

/// The documents that are compared.
#[derive(Debug)]
pub(super) struct Documents<'v> {
    pub(super) a: Document<'v>,
    pub(super) b: Document<'v>,
}

impl<'v> Documents<'v> {
    pub(super) fn new(a: &'v Node, b: &'v Node) -> Self {
        Self {
            a: Document::new(a),
            b: Document::new(b),
        }
    }
}

/// Compares the top level, except for tags, paths, components and what operations inherit.
pub(super) fn head<'v>(documents: &Documents<'v>, findings: &mut Findings<'v>) {
    let (a, b) = (documents.a.root, documents.b.root);
    let root = Location::new(&Pointer::root(), Scope::Document);
    let skip = [
        "openapi",
        "servers",
        "security",
        "tags",
        "paths",
        "components",
    ];
    object::compare(ObjectKind::Document, &[a], &[b], &root, &skip, findings);
}

/// Compares the tags: all, or those that are used.
pub(super) fn tags<'v>(
    documents: &Documents<'v>,
    used: Option<&BTreeSet<&str>>,
    findings: &mut Findings<'v>,
) {
    let [old, new] = [&documents.a, &documents.b].map(|document| {
        let tags = items(document.root.get("tags")).iter().enumerate();
        let named =
            tags.filter_map(|(index, tag)| Some((tag.get("name")?.as_str()?, (index, tag))));
        named.collect::<BTreeMap<_, _>>()
    });
    let names: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    for name in names
        .into_iter()
        .filter(|name| used.is_none_or(|used| used.contains(name)))
    {
        let (old, new) = (old.get(name), new.get(name));
        let index = |tag: Option<&(usize, &Node)>| tag.map_or(0, |(index, _)| *index);
        let at = Pointer::root().child("tags");
        let at = Location {
            a: at.child(index(old)),
            b: at.child(index(new)),
            ..Location::new(&at, Scope::Document)
        };
        if let (Some((_, a)), Some((_, b))) = (old, new) {
            object::compare(ObjectKind::Tag, &[a], &[b], &at, &[], findings);
        } else if new.is_some() {
            let message = format!("the tag `{name}` was added");
            findings.add(Documentation, "tag-added", &at, Added, message);
        } else {
            let message = format!("the tag `{name}` was removed");
            findings.add(Documentation, "tag-removed", &at, Removed, message);
        }
    }
}

/// Compares the components: all, or what is `reached` from a part of the API.
pub(super) fn components<'v>(
    documents: &Documents<'v>,
    uses: &Uses<'v>,
    reached: Option<&Uses<'v>>,
    findings: &mut Findings<'v>,
) {
    let members = |document: &Document<'v>| -> Vec<_> {
        document.root.get("components").into_iter().collect()
    };
    let (a, b) = (members(&documents.a), members(&documents.b));
    let location = Location::new(&Pointer::root().child("components"), Scope::Document);
    let mut referred = Vec::new();
    for (group, kind) in ObjectKind::Components.members() {
        if let ObjectKind::Map(
            kind @ (ObjectKind::Schema
            | ObjectKind::Parameter
            | ObjectKind::Header
            | ObjectKind::Response
            | ObjectKind::RequestBody),
        ) = kind
        {
            referred.push(*group);
            for name in object::keys(&parts(&a, group), &parts(&b, group)) {
                let sides = [&a, &b].map(|members| object::get(&parts(members, group), name));
                component(**kind, (group, name), sides, uses, reached, findings);
            }
        }
    }
    match reached {
        None => object::compare(
            ObjectKind::Components,
            &a,
            &b,
            &location,
            &referred,
            findings,
        ),
        // What covers a part of the API may lack some security schemes.
        Some(_) => {
            let group = "securitySchemes";
            let (a, b) = (parts(&a, group), parts(&b, group));
            let one_sided =
                |key: &&str| object::get(&a, key).is_none() || object::get(&b, key).is_none();
            let skip: Vec<_> = object::keys(&a, &b).into_iter().filter(one_sided).collect();
            let kind = ObjectKind::Map(&ObjectKind::SecurityScheme);
            object::compare(kind, &a, &b, &location.child(group), &skip, findings);
        }
    }
}

fn parts<'v>(parts: &[&'v Node], key: &str) -> Vec<&'v Node> {
    object::get(parts, key).into_iter().collect()
}

/// Pairs up the components of one name. What only one document has shows where it is used.
fn component<'v>(
    kind: ObjectKind,
    (group, name): (&str, &str),
    sides: [Option<&'v Node>; 2],
    uses: &Uses<'v>,
    reached: Option<&Uses<'v>>,
    findings: &mut Findings<'v>,
) {
    let at = Pointer::root().child("components").child(group).child(name);
    let reference = format!("#{at}");
    if reached.is_some_and(|reached| reached.get(&reference).is_none()) {
        return;
    }
    let used = uses.get(&reference);
    let (scope, directions) = used
        .map_or((Scope::Unused, Directions::NONE), |(key, directions)| {
            (Scope::Component(key, key), directions)
        });
    let location = Location {
        directions,
        in_parameter: kind == ObjectKind::Parameter,
        ..Location::new(&at, scope).named(name)
    };
    match sides {
        [Some(a), Some(b)] => findings.pair(kind, a, b, location),
        [old, new] if used.is_none() => {
            let is_schema = kind == ObjectKind::Schema;
            let what = if is_schema { "schema" } else { "component" };
            let (kind, verb) = match (is_schema, Change::of(old, new)) {
                (true, Added) => ("schema-added", "added"),
                (true, _) => ("schema-removed", "removed"),
                (false, Added) => ("component-added", "added"),
                (false, _) => ("component-removed", "removed"),
            };
            let message = format!("the {what} `{name}` was {verb}");
            findings.add(
                Documentation,
                kind,
                &location,
                Change::of(old, new),
                message,
            );
        }
        _ => {}
    }
}
