//! The retry policy that clients come with.

use std::time::Duration;

use super::retry::{AttemptFailure, FailedAttempt, RetryPolicy};
use crate::error::is_transient_status;

/// Waits that grow exponentially, with full jitter: each is drawn from zero up to a bound that doubles.
///
/// Tried again are connection failures, timeouts, and the statuses 429, 500, 502, 503 and 504. What the server asks for
/// by `Retry-After` or `RetryInfo` is the least that is waited, up to [`max_retry_after`](Self::max_retry_after).
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference::Backoff;
///
/// let patient = Backoff::default().max_attempts(8).max_delay(Duration::from_secs(30));
/// # let _ = patient;
/// ```
#[derive(Clone, Debug)]
pub struct Backoff {
    max_attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    max_retry_after: Duration,
}

impl Default for Backoff {
    /// Four attempts; waits of up to 250 ms, 500 ms and 1 s; a `Retry-After` of up to a minute is obeyed.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl Backoff {
    /// How often a request is tried in all, the first time included.
    ///
    /// With 0 and 1 nothing is tried again.
    ///
    /// ```
    /// use coreweave_inference::{Backoff, Client};
    ///
    /// let client = Client::builder().token("my-token").retry_policy(Backoff::default().max_attempts(6)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The bound of the first wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::Backoff;
    ///
    /// let gentle = Backoff::default().initial_delay(Duration::from_secs(1)); // up to 1 s, 2 s, 4 s
    /// # let _ = gentle;
    /// ```
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// What the bound doesn't grow past.
    ///
    /// It bounds the drawn waits only; see [`max_retry_after`](Self::max_retry_after) for those that a server asks for.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::Backoff;
    ///
    /// let long = Backoff::default().max_attempts(12).max_delay(Duration::from_secs(30));
    /// # let _ = long;
    /// ```
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The longest wait that a server is granted; it is this long, too, when the server asks for more.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::Backoff;
    ///
    /// let interactive = Backoff::default().max_retry_after(Duration::from_secs(5));
    /// # let _ = interactive;
    /// ```
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// The bound of the wait after an attempt.
    fn bound(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        self.initial_delay
            .saturating_mul(factor)
            .min(self.max_delay)
    }
}

impl RetryPolicy for Backoff {
    fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration> {
        let worth_it = match failed.failure {
            AttemptFailure::Status(status) => is_transient_status(status),
            AttemptFailure::Connect | AttemptFailure::Connection | AttemptFailure::Timeout => true,
        };
        if !worth_it || failed.attempt >= self.max_attempts {
            return None;
        }
        let drawn = self.bound(failed.attempt).mul_f64(fastrand::f64());
        let asked = failed
            .retry_after
            .unwrap_or_default()
            .min(self.max_retry_after);
        Some(drawn.max(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Operation;
    use proptest::prelude::*;
    use reqwest::StatusCode;

    fn failed(
        attempt: u32,
        failure: AttemptFailure,
        retry_after: Option<Duration>,
    ) -> FailedAttempt {
        let operation = Operation::named("get_gateway").unwrap();
        FailedAttempt {
            operation,
            attempt,
            failure,
            retry_after,
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in 300..=599 {
            let failure = AttemptFailure::Status(StatusCode::from_u16(status).unwrap());
            let again = Backoff::default()
                .delay_before_next(&failed(1, failure, None))
                .is_some();
            assert_eq!(
                again,
                [429, 500, 502, 503, 504].contains(&status),
                "{status}"
            );
        }
        for failure in [
            AttemptFailure::Connect,
            AttemptFailure::Connection,
            AttemptFailure::Timeout,
        ] {
            assert!(
                Backoff::default()
                    .delay_before_next(&failed(3, failure, None))
                    .is_some()
            );
            assert!(
                Backoff::default()
                    .delay_before_next(&failed(4, failure, None))
                    .is_none()
            );
        }
    }

    #[test]
    fn the_bound_doubles_up_to_its_cap() {
        let backoff = Backoff::default();
        let bounds: Vec<_> = [1, 2, 3, 6, 7, 40, u32::MAX]
            .map(|n| backoff.bound(n).as_millis())
            .into();
        assert_eq!(bounds, [250, 500, 1000, 8000, 8000, 8000, 8000]);
    }

    proptest! {
        #[test]
        fn waits_stay_within_the_bound_and_obey_the_server_up_to_the_cap(
            attempt in 1..4_u32, asked in proptest::option::of(any::<u64>()),
        ) {
            let backoff = Backoff::default();
            let asked = asked.map(Duration::from_millis);
            let delay = backoff.delay_before_next(&failed(attempt, AttemptFailure::Timeout, asked)).unwrap();
            let least = asked.unwrap_or_default().min(backoff.max_retry_after);
            prop_assert!(delay >= least);
            prop_assert!(delay <= least.max(backoff.bound(attempt)));
        }
    }

    #[test]
    fn jitter_spreads_over_the_whole_range() {
        let delays: Vec<_> = (0..200)
            .map(|_| {
                Backoff::default()
                    .delay_before_next(&failed(3, AttemptFailure::Timeout, None))
                    .unwrap()
            })
            .collect();
        assert!(
            delays
                .iter()
                .any(|delay| *delay < Duration::from_millis(250))
        );
        assert!(
            delays
                .iter()
                .any(|delay| *delay > Duration::from_millis(750))
        );
    }
}
