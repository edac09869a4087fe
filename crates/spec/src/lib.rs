//! An OpenAPI 3.0 document: read with its line numbers, checked, and written in one canonical form.
//!
//! [`Spec`] is the document as plain JSON values beside a table of the line each value stands on, so
//! that whatever is later found wrong with it can be named as `file:line: pointer: message`.

mod error;
mod kind;
mod operation;
mod pointer;
mod reader;
mod scalar;
mod structure;
mod validate;

pub mod canonical;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod diff;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

pub use self::error::SpecError;
pub use self::kind::{Kind, METHODS};
pub use self::operation::{Key, Operation, Parameter, operations};
pub use self::pointer::Pointer;
pub use self::structure::structure;

/// An OpenAPI document that was read and found valid.
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
    lines: BTreeMap<String, usize>,
}

impl Spec {
    /// Reads and checks a document held in memory. `name` is what errors call it.
    ///
    /// # Errors
    /// When the text isn't YAML or JSON, or the document isn't a valid OpenAPI 3.0 one.
    pub fn parse(name: &str, text: &str) -> Result<Self, SpecError> {
        Self::parse_at(name, text, 1)
    }

    /// Like [`Spec::parse`], for a document that begins at line `first_line` of the file `name`.
    ///
    /// # Errors
    /// As [`Spec::parse`].
    pub fn parse_at(name: &str, text: &str, first_line: usize) -> Result<Self, SpecError> {
        let (value, lines) = reader::read(name, text, first_line)?;
        let spec = Self {
            name: name.to_owned(),
            value,
            lines,
        };
        validate::check(&spec)?;
        Ok(spec)
    }

    /// Reads and checks the document in the file at `path`.
    ///
    /// # Errors
    /// As [`Spec::parse`], and when the file can't be read.
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

    /// What errors call this document: a path or an address.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The document itself.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Gives the document away.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The line that the value at a JSON pointer stands on, or its closest ancestor's when the
    /// document has no such value.
    #[must_use]
    pub fn line(&self, pointer: &str) -> Option<usize> {
        reader::line_of(&self.lines, pointer)
    }

    /// What a local reference such as `#/components/schemas/Gateway` points at.
    #[must_use]
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        resolve(&self.value, reference)
    }

    /// An error about the value at `pointer`, with this document's name and the line filled in.
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

/// What a local reference such as `#/components/schemas/Gateway` points at in `document`.
#[must_use]
pub fn resolve<'v>(document: &'v Value, reference: &str) -> Option<&'v Value> {
    document.pointer(reference.strip_prefix('#')?)
}
