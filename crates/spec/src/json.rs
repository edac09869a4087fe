use serde_json::Value;

use crate::yaml::Node;

/// A JSON value: what [`Value`] and [`Node`] have in common.
pub trait Json: Sized {
    /// Returns the member `key` of an object.
    fn get(&self, key: &str) -> Option<&Self>;

    /// Returns the text of a string.
    fn as_str(&self) -> Option<&str>;

    /// Returns the items; none if this is no list.
    fn items(&self) -> &[Self];

    /// Returns the members; none if this is no object.
    fn members(&self) -> impl Iterator<Item = (&str, &Self)>;

    /// Returns the value at a JSON pointer.
    fn pointer(&self, pointer: &str) -> Option<&Self>;
}

impl Json for Value {
    fn get(&self, key: &str) -> Option<&Self> {
        self.get(key)
    }

    fn as_str(&self) -> Option<&str> {
        self.as_str()
    }

    fn items(&self) -> &[Self] {
        self.as_array().map_or(&[], Vec::as_slice)
    }

    fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = self.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), value))
    }

    fn pointer(&self, pointer: &str) -> Option<&Self> {
        self.pointer(pointer)
    }
}

impl Json for Node {
    fn get(&self, key: &str) -> Option<&Self> {
        self.get(key)
    }

    fn as_str(&self) -> Option<&str> {
        self.as_str()
    }

    fn items(&self) -> &[Self] {
        self.items()
    }

    fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = self.members().iter();
        members.map(|(key, node)| (key.as_str(), node))
    }

    fn pointer(&self, pointer: &str) -> Option<&Self> {
        self.pointer(pointer)
    }
}

/// Resolves a local reference such as `#/components/schemas/Gateway` in `document`.
#[must_use]
pub fn resolve<'v, V: Json>(document: &'v V, reference: &str) -> Option<&'v V> {
    document.pointer(reference.strip_prefix('#')?)
}

/// Follows a chain of references to its end. A chain without an end, which is no valid document, is followed a while.
pub(crate) fn follow<'v, V: Json>(document: &'v V, value: &'v V) -> &'v V {
    let target = |value: &'v V| {
        let reference = value.get("$ref").and_then(V::as_str);
        reference.and_then(|reference| resolve(document, reference))
    };
    let chain = std::iter::successors(Some(value), |value| target(value));
    chain.take(100).last().unwrap_or(value)
}
