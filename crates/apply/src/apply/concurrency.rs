//! How many requests are in flight.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use coreweave_inference::Error;
use coreweave_inference::retry::RetryPolicy;

/// The number of requests in flight at the beginning.
const INITIAL: usize = 10;

/// A limit of concurrent requests that adapts to the service.
///
/// It grows with every success until the service refuses a request for its rate (429), which halves it. From then on it
/// grows by one with every round of successes.
#[derive(Debug)]
pub(super) struct ConcurrencyLimit {
    current: usize,
    max: usize,
    /// Successes since the limit last changed.
    successes: usize,
    was_refused: bool,
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
            epoch: 0,
        }
    }

    pub(super) fn current(&self) -> usize {
        self.current
    }

    /// Identifies the requests that start now.
    pub(super) fn epoch(&self) -> usize {
        self.epoch
    }

    pub(super) fn succeeded(&mut self) {
        self.successes += 1;
        if !self.was_refused || self.successes >= self.current {
            self.successes = 0;
            self.current = (self.current + 1).min(self.max);
        }
    }

    /// Lowers the limit after the refusal of a request. Requests that started together lower it once.
    pub(super) fn refused(&mut self, epoch: usize) {
        if epoch == self.epoch {
            self.epoch += 1;
            self.was_refused = true;
            self.successes = 0;
            self.current = (self.current / 2).max(1);
        }
    }
}

/// The retry policy of a change, which lowers the limit when the service refuses a request for its rate.
///
/// Such a request is repeated for as long as the call may take, at the slowest pace of the client's policy: it does not
/// fail for others being made at the same time.
#[derive(Debug)]
pub(super) struct Throttle {
    pub(super) limit: Arc<Mutex<ConcurrencyLimit>>,
    pub(super) epoch: usize,
    pub(super) policy: Arc<dyn RetryPolicy>,
}

impl RetryPolicy for Throttle {
    fn delay_before_next(&self, error: &Error, attempt: u32) -> Option<Duration> {
        if !error.is_resource_exhausted() {
            return self.policy.delay_before_next(error, attempt);
        }
        lock(&self.limit).refused(self.epoch);
        let mut attempts = (1..=attempt).rev();
        attempts.find_map(|attempt| self.policy.delay_before_next(error, attempt))
    }
}

/// The limit; a panic elsewhere leaves it usable.
pub(super) fn lock(limit: &Mutex<ConcurrencyLimit>) -> MutexGuard<'_, ConcurrencyLimit> {
    limit.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::ConcurrencyLimit;

    #[test]
    fn refusals_halve_the_limit_and_rounds_of_successes_raise_it_by_one() {
        let mut limit = ConcurrencyLimit::new(16);
        assert_eq!(limit.current(), 10);
        (0..20).for_each(|_| limit.succeeded());
        assert_eq!(limit.current(), 16);
        let epoch = limit.epoch();
        (0..16).for_each(|_| limit.refused(epoch));
        assert_eq!(
            limit.current(),
            8,
            "requests that started together count once"
        );
        (0..7).for_each(|_| limit.succeeded());
        assert_eq!(limit.current(), 8);
        limit.succeeded();
        assert_eq!(limit.current(), 9);
        (0..9).for_each(|_| limit.refused(limit.epoch()));
        assert_eq!(limit.current(), 1);
    }

    #[test]
    fn the_limit_never_exceeds_its_maximum() {
        let mut limit = ConcurrencyLimit::new(3);
        limit.succeeded();
        assert_eq!(limit.current(), 3);
        assert_eq!(ConcurrencyLimit::new(0).current(), 1);
    }
}
