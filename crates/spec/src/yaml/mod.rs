//! Reads and writes YAML, and JSON as a part of it.
//!
//! [`read`] gives every value with its line. It follows the core schema of YAML 1.2, and accepts what JSON can express:
//! aliases are replaced by what they refer to, `<<` is merged, keys that are not strings become their text, and keys that
//! are given twice are errors. [`write`] writes text that readers of YAML 1.1 and of YAML 1.2 take for the same values.

mod input;
mod reader;
mod scalar;
mod writer;

use serde_json::Value;

pub use self::reader::read;
pub use self::writer::{Layout, write};

/// A value with the line that it begins on. The line of a member is that of its key.
///
/// ```
/// use coreweave_inference_spec::yaml;
///
/// let documents = yaml::read("chat.yaml", "name: chat\nzones:\n  - US-EAST-04A\n", 1)?;
/// let zones = documents[0].get("zones").unwrap();
/// assert_eq!((zones.line, zones.value()), (2, serde_json::json!(["US-EAST-04A"])));
/// # Ok::<_, coreweave_inference_spec::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The line, counted from one.
    pub line: usize,
    /// The value.
    pub data: Data,
}

/// The value of a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Null, a boolean, a number or a string.
    Scalar(Value),
    /// The items of a list.
    List(Vec<Node>),
    /// The members of an object, in the order of the text.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Returns the member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Data::Object(members) = &self.data else {
            return None;
        };
        let member = members.iter().find(|(name, _)| name == key);
        member.map(|(_, node)| node)
    }

    /// Returns the value as JSON.
    #[must_use]
    pub fn value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items) => items.iter().map(Self::value).collect(),
            Data::Object(members) => {
                let members = members.iter();
                Value::Object(
                    members
                        .map(|(key, node)| (key.clone(), node.value()))
                        .collect(),
                )
            }
        }
    }

    /// Returns the line of the value at a JSON pointer, or of its closest ancestor if there is no such value.
    #[must_use]
    pub fn line_of(&self, pointer: &str) -> usize {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let child = match &node.data {
                Data::List(items) => token.parse().ok().and_then(|index: usize| items.get(index)),
                _ => node.get(&token),
            };
            match child {
                Some(child) => node = child,
                None => break,
            }
        }
        node.line
    }
}
