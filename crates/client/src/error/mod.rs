//! The error type of this crate.

mod code;
mod convert;
mod detail;
mod display;
mod kind;
mod line;
mod redactor;
mod request_id;
mod retry_after;
mod status;
mod wait;

use std::any::Any;
use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

pub use code::Code;
pub use detail::{
    BadRequest, DebugInfo, Detail, ErrorInfo, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo,
    ResourceInfo, RetryInfo,
};
pub use kind::ErrorKind;
pub(crate) use redactor::Redactor;
pub(crate) use wait::LastSeen;

use crate::raw::types::Condition;
use crate::raw::{self, Operation, Report};

/// Everything known about a call that failed.
///
/// `Display` is one line: what was being done, what went wrong, and what to do next. Branch on the predicates, and use
/// the accessors for details. Credentials are redacted everywhere but in [`body`](Self::body).
///
/// ```no_run
/// # async fn f(call: impl Future<Output = Result<(), coreweave_inference::Error>>) {
/// match call.await {
///     Err(e) if e.is_not_found() => println!("deleted already"),
///     Err(e) if e.is_transient() => println!("try again later: {e}"),
///     Err(e) => eprintln!("{e} (request {})", e.request_id().unwrap_or("unknown")),
///     Ok(_) => {}
/// }
/// # }
/// ```
///
/// An error of the [raw client](crate::Client::raw) converts into this type and keeps everything it knows:
///
/// ```no_run
/// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let zones = client.raw().get_gateway_parameters().await?.into_inner().zones;
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    resource: Option<Box<str>>,
    status: Option<StatusCode>,
    code: Option<Code>,
    message: String,
    details: Vec<Detail>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    report: Report,
    outcome_unknown: bool,
    response: Option<raw::Response>,
    conflict: Option<Conflict>,
    last_seen: Option<LastSeen>,
    source: Option<Source>,
}

/// The cause of an error.
enum Source {
    /// The message doesn't include it.
    Hidden(Box<dyn StdError + Send + Sync>),
    /// The message ends with it, so that only what lies below it is left to tell.
    Shown(Box<dyn StdError + Send + Sync>),
}

/// What a create conflicts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conflict {
    /// The id belongs to another resource.
    Id,
    /// Another resource has the name.
    Name,
}

impl Error {
    /// The layer that failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation, by the name of its method in [`Client::raw`](crate::Client::raw): `get_gateway`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// The id of the resource that the call was for.
    pub fn resource_id(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// The HTTP status, if a response began to arrive.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The canonical code: the one in the response, else the one that the HTTP status stands for.
    ///
    /// A 404 without a code in its body has none: it does not come from the API, and says nothing about a resource.
    pub fn code(&self) -> Option<Code> {
        self.0.code
    }

    /// What went wrong, in the server's words where it gave any, without the context that `Display` adds.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The structured details of the response.
    pub fn details(&self) -> &[Detail] {
        &self.0.details
    }

    /// The fields of the request that are invalid, found by the server or before sending.
    pub fn field_violations(&self) -> impl Iterator<Item = &FieldViolation> {
        self.0.details.iter().flat_map(|detail| match detail {
            Detail::BadRequest(bad) => bad.field_violations.as_slice(),
            _ => &[],
        })
    }

    /// The id of the request in the server's logs.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asked to wait before the next attempt, as it asked. Retries wait for at most
    /// [`Backoff::max_retry_after`](crate::Backoff::max_retry_after).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many times the request was sent; 0 if it was not.
    pub fn attempts(&self) -> u32 {
        self.0.report.attempts
    }

    /// How long the call took, delays between attempts included; for a wait, from its start.
    pub fn elapsed(&self) -> Duration {
        self.0.report.elapsed
    }

    /// Whether the server may have acted although the call failed, because the response to some attempt was lost.
    ///
    /// A delete that ends in NOT_FOUND with this set was most likely done by an earlier attempt.
    pub fn outcome_unknown(&self) -> bool {
        let undecoded = matches!(self.0.kind, ErrorKind::Decode | ErrorKind::MissingResource);
        let changes = self
            .0
            .operation
            .is_some_and(|operation| !operation.is_read_only());
        self.0.outcome_unknown || undecoded && changes
    }

    /// The response headers, if a response began to arrive.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(raw::Response::headers)
    }

    /// The response body as far as it was received. Unlike everything else here it is not redacted.
    pub fn body(&self) -> &[u8] {
        let response = self.0.response.as_ref();
        response.map_or(&[], |response| response.body())
    }

    /// For a create that failed with ALREADY_EXISTS: what it conflicts with, if that could be determined.
    pub fn conflict(&self) -> Option<Conflict> {
        self.0.conflict
    }

    /// For a wait: the last status seen, such as `STATUS_CREATING`.
    pub fn last_status(&self) -> Option<&str> {
        self.0.last_seen.as_ref().map(|seen| seen.status.as_str())
    }

    /// For a wait: the last conditions seen, which explain the status.
    pub fn conditions(&self) -> &[Condition] {
        let seen = self.0.last_seen.as_ref();
        seen.map_or(&[], |seen| seen.conditions.as_slice())
    }

    /// For a wait: the resource as last seen, if `T` is its type.
    ///
    /// ```no_run
    /// use coreweave_inference::Deployment;
    ///
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.deployments().wait_ready(id).await {
    ///     Err(e) if e.is_timeout() => {
    ///         let seen = e.last_seen::<Deployment>();
    ///         println!("still {:?}", seen.map(|deployment| deployment.status()));
    ///     }
    ///     deployment => println!("{}", deployment?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn last_seen<T: Any>(&self) -> Option<&T> {
        self.0.last_seen.as_ref()?.resource.downcast_ref()
    }

    /// The API knows no such resource in the token's organization.
    ///
    /// A 404 of a proxy or under a wrong base URL does not count.
    pub fn is_not_found(&self) -> bool {
        self.has(Code::NotFound)
    }

    /// The id or the name is taken; see [`conflict`](Self::conflict).
    pub fn is_already_exists(&self) -> bool {
        self.has(Code::AlreadyExists)
    }

    /// The system is not in the state that the operation needs; for example, a gateway still has deployments.
    pub fn is_failed_precondition(&self) -> bool {
        self.has(Code::FailedPrecondition)
    }

    /// The gateway cannot be deleted because deployments, perhaps some being deleted, still use it.
    pub fn is_gateway_in_use(&self) -> bool {
        self.is_failed_precondition() && self.0.operation == Some(Operation::DELETE_GATEWAY)
    }

    /// Another hot-load of the deployment is in progress, which blocks new ones and updates of the deployment.
    pub fn is_hot_load_in_progress(&self) -> bool {
        let said = |text| self.0.message.to_ascii_lowercase().contains(text);
        self.is_failed_precondition() && said("already in progress")
    }

    /// A field of the request is invalid, as found by the server or before sending.
    pub fn is_invalid_argument(&self) -> bool {
        self.has(Code::InvalidArgument) || self.0.kind == ErrorKind::Invalid
    }

    /// The token is missing, expired or wrong.
    pub fn is_unauthenticated(&self) -> bool {
        self.has(Code::Unauthenticated)
    }

    /// The token's role does not allow the operation.
    pub fn is_permission_denied(&self) -> bool {
        self.has(Code::PermissionDenied)
    }

    /// A quota or a rate limit is exceeded; see [`is_transient`](Self::is_transient) for which.
    pub fn is_resource_exhausted(&self) -> bool {
        self.has(Code::ResourceExhausted)
    }

    /// The service does not implement the operation.
    pub fn is_unimplemented(&self) -> bool {
        self.has(Code::Unimplemented)
    }

    /// The service, or a proxy in front of it, is unavailable.
    pub fn is_unavailable(&self) -> bool {
        self.has(Code::Unavailable)
    }

    /// A time limit passed: of the client, of a wait, of the service or of a proxy.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout | ErrorKind::WaitTimeout)
            || self.has(Code::DeadlineExceeded)
    }

    /// A wait ended because it can no longer succeed.
    pub fn is_wait_failed(&self) -> bool {
        self.0.kind == ErrorKind::WaitFailed
    }

    /// A wait ended because its time was over.
    pub fn is_wait_timeout(&self) -> bool {
        self.0.kind == ErrorKind::WaitTimeout
    }

    /// No connection could be established, or it failed.
    pub fn is_transport(&self) -> bool {
        self.0.kind == ErrorKind::Transport
    }

    /// The same call may succeed later, unchanged. An exceeded quota is not transient, an exceeded rate limit is.
    ///
    /// The client's own retries have been used up by then, or were not allowed.
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Token => true,
            _ => self
                .0
                .status
                .is_some_and(|status| is_transient(status, &self.0.details)),
        }
    }

    fn has(&self, code: Code) -> bool {
        self.0.code == Some(code)
    }
}

/// Whether a response means "not now" rather than "no".
pub(crate) fn is_transient(status: StatusCode, details: &[Detail]) -> bool {
    let is_quota = |detail: &Detail| matches!(detail, Detail::QuotaFailure(_));
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504) && !details.iter().any(is_quota)
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.0.source.as_ref()? {
            Source::Hidden(source) => Some(source.as_ref()),
            Source::Shown(source) => source.source(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
