//! The vendored spec, changed at random: the diff says exactly what was done.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::{ObjectKind, Pointer, Spec, canonical};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::{brief, diff_of};

static VENDORED: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../../../openapi.yaml");
    Spec::parse("openapi.yaml", text).unwrap().into_value()
});

/// Every value with its kind and place.
fn walk(value: &Value, kind: ObjectKind, at: &Pointer, found: &mut Vec<(ObjectKind, String)>) {
    found.push((kind, at.as_str().to_owned()));
    match value {
        Value::Object(members) if kind != ObjectKind::Leaf => {
            for (key, member) in members {
                walk(member, kind.member(key), &at.child(key), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, kind.item(), &at.child(index), found);
            }
        }
        _ => {}
    }
}

/// The places of one kind that a test holds for, at least one.
fn places(document: &Value, kind: ObjectKind, holds: impl Fn(&str, &Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    walk(document, ObjectKind::Document, &Pointer::root(), &mut found);
    let places = found
        .into_iter()
        .filter(|(found, at)| *found == kind && holds(at, document.pointer(at).unwrap()));
    places.map(|(_, at)| at).collect()
}

fn object<'v>(document: &'v mut Value, at: &str) -> &'v mut Map<String, Value> {
    document.pointer_mut(at).unwrap().as_object_mut().unwrap()
}

/// The schemas that requests (or responses) are made of, read off without regard to anything else.
fn used_in(document: &Value, holder: &str) -> BTreeSet<String> {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(
                    members
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
                members
                    .values()
                    .for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let mut open = Vec::new();
    for operation in places(document, ObjectKind::Operation, |_, _| true) {
        if let Some(part) = document.pointer(&format!("{operation}/{holder}")) {
            references(part, &mut open);
        }
    }
    let mut used = BTreeSet::new();
    while let Some(reference) = open.pop() {
        if used.insert(
            reference
                .trim_start_matches("#/components/schemas/")
                .to_owned(),
        ) {
            references(document.pointer(&reference[1..]).unwrap(), &mut open);
        }
    }
    used
}

/// The named schema that a place is in.
fn owner(at: &str) -> &str {
    at.strip_prefix("/components/schemas/")
        .unwrap()
        .split('/')
        .next()
        .unwrap()
}

fn id_of(document: &Value, operation: &str) -> String {
    document.pointer(operation).unwrap()["operationId"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Splits the place of a member into its schema and its name.
fn member(at: &str) -> (&str, &str) {
    at.rsplit_once("/properties/").unwrap()
}

fn is_member(at: &str, _: &Value) -> bool {
    at.starts_with("/components/schemas/") && at.rsplit('/').nth(1) == Some("properties")
}

/// Changes the document in one way, and gives `class kind` and the place that the diff must name.
fn mutate(document: &mut Value, mutation: &str, pick: &Index) -> (String, String) {
    let choose = |places: Vec<String>| {
        assert!(!places.is_empty(), "nowhere to {mutation}");
        pick.get(&places).clone()
    };
    let entry = |class: &str, at: String| {
        (
            format!("{class} {}", mutation.split(':').next().unwrap()),
            at,
        )
    };
    match mutation {
        "operation-removed" => {
            let at = choose(places(document, ObjectKind::Operation, |_, _| true));
            let (path, method) = at.rsplit_once('/').unwrap();
            object(document, path).remove(method);
            entry("breaking", at)
        }
        "operation-added" => {
            let operation = json!({"operationId": "New_Operation", "responses": {"200": {"description": "OK"}}});
            object(document, "/paths").insert("/new".to_owned(), json!({"put": operation}));
            entry("additive", "/paths/~1new/put".to_owned())
        }
        "operation-renamed" => {
            let at = choose(places(document, ObjectKind::Operation, |_, _| true));
            object(document, &at).insert("operationId".to_owned(), json!("New_Name"));
            entry("breaking", format!("{at}/operationId"))
        }
        "parameter-removed" => {
            let at = choose(places(document, ObjectKind::Parameter, |_, value| {
                value["in"] == "query"
            }));
            let (list, index) = at.rsplit_once('/').unwrap();
            document
                .pointer_mut(list)
                .unwrap()
                .as_array_mut()
                .unwrap()
                .remove(index.parse().unwrap());
            entry("breaking", at)
        }
        "parameter-added:optional" | "parameter-added:required" => {
            let required = mutation.ends_with("required");
            let at = choose(places(document, ObjectKind::Operation, |_, _| true));
            let list = object(document, &at)
                .entry("parameters")
                .or_insert(json!([]))
                .as_array_mut()
                .unwrap();
            list.push(json!({"name": "new", "in": "query", "required": required, "schema": {"type": "string"}}));
            let at = format!("{at}/parameters/{}", list.len() - 1);
            entry(if required { "breaking" } else { "additive" }, at)
        }
        "newly-required:parameter" => {
            let at = choose(places(document, ObjectKind::Parameter, |_, value| {
                value["in"] == "query"
            }));
            object(document, &at).insert("required".to_owned(), json!(true));
            entry("breaking", format!("{at}/required"))
        }
        "member-removed" => {
            let at = choose(places(document, ObjectKind::Schema, is_member));
            let (schema, name) = member(&at);
            object(document, &format!("{schema}/properties")).remove(name);
            if let Some(Value::Array(required)) = object(document, schema).get_mut("required") {
                required.retain(|required| required != name);
            }
            entry("breaking", at)
        }
        "member-added:optional" | "member-added:required" => {
            let required = mutation.ends_with("required");
            let at = choose(places(document, ObjectKind::Schema, |at, value| {
                at.matches('/').count() == 3 && value.get("properties").is_some()
            }));
            object(document, &format!("{at}/properties"))
                .insert("brandNew".to_owned(), json!({"type": "string"}));
            if required {
                object(document, &at)
                    .entry("required")
                    .or_insert(json!([]))
                    .as_array_mut()
                    .unwrap()
                    .push(json!("brandNew"));
            }
            let breaks = required && used_in(document, "requestBody").contains(owner(&at));
            entry(
                if breaks { "breaking" } else { "additive" },
                format!("{at}/properties/brandNew"),
            )
        }
        "newly-required" => {
            let at = choose(places(document, ObjectKind::Schema, |at, value| {
                let required = is_member(at, value)
                    .then(|| member(at))
                    .map(|(schema, name)| {
                        let list = document
                            .pointer(&format!("{schema}/required"))
                            .and_then(Value::as_array);
                        list.is_some_and(|list| list.iter().any(|required| required == name))
                    });
                required == Some(false)
            }));
            let read_only = document.pointer(&at).unwrap().get("readOnly").is_some();
            let (schema, name) = member(&at);
            object(document, schema)
                .entry("required")
                .or_insert(json!([]))
                .as_array_mut()
                .unwrap()
                .push(json!(name));
            let breaks = !read_only && used_in(document, "requestBody").contains(owner(&at));
            entry(
                if breaks { "breaking" } else { "additive" },
                format!("{schema}/required"),
            )
        }
        "newly-optional" => {
            let at = choose(places(document, ObjectKind::Schema, |_, value| {
                value.get("required").is_some()
            }));
            let required = document
                .pointer_mut(&format!("{at}/required"))
                .unwrap()
                .as_array_mut()
                .unwrap();
            required.remove(pick.index(required.len()));
            let breaks = used_in(document, "responses").contains(owner(&at));
            entry(
                if breaks { "breaking" } else { "additive" },
                format!("{at}/required"),
            )
        }
        "type-changed" => {
            let at = choose(places(document, ObjectKind::Schema, |_, value| {
                value
                    .get("type")
                    .is_some_and(|kind| kind != "object" && kind != "boolean")
            }));
            let schema = object(document, &at);
            schema.retain(|key, _| !["format", "enum", "items"].contains(&key.as_str()));
            schema.insert("type".to_owned(), json!("boolean"));
            entry("breaking", format!("{at}/type"))
        }
        "type-changed:reference" => {
            let at = choose(places(document, ObjectKind::Schema, |_, value| {
                value
                    .get("$ref")
                    .is_some_and(|to| to != "#/components/schemas/Status")
            }));
            object(document, &at).insert("$ref".to_owned(), json!("#/components/schemas/Status"));
            let at = at.split("/allOf/").next().unwrap().to_owned();
            entry("breaking", at)
        }
        "format-changed" => {
            let at = choose(places(document, ObjectKind::Schema, |_, value| {
                value.get("format").is_some()
            }));
            let old = object(document, &at).insert("format".to_owned(), json!("other"));
            let decides_type = old.is_some_and(|old| {
                ["date-time", "int32", "uint32", "uint64"].contains(&old.as_str().unwrap())
            });
            entry(
                if decides_type {
                    "breaking"
                } else {
                    "documentation"
                },
                format!("{at}/format"),
            )
        }
        "limit" | "additional-members-changed" => {
            let is_limit = mutation == "limit";
            let at = choose(places(document, ObjectKind::Schema, |at, value| {
                let is_object =
                    at.starts_with("/components/schemas/") && value.get("properties").is_some();
                if is_limit {
                    is_member(at, value) && value.get("type").is_some()
                } else {
                    is_object && value.get("additionalProperties").is_none()
                }
            }));
            let schema = object(document, &at);
            let read_only = schema.contains_key("readOnly");
            let (key, value) = if is_limit {
                ("maxLength", json!(1))
            } else {
                ("additionalProperties", json!(false))
            };
            schema.insert(key.to_owned(), value);
            let breaks = !read_only && used_in(document, "requestBody").contains(owner(&at));
            let what = match (is_limit, breaks) {
                (true, true) => "breaking limit-tightened",
                (true, false) => "documentation limit-changed",
                (false, true) => "breaking additional-members-changed",
                (false, false) => "documentation additional-members-changed",
            };
            (what.to_owned(), format!("{at}/{key}"))
        }
        "default-changed" => {
            let at = choose(places(document, ObjectKind::Parameter, |at, value| {
                at.contains("/parameters/") && value["in"] == "query"
            }));
            object(document, &format!("{at}/schema")).insert("default".to_owned(), json!("x"));
            entry("breaking", format!("{at}/schema/default"))
        }
        "enum-value-removed" => {
            let at = choose(places(document, ObjectKind::Schema, |_, value| {
                value["enum"]
                    .as_array()
                    .is_some_and(|values| values.len() > 1)
            }));
            let values = document
                .pointer_mut(&format!("{at}/enum"))
                .unwrap()
                .as_array_mut()
                .unwrap();
            values.remove(pick.index(values.len()));
            entry("breaking", format!("{at}/enum"))
        }
        "enum-value-added" => {
            let at = choose(places(document, ObjectKind::Schema, |_, value| {
                value.get("enum").is_some()
            }));
            let values = document
                .pointer_mut(&format!("{at}/enum"))
                .unwrap()
                .as_array_mut()
                .unwrap();
            values.insert(pick.index(values.len()), json!("VALUE_FROM_THE_FUTURE"));
            entry("additive", format!("{at}/enum"))
        }
        "nullability-changed" => {
            let at = choose(places(document, ObjectKind::Schema, |at, value| {
                is_member(at, value) && value.get("nullable").is_none()
            }));
            object(document, &at).insert("nullable".to_owned(), json!(true));
            let breaks = used_in(document, "responses").contains(owner(&at));
            entry(
                if breaks { "breaking" } else { "documentation" },
                format!("{at}/nullable"),
            )
        }
        "description-changed" => {
            let mut found = Vec::new();
            walk(document, ObjectKind::Document, &Pointer::root(), &mut found);
            let is_text = |at: &String| {
                at.ends_with("/description") && document.pointer(at).is_some_and(Value::is_string)
            };
            let at = choose(
                found
                    .into_iter()
                    .map(|(_, at)| at)
                    .filter(|at| is_text(at) && !at.starts_with("/servers"))
                    .collect(),
            );
            *document.pointer_mut(&at).unwrap() = json!("In other words.");
            entry("documentation", at)
        }
        "response-removed" => {
            let at = choose(places(document, ObjectKind::Response, |at, _| {
                at.ends_with("/default")
            }));
            object(document, at.strip_suffix("/default").unwrap()).remove("default");
            entry("documentation", at)
        }
        other => panic!("{other}"),
    }
}

const MUTATIONS: [&str; 23] = [
    "limit",
    "additional-members-changed",
    "default-changed",
    "operation-removed",
    "operation-added",
    "operation-renamed",
    "parameter-removed",
    "parameter-added:optional",
    "parameter-added:required",
    "newly-required:parameter",
    "member-removed",
    "member-added:optional",
    "member-added:required",
    "newly-required",
    "newly-optional",
    "type-changed",
    "type-changed:reference",
    "format-changed",
    "enum-value-removed",
    "enum-value-added",
    "nullability-changed",
    "description-changed",
    "response-removed",
];

/// Shuffles what has no order, wraps references, and writes defaults out.
fn reform(value: &mut Value, kind: ObjectKind, order: &mut dyn FnMut(usize) -> usize) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                reform(member, kind.member(key), order);
                let unordered = matches!(
                    (kind, key.as_str()),
                    (ObjectKind::Schema, "required" | "enum" | "anyOf" | "oneOf")
                        | (ObjectKind::Operation, "parameters")
                        | (ObjectKind::Document, "tags")
                );
                if let (true, Value::Array(items)) = (unordered, &mut *member) {
                    for last in (1..items.len()).rev() {
                        items.swap(last, order(last + 1));
                    }
                }
            }
            if kind == ObjectKind::Schema && members.contains_key("$ref") && order(2) == 0 {
                *value = json!({"allOf": [value.clone()]});
            } else if kind == ObjectKind::Schema && order(4) == 0 {
                let key = ["nullable", "readOnly", "writeOnly"][order(3)];
                if !members.contains_key("$ref") {
                    members.entry(key).or_insert(json!(false));
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| reform(item, kind.item(), order)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exactly_the_mutation_is_reported(mutation in select(MUTATIONS.to_vec()), pick in any::<Index>()) {
        let original = &*VENDORED;
        let mut mutated = original.clone();
        let (what, at) = mutate(&mut mutated, mutation, &pick);
        Spec::parse("mutated.yaml", &canonical::write(&mutated)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let diff = diff_of(original, &mutated);
        let reported: Vec<_> = brief(&diff).iter().map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            (format!("{} {}", words[0], words[1]), words[3].to_owned())
        }).collect();
        prop_assert_eq!(reported, [(what, at.clone())]);
        if at.starts_with("/paths/") {
            let operation: Vec<_> = at.split('/').take(4).collect();
            let holder = if mutated.pointer(&operation.join("/")).is_some() { &mutated } else { original };
            let (_, entry) = diff.iter().next().unwrap();
            prop_assert_eq!(entry.operation.clone(), Some(id_of(holder, &operation.join("/"))));
        }
    }

    #[test]
    fn order_and_formatting_are_no_difference(choices in prop::collection::vec(any::<Index>(), 1..200)) {
        let original = &*VENDORED;
        let mut reformed = original.clone();
        let mut next = choices.iter().cycle();
        reform(&mut reformed, ObjectKind::Document, &mut |bound| next.next().unwrap().index(bound));
        let json = serde_json::to_string_pretty(&reformed).unwrap();
        let reread = Spec::parse("reformed.json", &json).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(brief(&diff_of(original, reread.value())), Vec::<String>::new());
        prop_assert_eq!(brief(&diff_of(reread.value(), original)), Vec::<String>::new());
    }
}
