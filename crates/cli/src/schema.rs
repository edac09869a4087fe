//! What a manifest may hold, as the JSON Schema that is generated from the spec says.

use coreweave_inference::raw::MANIFEST_SCHEMA;
use coreweave_inference_apply::schema::suggest;
use serde_json::{Map, Value};

use crate::failure::{Exit, Failure};
use crate::kind::Kind;

/// The largest number that a member without limits of its own takes.
const LARGEST: u64 = u32::MAX as u64;

/// A member of a manifest, or all of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    pub(crate) schema: &'a Value,
}

/// The schema of all kinds.
pub(crate) fn schema() -> Value {
    // It is checked where it is generated.
    serde_json::from_str(MANIFEST_SCHEMA).unwrap_or_default()
}

/// The part of the schema that is about a kind.
pub(crate) fn of_kind(schema: &Value, kind: Kind) -> Member<'_> {
    let definition = schema
        .get("$defs")
        .and_then(|kinds| kinds.get(kind.schema_name()));
    Member {
        schema: definition.unwrap_or(&Value::Null),
    }
}

impl<'a> Member<'a> {
    /// The member at a path such as `runtime.version`. Below a map, every key is a member.
    pub(crate) fn at(self, path: &str) -> Result<Self, Failure> {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        if let Some(schema) = self.schema.get("additionalProperties") {
            return Ok(Member { schema });
        }
        let found = self.members().find(|(member, _)| *member == name);
        match (found, rest) {
            (Some((_, member)), None) => Ok(member),
            (Some((_, member)), Some(rest)) => member.at(rest),
            (None, _) => {
                let message = format!("there is no member `{name}`");
                let names: Vec<_> = self.members().map(|(name, _)| name).collect();
                Err(Failure::new(
                    Exit::NotFound,
                    match suggest(name, &names) {
                        Some(name) => format!("{message}; did you mean `{name}`?"),
                        None if names.is_empty() => format!("{message}; there are none"),
                        None => format!("{message}, only {}", names.join(", ")),
                    },
                ))
            }
        }
    }

    /// The members of an object.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, Member<'a>)> {
        let members = self.schema.get("properties").and_then(Value::as_object);
        members
            .into_iter()
            .flat_map(Map::iter)
            .map(|(name, schema)| (name.as_str(), Member { schema }))
    }

    pub(crate) fn description(self) -> &'a str {
        let description = self.schema.get("description").and_then(Value::as_str);
        description.unwrap_or_default()
    }

    pub(crate) fn is_required(self) -> bool {
        self.schema.get("x-required") == Some(&Value::Bool(true))
    }

    pub(crate) fn is_immutable(self) -> bool {
        self.schema.get("x-immutable") == Some(&Value::Bool(true))
    }

    pub(crate) fn is_object(self) -> bool {
        self.schema.get("properties").is_some()
    }

    /// Whether `null` is a value, and clears the member.
    pub(crate) fn is_nullable(self) -> bool {
        self.types().contains(&"null")
    }

    /// The known names of an enum.
    pub(crate) fn names(self) -> Vec<&'a str> {
        let names = self
            .alternatives()
            .find_map(|alternative| alternative.get("enum")?.as_array());
        names
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The type in words.
    pub(crate) fn type_name(self) -> String {
        let items = |member: &str| {
            let schema = self.schema.get(member)?;
            Some(Member { schema }.type_name())
        };
        if !self.names().is_empty() {
            return "enum".to_owned();
        }
        if self.schema.get("const").is_some() {
            return "string".to_owned();
        }
        match self.types().first() {
            Some(&"array") => format!("list of {}s", items("items").unwrap_or_default()),
            Some(&"object") => match items("additionalProperties") {
                Some(value) => format!("map of {value}s"),
                None => "object".to_owned(),
            },
            Some(name) => (*name).to_owned(),
            None => "any".to_owned(),
        }
    }

    /// What values are accepted beyond the type.
    pub(crate) fn limits(self) -> Vec<String> {
        let number = |name: &str| self.schema.get(name).and_then(Value::as_u64);
        let mut limits = Vec::new();
        if let Some(only) = self.schema.get("const").and_then(Value::as_str) {
            limits.push(only.to_owned());
        }
        let names = self.names();
        if !names.is_empty() {
            limits.push(names.join(", "));
        }
        if let Some(items) = self.schema.get("items") {
            limits.extend(Member { schema: items }.limits());
        }
        let from = number("minimum").filter(|minimum| *minimum > 0);
        let to = number("maximum").filter(|maximum| *maximum < LARGEST);
        match (from, to) {
            (Some(from), Some(to)) => limits.push(format!("from {from} to {to}")),
            (Some(from), None) => limits.push(format!("at least {from}")),
            (None, Some(to)) => limits.push(format!("at most {to}")),
            (None, None) => {}
        }
        if let Some(longest) = number("maxLength") {
            limits.push(format!("at most {longest} characters"));
        }
        if let Some(most) = number("maxItems") {
            limits.push(format!("at most {most} items"));
        }
        if let Some(pattern) = self.schema.get("pattern").and_then(Value::as_str) {
            limits.push(format!("matches {pattern}"));
        }
        limits
    }

    /// The value that counts where none is given.
    pub(crate) fn default(self) -> Option<&'a Value> {
        self.schema.get("default")
    }

    fn alternatives(self) -> impl Iterator<Item = &'a Value> {
        let alternatives = self.schema.get("anyOf").and_then(Value::as_array);
        alternatives.into_iter().flatten()
    }

    fn types(self) -> Vec<&'a str> {
        let schemas = std::iter::once(self.schema).chain(self.alternatives());
        let types = schemas.filter_map(|schema| schema.get("type"));
        types
            .flat_map(|types| match types {
                Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
                types => types.as_str().into_iter().collect::<Vec<_>>(),
            })
            .collect()
    }
}
