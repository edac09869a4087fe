use std::fmt;

/// An error in a document, with its location.
///
/// Displayed as `openapi.yaml:123: /components/schemas/Gateway: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The file or address of the document.
    pub file: String,
    /// The line, counted from one, if known.
    pub line: Option<usize>,
    /// JSON pointer of the invalid value; empty for the full document.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.pointer.is_empty() {
            write!(f, ": {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for SpecError {}
