//! Reads and writes YAML, and JSON as a part of it.
//!
//! [`read`] gives every value with its line. It follows the core schema of YAML 1.2, and accepts what JSON can express:
//! aliases are replaced by what they refer to, `<<` is merged, keys that are not strings become their text, and keys that
//! are given twice are errors. [`write()`] writes text that readers of YAML 1.1 and of YAML 1.2 take for the same values.

mod input;
mod json;
mod node;
mod reader;
mod scalar;
mod writer;

pub use self::node::{Data, Node};
pub use self::reader::read;
pub use self::writer::{Layout, write};

pub(crate) use self::json::read as read_json;
