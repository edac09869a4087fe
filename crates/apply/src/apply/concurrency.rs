//! How many changes are made at the same time.

use std::sync::Arc;
use std::time::Duration;

use coreweave_inference::Error;
use coreweave_inference::retry::RetryPolicy;
use tokio::time::Instant;

/// The number of changes that are made at the same time in the beginning.
const INITIAL: usize = 10;

/// The pause after the first refusal. It doubles with every further one.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The longest delay that is respected when the service asks for one. With a longer one, a change fails.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How many refusals in a row are borne, for about two minutes.
const PATIENCE: u32 = 9;

/// A limit of concurrent changes that adapts to the service.
///
/// It grows with every success until the service refuses a request for its rate (429), which halves it and is followed by a
/// pause. From then on it grows by one with every round of successes.
#[derive(Debug)]
pub(super) struct ConcurrencyLimit {
    current: usize,
    max: usize,
    /// Successes since the limit last changed.
    successes: usize,
    was_refused: bool,
    /// Refusals since the last success.
    refusals: u32,
    paused_until: Option<Instant>,
    /// Counts the refusals that lowered the limit.
    epoch: usize,
}

impl ConcurrencyLimit {
    pub(super) fn new(max: usize) -> Self {
        let max = max.max(1);
        Self {
            current: max.min(INITIAL),
            max,
            successes: 0,
            was_refused: false,
            refusals: 0,
            paused_until: None,
            epoch: 0,
        }
    }

    pub(super) fn current(&self) -> usize {
        self.current
    }

    /// When the pause ends, if there is one.
    pub(super) fn paused_until(&self) -> Option<Instant> {
        self.paused_until.filter(|until| *until > Instant::now())
    }

    /// Identifies the changes that begin now.
    pub(super) fn epoch(&self) -> usize {
        self.epoch
    }

    pub(super) fn succeeded(&mut self) {
        self.successes += 1;
        self.refusals = 0;
        if !self.was_refused || self.successes >= self.current {
            self.successes = 0;
            self.current = (self.current + 1).min(self.max);
        }
    }

    /// Lowers the limit after a refusal, and returns whether to try again. Changes that began together lower it once.
    pub(super) fn refused(&mut self, epoch: usize, retry_after: Option<Duration>) -> bool {
        let retry_after = retry_after.unwrap_or_default();
        if epoch == self.epoch {
            let doubled = PAUSE.saturating_mul(1 << self.refusals.min(PATIENCE));
            let pause = doubled
                .min(LONGEST_PAUSE)
                .max(retry_after.min(LONGEST_RETRY_AFTER));
            self.paused_until = Instant::now().checked_add(pause);
            self.epoch += 1;
            self.refusals += 1;
            self.was_refused = true;
            self.successes = 0;
            self.current = (self.current / 2).max(1);
        }
        self.refusals <= PATIENCE && retry_after <= LONGEST_RETRY_AFTER
    }
}

/// The retry policy of a client for everything but refusals for the rate of requests, which concern all changes.
#[derive(Debug)]
pub(super) struct ExceptRateLimits(pub(super) Arc<dyn RetryPolicy>);

impl RetryPolicy for ExceptRateLimits {
    fn delay_before_next(&self, error: &Error, attempt: u32) -> Option<Duration> {
        match is_rate_limit(error) {
            true => None,
            false => self.0.delay_before_next(error, attempt),
        }
    }
}

/// Whether a request was refused for the rate of requests, rather than for a quota.
pub(super) fn is_rate_limit(error: &Error) -> bool {
    error.is_resource_exhausted() && error.is_transient()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn refusals_halve_the_limit_and_rounds_of_successes_raise_it_by_one() {
        let mut limit = ConcurrencyLimit::new(16);
        assert_eq!(limit.current(), 10);
        (0..20).for_each(|_| limit.succeeded());
        assert_eq!(limit.current(), 16);
        let epoch = limit.epoch();
        (0..16).for_each(|_| assert!(limit.refused(epoch, None)));
        assert_eq!(limit.current(), 8, "changes that began together count once");
        (0..7).for_each(|_| limit.succeeded());
        assert_eq!(limit.current(), 8);
        limit.succeeded();
        assert_eq!(limit.current(), 9);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_until_patience_ends() {
        let mut limit = ConcurrencyLimit::new(16);
        let mut seconds = Vec::new();
        while limit.refused(limit.epoch(), None) {
            let pause = limit.paused_until().unwrap() - Instant::now();
            seconds.push(pause.as_secs_f64());
        }
        assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
        assert_eq!(limit.current(), 1);
        limit.succeeded();
        assert!(limit.refused(limit.epoch(), Some(Duration::from_secs(7))));
        assert_eq!(
            limit.paused_until(),
            Some(Instant::now() + Duration::from_secs(7))
        );
        tokio::time::advance(Duration::from_secs(8)).await;
        assert_eq!(limit.paused_until(), None);
    }

    #[test]
    fn the_limit_never_exceeds_its_maximum() {
        let mut limit = ConcurrencyLimit::new(3);
        limit.succeeded();
        assert_eq!(limit.current(), 3);
        assert_eq!(ConcurrencyLimit::new(0).current(), 1);
    }
}
