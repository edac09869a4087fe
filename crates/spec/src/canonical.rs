//! Writes documents in a canonical form, so that every change of the text is a change of the content.
//!
//! - Members of OpenAPI objects are in the order of [`ObjectKind::members`], followed by unknown members by name. Maps such as
//!   paths, schemas and properties are ordered by name.
//! - Tags and `required` are ordered by name. Path parameters are in the order of the path, followed by query, header and
//!   cookie parameters by name, then references. All other lists keep their order, including enums.
//! - Text is written as [`yaml::write`] does, and folded (`>-`) beyond 80 columns.

use serde_json::Value;

use super::object_kind::ObjectKind;
use super::{validate, yaml};

/// Writes an OpenAPI document in its canonical form.
///
/// Reading the result gives [`order`]`(document)` back, and writing that gives the same bytes.
///
/// ```
/// use coreweave_inference_spec::canonical;
/// use serde_json::json;
///
/// let spec = json!({"paths": {}, "info": {"version": "1.0", "title": "Tiny"}, "openapi": "3.0.3"});
/// assert_eq!(canonical::write(&spec), "\
/// openapi: 3.0.3
/// info:
///   title: Tiny
///   version: '1.0'
/// paths: {}
/// ");
/// ```
#[must_use]
pub fn write(document: &Value) -> String {
    yaml::write(&order(document), ObjectKind::Document)
}

impl yaml::Layout for ObjectKind {
    const WIDTH: usize = 80;

    fn rank(self, key: &str) -> usize {
        let known = self.members();
        let rank = known.iter().position(|(name, _)| *name == key);
        rank.unwrap_or(known.len())
    }

    fn member(self, key: &str) -> Self {
        self.member(key)
    }

    fn item(self) -> Self {
        self.item()
    }
}

/// Sorts the lists whose order has no meaning: tags, `required` and parameters.
#[must_use]
pub fn order(document: &Value) -> Value {
    order_as(document, ObjectKind::Document)
}

/// [`order`] for a part of a document, of the given kind.
#[must_use]
pub fn order_as(part: &Value, kind: ObjectKind) -> Value {
    let mut part = part.clone();
    order_lists(&mut part, kind, "");
    part
}

fn order_lists(value: &mut Value, kind: ObjectKind, path: &str) {
    match value {
        Value::Array(items) => {
            for item in items.iter_mut() {
                order_lists(item, kind.item(), path);
            }
            match kind {
                ObjectKind::List(ObjectKind::Tag) => items.sort_by_key(|tag| text(tag, "name")),
                ObjectKind::List(ObjectKind::Parameter) => {
                    items.sort_by_key(|parameter| parameter_rank(parameter, path))
                }
                _ => {}
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let path = if matches!(kind, ObjectKind::Map(ObjectKind::PathItem)) {
                    key.as_str()
                } else {
                    path
                };
                order_lists(member, kind.member(key), path);
                if let (ObjectKind::Schema, "required", Value::Array(names)) =
                    (kind, key.as_str(), member)
                    && names.iter().all(Value::is_string)
                {
                    names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                }
            }
        }
        _ => {}
    }
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn parameter_rank(parameter: &Value, path: &str) -> (usize, usize, String) {
    let name = text(parameter, "name");
    let place = text(parameter, "in");
    let places = ["path", "query", "header", "cookie"];
    let place = places
        .iter()
        .position(|known| *known == place)
        .unwrap_or(places.len());
    let in_path = validate::template_names(path).position(|part| part == name);
    let in_path = if place == 0 {
        in_path.unwrap_or(usize::MAX)
    } else {
        0
    };
    (
        place,
        in_path,
        if place < places.len() {
            name
        } else {
            parameter.to_string()
        },
    )
}

#[cfg(test)]
mod tests;
