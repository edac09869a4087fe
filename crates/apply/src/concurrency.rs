//! How many requests are in flight.

/// The number of requests in flight at the beginning.
const INITIAL: usize = 10;

/// A limit of concurrent requests that adapts to the service.
///
/// It grows with every success until the service refuses a request for its rate (429), which halves it. From then on it
/// grows by one with every round of successes.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimit {
    current: usize,
    max: usize,
    /// Successes since the limit last changed.
    successes: usize,
    was_refused: bool,
    /// Counts the refusals that lowered the limit.
    epoch: usize,
}

impl ConcurrencyLimit {
    pub(crate) fn new(max: usize) -> Self {
        let max = max.max(1);
        Self {
            current: max.min(INITIAL),
            max,
            successes: 0,
            was_refused: false,
            epoch: 0,
        }
    }

    pub(crate) fn current(&self) -> usize {
        self.current
    }

    /// Identifies the requests that start now.
    pub(crate) fn epoch(&self) -> usize {
        self.epoch
    }

    pub(crate) fn succeeded(&mut self) {
        self.successes += 1;
        if !self.was_refused || self.successes >= self.current {
            self.successes = 0;
            self.current = (self.current + 1).min(self.max);
        }
    }

    /// Lowers the limit after the refusal of a request. Requests that started together lower it once.
    pub(crate) fn refused(&mut self, epoch: usize) {
        if epoch == self.epoch {
            self.epoch += 1;
            self.was_refused = true;
            self.successes = 0;
            self.current = (self.current / 2).max(1);
        }
    }
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
