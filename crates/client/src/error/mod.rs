//! The one error type of this crate.

mod code;
mod construct;
mod detail;
mod display;
mod kind;
mod protobuf;
mod reply;
pub(crate) mod request_id;
mod retry_after;
mod scrub;

use std::any::Any;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;

pub use code::Code;
pub(crate) use construct::{Delivery, LastSeen};
pub use detail::{
    BadRequest, DebugInfo, Detail, ErrorInfo, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo,
    ResourceInfo, RetryInfo,
};
pub use kind::ErrorKind;
pub(crate) use reply::Reply;
pub(crate) use scrub::Scrub;

use crate::raw::types::Condition;

/// Everything known about a call that failed.
///
/// `Display` is one line that says what was being done, what went wrong and what to do next. To branch, use the
/// predicates; to look closer, the accessors. No secret is in any of it.
///
/// ```no_run
/// # async fn f(call: impl Future<Output = Result<(), coreweave_inference::Error>>) {
/// match call.await {
///     Err(e) if e.is_not_found() => println!("gone already"),
///     Err(e) if e.is_transient() => println!("later, perhaps: {e}"),
///     Err(e) => eprintln!("{e} (request {})", e.request_id().unwrap_or("unknown")),
///     Ok(_) => {}
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    resource: Option<Box<str>>,
    status: Option<StatusCode>,
    code: Option<Code>,
    message: String,
    details: Vec<Detail>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    delivery: Delivery,
    body: Bytes,
    taken: Option<Taken>,
    last_seen: Option<LastSeen>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a create collided with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Taken {
    /// The id belongs to another resource.
    Id,
    /// Another resource has the name.
    Name,
}

impl Error {
    /// Which layer failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation, by the name of its method in [`Client::raw`](crate::Client::raw): `get_gateway`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The id of the resource that the operation was for.
    pub fn resource_id(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// The HTTP status, if an answer began to arrive.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The canonical code: the reply's, else the one that the HTTP status stands for.
    pub fn code(&self) -> Option<Code> {
        self.0.code
    }

    /// What went wrong, in the server's words where it gave any.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The structured details that came with the error.
    pub fn details(&self) -> &[Detail] {
        &self.0.details
    }

    /// The fields of the request that were refused, by the server or before sending.
    pub fn field_violations(&self) -> impl Iterator<Item = &FieldViolation> {
        self.0.details.iter().flat_map(|detail| match detail {
            Detail::BadRequest(bad) => bad.field_violations.as_slice(),
            _ => &[],
        })
    }

    /// The id by which the server's operators can find the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asked to wait before trying again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent, or tried to be.
    pub fn attempts(&self) -> u32 {
        self.0.delivery.attempts
    }

    /// How long the call took in all.
    pub fn elapsed(&self) -> Duration {
        self.0.delivery.elapsed
    }

    /// Whether the answer to some attempt was lost, so that the server may have acted although the call failed.
    ///
    /// A delete that is answered NOT_FOUND with this set was most likely done by an earlier attempt.
    pub fn answer_lost(&self) -> bool {
        self.0.delivery.answer_lost
    }

    /// The body of the reply as it came, as far as it came. Unlike everything else here it isn't redacted.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// For a create that was answered ALREADY_EXISTS: what is taken, where that could be found out.
    pub fn taken(&self) -> Option<Taken> {
        self.0.taken
    }

    /// For a wait: the status last seen, `STATUS_CREATING` say.
    pub fn last_status(&self) -> Option<&str> {
        self.0.last_seen.as_ref().map(|seen| seen.status.as_str())
    }

    /// For a wait: the conditions last seen, which explain the status.
    pub fn conditions(&self) -> &[Condition] {
        self.0
            .last_seen
            .as_ref()
            .map_or(&[], |seen| seen.conditions.as_slice())
    }

    /// For a wait: the resource as last seen, when `T` is its type.
    pub fn last_seen<T: Any>(&self) -> Option<&T> {
        self.0.last_seen.as_ref()?.resource.downcast_ref()
    }

    /// There is no such resource in the token's organization.
    pub fn is_not_found(&self) -> bool {
        self.has(Code::NotFound)
    }

    /// The id or the name is taken; see [`taken`](Self::taken).
    pub fn is_already_exists(&self) -> bool {
        self.has(Code::AlreadyExists)
    }

    /// The system isn't in the state that the operation needs: a gateway still has deployments, say.
    pub fn is_failed_precondition(&self) -> bool {
        self.has(Code::FailedPrecondition)
    }

    /// A gateway can't be deleted because deployments, perhaps some being deleted, still use it.
    pub fn is_gateway_in_use(&self) -> bool {
        self.is_failed_precondition() && self.0.operation == Some("delete_gateway")
    }

    /// Another hot-load of the deployment is running, which blocks new ones and updates of the deployment.
    pub fn is_hot_load_in_progress(&self) -> bool {
        self.is_failed_precondition()
            && self
                .0
                .message
                .to_ascii_lowercase()
                .contains("already in progress")
    }

    /// A rule on a field of the request is broken, as found by the server or before sending.
    pub fn is_invalid_argument(&self) -> bool {
        self.has(Code::InvalidArgument) || self.0.kind == ErrorKind::Invalid
    }

    /// The token is missing, expired or wrong.
    pub fn is_unauthenticated(&self) -> bool {
        self.has(Code::Unauthenticated)
    }

    /// The token's role doesn't allow the operation.
    pub fn is_permission_denied(&self) -> bool {
        self.has(Code::PermissionDenied)
    }

    /// Out of quota, or too many requests; see [`retry_after`](Self::retry_after).
    pub fn is_resource_exhausted(&self) -> bool {
        self.has(Code::ResourceExhausted)
    }

    /// The service doesn't do this yet, as cancelling a hot-load.
    pub fn is_unimplemented(&self) -> bool {
        self.has(Code::Unimplemented)
    }

    /// The service, or a proxy before it, is out of order for now.
    pub fn is_unavailable(&self) -> bool {
        self.has(Code::Unavailable)
    }

    /// Time ran out: here, in the service, or in a proxy.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout | ErrorKind::WaitTimeout)
            || self.has(Code::DeadlineExceeded)
    }

    /// No connection could be made, or it broke.
    pub fn is_transport(&self) -> bool {
        self.0.kind == ErrorKind::Transport
    }

    /// The same call may well succeed later, unchanged.
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::Transport | ErrorKind::Timeout => true,
            _ => self.0.status.is_some_and(is_transient_status),
        }
    }

    fn has(&self, code: Code) -> bool {
        self.0.code == Some(code)
    }
}

/// Whether a status says "not now" rather than "no".
pub(crate) fn is_transient_status(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504)
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_one_word_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
