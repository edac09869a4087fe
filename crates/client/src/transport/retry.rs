//! When to try again, and how soon.

use std::fmt::Debug;
use std::time::Duration;

use reqwest::StatusCode;

use crate::raw::Operation;

/// Decides whether an attempt that failed is followed by another one.
///
/// It is asked only where trying again is safe, and while the [`RetryBudget`](crate::RetryBudget) and the call's
/// deadline allow it: a policy can't repeat a request that may have had an effect which repeating would double.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference::{AttemptFailure, FailedAttempt, RetryPolicy};
///
/// /// Tries once more, at once, and only when no connection could be made.
/// #[derive(Debug)]
/// struct Reconnect;
///
/// impl RetryPolicy for Reconnect {
///     fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration> {
///         (failed.attempt == 1 && failed.failure == AttemptFailure::Connect).then_some(Duration::ZERO)
///     }
/// }
/// ```
pub trait RetryPolicy: Debug + Send + Sync + 'static {
    /// How long to wait before the next attempt; `None` gives up.
    fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration>;
}

/// What a [`RetryPolicy`] is told of an attempt that failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// Which operation was tried.
    pub operation: &'static Operation,
    /// The attempt's number; the first one is 1.
    pub attempt: u32,
    /// How it failed.
    pub failure: AttemptFailure,
    /// How long the server asked to wait, by `Retry-After` or `RetryInfo`.
    pub retry_after: Option<Duration>,
    /// How long the call has taken so far.
    pub elapsed: Duration,
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptFailure {
    /// No connection could be made; the request wasn't sent.
    Connect,
    /// The connection broke before the whole answer was there.
    Connection,
    /// The whole answer wasn't there in time.
    Timeout,
    /// An answer with this status of error.
    Status(StatusCode),
}
