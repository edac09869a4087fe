use std::fmt;

/// The layer that failed.
///
/// Errors of the API itself are told apart by [`Error::code`](crate::Error::code) and the predicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server, or a proxy in front of it, responded with an error status.
    Api,
    /// No connection could be established, so nothing was sent.
    Connect,
    /// The connection failed before the complete response was received.
    Transport,
    /// No complete response was received in time.
    Timeout,
    /// The response has a success status, but is not what the API describes.
    Decode,
    /// The response can be decoded, but breaks a rule of the API: it lacks the resource that it is about, or its page token
    /// repeats an earlier one.
    Protocol,
    /// The response body is larger than the client's limit.
    BodyTooLarge,
    /// The response is a redirect. Redirects are never followed, as they could send credentials elsewhere.
    Redirect,
    /// The request was refused before sending; see [`Error::field_violations`](crate::Error::field_violations).
    Invalid,
    /// The client's configuration is unusable.
    Config,
    /// The token provider failed.
    Token,
    /// A wait ended because it can no longer succeed.
    WaitFailed,
    /// A wait timed out.
    WaitTimeout,
}

impl ErrorKind {
    /// Returns the kind in snake case, as `tracing` spans carry it in `error.type`.
    ///
    /// ```
    /// use coreweave_inference_api::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::WaitTimeout.as_str(), "wait_timeout");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Connect => "connect",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Decode => "decode",
            Self::Protocol => "protocol",
            Self::BodyTooLarge => "body_too_large",
            Self::Redirect => "redirect",
            Self::Invalid => "invalid",
            Self::Config => "config",
            Self::Token => "token",
            Self::WaitFailed => "wait_failed",
            Self::WaitTimeout => "wait_timeout",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
