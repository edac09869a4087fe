use std::fmt::Debug;
use std::time::Duration;

use reqwest::StatusCode;

use crate::error::{Code, Detail, is_transient};
use crate::raw::{Error, ErrorKind, Operation};

/// Decides whether a failed attempt is retried, and after which delay.
///
/// It is asked only where a retry is safe, and within the [`RetryBudget`](crate::RetryBudget) and the call's deadline: a
/// policy cannot repeat a request whose effect would be doubled.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference::raw::Operation;
/// use coreweave_inference::{AttemptFailure, FailedAttempt, RetryPolicy};
///
/// /// Retries once, without delay, if no connection could be established.
/// #[derive(Debug)]
/// struct Reconnect;
///
/// impl RetryPolicy for Reconnect {
///     fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration> {
///         (failed.attempt == 1 && failed.failure == AttemptFailure::Connect).then_some(Duration::ZERO)
///     }
/// }
///
/// let failed = FailedAttempt::new(Operation::GET_GATEWAY, 1, AttemptFailure::Timeout);
/// assert_eq!(Reconnect.delay_before_next(&failed), None);
/// ```
pub trait RetryPolicy: Debug + Send + Sync + 'static {
    /// The delay before the next attempt; `None` gives up.
    fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration>;
}

/// A failed attempt, as a [`RetryPolicy`] sees it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// The operation.
    pub operation: &'static Operation,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// How it failed.
    pub failure: AttemptFailure,
    /// The canonical code of the response.
    pub code: Option<Code>,
    /// The structured details of the response.
    pub details: Vec<Detail>,
    /// How long the server asked to wait, by `Retry-After` or `RetryInfo`.
    pub retry_after: Option<Duration>,
    /// How long the call has taken so far.
    pub elapsed: Duration,
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptFailure {
    /// The token provider failed; nothing was sent.
    Token,
    /// No connection could be established; nothing was sent.
    Connect,
    /// The connection failed before the complete response was received.
    Connection,
    /// No complete response was received in time.
    Timeout,
    /// The response has this error status.
    Status(StatusCode),
}

impl FailedAttempt {
    /// Creates a failed attempt, for tests of a policy. The other fields are empty and can be set.
    pub fn new(operation: &'static Operation, attempt: u32, failure: AttemptFailure) -> Self {
        Self {
            operation,
            attempt,
            failure,
            code: None,
            details: Vec::new(),
            retry_after: None,
            elapsed: Duration::ZERO,
        }
    }

    /// Whether the same request may succeed later: after connection failures and timeouts, and the statuses 429 (unless
    /// a quota is exceeded), 500, 502, 503 and 504.
    pub fn is_transient(&self) -> bool {
        match self.failure {
            AttemptFailure::Status(status) => is_transient(status, &self.details),
            _ => true,
        }
    }
}

impl AttemptFailure {
    /// How an attempt failed; `None` if no retry can help.
    pub(super) fn of(error: &Error) -> Option<Self> {
        match (error.kind(), error.status()) {
            (_, Some(status)) if !status.is_success() => Some(Self::Status(status)),
            (ErrorKind::Connect, _) => Some(Self::Connect),
            (ErrorKind::Connection, _) => Some(Self::Connection),
            (ErrorKind::Timeout, _) => Some(Self::Timeout),
            _ => None,
        }
    }

    /// Whether the server may have seen the request.
    pub(super) fn is_sent(self) -> bool {
        !matches!(self, Self::Token | Self::Connect)
    }
}
