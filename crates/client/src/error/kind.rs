//! Which layer failed.

use std::fmt;

/// Which layer a call failed in.
///
/// What the API itself answered is told apart by [`Error::code`](crate::Error::code) and the predicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server, or a proxy before it, answered with an error status.
    Api,
    /// No whole answer came: the connection was refused, reset or cut.
    Transport,
    /// No whole answer came in the time allowed.
    Timeout,
    /// An answer with a status of success came, but it isn't what the API promises.
    Decode,
    /// The reply is larger than the client's limit.
    BodyTooLarge,
    /// The reply points elsewhere. Redirects are never followed, as they could carry the token away.
    Redirect,
    /// The answer lacks the resource it is about.
    MissingResource,
    /// The request was refused before anything was sent; see
    /// [`Error::field_violations`](crate::Error::field_violations).
    Invalid,
    /// The client's configuration is unusable.
    Config,
    /// The token provider gave no token.
    Token,
    /// The resource that was waited for ended in a state from which it won't recover.
    WaitFailed,
    /// The resource that was waited for didn't get there in time.
    WaitTimeout,
    /// A listing gave out the same page token twice and would never end.
    RepeatedPageToken,
}

impl ErrorKind {
    /// The kind as one lower-case word, as `tracing` spans carry it in `error.type`.
    ///
    /// ```
    /// use coreweave_inference::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::WaitTimeout.as_str(), "wait_timeout");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Decode => "decode",
            Self::BodyTooLarge => "body_too_large",
            Self::Redirect => "redirect",
            Self::MissingResource => "missing_resource",
            Self::Invalid => "invalid",
            Self::Config => "config",
            Self::Token => "token",
            Self::WaitFailed => "wait_failed",
            Self::WaitTimeout => "wait_timeout",
            Self::RepeatedPageToken => "repeated_page_token",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
