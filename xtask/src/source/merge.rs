//! Merges the documents of many pages into one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use coreweave_inference_spec::{ObjectKind, Pointer, canonical, structure};
use heck::ToKebabCase as _;
use serde_json::{Map, Value};

use super::page::{Page, method_and_path};
use crate::problems::Problems;

/// The merged document.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) document: Value,
    /// How differences between pages were resolved.
    pub(super) notes: Vec<String>,
}

/// Differences between pages that only a person can resolve.
#[derive(Debug)]
pub(super) struct Conflicts {
    pub(super) problems: Problems,
    /// The pages that differ, by index.
    pub(super) pages: BTreeSet<usize>,
}

/// The union of the pages' documents.
///
/// Where pages differ in wording only, the page that owns the part wins, then the newer one. Where they differ in
/// structure, a page whose name ends in one of `prefer` wins; without one it is a conflict.
pub(super) fn merge(pages: &[Page], prefer: &[String]) -> Result<Merged, Conflicts> {
    let mut parts: BTreeMap<Vec<String>, Vec<Part<'_>>> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        split(page, |place, part, kind, at| {
            parts.entry(place).or_default().push(Part {
                index,
                page,
                value: canonical::order_as(part, kind),
                kind,
                at,
            });
        });
    }
    let mut document = Value::Object(Map::new());
    let mut tags = Vec::new();
    let mut notes = Vec::new();
    let mut conflicts = Conflicts {
        problems: Problems::default(),
        pages: BTreeSet::new(),
    };
    for (place, candidates) in parts {
        let Some(part) = choose(&place, candidates, prefer, &mut notes, &mut conflicts) else {
            continue;
        };
        match place.as_slice() {
            [group, _] if group == "tags" => tags.push(part),
            place => insert(&mut document, place, part),
        }
    }
    if !tags.is_empty() {
        insert(&mut document, &["tags".to_owned()], Value::Array(tags));
    }
    if conflicts.pages.is_empty() {
        Ok(Merged { document, notes })
    } else {
        Err(conflicts)
    }
}

/// A part of the document, as one page has it.
struct Part<'p> {
    index: usize,
    page: &'p Page,
    value: Value,
    kind: ObjectKind,
    at: Pointer,
}

impl Part<'_> {
    fn is_preferred(&self, prefer: &[String]) -> bool {
        prefer
            .iter()
            .any(|name| self.page.spec.name().ends_with(name.as_str()))
    }

    /// The higher, the better the page knows this part.
    fn rank(&self, place: &[String]) -> (bool, Option<SystemTime>, Reverse<usize>) {
        (
            self.is_owned(place),
            self.page.modified,
            Reverse(self.index),
        )
    }

    /// Whether the page is the one about this part: named after the operation, or its operation uses the part directly.
    fn is_owned(&self, place: &[String]) -> bool {
        let document = self.page.spec.value();
        let mut operations = method_and_path(document)
            .filter_map(|(method, path)| document.get("paths")?.get(path)?.get(method));
        match place {
            [paths, ..] if paths == "paths" => operations.any(|operation| {
                let id = operation.get("operationId").and_then(Value::as_str);
                let name = id.map(|id| id.rsplit('_').next().unwrap_or(id).to_kebab_case());
                let page = self.page.spec.name().rsplit('/').next();
                name.zip(page)
                    .is_some_and(|(name, page)| page == format!("{name}.md"))
            }),
            [tags, tag] if tags == "tags" => operations.any(|operation| {
                let tags = operation.get("tags").and_then(Value::as_array);
                tags.is_some_and(|tags| tags.iter().any(|used| used == tag))
            }),
            [_, group, name] => {
                let reference = format!("\"#/components/{group}/{name}\"");
                operations.any(|operation| operation.to_string().contains(&reference))
            }
            _ => false,
        }
    }
}

/// Calls `found` with every part that pages may share or add. A tag goes by its name.
fn split(page: &Page, mut found: impl FnMut(Vec<String>, &Value, ObjectKind, Pointer)) {
    let members = page.spec.value().as_object().into_iter().flatten();
    for (key, member) in members {
        let at = Pointer::root().child(key);
        let kind = ObjectKind::Document.member(key);
        match (key.as_str(), member) {
            ("servers", servers) if super::is_placeholder(servers) => {}
            ("tags", Value::Array(tags)) => {
                for (index, tag) in tags.iter().enumerate() {
                    let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
                    let place = vec![key.clone(), name.to_owned()];
                    found(place, tag, ObjectKind::Tag, at.child(index));
                }
            }
            ("paths" | "components", Value::Object(groups)) => {
                for (group, entries) in groups {
                    let (kind, at) = (kind.member(group), at.child(group));
                    for (name, entry) in entries.as_object().into_iter().flatten() {
                        let place = vec![key.clone(), group.clone(), name.clone()];
                        found(place, entry, kind.member(name), at.child(name));
                    }
                }
            }
            _ => found(vec![key.clone()], member, kind, at),
        }
    }
}

/// The part to use, if the pages agree on it or the difference can be resolved.
fn choose(
    place: &[String],
    mut parts: Vec<Part<'_>>,
    prefer: &[String],
    notes: &mut Vec<String>,
    conflicts: &mut Conflicts,
) -> Option<Value> {
    let what = describe(place);
    parts.sort_by_key(|part| Reverse((part.is_preferred(prefer), part.rank(place))));
    let first = parts.first()?;
    let structure_of = |part: &Part<'_>| structure(&part.value, part.kind);
    let expected = structure_of(first);
    let different = parts.iter().find(|part| structure_of(part) != expected);
    if let Some(other) = different {
        if !first.is_preferred(prefer) {
            conflicts.problems.push(conflict(&what, first, other));
            conflicts.pages.extend([first.index, other.index]);
            return None;
        }
        notes.push(format!(
            "{what} is taken from {}, as told by --prefer",
            first.page.spec.name()
        ));
    } else if let Some(other) = parts.iter().find(|part| part.value != first.value) {
        notes.push(format!(
            "{what} is worded differently in {}; the wording in {} is used",
            other.page.spec.name(),
            first.page.spec.name()
        ));
    }
    Some(first.value.clone())
}

fn describe(place: &[String]) -> String {
    match place {
        [paths, path, method] if paths == "paths" => {
            format!("the operation {} {path}", method.to_uppercase())
        }
        [key] => format!("`{key}`"),
        [.., group, name] => format!("`{name}` in `{group}`"),
        [] => String::new(),
    }
}

fn conflict(what: &str, first: &Part<'_>, second: &Part<'_>) -> String {
    let (a, b) = (
        structure(&first.value, first.kind),
        structure(&second.value, second.kind),
    );
    let (place, a, b) = first_difference(&a, &b, first.at.clone());
    let side = |part: &Part<'_>, value: Option<&Value>| {
        let line = part.page.spec.line(place.as_str());
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        let value = value.map_or_else(
            || "nothing".to_owned(),
            |value| shortened(&value.to_string()),
        );
        format!("{}{line} has {value}", part.page.spec.name())
    };
    format!(
        "the pages differ about {what}, first at {place}: {}, {}; decide with `--prefer PAGE`",
        side(first, a),
        side(second, b)
    )
}

/// The deepest first place where two unequal values differ, and the values there.
fn first_difference<'v>(
    a: &'v Value,
    b: &'v Value,
    at: Pointer,
) -> (Pointer, Option<&'v Value>, Option<&'v Value>) {
    if let (Value::Object(old), Value::Object(new)) = (a, b) {
        for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            match (old.get(key), new.get(key)) {
                (Some(a), Some(b)) if a == b => {}
                (Some(a), Some(b)) => return first_difference(a, b, at.child(key)),
                (a, b) => return (at.child(key), a, b),
            }
        }
    }
    if let (Value::Array(old), Value::Array(new)) = (a, b)
        && old.len() == new.len()
        && let Some((index, (a, b))) = old.iter().zip(new).enumerate().find(|(_, (a, b))| a != b)
    {
        return first_difference(a, b, at.child(index));
    }
    (at, Some(a), Some(b))
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

fn insert(document: &mut Value, place: &[String], part: Value) {
    let mut value = document;
    for key in place {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        let Some(members) = value.as_object_mut() else {
            return;
        };
        value = members.entry(key).or_insert(Value::Null);
    }
    *value = part;
}
