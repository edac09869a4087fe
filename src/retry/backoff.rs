use std::time::Duration;

use super::policy::RetryPolicy;
use crate::Error;

/// Delays that grow exponentially, with jitter: between retries, and between the polls of waits and watches.
///
/// As a [`RetryPolicy`] it retries [transient](Error::is_transient) failures, unless the server asks for a delay of more than
/// [`max_retry_after`](Self::max_retry_after).
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference_api::retry::{Backoff, CallOptions};
///
/// let patient = Backoff::default().max_attempts(8).max_delay(Duration::from_secs(30));
/// let options = CallOptions::new().retry_policy(patient);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Backoff {
    max_attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    factor: f64,
    jitter: f64,
    max_retry_after: Duration,
}

impl Default for Backoff {
    /// For retries: four attempts, and delays of up to 250 ms, 500 ms and 1 s with full jitter, or a `Retry-After` of up to a
    /// minute.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(8),
            factor: 2.0,
            jitter: 1.0,
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl Backoff {
    /// Creates a backoff for polling: delays that grow by half each time up to six times the first, less a jitter of up to a tenth.
    pub fn polling(initial_delay: Duration) -> Self {
        Self {
            initial_delay,
            max_delay: initial_delay.saturating_mul(6),
            factor: 1.5,
            jitter: 0.1,
            ..Self::default()
        }
    }

    /// Creates a backoff with the same delay every time, without jitter.
    pub fn constant(delay: Duration) -> Self {
        Self {
            initial_delay: delay,
            max_delay: delay,
            factor: 1.0,
            jitter: 0.0,
            ..Self::default()
        }
    }

    /// Sets how many times a request is sent at most, the first time included. Without effect on polling.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the first delay, before jitter.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// Sets the longest delay, before jitter. It does not bound what the server asks for: see
    /// [`max_retry_after`](Self::max_retry_after).
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets how many times longer each delay is than the one before; less than 1 counts as 1.
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// Sets the share of each delay, from 0 to 1, that is random. 1 is full jitter.
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = share;
        self
    }

    /// Sets the longest delay that the server may ask for. A request whose response asks for more is not retried, as it would
    /// come too early; the error says [when to try again](Error::retry_after). Polling goes on after this delay.
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// Returns a delay for after the n-th attempt or poll, from 1. It is at least what the server asked for, up to the maximum.
    pub fn delay(&self, n: u32, retry_after: Option<Duration>) -> Duration {
        let asked = retry_after.unwrap_or_default().min(self.max_retry_after);
        let random = self.jitter.clamp(0.0, 1.0) * fastrand::f64();
        let bound = self.delay_before_jitter(n);
        let delay = Duration::try_from_secs_f64(bound.as_secs_f64() * (1.0 - random));
        delay.unwrap_or(bound).max(asked)
    }

    /// Returns the delay after the n-th attempt or poll, from 1, before jitter.
    pub fn delay_before_jitter(&self, n: u32) -> Duration {
        let exponent = i32::try_from(n.saturating_sub(1)).unwrap_or(i32::MAX);
        // Of NaN and a number, `max` and `min` return the number: the factor may be NaN, and infinity times zero is.
        let factor = self.factor.max(1.0).powi(exponent);
        let max = self.max_delay.as_secs_f64();
        let grown = (self.initial_delay.as_secs_f64() * factor).min(max);
        Duration::try_from_secs_f64(grown).unwrap_or(self.max_delay)
    }
}

impl RetryPolicy for Backoff {
    fn delay_before_next(&self, error: &Error, attempt: u32) -> Option<Duration> {
        let asked = error.retry_after();
        let retries = error.is_transient()
            && attempt < self.max_attempts
            && asked.is_none_or(|delay| delay <= self.max_retry_after);
        retries.then(|| self.delay(attempt, asked))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ErrorKind, Response};

    fn retries(error: &Error, attempt: u32) -> bool {
        Backoff::default()
            .delay_before_next(error, attempt)
            .is_some()
    }

    #[test]
    fn only_transient_failures_are_retried() {
        for status in 300..=599 {
            let error = Error::from_response(Response::new(status, ""));
            let expected = matches!(
                status,
                408 | 429 | 499 | 500 | 502 | 503 | 504 | 507 | 520..=530
            );
            assert_eq!(retries(&error, 1), expected, "{status}");
        }
        for kind in [
            ErrorKind::Token,
            ErrorKind::Connect,
            ErrorKind::Transport,
            ErrorKind::Timeout,
        ] {
            let error = Error::new(kind, "failed");
            assert!(retries(&error, 3));
            assert!(!retries(&error, 4));
        }
    }

    #[test]
    fn an_exceeded_quota_is_not_retried() {
        let body = r#"{"code":8,"details":[{"@type":"x/google.rpc.QuotaFailure"}]}"#;
        assert!(!retries(&Error::from_response(Response::new(429, body)), 1));
    }

    #[test]
    fn delays_grow_up_to_the_maximum() {
        let millis = |backoff: Backoff| {
            [1, 2, 3, 6, 7, 40, u32::MAX].map(|n| backoff.delay_before_jitter(n).as_millis())
        };
        assert_eq!(
            millis(Backoff::default()),
            [250, 500, 1000, 8000, 8000, 8000, 8000]
        );
        assert_eq!(
            millis(Backoff::polling(Duration::from_secs(4))),
            [4000, 6000, 9000, 24000, 24000, 24000, 24000]
        );
        let constant = Backoff::constant(Duration::from_secs(4));
        assert_eq!(constant.delay(1000, None), Duration::from_secs(4));
    }

    #[test]
    fn jitter_uses_the_entire_range() {
        let delays: Vec<_> = (0..200)
            .map(|_| Backoff::default().delay(3, None))
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

    proptest! {
        #[test]
        fn delays_stay_within_their_bounds_whatever_the_settings(
            initial in any::<Duration>(), max in any::<Duration>(), factor in any::<f64>(), jitter in any::<f64>(),
            n in any::<u32>(), asked in proptest::option::of(any::<u64>()),
        ) {
            let backoff = Backoff::default().initial_delay(initial).max_delay(max).factor(factor).jitter(jitter);
            let asked = asked.map(Duration::from_secs);
            let least = asked.unwrap_or_default().min(Duration::from_secs(60));
            let delay = backoff.delay(n, asked);
            prop_assert!(delay >= least);
            prop_assert!(delay <= least.max(backoff.delay_before_jitter(n)));
            prop_assert!(backoff.delay_before_jitter(n) <= max.max(Duration::from_nanos(1)).saturating_mul(2));
        }
    }
}
