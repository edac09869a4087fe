//! What a schema is, with the parts of `allOf` and with what it refers to.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::document::Document;
use super::object::{get, items};
use crate::yaml::Node;

/// The keywords that define a type, apart from `allOf`, separated by spaces.
pub(super) const STRUCTURE: &str =
    "type format enum items properties required additionalProperties anyOf oneOf not";

/// A schema and the parts that it is composed of.
#[derive(Debug, Default)]
pub(super) struct Shape<'v> {
    pub(super) parts: Vec<&'v Node>,
    /// The references among the parts.
    pub(super) references: Vec<&'v str>,
}

impl<'v> Shape<'v> {
    pub(super) fn of(node: &'v Node) -> Self {
        let mut shape = Self::default();
        shape.add(node);
        shape
    }

    fn add(&mut self, node: &'v Node) {
        // In OpenAPI 3.0 nothing beside a `$ref` counts.
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            return self.references.push(reference);
        }
        self.parts.push(node);
        items(node.get("allOf"))
            .iter()
            .for_each(|part| self.add(part));
    }

    /// Replaces the references by what they refer to.
    pub(super) fn resolve(mut self, document: &Document<'v>) -> Vec<&'v Node> {
        let mut seen = HashSet::new();
        while let Some(reference) = self.references.pop() {
            if seen.insert(reference)
                && let Some(node) = document.resolve(reference)
            {
                self.add(node);
            }
        }
        self.parts
    }
}

pub(super) fn has_structure(parts: &[&Node]) -> bool {
    STRUCTURE.split(' ').any(|key| get(parts, key).is_some())
}

/// The names in all `required`.
pub(super) fn required<'v>(parts: &[&'v Node]) -> BTreeSet<&'v str> {
    let names = parts.iter().flat_map(|part| items(part.get("required")));
    names.filter_map(Node::as_str).collect()
}

/// The name of a component.
pub(super) fn name(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// One side of a comparison.
pub(super) struct Side<'d, 'v> {
    pub(super) document: &'d Document<'v>,
    /// The parts that are compared here.
    pub(super) own: Vec<&'v Node>,
    /// Those and what both sides refer to.
    pub(super) all: Vec<&'v Node>,
}

impl<'d, 'v> Side<'d, 'v> {
    pub(super) fn new(document: &'d Document<'v>, node: &'v Node) -> Self {
        let all = Shape::of(node).resolve(document);
        let own = all.clone();
        Self { document, own, all }
    }

    pub(super) fn alternatives(&self) -> Option<impl ExactSizeIterator<Item = Self>> {
        let list = get(&self.all, "oneOf").or_else(|| get(&self.all, "anyOf"));
        let alternatives = items(Some(list?)).iter();
        Some(alternatives.map(|node| Self::new(self.document, node)))
    }

    /// The type, also where it is only implied.
    pub(super) fn kind(&self) -> Option<&'v str> {
        let has = |key| get(&self.all, key).is_some();
        let values = items(get(&self.all, "enum"));
        if let Some(kind) = get(&self.all, "type") {
            kind.as_str()
        } else if has("properties") || has("additionalProperties") || has("required") {
            Some("object")
        } else if has("items") {
            Some("array")
        } else if !values.is_empty() && values.iter().all(|value| value.as_str().is_some()) {
            Some("string")
        } else {
            let mut kinds = self.alternatives()?.map(|side| side.kind());
            let first = kinds.next()??;
            kinds.all(|kind| kind == Some(first)).then_some(first)
        }
    }

    pub(super) fn described(&self) -> String {
        match (self.kind(), self.alternatives()) {
            (Some(kind), _) => format!("of type `{kind}`"),
            (None, Some(alternatives)) => format!("one of {} types", alternatives.len()),
            (None, None) => "of any type".to_owned(),
        }
    }

    /// The format, if it and not the type alone decides the Rust type.
    pub(super) fn deciding_format(&self) -> Option<&'v str> {
        let formats: &[&str] = match self.kind() {
            Some("integer") => &["int32", "uint32", "uint64"],
            Some("number") => &["float"],
            _ => &["date-time", "enum"],
        };
        let format = get(&self.all, "format")?.as_str();
        format.filter(|format| formats.contains(format))
    }

    /// Whether generated code has an open enum for this, which decodes names and numbers.
    pub(super) fn is_enum(&self) -> bool {
        let format = get(&self.all, "format").and_then(Node::as_str);
        format == Some("enum") || get(&self.all, "enum").is_some()
    }

    /// The values of an enum, or of alternatives that are all enums.
    pub(super) fn values(&self) -> Option<Vec<&'v Node>> {
        match get(&self.all, "enum") {
            // Whether a value may be null is a matter of `nullable`.
            Some(values) => Some(
                values
                    .items()
                    .iter()
                    .filter(|value| value.scalar() != Some(&Value::Null))
                    .collect(),
            ),
            None => {
                let values = self.alternatives()?.map(|side| side.values());
                Some(values.collect::<Option<Vec<_>>>()?.concat())
            }
        }
    }

    /// The property of this name; of several the one that defines a type.
    pub(super) fn property(&self, name: &str) -> Option<&'v Node> {
        let all = || {
            self.all
                .iter()
                .filter_map(|part| part.get("properties")?.get(name))
        };
        let defines = |node: &&'v Node| has_structure(&Shape::of(node).resolve(self.document));
        all().find(defines).or_else(|| all().next())
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        required(&self.all).contains(name)
    }
}
