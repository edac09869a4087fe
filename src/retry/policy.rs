use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use crate::Error;

/// Decides whether a failed attempt is repeated, and after which delay.
///
/// It is asked only where another attempt is safe and may help, and its answer is bounded by the
/// [`RetryBudget`](super::RetryBudget) and the time limit of the call: a policy cannot repeat a request whose effect would
/// be doubled.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference_api::retry::RetryPolicy;
/// use coreweave_inference_api::{Error, ErrorKind};
///
/// /// Retries once, without delay, if no connection could be established.
/// #[derive(Debug)]
/// struct Reconnect;
///
/// impl RetryPolicy for Reconnect {
///     fn delay_before_next(&self, error: &Error, attempt: u32) -> Option<Duration> {
///         (attempt == 1 && error.kind() == ErrorKind::Connect).then_some(Duration::ZERO)
///     }
/// }
///
/// let timeout = Error::new(ErrorKind::Timeout, "no response");
/// assert_eq!(Reconnect.delay_before_next(&timeout, 1), None);
/// ```
pub trait RetryPolicy: Debug + Send + Sync + 'static {
    /// Returns the delay before the next attempt, or `None` to give up.
    ///
    /// `error` is that of the attempt; [`elapsed`](Error::elapsed) is the time that the call has taken so far. `attempt` is
    /// its number, from 1; an attempt that failed for want of a token counts.
    fn delay_before_next(&self, error: &Error, attempt: u32) -> Option<Duration>;
}

impl<P: RetryPolicy + ?Sized> RetryPolicy for Arc<P> {
    fn delay_before_next(&self, error: &Error, attempt: u32) -> Option<Duration> {
        (**self).delay_before_next(error, attempt)
    }
}
