//! Which schemas an operation sends and receives.

use std::collections::{BTreeMap, BTreeSet};

use crate::resolve;
use serde_json::Value;

use crate::operation::Operation;

/// The ways in which a value crosses the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Directions {
    /// A program sends it.
    pub(super) request: bool,
    /// A program receives it.
    pub(super) reply: bool,
}

impl Directions {
    pub(super) const REQUEST: Self = Self {
        request: true,
        reply: false,
    };
    pub(super) const REPLY: Self = Self {
        request: false,
        reply: true,
    };

    /// What remains of the directions inside a member: one that is read-only isn't sent, one that
    /// is write-only isn't received.
    pub(super) fn inside(self, member: &Value) -> Self {
        Self {
            request: self.request && !flag(member, "readOnly"),
            reply: self.reply && !flag(member, "writeOnly"),
        }
    }

    pub(super) fn none(self) -> bool {
        !self.request && !self.reply
    }
}

/// Whether a schema says `true` to a keyword that is `false` when it's left out.
pub(super) fn flag(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// How a named schema is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    pub(super) operations: BTreeSet<String>,
    pub(super) directions: Directions,
}

/// How every named schema is used, by name; those that no operation reaches are absent.
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
            walk.holder(response, Directions::REPLY);
        }
    }
}

/// The name of the schema that a reference points at.
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
                entry.directions.reply |= directions.reply;
            }
            if self
                .seen
                .insert((reference, directions.request, directions.reply))
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
