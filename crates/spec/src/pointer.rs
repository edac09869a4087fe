use std::fmt;

/// A JSON pointer that grows and shrinks while a document is walked.
///
/// ```
/// use coreweave_inference_spec::Pointer;
///
/// let get = Pointer::root().child("paths").child("/gateways").child("get");
/// assert_eq!(get.as_str(), "/paths/~1gateways/get");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the document itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Wraps a pointer that is already written as text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the pointer to a member or an item of what this one points at.
    #[must_use]
    pub fn child(&self, token: impl fmt::Display) -> Self {
        let mut child = self.clone();
        child.enter(&token.to_string());
        child
    }

    /// Goes to a member or an item, and returns what [`leave`](Self::leave) takes to come back.
    pub(crate) fn enter(&mut self, token: &str) -> usize {
        let end = self.0.len();
        self.0.push('/');
        if token.contains(['~', '/']) {
            self.0
                .push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.0.push_str(token);
        }
        end
    }

    /// Returns to where [`enter`](Self::enter) was called.
    pub(crate) fn leave(&mut self, end: usize) {
        self.0.truncate(end);
    }

    /// Returns the pointer's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Pointer> for String {
    fn from(pointer: Pointer) -> Self {
        pointer.0
    }
}
