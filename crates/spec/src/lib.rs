//! Reads OpenAPI documents with line numbers, validates, canonicalizes and compares them, and checks HTTP traffic
//! against them.
//!
//! A [`Spec`] holds a valid document as JSON values. It knows the line of each value, so that errors can be reported as
//! `file:line: pointer: message`.

mod error;
mod json;
mod newer;
mod object_kind;
mod operation;
mod pointer;
mod structure;
mod validate;

pub mod canonical;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod diff;
pub mod yaml;

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use self::yaml::Node;

pub use self::error::SpecError;
pub use self::json::{Json, resolve};
pub use self::object_kind::{METHODS, ObjectKind};
pub use self::operation::{Key, Operation, Parameter, operations};
pub use self::pointer::Pointer;
pub use self::structure::structure;

/// A valid OpenAPI document.
///
/// ```
/// use coreweave_inference_spec::Spec;
///
/// let spec = Spec::parse("tiny.yaml", "\
/// openapi: 3.0.3
/// info:
///   title: Tiny
///   version: '1'
/// paths: {}
/// ")?;
/// assert_eq!(spec.value()["info"]["title"], "Tiny");
/// assert_eq!(spec.line("/info/title"), Some(3));
/// # Ok::<_, coreweave_inference_spec::SpecError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Spec {
    name: String,
    node: Node,
    value: OnceLock<Value>,
    /// The text and line that JSON is read again from when an error needs the lines.
    json: Option<(String, usize)>,
}

impl Spec {
    /// Parses and validates a document. Errors refer to it as `name`.
    ///
    /// A document of OpenAPI 3.1 or 3.2 is read as the document of 3.0 that says the same.
    ///
    /// # Errors
    /// Returns an error if the text is not YAML or JSON, not a valid OpenAPI document, or has something that OpenAPI 3.0 can't say.
    pub fn parse(name: &str, text: &str) -> Result<Self, SpecError> {
        Self::parse_at(name, text, 1)
    }

    /// Parses a document that begins at line `first_line` of the file `name`.
    ///
    /// # Errors
    /// As [`Spec::parse`].
    pub fn parse_at(name: &str, text: &str, first_line: usize) -> Result<Self, SpecError> {
        let (node, json) = match yaml::read_json(text) {
            Some(node) => (node, Some((text.to_owned(), first_line))),
            None => (read(name, text, first_line)?, None),
        };
        let mut spec = Self {
            name: name.to_owned(),
            node,
            value: OnceLock::new(),
            json,
        };
        newer::inline_path_items(&mut spec.node);
        newer::convert(&mut spec.node).map_err(|(at, message)| spec.error(at.as_str(), message))?;
        validate::check(&spec)?;
        Ok(spec)
    }

    /// Reads, parses and validates a file.
    ///
    /// # Errors
    /// Returns an error if the file can't be read, and as [`Spec::parse`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SpecError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| SpecError {
            file: name.clone(),
            line: None,
            pointer: String::new(),
            message: format!("can't read the file: {error}"),
        })?;
        Self::parse(&name, &text)
    }

    /// Returns the path or address that errors refer to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the document with the line of each value.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Converts into the document with the line of each value.
    #[must_use]
    pub fn into_node(self) -> Node {
        self.node
    }

    /// Returns the document as JSON.
    #[must_use]
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| self.node.value())
    }

    /// Converts into the document as JSON.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.node.value()
    }

    /// Returns the line of the value at a JSON pointer, or of its closest ancestor if there is no such value.
    #[must_use]
    pub fn line(&self, pointer: &str) -> Option<usize> {
        let Some((text, first_line)) = &self.json else {
            return Some(self.node.line_of(pointer));
        };
        let documents = yaml::read(&self.name, text, *first_line).ok()?;
        Some(documents.first()?.line_of(pointer))
    }

    /// Resolves a local reference such as `#/components/schemas/Gateway`.
    #[must_use]
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        resolve(self.value(), reference)
    }

    /// Creates an error about the value at `pointer`.
    #[must_use]
    pub fn error(&self, pointer: &str, message: impl Into<String>) -> SpecError {
        SpecError {
            file: self.name.clone(),
            line: self.line(pointer),
            pointer: pointer.to_owned(),
            message: message.into(),
        }
    }
}

/// Reads the only document of a text.
fn read(name: &str, text: &str, first_line: usize) -> Result<Node, SpecError> {
    let error = |line, message: &str| SpecError {
        file: name.to_owned(),
        line: Some(line),
        pointer: String::new(),
        message: message.to_owned(),
    };
    let mut documents = yaml::read(name, text, first_line)?.into_iter();
    match (documents.next(), documents.next()) {
        (Some(document), None) => Ok(document),
        (None, _) => Err(error(first_line, "the document is empty")),
        (_, Some(second)) => Err(error(
            second.line,
            "a second document begins here, where one is expected",
        )),
    }
}
