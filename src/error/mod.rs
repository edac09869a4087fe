//! Errors: everything that is known about a call that failed.

mod code;
mod detail;
mod display;
mod kind;
mod path;
mod reason;
mod redactor;
mod request_id;
mod retry_after;
mod status;
mod text;
mod wire;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

pub use code::{Code, UnknownCode};
pub use detail::{
    BadRequest, Detail, ErrorInfo, FieldViolation, PreconditionFailure, PreconditionViolation,
    QuotaFailure, QuotaViolation, RequestInfo, RetryInfo,
};
pub use kind::ErrorKind;
pub use path::json_path;
pub use reason::Reason;
pub(crate) use redactor::Redactor;

use crate::types::{Condition, ResourceStatus};
use crate::{Metadata, Operation, Report, Response};

/// Everything known about a call that failed.
///
/// `Display` is one line: what was being done, what went wrong, and what to do next. So is `{:?}`, because it is what a
/// `main` prints that returns an error; `{:#?}` prints every member. Branch on the predicates, and use the accessors for
/// details. Credentials are redacted everywhere but in [`body`](Self::body).
///
/// ```no_run
/// # async fn f(call: impl Future<Output = Result<(), coreweave_inference_api::Error>>) {
/// match call.await {
///     Err(e) if e.is_not_found() => println!("deleted already"),
///     Err(e) if e.is_transient() => println!("try again later: {e}"),
///     Err(e) => eprintln!("{e} (request {})", e.request_id().unwrap_or("unknown")),
///     Ok(_) => {}
/// }
/// # }
/// ```
///
/// A [`Transport`](crate::Transport) makes one of a kind and a message:
///
/// ```
/// use coreweave_inference_api::{Error, ErrorKind, Response};
///
/// let error = Error::new(ErrorKind::Transport, "the connection was reset").with_response(Response::new(200, "{\"ga"));
/// assert_eq!(error.status().unwrap(), 200);
/// assert_eq!(error.body(), b"{\"ga");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    resource_id: Option<Box<str>>,
    resource_name: Option<Box<str>>,
    status: Option<StatusCode>,
    code: Option<Code>,
    message: Cow<'static, str>,
    reason: Option<Reason>,
    details: Vec<Detail>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    report: Report,
    outcome_unknown: bool,
    permanent: bool,
    response: Option<Response>,
    last_status: Option<ResourceStatus>,
    conditions: Vec<Condition>,
    source: Option<Source>,
}

/// The cause of an error.
enum Source {
    /// The message doesn't include it.
    Hidden(BoxError),
    /// The message ends with it, so that only what lies below it is left to tell.
    Shown(BoxError),
}

type BoxError = Box<dyn StdError + Send + Sync>;

/// How errors are made.
impl Error {
    /// Creates an error.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::from_message(kind, message.into())
    }

    fn from_message(kind: ErrorKind, message: Cow<'static, str>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            resource_id: None,
            resource_name: None,
            status: None,
            code: None,
            message,
            reason: None,
            details: Vec::new(),
            request_id: None,
            retry_after: None,
            report: Report::default(),
            outcome_unknown: false,
            permanent: false,
            response: None,
            last_status: None,
            conditions: Vec::new(),
            source: None,
        }))
    }

    /// Creates the error of a request that is not sent because it cannot be valid, with every reason at once.
    pub fn invalid(operation: &'static Operation, violations: Vec<FieldViolation>) -> Self {
        let mut error = Self::new(ErrorKind::Invalid, "refused before sending");
        error.0.operation = Some(operation);
        error.0.details = vec![Detail::BadRequest(BadRequest {
            field_violations: violations,
        })];
        error
    }

    /// Names the operation, unless the error has one.
    pub fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Names the resource that the call was for.
    pub fn with_resource_id(mut self, id: &str) -> Self {
        if self.resource_id() != Some(id) {
            self.0.resource_id = Some(id.into());
        }
        self
    }

    /// Adds the name of the resource, where the id says little: a create may have made it up.
    pub fn with_resource_name(mut self, name: &str) -> Self {
        self.0.resource_name = Some(name.into());
        self
    }

    /// Adds a code that no response gave, but that says best what is wrong.
    pub fn with_code(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Says which of several causes the error has.
    pub fn with_reason(mut self, reason: Reason) -> Self {
        self.0.reason = Some(reason);
        self
    }

    /// Adds the cause, which the message does not repeat.
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(Source::Hidden(source.into()));
        self
    }

    /// Adds the cause, and ends the message with what lies at its bottom, which says most.
    pub fn with_cause(self, cause: impl Into<BoxError>) -> Self {
        self.caused_by(cause.into())
    }

    fn caused_by(mut self, cause: BoxError) -> Self {
        let root = root(cause.as_ref());
        self.0.message = format!("{}: {root}", self.0.message).into();
        self.0.source = Some(match cause.source().is_none() || cause.is::<Self>() {
            true => Source::Shown(cause),
            false => Source::Hidden(cause),
        });
        self
    }

    /// Adds to the message what the caller also has to know, such as what was done before the failure.
    pub fn with_note(mut self, note: &str) -> Self {
        self.0.message = format!("{}; {note}", self.0.message).into();
        self
    }

    /// Adds what was received of the response, with its status, request id and report.
    pub fn with_response(mut self, response: Response) -> Self {
        self.0.status = Some(response.status());
        self.0.request_id = request_id::from_headers(response.headers());
        self.0.report = response.report();
        self.0.response = Some(response);
        self
    }

    /// Sets attempts and elapsed time.
    pub fn with_report(mut self, report: Report) -> Self {
        self.0.report = report;
        self
    }

    /// Adds the name, the status and the conditions of the resource as it was seen last.
    pub fn with_last_seen(mut self, seen: &Metadata<'_>) -> Self {
        self.0.last_status = seen.status.cloned();
        self.0.conditions = seen.conditions.to_vec();
        match seen.name {
            Some(name) => self.with_resource_name(name),
            None => self,
        }
    }

    /// Says whether an earlier attempt may have had an effect.
    pub(crate) fn with_outcome_unknown(mut self, unknown: bool) -> Self {
        self.0.outcome_unknown = unknown;
        self
    }

    /// Says that the same call fails again, for this reason.
    pub(crate) fn with_permanent(mut self, reason: Reason) -> Self {
        self.0.permanent = true;
        self.with_reason(reason)
    }

    /// Forgets the body of the response, which holds a secret.
    pub(crate) fn without_body(mut self) -> Self {
        let response = self.0.response.take();
        self.0.response = response.map(|response| response.map(|_| Bytes::new()));
        self
    }

    /// Replaces the message: a transport knows less of a timeout than its caller.
    pub(crate) fn with_message(mut self, message: String) -> Self {
        self.0.message = message.into();
        self
    }
}

/// What is known about the failure.
impl Error {
    /// Returns the layer that failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// Returns the id of the resource that the call was for.
    pub fn resource_id(&self) -> Option<&str> {
        self.0.resource_id.as_deref()
    }

    /// Returns the name of the resource that the call was for: of a create, and of a wait that has seen the resource.
    pub fn resource_name(&self) -> Option<&str> {
        self.0.resource_name.as_deref()
    }

    /// Returns the HTTP status, if a response began to arrive.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the canonical code: the one in the response, else the one that the HTTP status stands for.
    ///
    /// A 404 without a code in its body has none: it does not come from the API, and says nothing about a resource.
    pub fn code(&self) -> Option<Code> {
        self.0.code
    }

    /// Returns what went wrong, in the server's words where it gave any, without the context that `Display` adds.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns why the call failed, where the code covers several causes and the client knows which one it is.
    pub fn reason(&self) -> Option<Reason> {
        self.0.reason
    }

    /// Returns whether the call failed for this reason.
    pub fn is(&self, reason: Reason) -> bool {
        self.0.reason == Some(reason)
    }

    /// Returns the structured details of the response.
    pub fn details(&self) -> &[Detail] {
        &self.0.details
    }

    /// Returns the fields of the request that are invalid, found by the server or before sending.
    pub fn field_violations(&self) -> impl Iterator<Item = &FieldViolation> {
        self.0.details.iter().flat_map(|detail| match detail {
            Detail::BadRequest(bad) => bad.field_violations.as_slice(),
            _ => &[],
        })
    }

    /// Returns the preconditions that are not met.
    pub fn precondition_violations(&self) -> impl Iterator<Item = &PreconditionViolation> {
        self.0.details.iter().flat_map(|detail| match detail {
            Detail::PreconditionFailure(failure) => failure.violations.as_slice(),
            _ => &[],
        })
    }

    /// Returns the quotas that are exceeded.
    pub fn quota_violations(&self) -> impl Iterator<Item = &QuotaViolation> {
        self.0.details.iter().flat_map(|detail| match detail {
            Detail::QuotaFailure(failure) => failure.violations.as_slice(),
            _ => &[],
        })
    }

    /// Returns the id of the request in the server's logs.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns how long the server asked to wait before the next attempt, as it asked. A request is not retried if that is more
    /// than [`Backoff::max_retry_after`](crate::retry::Backoff::max_retry_after).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns how many times the request was sent; 0 if it was not.
    pub fn attempts(&self) -> u32 {
        self.0.report.attempts
    }

    /// Returns how long the call took, delays between attempts included; for a wait, from its start.
    pub fn elapsed(&self) -> Duration {
        self.0.report.elapsed
    }

    /// Returns whether the server may have acted although the call failed, because the response to some attempt was lost.
    ///
    /// A delete that ends in NOT_FOUND with this set was most likely done by an earlier attempt.
    pub fn outcome_unknown(&self) -> bool {
        let unreadable = matches!(self.0.kind, ErrorKind::Decode | ErrorKind::Protocol);
        let changes = |operation: &Operation| !operation.is_read_only();
        self.0.outcome_unknown || unreadable && self.0.operation.is_some_and(changes)
    }

    /// Returns the response headers, if a response began to arrive.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(Response::headers)
    }

    /// Returns the response body as far as it was received. Unlike everything else here it is not redacted.
    pub fn body(&self) -> &[u8] {
        let response = self.0.response.as_ref();
        response.map_or(&[], |response| response.body())
    }

    /// Returns the status of the resource that a wait has seen last.
    pub fn last_status(&self) -> Option<&ResourceStatus> {
        self.0.last_status.as_ref()
    }

    /// Returns the conditions that a wait has seen last, which explain the status.
    pub fn conditions(&self) -> &[Condition] {
        &self.0.conditions
    }
}

/// The cases that programs branch on.
impl Error {
    /// Returns whether the API knows no such resource in the token's organization.
    ///
    /// A 404 of a proxy or under a wrong base URL does not count.
    pub fn is_not_found(&self) -> bool {
        self.has(Code::NotFound)
    }

    /// Returns whether the id or the name is taken.
    pub fn is_already_exists(&self) -> bool {
        self.has(Code::AlreadyExists)
    }

    /// Returns whether the system is not in the state that the operation needs; for example, a gateway still has deployments.
    pub fn is_failed_precondition(&self) -> bool {
        self.has(Code::FailedPrecondition)
    }

    /// Returns whether a field of the request is invalid, as found by the server or before sending.
    pub fn is_invalid_argument(&self) -> bool {
        self.has(Code::InvalidArgument) || self.0.kind == ErrorKind::Invalid
    }

    /// Returns whether the token is missing, expired or wrong.
    pub fn is_unauthenticated(&self) -> bool {
        self.has(Code::Unauthenticated)
    }

    /// Returns whether the token's role does not allow the operation.
    pub fn is_permission_denied(&self) -> bool {
        self.has(Code::PermissionDenied)
    }

    /// Returns whether a quota or a rate limit is exceeded; see [`is_transient`](Self::is_transient) for which.
    pub fn is_resource_exhausted(&self) -> bool {
        self.has(Code::ResourceExhausted)
    }

    /// Returns whether the service does not implement the operation.
    pub fn is_unimplemented(&self) -> bool {
        self.has(Code::Unimplemented)
    }

    /// Returns whether the service, or a proxy in front of it, is unavailable.
    pub fn is_unavailable(&self) -> bool {
        self.has(Code::Unavailable)
    }

    /// Returns whether a time limit passed: of connecting, of the client, of a wait, of the service or of a proxy.
    pub fn is_timeout(&self) -> bool {
        match self.0.kind {
            ErrorKind::Timeout | ErrorKind::WaitTimeout => true,
            ErrorKind::Connect => self.is_caused_by_timeout(),
            _ => self.has(Code::DeadlineExceeded),
        }
    }

    /// Returns whether a wait ended because it can no longer succeed; [`reason`](Self::reason) says why.
    pub fn is_wait_failed(&self) -> bool {
        self.0.kind == ErrorKind::WaitFailed
    }

    /// Returns whether a wait ended because its time was over.
    pub fn is_wait_timeout(&self) -> bool {
        self.0.kind == ErrorKind::WaitTimeout
    }

    /// Returns whether no connection could be established, or whether it failed.
    pub fn is_transport(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Connect | ErrorKind::Transport)
    }

    /// Returns whether the same call may succeed later, unchanged: after a failed connection or a timeout, and after an HTTP
    /// status of 408, 429, 499, 500, 502 to 504, 507, or 520 to 530, which CDNs use.
    ///
    /// An exceeded quota is not transient, an exceeded rate limit is. Neither is a connection that fails for good: the
    /// certificate has another name or an unknown issuer, or a proxy refuses.
    ///
    /// The client's own retries have been used up by then, or were not allowed.
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            _ if self.0.permanent => false,
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => true,
            ErrorKind::Token => match &self.0.source {
                Some(Source::Hidden(cause) | Source::Shown(cause)) => {
                    let cause = cause.downcast_ref::<Self>();
                    cause.is_none_or(Self::is_transient)
                }
                None => true,
            },
            _ => {
                let passes = |status: StatusCode| matches!(status.as_u16(), 408 | 429 | 499 | 500 | 502..=504 | 507 | 520..=530);
                let is_canceled = self.0.kind == ErrorKind::Api && self.has(Code::Cancelled);
                (is_canceled || self.0.status.is_some_and(passes))
                    && !self.0.details.iter().any(Detail::is_quota)
            }
        }
    }

    /// Whether the server may have done what it was asked for, although the attempt failed.
    pub(crate) fn may_have_acted(&self) -> bool {
        match self.0.status {
            Some(StatusCode::NOT_IMPLEMENTED) => false,
            Some(status) if !status.is_success() => {
                status.is_server_error()
                    || matches!(status.as_u16(), 408 | 499)
                    || self.has(Code::Cancelled)
            }
            _ => self.is_sent(),
        }
    }

    /// Whether the request may have reached the server.
    pub(crate) fn is_sent(&self) -> bool {
        !matches!(self.0.kind, ErrorKind::Token | ErrorKind::Connect)
    }

    fn is_caused_by_timeout(&self) -> bool {
        let mut source = StdError::source(self);
        while let Some(cause) = source {
            let of_http = cause.downcast_ref::<reqwest::Error>();
            let of_io = cause.downcast_ref::<io::Error>();
            if of_http.is_some_and(reqwest::Error::is_timeout)
                || of_io.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
            {
                return true;
            }
            source = cause.source();
        }
        false
    }

    fn has(&self, code: Code) -> bool {
        self.0.code == Some(code)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.0.source.as_ref()? {
            Source::Hidden(source) => Some(source.as_ref()),
            Source::Shown(source) => source.source(),
        }
    }
}

/// What lies at the bottom of an error, or the first of ours in it, which says itself what lies below.
pub(crate) fn root<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    let mut root = error;
    while let Some(below) = root.source().filter(|_| !root.is::<Error>()) {
        root = below;
    }
    root
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

    #[test]
    fn a_timeout_of_connecting_is_a_timeout() {
        let failed = |kind| {
            let cause = io::Error::from(kind);
            Error::new(ErrorKind::Connect, "can't connect").with_source(cause)
        };
        assert!(failed(io::ErrorKind::TimedOut).is_timeout());
        assert!(!failed(io::ErrorKind::ConnectionRefused).is_timeout());
    }
}
