//! Compares schemas, recursively.
//!
//! A named schema is compared once, however often it is used. For references, only what they add is compared. `allOf` with
//! one part equals that part.

use std::collections::BTreeSet;

use crate::{Kind, canonical, resolve};
use serde_json::{Map, Value};

use super::call::keys;
use super::compare::{Comparison, Place};
use super::document::root;
use super::entry::Class;
use super::reach::{Directions, Use, Uses, flag, schema_name};

const NULL: &Value = &Value::Null;
/// The keywords that define a type.
const STRUCTURE: [&str; 11] = [
    "type",
    "format",
    "enum",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
];
/// The formats that decide a Rust type. Generated code has a string for any other.
const TYPED_FORMATS: [&str; 8] = [
    "date-time",
    "double",
    "enum",
    "float",
    "int32",
    "int64",
    "uint32",
    "uint64",
];
/// The keywords that limit values.
const LIMITS: [&str; 13] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];
const FLAGS: [&str; 3] = ["nullable", "readOnly", "writeOnly"];

impl Comparison<'_> {
    /// Compares the named schemas: all, or those that are reached.
    pub(super) fn schemas(&mut self, reached: Option<&Uses>) {
        let (a, b) = (components(self.a), components(self.b));
        for name in keys(a, b) {
            if reached.is_some_and(|reached| !reached.contains_key(&name)) {
                continue;
            }
            let place = self.schema_place(&name, &name);
            match (a.get(&name), b.get(&name)) {
                (Some(old), Some(new)) => self.schema(old, new, &place),
                // One that is used shows where it's used.
                (Some(_), None) if !self.uses.contains_key(&name) => {
                    self.removed(
                        Class::Documentation,
                        "schema-removed",
                        &place,
                        format!("the schema `{name}` was removed"),
                    );
                }
                (None, Some(_)) if !self.uses.contains_key(&name) => {
                    self.added(
                        Class::Documentation,
                        "schema-added",
                        &place,
                        format!("the schema `{name}` was added"),
                    );
                }
                _ => {}
            }
        }
        let mut done = BTreeSet::new();
        while let Some((old, new)) = self
            .renamed
            .iter()
            .find(|(old, _)| !done.contains(*old))
            .map(|(a, b)| (a.clone(), b.clone()))
        {
            let place = self.schema_place(&old, &new);
            self.changed(
                Class::Breaking,
                "schema-renamed",
                &place,
                format!("the schema `{old}` was renamed to `{new}`"),
            );
            self.schema(
                a.get(&old).unwrap_or(NULL),
                b.get(&new).unwrap_or(NULL),
                &place,
            );
            done.insert(old);
        }
    }

    fn schema_place(&self, old: &str, new: &str) -> Place {
        let unused = Use {
            directions: Directions {
                request: true,
                response: true,
            },
            ..Use::default()
        };
        let mut usage = self.uses.get(new).cloned().unwrap_or(unused);
        if old != new {
            usage.operations.extend(
                self.uses
                    .get(old)
                    .into_iter()
                    .flat_map(|usage| usage.operations.clone()),
            );
        }
        let operations: Vec<_> = usage.operations.into_iter().collect();
        let reaches = match operations.as_slice() {
            [] => " (no operation uses it)".to_owned(),
            [_] => String::new(),
            all if all.len() >= self.operation_count => " (reaches every operation)".to_owned(),
            some => format!(" (reaches {})", some.join(", ")),
        };
        let at = root().child("components").child("schemas");
        Place {
            a: at.a.child(old),
            b: at.b.child(new),
            name: new.to_owned(),
            operation: <[String; 1]>::try_from(operations).ok().map(|[only]| only),
            directions: usage.directions,
            reaches,
        }
    }

    /// Compares two schemas at the same place.
    pub(super) fn schema(&mut self, a: &Value, b: &Value, place: &Place) {
        if let (Some(old), Some(new)) = (named(a), named(b)) {
            if old != new {
                self.other_schema(old, new, place);
            }
            self.around(&overlay(a), &overlay(b), place);
            return;
        }
        let (a, b) = (effective(self.a, a), effective(self.b, b));
        self.structure(&a, &b, place);
        self.around(&a, &b, place);
    }

    /// Handles a reference to another schema than before, which is either a renamed or a different one.
    fn other_schema(&mut self, old: &str, new: &str, place: &Place) {
        let took_over =
            components(self.b).get(old).is_none() && components(self.a).get(new).is_none();
        if took_over && self.renamed.get(old).is_none_or(|known| known == new) {
            self.renamed.insert(old.to_owned(), new.to_owned());
        } else {
            let message = format!("`{}` is now a `{new}`, before a `{old}`", place.name);
            self.changed(Class::Breaking, "type-changed", place, message);
        }
    }

    fn structure(&mut self, a: &Value, b: &Value, place: &Place) {
        let (old, new) = (type_of(a), type_of(b));
        if old != new && is_enum(a) && is_enum(b) {
            let message = format!(
                "`{}` is now an enum of type {}, before {}",
                place.name,
                shown(new),
                shown(old)
            );
            let at = place.child("type");
            return self.changed(Class::Additive, "enum-encoding-changed", &at, message);
        }
        if old != new {
            let message = format!(
                "`{}` is now of type {}, before {}",
                place.name,
                shown(new),
                shown(old)
            );
            return self.changed(
                Class::Breaking,
                "type-changed",
                &place.child("type"),
                message,
            );
        }
        let (old, new) = (a.get("format"), b.get("format"));
        if old != new {
            let text = |format: Option<&Value>| shown(format.and_then(Value::as_str));
            let message = format!(
                "`{}` is now of format {}, before {}",
                place.name,
                text(new),
                text(old)
            );
            let decides_type = |format: Option<&Value>| {
                format
                    .and_then(Value::as_str)
                    .is_some_and(|format| TYPED_FORMATS.contains(&format))
            };
            let class = if decides_type(old) || decides_type(new) {
                Class::Breaking
            } else {
                Class::Documentation
            };
            self.changed(class, "format-changed", &place.child("format"), message);
        }
        self.values(a, b, place);
        self.properties(a, b, place);
        self.part("items", "[]", a, b, place);
        self.part("not", "", a, b, place);
        self.additional_properties(a, b, place);
        for key in ["allOf", "anyOf", "oneOf"] {
            self.alternatives(key, a, b, place);
        }
    }

    fn values(&mut self, a: &Value, b: &Value, place: &Place) {
        let at = place.child("enum");
        let (Some(old), Some(new)) = (list(a, "enum"), list(b, "enum")) else {
            if list(a, "enum").is_some() {
                self.removed(
                    Class::Breaking,
                    "type-changed",
                    &at,
                    format!("`{}` is no longer an enum", place.name),
                );
            } else if list(b, "enum").is_some() {
                self.added(
                    Class::Breaking,
                    "type-changed",
                    &at,
                    format!("`{}` is an enum now", place.name),
                );
            }
            return;
        };
        for value in old.iter().filter(|value| !new.contains(value)) {
            self.removed(
                Class::Breaking,
                "enum-value-removed",
                &at,
                format!("`{}` no longer has the value {}", place.name, quoted(value)),
            );
        }
        for value in new.iter().filter(|value| !old.contains(value)) {
            self.added(
                Class::Additive,
                "enum-value-added",
                &at,
                format!("`{}` has the new value {}", place.name, quoted(value)),
            );
        }
    }

    fn properties(&mut self, a: &Value, b: &Value, place: &Place) {
        let (required_a, required_b) = (required(a), required(b));
        let (a, b) = (
            a.get("properties").unwrap_or(NULL),
            b.get("properties").unwrap_or(NULL),
        );
        for name in keys(a, b) {
            let at = place.child("properties").member(&name);
            let now_required = required_b.contains(name.as_str());
            match (a.get(&name), b.get(&name)) {
                (Some(old), Some(new)) => {
                    let (inside_a, inside_b) =
                        (place.directions.inside(old), place.directions.inside(new));
                    let directions = Directions {
                        request: inside_a.request || inside_b.request,
                        response: inside_a.response || inside_b.response,
                    };
                    self.schema(old, new, &Place { directions, ..at });
                }
                (Some(_), None) => {
                    self.removed(
                        Class::Breaking,
                        "member-removed",
                        &at,
                        format!("`{}` was removed", at.name),
                    );
                }
                (None, Some(new)) if now_required && place.directions.inside(new).request => {
                    self.added(
                        Class::Breaking,
                        "member-added",
                        &at,
                        format!("`{}` was added and is required", at.name),
                    );
                }
                _ => self.added(
                    Class::Additive,
                    "member-added",
                    &at,
                    format!("`{}` was added", at.name),
                ),
            }
        }
        for name in required_a.symmetric_difference(&required_b) {
            if a.get(*name).is_some() == b.get(*name).is_some() {
                let directions = place.directions.inside(b.get(*name).unwrap_or(NULL));
                self.requirement(name, required_b.contains(name), directions, place);
            }
        }
    }

    fn requirement(
        &mut self,
        name: &str,
        is_required: bool,
        directions: Directions,
        place: &Place,
    ) {
        let class = |breaks| {
            if breaks {
                Class::Breaking
            } else {
                Class::Additive
            }
        };
        let at = place.child("required");
        let name = place.member(name).name;
        if is_required {
            self.changed(
                class(directions.request),
                "newly-required",
                &at,
                format!("`{name}` is now required"),
            );
        } else {
            self.changed(
                class(directions.response),
                "newly-optional",
                &at,
                format!("`{name}` is now optional"),
            );
        }
    }

    /// Compares a subschema that both sides have or neither.
    fn part(&mut self, key: &str, suffix: &str, a: &Value, b: &Value, place: &Place) {
        let at = Place {
            name: format!("{}{suffix}", place.name),
            ..place.child(key)
        };
        match (a.get(key), b.get(key)) {
            (Some(a), Some(b)) => self.schema(a, b, &at),
            (None, None) => {}
            _ => self.changed(
                Class::Breaking,
                "type-changed",
                place,
                format!("`{key}` of `{}` was changed", place.name),
            ),
        }
    }

    /// Compares `additionalProperties`, which default to any.
    fn additional_properties(&mut self, a: &Value, b: &Value, place: &Place) {
        let any = Value::Bool(true);
        let of = |value: &Value| match value.get("additionalProperties") {
            Some(Value::Object(members)) if members.is_empty() => any.clone(),
            Some(value) => value.clone(),
            None => any.clone(),
        };
        let (a, b) = (of(a), of(b));
        let at = Place {
            name: format!("{}.*", place.name),
            ..place.child("additionalProperties")
        };
        if a.is_object() && b.is_object() {
            self.schema(&a, &b, &at);
        } else if a.is_boolean() && b.is_boolean() && a != b {
            let closed = b == Value::Bool(false);
            let class = if closed && place.directions.request {
                Class::Breaking
            } else {
                Class::Documentation
            };
            let message = if closed {
                format!("`{}` no longer takes members of other names", place.name)
            } else {
                format!("`{}` now takes members of any name", place.name)
            };
            self.changed(class, "additional-members-changed", &at, message);
        } else if a != b {
            let message = format!(
                "the members of any name in `{}` are of another type",
                place.name
            );
            self.changed(Class::Breaking, "type-changed", &at, message);
        }
    }

    /// Compares lists of subschemas, regardless of order.
    fn alternatives(&mut self, key: &str, a: &Value, b: &Value, place: &Place) {
        let (Some(a), Some(b)) = (list(a, key), list(b, key)) else {
            if a.get(key).is_some() || b.get(key).is_some() {
                let message = format!("`{key}` of `{}` was changed", place.name);
                self.changed(Class::Breaking, "type-changed", place, message);
            }
            return;
        };
        let form = |part: &Value| canonical::order_as(part, Kind::Schema);
        let mut arrived: Vec<_> = b.iter().enumerate().collect();
        let mut departed = Vec::new();
        for (index, part) in a.iter().enumerate() {
            match arrived.iter().position(|(_, new)| form(part) == form(new)) {
                Some(same) => drop(arrived.remove(same)),
                None => departed.push((index, part)),
            }
        }
        if departed.len() != arrived.len() {
            let message = format!(
                "`{}` has {} parts in its `{key}`, before {}",
                place.name,
                b.len(),
                a.len()
            );
            return self.changed(Class::Breaking, "type-changed", &place.child(key), message);
        }
        for ((old_index, old), (new_index, new)) in departed.into_iter().zip(arrived) {
            let at = place.child(key);
            let at = Place {
                a: at.a.child(old_index),
                b: at.b.child(new_index),
                ..at
            };
            self.schema(old, new, &at);
        }
    }

    /// Compares the keywords that do not define a type.
    fn around(&mut self, a: &Value, b: &Value, place: &Place) {
        let Directions { request, response } = place.directions;
        let class = |breaks| {
            if breaks {
                Class::Breaking
            } else {
                Class::Documentation
            }
        };
        let of = |key| (flag(a, key), flag(b, key));
        match of("nullable") {
            (false, true) => self.changed(
                class(response),
                "nullability-changed",
                &place.child("nullable"),
                format!("`{}` may now be null", place.name),
            ),
            (true, false) => {
                self.changed(
                    class(request),
                    "nullability-changed",
                    &place.child("nullable"),
                    format!("`{}` may no longer be null", place.name),
                );
            }
            _ => {}
        }
        for (key, kind, used, verb) in [
            ("readOnly", "read-only-changed", request, "sent"),
            ("writeOnly", "write-only-changed", response, "received"),
        ] {
            let at = place.child(key);
            match of(key) {
                (false, true) => self.changed(
                    class(used),
                    kind,
                    &at,
                    format!("`{}` can no longer be {verb}", place.name),
                ),
                (true, false) if used => self.changed(
                    Class::Additive,
                    kind,
                    &at,
                    format!("`{}` can now be {verb}", place.name),
                ),
                (true, false) => self.changed(
                    Class::Documentation,
                    kind,
                    &at,
                    format!("`{}` is no longer `{key}`", place.name),
                ),
                _ => {}
            }
        }
        self.limits(a, b, place);
        self.default(a, b, place);
        let known: Vec<&str> = STRUCTURE
            .into_iter()
            .chain(FLAGS)
            .chain(LIMITS)
            .chain(["$ref", "default"])
            .collect();
        self.annotations(a, b, place, &known);
    }
}

impl Comparison<'_> {
    /// Compares limits. Tighter ones can reject what programs send; generated code ignores them all.
    fn limits(&mut self, a: &Value, b: &Value, place: &Place) {
        for key in LIMITS {
            let (old, new) = (a.get(key), b.get(key));
            if old == new {
                continue;
            }
            let (old, new) = (old.unwrap_or(NULL), new.unwrap_or(NULL));
            let is_tighter = match (old.as_f64(), new.as_f64()) {
                (Some(old), Some(new)) if key.starts_with("max") => new < old,
                (Some(old), Some(new)) if key.starts_with("min") => new > old,
                _ => !new.is_null() && *new != Value::Bool(false),
            };
            let message = format!(
                "`{key}` of `{}` is now {}, before {}",
                place.name,
                quoted(new),
                quoted(old)
            );
            let (class, kind) = if is_tighter && place.directions.request {
                (Class::Breaking, "limit-tightened")
            } else {
                (Class::Documentation, "limit-changed")
            };
            self.changed(class, kind, &place.child(key), message);
        }
    }

    /// Compares defaults. A parameter's default decides what a call without it does.
    fn default(&mut self, a: &Value, b: &Value, place: &Place) {
        let (old, new) = (a.get("default"), b.get("default"));
        if old != new {
            let is_parameter = place.b.as_str().contains("/parameters/");
            let class = if is_parameter {
                Class::Breaking
            } else {
                Class::Documentation
            };
            let text = |value: Option<&Value>| value.map_or("none".to_owned(), quoted);
            let message = format!(
                "the default of `{}` is now {}, before {}",
                place.name,
                text(new),
                text(old)
            );
            self.changed(class, "default-changed", &place.child("default"), message);
        }
    }
}

/// Whether generated code has an open enum for this schema, which decodes names and numbers.
fn is_enum(schema: &Value) -> bool {
    schema.get("enum").is_some() || schema.get("format").is_some_and(|format| format == "enum")
}

fn components(document: &Value) -> &Value {
    document.pointer("/components/schemas").unwrap_or(NULL)
}

/// The name of the referenced schema, if nothing else defines the type.
fn named(schema: &Value) -> Option<&str> {
    if let Some(reference) = schema.get("$ref") {
        return schema_name(reference.as_str()?);
    }
    let part = only_part(schema)?;
    let adds_structure = STRUCTURE
        .iter()
        .any(|key| *key != "allOf" && schema.get(key).is_some());
    if adds_structure { None } else { named(part) }
}

fn only_part(schema: &Value) -> Option<&Value> {
    match list(schema, "allOf")?.as_slice() {
        [part] => Some(part),
        _ => None,
    }
}

/// The keywords beside a reference.
fn overlay(schema: &Value) -> Value {
    let mut members = match only_part(schema) {
        Some(part) if schema.get("$ref").is_none() => {
            overlay(part).as_object().cloned().unwrap_or_default()
        }
        _ => Map::new(),
    };
    // In OpenAPI 3.0 nothing beside a `$ref` counts.
    if schema.get("$ref").is_none() {
        let own = schema
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, _)| *key != "allOf");
        members.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    }
    Value::Object(members)
}

/// The schema with its reference resolved and a single part of `allOf` merged.
fn effective(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return resolve(document, reference)
            .map_or(Value::Null, |target| effective(document, target));
    }
    let Some(part) = only_part(schema) else {
        return schema.clone();
    };
    let Value::Object(mut members) = effective(document, part) else {
        return schema.clone();
    };
    for (key, value) in schema
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "allOf")
    {
        match (members.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more.clone()),
            (Some(Value::Array(known)), Value::Array(more)) if key == "required" => {
                known.extend(more.iter().cloned())
            }
            _ => drop(members.insert(key.clone(), value.clone())),
        }
    }
    Value::Object(members)
}

fn type_of(schema: &Value) -> Option<&str> {
    let implied = if schema.get("properties").is_some() {
        Some("object")
    } else {
        None
    };
    schema.get("type").and_then(Value::as_str).or(implied)
}

fn required(schema: &Value) -> BTreeSet<&str> {
    list(schema, "required")
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn list<'v>(value: &'v Value, key: &str) -> Option<&'v Vec<Value>> {
    value.get(key)?.as_array()
}

fn shown(text: Option<&str>) -> String {
    text.map_or_else(|| "none".to_owned(), |text| format!("`{text}`"))
}

fn quoted(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}
