/// Why a call failed, where the code of the response covers several causes.
///
/// Whoever makes the call names the reason, because only it knows what the call was for: a gateway that can't be deleted
/// yet, a name that is taken. [`Error::reason`](crate::Error::reason) returns it.
///
/// ```
/// use coreweave_inference_api::error::{Error, ErrorKind, Reason};
///
/// const IN_USE: Reason = Reason::new("IN_USE", "delete what uses it first");
///
/// let error = Error::new(ErrorKind::Api, "still used").with_reason(IN_USE);
/// assert!(error.is(IN_USE));
/// assert_eq!(error.to_string(), "still used; delete what uses it first");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    name: &'static str,
    advice: &'static str,
}

impl Reason {
    /// Creates a reason of a name in upper snake case and what to do about it, which ends the message of the error. Empty
    /// advice adds nothing.
    #[must_use]
    pub const fn new(name: &'static str, advice: &'static str) -> Self {
        Self { name, advice }
    }

    /// Returns the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        self.advice
    }
}
