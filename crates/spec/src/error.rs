use std::fmt;

/// What is wrong with a document, and where.
///
/// Displayed as `openapi.yaml:123: /components/schemas/Gateway: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The file or address of the document.
    pub file: String,
    /// The line, counted from one, where one is known.
    pub line: Option<usize>,
    /// JSON pointer of the value that is wrong; empty for the document as a whole.
    pub pointer: String,
    /// What is wrong with it.
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
