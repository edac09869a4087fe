//! Determines which schemas operations send and receive.

use std::collections::{BTreeMap, BTreeSet};

use crate::resolve;
use serde_json::Value;

use crate::operation::Operation;

/// Whether a value is sent, received, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Directions {
    /// A program sends it.
    pub(super) request: bool,
    /// A program receives it.
    pub(super) response: bool,
}

impl Directions {
    pub(super) const REQUEST: Self = Self {
        request: true,
        response: false,
    };
    pub(super) const RESPONSE: Self = Self {
        request: false,
        response: true,
    };

    /// The directions of a property: read-only ones are not sent, write-only ones not received.
    pub(super) fn inside(self, member: &Value) -> Self {
        Self {
            request: self.request && !flag(member, "readOnly"),
            response: self.response && !flag(member, "writeOnly"),
        }
    }

    pub(super) fn none(self) -> bool {
        !self.request && !self.response
    }
}

/// The value of a boolean keyword that defaults to `false`.
pub(super) fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// How a named schema is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    pub(super) operations: BTreeSet<String>,
    pub(super) directions: Directions,
}

/// The use of every named schema that some operation reaches.
pub(super) type Uses = BTreeMap<String, Use>;

/// Adds what `operations` of `document` reach to `uses`.
pub(super) fn collect(document: &Value, operations: &[Operation<'_>], uses: &mut Uses) {
    for operation in operations {
        let mut walk = Walk {
            document,
            seen: BTreeSet::new(),
            operation: &operation.id,
            uses,
        };
        for parameter in &operation.parameters {
            walk.holder(parameter.value, Directions::REQUEST);
        }
        if let Some(body) = operation.request_body {
            walk.holder(body, Directions::REQUEST);
        }
        for response in operation.responses.values() {
            walk.holder(response, Directions::RESPONSE);
        }
    }
}

/// The name of a referenced schema.
pub(super) fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

struct Walk<'a, 'u> {
    document: &'a Value,
    seen: BTreeSet<(&'a str, bool, bool)>,
    operation: &'a str,
    uses: &'u mut Uses,
}

impl<'a> Walk<'a, '_> {
    /// A parameter, body, response or header: what has a `schema` or `content`.
    fn holder(&mut self, value: &'a Value, directions: Directions) {
        if let Some(schema) = value.get("schema") {
            self.schema(schema, directions);
        }
        for media in members(value, "content") {
            if let Some(schema) = media.get("schema") {
                self.schema(schema, directions);
            }
        }
        for header in members(value, "headers") {
            self.holder(header, directions);
        }
    }

    fn schema(&mut self, schema: &'a Value, directions: Directions) {
        let directions = directions.inside(schema);
        if directions.none() {
            return;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if let Some(name) = schema_name(reference) {
                let entry = self.uses.entry(name.to_owned()).or_default();
                entry.operations.insert(self.operation.to_owned());
                entry.directions.request |= directions.request;
                entry.directions.response |= directions.response;
            }
            if self
                .seen
                .insert((reference, directions.request, directions.response))
                && let Some(target) = resolve(self.document, reference)
            {
                self.schema(target, directions);
            }
        }
        for key in ["items", "additionalProperties", "not"] {
            if let Some(part) = schema.get(key) {
                self.schema(part, directions);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.schema(part, directions);
            }
        }
        for member in members(schema, "properties") {
            self.schema(member, directions);
        }
    }
}

fn members<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(_, member)| member)
}
