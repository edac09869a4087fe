//! Many pages to one document. Whatever two pages both say, they must say alike.

use std::collections::BTreeMap;

use coreweave_inference_spec::{Kind, METHODS, Pointer, canonical};
use serde_json::{Map, Value};

use super::page::Page;
use super::problems::Problems;

/// The methods and paths of a document's operations.
pub(super) fn method_and_path(document: &Value) -> impl Iterator<Item = (&'static str, &str)> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    paths.flat_map(|(path, item)| {
        let methods = METHODS
            .into_iter()
            .filter(move |method| item.get(method).is_some());
        methods.map(move |method| (method, path.as_str()))
    })
}

/// The union of the pages' documents. Pages of different ages show as conflicts: each is named with
/// both pages and the first place where they differ.
pub(crate) fn merge(pages: &[Page]) -> Result<Value, Problems> {
    let mut union = Union::default();
    for page in pages {
        union.add(page);
    }
    let Union { seen, problems } = union;
    let mut document = Value::Object(Map::new());
    let mut tags = Vec::new();
    for (place, (_, part)) in seen {
        match place.as_slice() {
            [group, _] if group == "tags" => tags.push(part),
            place => insert(&mut document, place, part),
        }
    }
    if !tags.is_empty() {
        insert(&mut document, &["tags".to_owned()], Value::Array(tags));
    }
    problems.unless_any(document)
}

/// The parts that pages share or add, each under the keys that lead to it, with the page it was
/// first seen on. A tag goes by its name.
#[derive(Default)]
struct Union<'p> {
    seen: BTreeMap<Vec<String>, (&'p Page, Value)>,
    problems: Problems,
}

impl<'p> Union<'p> {
    fn add(&mut self, page: &'p Page) {
        let members = page.spec.value().as_object().into_iter().flatten();
        for (key, member) in members {
            let at = Pointer::root().child(key);
            match (key.as_str(), member) {
                ("tags", Value::Array(tags)) => {
                    for (index, tag) in tags.iter().enumerate() {
                        let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
                        self.part(
                            page,
                            vec![key.clone(), name.to_owned()],
                            tag,
                            Kind::Tag,
                            &at.child(index),
                        );
                    }
                }
                ("paths" | "components", Value::Object(groups)) => {
                    let kind = Kind::Document.member(key);
                    for (group, entries) in groups {
                        let (kind, at) = (kind.member(group), at.child(group));
                        for (name, entry) in entries.as_object().into_iter().flatten() {
                            let place = vec![key.clone(), group.clone(), name.clone()];
                            self.part(page, place, entry, kind.member(name), &at.child(name));
                        }
                    }
                }
                _ => self.part(
                    page,
                    vec![key.clone()],
                    member,
                    Kind::Document.member(key),
                    &at,
                ),
            }
        }
    }

    fn part(&mut self, page: &'p Page, place: Vec<String>, part: &Value, kind: Kind, at: &Pointer) {
        let part = canonical::order_as(part, kind);
        let what = describe(&place);
        if let Some((first, known)) = self.seen.get(&place) {
            if kind == Kind::Operation {
                let (a, b) = (first.spec.name(), page.spec.name());
                self.problems
                    .push(format!("{a} and {b} are both about {}", page.operation));
            } else if *known != part {
                self.problems
                    .push(conflict(&what, (first, known), (page, &part), at));
            }
        } else {
            self.seen.insert(place, (page, part));
        }
    }
}

fn describe(place: &[String]) -> String {
    match place {
        [key] => format!("`{key}`"),
        [.., group, name] => format!("`{name}` in `{group}`"),
        [] => String::new(),
    }
}

fn conflict(
    what: &str,
    (first, known): (&Page, &Value),
    (second, part): (&Page, &Value),
    at: &Pointer,
) -> String {
    let (place, a, b) = first_difference(known, part, at.clone());
    let side = |page: &Page, value: Option<&Value>| {
        let line = page
            .spec
            .line(place.as_str())
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        let value = value.map_or_else(
            || "nothing".to_owned(),
            |value| shortened(&value.to_string()),
        );
        format!("{}{line} has {value}", page.spec.name())
    };
    format!(
        "the pages disagree about {what}, first at {place}: {}, {}",
        side(first, a),
        side(second, b)
    )
}

/// The deepest first place where two unequal values differ, and what stands there.
fn first_difference<'v>(
    a: &'v Value,
    b: &'v Value,
    at: Pointer,
) -> (Pointer, Option<&'v Value>, Option<&'v Value>) {
    if let (Value::Object(old), Value::Object(new)) = (a, b) {
        let keys = old
            .keys()
            .chain(new.keys())
            .collect::<std::collections::BTreeSet<_>>();
        for key in keys {
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
