//! What manifests may hold, as the JSON Schema describes it that is generated from the spec.
//!
//! ```
//! use coreweave_inference_apply::schema::{self, Shape};
//!
//! let weight = schema::of_kind("Deployment").at("traffic.weight").unwrap();
//! assert_eq!(weight.shape(), Shape::Number);
//! assert!(!weight.is_required());
//! ```

use std::sync::LazyLock;

use coreweave_inference::raw::MANIFEST_SCHEMA;
use serde_json::{Map, Value};

// A test proves that it is valid.
static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(MANIFEST_SCHEMA).unwrap_or_default());

/// Returns the JSON Schema of all kinds.
pub fn json() -> &'static Value {
    &SCHEMA
}

/// Returns the request that creates a resource of a kind, such as `Gateway` or `HotLoad`.
pub fn of_kind(kind: &str) -> Member {
    let kinds = SCHEMA.get("$defs");
    let kind = kinds.and_then(|kinds| kinds.get(kind));
    Member {
        schema: kind.unwrap_or(&Value::Null),
    }
}

/// A member of a request, or all of them.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    schema: &'static Value,
}

/// The type of a member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// An enum, by name or number.
    Enum,
    /// An integer.
    Number,
    /// A boolean.
    Flag,
    /// A list.
    List,
    /// An object with any keys and string values.
    Map,
    /// An object with certain members.
    Object,
}

impl Shape {
    /// Returns what a value of this type is called in an error message.
    pub fn noun(self) -> &'static str {
        match self {
            Shape::Text => "a string",
            Shape::Enum => "the name of an enum value",
            Shape::Number => "an integer",
            Shape::Flag => "true or false",
            Shape::List => "a list",
            Shape::Map | Shape::Object => "an object",
        }
    }
}

impl Member {
    /// Returns the JSON Schema of the member.
    pub fn json(self) -> &'static Value {
        self.schema
    }

    /// Returns the members of an object, `kind` included.
    pub fn members(self) -> impl Iterator<Item = (&'static str, Member)> {
        let members = self.schema.get("properties").and_then(Value::as_object);
        members
            .into_iter()
            .flat_map(Map::iter)
            .map(|(name, schema)| (name.as_str(), Member { schema }))
    }

    /// Returns the member at a path such as `runtime.version`. Below a map, every key is a member.
    pub fn at(self, path: &str) -> Option<Member> {
        if let Some(schema) = self.schema.get("additionalProperties") {
            return Some(Member { schema });
        }
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let (_, member) = self.members().find(|(known, _)| *known == name)?;
        rest.map_or(Some(member), |rest| member.at(rest))
    }

    /// Returns the items of a list.
    pub fn items(self) -> Option<Member> {
        let schema = self.schema.get("items")?;
        Some(Member { schema })
    }

    /// Returns what it is, in sentences.
    pub fn description(self) -> &'static str {
        let description = self.schema.get("description").and_then(Value::as_str);
        description.unwrap_or_default()
    }

    /// Returns whether a create request needs it, where the object around it is given.
    pub fn is_required(self) -> bool {
        self.schema.get("x-required") == Some(&Value::Bool(true))
    }

    /// Returns whether it is set at creation and no update can change it.
    pub fn is_immutable(self) -> bool {
        self.schema.get("x-immutable") == Some(&Value::Bool(true))
    }

    /// Returns whether `null` is a value, and clears the member.
    pub fn is_nullable(self) -> bool {
        self.types().any(|name| name == "null")
    }

    /// Returns the value that counts where none is given, if that is known.
    pub fn default(self) -> Option<&'static Value> {
        self.schema.get("default")
    }

    /// Returns the known names of an enum. The service may know more.
    pub fn names(self) -> Vec<&'static str> {
        let mut alternatives = self.alternatives();
        let names = alternatives.find_map(|alternative| alternative.get("enum")?.as_array());
        let names = names.into_iter().flatten();
        names.filter_map(Value::as_str).collect()
    }

    /// Returns the least and the greatest number, as far as they are known.
    pub fn range(self) -> (Option<u64>, Option<u64>) {
        let limit = |name| self.schema.get(name).and_then(Value::as_u64);
        (limit("minimum"), limit("maximum"))
    }

    /// Returns the type.
    pub fn shape(self) -> Shape {
        if !self.names().is_empty() {
            return Shape::Enum;
        }
        match self.types().next() {
            Some("array") => Shape::List,
            Some("boolean") => Shape::Flag,
            Some("integer") => Shape::Number,
            Some("object") if self.schema.get("additionalProperties").is_some() => Shape::Map,
            Some("object") => Shape::Object,
            _ => Shape::Text,
        }
    }

    /// Returns the path of the outermost member around a path, or at it, that no update can change.
    pub fn immutable(self, path: &str) -> Option<&str> {
        let ends = path.match_indices('.').map(|(end, _)| end);
        let mut outer = ends.chain([path.len()]).filter_map(|end| path.get(..end));
        outer.find(|outer| self.at(outer).is_some_and(Member::is_immutable))
    }

    /// Returns the paths of all members, `runtime` as well as `runtime.version`.
    pub fn paths(self) -> Vec<String> {
        let mut paths = Vec::new();
        for (name, member) in self.members().filter(|(name, _)| *name != "kind") {
            paths.push(name.to_owned());
            let inner = member.paths().into_iter();
            paths.extend(inner.map(|path| format!("{name}.{path}")));
        }
        paths
    }

    /// Returns the paths of the members that a create request needs and `body` lacks.
    pub fn missing(self, body: &Map<String, Value>) -> Vec<String> {
        let mut paths = Vec::new();
        for (name, member) in self.members() {
            match body.get(name) {
                None | Some(Value::Null) if member.is_required() => paths.push(name.to_owned()),
                Some(Value::Object(body)) => {
                    let inner = member.missing(body).into_iter();
                    paths.extend(inner.map(|path| format!("{name}.{path}")));
                }
                _ => {}
            }
        }
        paths
    }

    fn alternatives(self) -> impl Iterator<Item = &'static Value> {
        let alternatives = self.schema.get("anyOf").and_then(Value::as_array);
        alternatives.into_iter().flatten()
    }

    fn types(self) -> impl Iterator<Item = &'static str> {
        let schemas = std::iter::once(self.schema).chain(self.alternatives());
        let types = schemas.filter_map(|schema| schema.get("type"));
        let types = types.flat_map(|types| match types {
            Value::Array(types) => types.as_slice(),
            name => std::slice::from_ref(name),
        });
        types.filter_map(Value::as_str)
    }
}

/// Finds the candidate that is most similar to a misspelled name.
pub fn suggest<T: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = T>) -> Option<T> {
    let distance = |candidate: &str| {
        strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase())
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate.as_ref()), candidate))
        .filter(|(distance, _)| *distance <= (name.len() / 4).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
