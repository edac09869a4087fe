//! The members of manifests, as the JSON Schema describes them that is generated from the spec.

use std::collections::HashMap;
use std::sync::LazyLock;

use coreweave_inference::raw::MANIFEST_SCHEMA;
use serde_json::{Map, Value};

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The name in JSON.
    pub name: String,
    /// What it is, in sentences.
    pub description: String,
    /// The type of the value.
    pub shape: Shape,
    /// Whether a create request needs it, where the object around it is given.
    pub required: bool,
    /// Whether it is set at creation and no update can change it.
    pub immutable: bool,
    /// What the service takes an absent member for, if that is known.
    pub default: Option<Value>,
}

/// The type of a member's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A string.
    Text,
    /// An enum, by name or number. These names are known; the service may know more.
    Enum(Vec<String>),
    /// An integer, and the least and the greatest one.
    Number(u64, u64),
    /// A boolean.
    Flag,
    /// A list of such values.
    List(Box<Shape>),
    /// An object with any keys and string values.
    Map,
    /// An object with these members.
    Object(Vec<Member>),
}

impl Shape {
    /// What a value of this type is called in an error message.
    pub fn noun(&self) -> &'static str {
        match self {
            Shape::Text => "a string",
            Shape::Enum(_) => "the name of an enum value",
            Shape::Number(..) => "an integer",
            Shape::Flag => "true or false",
            Shape::List(_) => "a list",
            Shape::Map | Shape::Object(_) => "an object",
        }
    }

    fn of(schema: &Value) -> Self {
        if let Some(choice) = schema.get("anyOf").and_then(Value::as_array) {
            let values = choice.iter().find_map(|schema| schema["enum"].as_array());
            return Shape::Enum(values.into_iter().flatten().filter_map(text).collect());
        }
        // With `null` among the types, the other comes first.
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.first().and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("boolean") => Shape::Flag,
            Some("integer") => {
                let limit = |name: &str| schema[name].as_u64();
                Shape::Number(
                    limit("minimum").unwrap_or(0),
                    limit("maximum").unwrap_or(u64::MAX),
                )
            }
            Some("array") => Shape::List(Box::new(Shape::of(&schema["items"]))),
            Some("object") if schema.get("additionalProperties").is_some() => Shape::Map,
            Some("object") => Shape::Object(members_of(schema)),
            _ => Shape::Text,
        }
    }
}

static KINDS: LazyLock<HashMap<String, Vec<Member>>> = LazyLock::new(|| {
    // A test proves that it is valid.
    let schema: Value = serde_json::from_str(MANIFEST_SCHEMA).unwrap_or_default();
    let kinds = schema["$defs"].as_object().into_iter().flatten();
    kinds
        .map(|(name, kind)| (name.clone(), members_of(kind)))
        .collect()
});

/// Returns the members of the request that creates a resource of a kind, such as `Gateway` or `HotLoad`.
pub fn members(kind: &str) -> &'static [Member] {
    KINDS.get(kind).map_or(&[], Vec::as_slice)
}

fn members_of(schema: &Value) -> Vec<Member> {
    let members = schema["properties"].as_object().into_iter().flatten();
    members
        .filter(|(name, _)| *name != "kind")
        .map(|(name, schema)| Member {
            name: name.clone(),
            description: text(&schema["description"]).unwrap_or_default(),
            shape: Shape::of(schema),
            required: schema["x-required"] == true,
            immutable: schema["x-immutable"] == true,
            default: schema.get("default").cloned(),
        })
        .collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Finds the type of the member at a path such as `runtime.version`; `None` for an unknown one.
///
/// Below a [`Shape::Map`] every key is known.
pub fn find<'a>(members: &'a [Member], path: &str) -> Option<&'a Shape> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let shape = &members.iter().find(|member| member.name == name)?.shape;
    match (shape, rest) {
        (shape, None) => Some(shape),
        (Shape::Object(members), Some(rest)) => find(members, rest),
        (Shape::Map, Some(_)) => Some(&Shape::Text),
        _ => None,
    }
}

/// Returns the path of the outermost member around a path, or at it, that no update can change.
pub fn immutable<'a>(members: &[Member], path: &'a str) -> Option<&'a str> {
    let ends = path.match_indices('.').map(|(end, _)| end);
    let mut members = Some(members);
    for end in ends.chain([path.len()]) {
        let outer = path.get(..end)?;
        let name = outer.rsplit('.').next()?;
        let member = members?.iter().find(|member| member.name == name)?;
        if member.immutable {
            return Some(outer);
        }
        members = match &member.shape {
            Shape::Object(members) => Some(members),
            _ => None,
        };
    }
    None
}

/// Lists the paths of all members, `runtime` as well as `runtime.version`.
pub fn paths(members: &[Member]) -> Vec<String> {
    let mut paths = Vec::new();
    for member in members {
        paths.push(member.name.clone());
        if let Shape::Object(members) = &member.shape {
            paths.extend(
                self::paths(members)
                    .into_iter()
                    .map(|path| format!("{}.{path}", member.name)),
            );
        }
    }
    paths
}

/// Lists the paths of the members that a create request needs and `body` lacks.
pub fn missing(members: &[Member], body: &Map<String, Value>) -> Vec<String> {
    let mut paths = Vec::new();
    for member in members {
        match (&member.shape, body.get(&member.name)) {
            (_, None | Some(Value::Null)) if member.required => paths.push(member.name.clone()),
            (Shape::Object(members), Some(Value::Object(body))) => {
                let inner = missing(members, body).into_iter();
                paths.extend(inner.map(|path| format!("{}.{path}", member.name)));
            }
            _ => {}
        }
    }
    paths
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
