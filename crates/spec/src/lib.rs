//! Reads OpenAPI 3.0 documents with line numbers, validates, canonicalizes and compares them, and checks HTTP traffic
//! against them.
//!
//! A [`Spec`] holds a valid document as JSON values. It knows the line of each value, so that errors can be reported as
//! `file:line: pointer: message`.

mod error;
mod kind;
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

pub use self::error::SpecError;
pub use self::kind::{Kind, METHODS};
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
    value: Value,
    text: String,
    first_line: usize,
    /// The values with their lines, which are read again when an error needs them.
    node: OnceLock<Option<yaml::Node>>,
}

impl Spec {
    /// Parses and validates a document. Errors refer to it as `name`.
    ///
    /// # Errors
    /// If the text is not YAML or JSON, or not a valid OpenAPI 3.0 document.
    pub fn parse(name: &str, text: &str) -> Result<Self, SpecError> {
        Self::parse_at(name, text, 1)
    }

    /// Parses a document that begins at line `first_line` of the file `name`.
    ///
    /// # Errors
    /// As [`Spec::parse`].
    pub fn parse_at(name: &str, text: &str, first_line: usize) -> Result<Self, SpecError> {
        let spec = Self {
            name: name.to_owned(),
            value: read(name, text, first_line)?,
            text: text.to_owned(),
            first_line,
            node: OnceLock::new(),
        };
        validate::check(&spec)?;
        Ok(spec)
    }

    /// Reads, parses and validates a file.
    ///
    /// # Errors
    /// If the file can't be read, and as [`Spec::parse`].
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

    /// The path or address that errors refer to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The document as JSON.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Converts into the document as JSON.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The line of the value at a JSON pointer, or of its closest ancestor if there is no such value.
    #[must_use]
    pub fn line(&self, pointer: &str) -> Option<usize> {
        let node = self.node.get_or_init(|| {
            let documents = yaml::read(&self.name, &self.text, self.first_line).ok()?;
            documents.into_iter().next()
        });
        node.as_ref().map(|node| node.line_of(pointer))
    }

    /// Resolves a local reference such as `#/components/schemas/Gateway`.
    #[must_use]
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        resolve(&self.value, reference)
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
fn read(name: &str, text: &str, first_line: usize) -> Result<Value, SpecError> {
    let error = |line, message: &str| SpecError {
        file: name.to_owned(),
        line: Some(line),
        pointer: String::new(),
        message: message.to_owned(),
    };
    match yaml::read(name, text, first_line)?.as_slice() {
        [document] => Ok(document.value()),
        [] => Err(error(first_line, "the document is empty")),
        [_, second, ..] => Err(error(
            second.line,
            "a second document begins here, where one is expected",
        )),
    }
}

/// Resolves a local reference such as `#/components/schemas/Gateway` in `document`.
#[must_use]
pub fn resolve<'v>(document: &'v Value, reference: &str) -> Option<&'v Value> {
    document.pointer(reference.strip_prefix('#')?)
}
