//! Compares the parameters, bodies and responses of operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::compare::{Comparison, Place};
use super::document::root;
use super::entry::Class;
use super::reach::{Directions, flag};
use crate::operation::{Operation, Parameter};

const NULL: &Value = &Value::Null;

impl Comparison<'_> {
    pub(super) fn operation_removed(&mut self, old: &Operation<'_>) {
        let message = format!("the operation {} was removed", called(old));
        self.removed(
            Class::Breaking,
            "operation-removed",
            &place(old, old),
            message,
        );
    }

    pub(super) fn operation_added(&mut self, new: &Operation<'_>) {
        let message = format!("the operation {} was added", called(new));
        self.added(
            Class::Additive,
            "operation-added",
            &place(new, new),
            message,
        );
    }

    pub(super) fn operation(&mut self, old: &Operation<'_>, new: &Operation<'_>) {
        let place = place(old, new);
        if old.id != new.id {
            let message = format!("`{}` was renamed to `{}`", old.id, new.id);
            self.changed(
                Class::Breaking,
                "operation-renamed",
                &place.child("operationId"),
                message,
            );
        }
        let known = [
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "security",
            "servers",
        ];
        self.annotations(old.value, new.value, &place, &known);
        self.servers(old.value, new.value, &place);
        self.security(old.value, new.value, &place);
        self.parameters(old, new, &place);
        self.request_body(old, new, &place);
        self.responses(old, new, &place);
    }

    fn parameters(&mut self, old: &Operation<'_>, new: &Operation<'_>, place: &Place) {
        let mut arrived: Vec<&Parameter<'_>> = new.parameters.iter().collect();
        let mut departed = Vec::new();
        for a in &old.parameters {
            let same = |b: &&Parameter<'_>| match a.position {
                Some(_) => a.position == b.position,
                None => (a.name, a.place) == (b.name, b.place),
            };
            match arrived.iter().position(same) {
                Some(index) => self.parameter(a, arrived.swap_remove(index), place),
                None => departed.push(a),
            }
        }
        for a in departed {
            // One of the same name elsewhere is the same parameter in another place.
            let at = Place {
                a: a.at.clone(),
                b: a.at.clone(),
                ..place.clone()
            };
            if let Some(index) = arrived.iter().position(|b| a.name == b.name) {
                let b = arrived.swap_remove(index);
                let at = Place {
                    b: b.at.clone(),
                    ..at
                };
                let message = format!(
                    "the parameter `{}` moved from {} to {}",
                    a.name, a.place, b.place
                );
                self.changed(Class::Breaking, "parameter-moved", &at, message);
                self.parameter(a, b, place);
            } else {
                let message = format!("the {} parameter `{}` was removed", a.place, a.name);
                self.removed(Class::Breaking, "parameter-removed", &at, message);
            }
        }
        for b in arrived {
            let at = Place {
                a: b.at.clone(),
                b: b.at.clone(),
                ..place.clone()
            };
            if flag(b.value, "required") {
                let message = format!(
                    "the {} parameter `{}` was added and is required",
                    b.place, b.name
                );
                self.added(Class::Breaking, "parameter-added", &at, message);
            } else {
                let message = format!("the {} parameter `{}` was added", b.place, b.name);
                self.added(Class::Additive, "parameter-added", &at, message);
            }
        }
    }

    fn parameter(&mut self, a: &Parameter<'_>, b: &Parameter<'_>, place: &Place) {
        let place = Place {
            a: a.at.clone(),
            b: b.at.clone(),
            directions: Directions::REQUEST,
            name: b.name.to_owned(),
            ..place.clone()
        };
        if a.name != b.name {
            let message = format!(
                "the path parameter `{}` was renamed to `{}`",
                a.name, b.name
            );
            self.changed(
                Class::Documentation,
                "parameter-renamed",
                &place.child("name"),
                message,
            );
        }
        self.requiredness(
            a.value,
            b.value,
            &place,
            &format!("the parameter `{}`", b.name),
        );
        let (old, new) = (encoding(a), encoding(b));
        for key in ENCODING
            .iter()
            .filter(|key| a.place == b.place && old.get(*key) != new.get(*key))
        {
            let message = format!("`{key}` of the parameter `{}` was changed", b.name);
            self.changed(
                Class::Breaking,
                "parameter-encoding-changed",
                &place.child(key),
                message,
            );
        }
        self.schema_of(a.value, b.value, &place);
        let mut known = vec!["$ref", "name", "in", "required", "schema", "content"];
        known.extend(ENCODING);
        self.annotations(a.value, b.value, &place, &known);
    }

    /// Compares whether something that a program sends is required.
    fn requiredness(&mut self, a: &Value, b: &Value, place: &Place, what: &str) {
        match (flag(a, "required"), flag(b, "required")) {
            (false, true) => self.changed(
                Class::Breaking,
                "newly-required",
                &place.child("required"),
                format!("{what} is now required"),
            ),
            (true, false) => {
                self.changed(
                    Class::Additive,
                    "newly-optional",
                    &place.child("required"),
                    format!("{what} is now optional"),
                );
            }
            _ => {}
        }
    }

    fn request_body(&mut self, old: &Operation<'_>, new: &Operation<'_>, place: &Place) {
        let place = Place {
            directions: Directions::REQUEST,
            name: "request".to_owned(),
            ..place.child("requestBody")
        };
        match (old.request_body, new.request_body) {
            (Some(a), Some(b)) => {
                self.requiredness(a, b, &place, "the request body");
                self.content(a, b, &place, "request");
                self.annotations(a, b, &place, &["$ref", "content", "required"]);
            }
            (Some(_), None) => self.removed(
                Class::Breaking,
                "request-body-removed",
                &place,
                "the request body was removed".to_owned(),
            ),
            (None, Some(b)) if flag(b, "required") => {
                self.added(
                    Class::Breaking,
                    "request-body-added",
                    &place,
                    "a request body was added and is required".to_owned(),
                );
            }
            (None, Some(_)) => self.added(
                Class::Additive,
                "request-body-added",
                &place,
                "a request body was added".to_owned(),
            ),
            (None, None) => {}
        }
    }

    fn responses(&mut self, old: &Operation<'_>, new: &Operation<'_>, place: &Place) {
        let place = Place {
            directions: Directions::RESPONSE,
            ..place.child("responses")
        };
        let statuses: BTreeSet<_> = old
            .responses
            .keys()
            .chain(new.responses.keys())
            .copied()
            .collect();
        for status in statuses {
            let place = Place {
                name: format!("{status} response"),
                ..place.child(status)
            };
            match (old.responses.get(status), new.responses.get(status)) {
                (Some(a), Some(b)) => {
                    self.content(a, b, &place, "response");
                    self.headers(a, b, &place);
                    self.annotations(a, b, &place, &["$ref", "content", "headers"]);
                }
                (Some(_), None) => self.removed(
                    Class::Breaking,
                    "response-removed",
                    &place,
                    format!("the response `{status}` was removed"),
                ),
                _ => self.added(
                    Class::Additive,
                    "response-added",
                    &place,
                    format!("the response `{status}` was added"),
                ),
            }
        }
    }

    fn headers(&mut self, a: &Value, b: &Value, place: &Place) {
        let place = place.child("headers");
        let (a, b) = (
            a.get("headers").unwrap_or(NULL),
            b.get("headers").unwrap_or(NULL),
        );
        for name in keys(a, b) {
            let place = Place {
                name: name.clone(),
                ..place.child(&name)
            };
            match (a.get(&name), b.get(&name)) {
                (Some(a), Some(b)) => {
                    self.schema_of(a, b, &place);
                    self.annotations(a, b, &place, &["schema", "content"]);
                }
                (Some(_), None) => self.removed(
                    Class::Breaking,
                    "header-removed",
                    &place,
                    format!("the response header `{name}` was removed"),
                ),
                _ => self.added(
                    Class::Additive,
                    "header-added",
                    &place,
                    format!("the response header `{name}` was added"),
                ),
            }
        }
    }

    /// Compares the `schema` or `content` of a parameter or header.
    fn schema_of(&mut self, a: &Value, b: &Value, place: &Place) {
        self.optional_schema(a, b, place);
        if a.get("content").is_some() || b.get("content").is_some() {
            self.content(a, b, place, "value");
        }
    }

    fn content(&mut self, a: &Value, b: &Value, place: &Place, what: &str) {
        let place = place.child("content");
        let (a, b) = (
            a.get("content").unwrap_or(NULL),
            b.get("content").unwrap_or(NULL),
        );
        for media in keys(a, b) {
            let place = place.child(&media);
            match (a.get(&media), b.get(&media)) {
                (Some(a), Some(b)) => {
                    self.optional_schema(a, b, &place);
                    self.annotations(a, b, &place, &["schema"]);
                }
                (Some(_), None) => self.removed(
                    Class::Breaking,
                    "media-type-removed",
                    &place,
                    format!("`{media}` was removed from the {what}"),
                ),
                _ => self.added(
                    Class::Additive,
                    "media-type-added",
                    &place,
                    format!("`{media}` was added in the {what}"),
                ),
            }
        }
    }

    fn optional_schema(&mut self, a: &Value, b: &Value, place: &Place) {
        let place = place.child("schema");
        match (a.get("schema"), b.get("schema")) {
            (Some(a), Some(b)) => self.schema(a, b, &place),
            (Some(_), None) => self.removed(
                Class::Breaking,
                "type-changed",
                &place,
                "the type was removed".to_owned(),
            ),
            (None, Some(_)) => self.added(
                Class::Breaking,
                "type-changed",
                &place,
                "a type was added".to_owned(),
            ),
            (None, None) => {}
        }
    }
}

/// The keys of two objects.
pub(super) fn keys(a: &Value, b: &Value) -> BTreeSet<String> {
    let objects = [a, b].into_iter().filter_map(Value::as_object);
    objects
        .flat_map(|object| object.iter().map(|(key, _)| key.clone()))
        .collect()
}

/// The members that determine how a parameter is serialized.
const ENCODING: [&str; 4] = ["style", "explode", "allowReserved", "allowEmptyValue"];

/// The values of [`ENCODING`], defaults included.
fn encoding(parameter: &Parameter<'_>) -> BTreeMap<&'static str, Value> {
    let of = |key: &str, default: Value| parameter.value.get(key).cloned().unwrap_or(default);
    let style = match parameter.place {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = of("style", json!(style));
    let explode = of("explode", json!(style == "form"));
    BTreeMap::from([
        ("style", style),
        ("explode", explode),
        ("allowReserved", of("allowReserved", json!(false))),
        ("allowEmptyValue", of("allowEmptyValue", json!(false))),
    ])
}

fn called(operation: &Operation<'_>) -> String {
    let method = operation
        .at
        .as_str()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_uppercase();
    format!("`{}` ({method} {})", operation.id, operation.path)
}

fn place(old: &Operation<'_>, new: &Operation<'_>) -> Place {
    Place {
        a: old.at.clone(),
        b: new.at.clone(),
        operation: Some(new.id.clone()),
        ..root()
    }
}
