use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bounds the retries of all calls of a client together, so that an outage doesn't multiply its load.
///
/// Each retry takes one from the budget, and each successful call gives a tenth back. While nothing is left, calls fail
/// at their first attempt. All clones of a client share a budget, and several clients can.
///
/// ```
/// use coreweave_inference_api::HttpTransport;
/// use coreweave_inference_api::retry::{RetryBudget, RetryTransport};
///
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// let http = HttpTransport::new(reqwest::Client::new());
/// let budget = RetryBudget::new(20);
/// let one = RetryTransport::new(http.clone()).retry_budget(budget.clone());
/// let two = RetryTransport::new(http).retry_budget(budget.clone());
/// assert_eq!(budget.left(), Some(20));
/// ```
#[derive(Clone)]
pub struct RetryBudget(Option<Arc<Tenths>>);

struct Tenths {
    left: AtomicU32,
    capacity: u32,
}

/// What a retry takes, in tenths. A success gives one back.
const RETRY: u32 = 10;

impl Default for RetryBudget {
    /// A hundred retries.
    fn default() -> Self {
        Self::new(100)
    }
}

impl RetryBudget {
    /// Creates a full budget of this many retries. With 0, nothing is retried.
    pub fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY);
        Self(Some(Arc::new(Tenths {
            left: AtomicU32::new(capacity),
            capacity,
        })))
    }

    /// Creates a budget without a bound. Each call is still bounded by its policy and its time limit.
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// Returns how many retries are left; `None` without a bound.
    pub fn left(&self) -> Option<u32> {
        self.0
            .as_ref()
            .map(|tenths| tenths.left.load(Ordering::Relaxed) / RETRY)
    }

    /// Takes one retry, if one is left.
    pub(super) fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(RETRY);
        self.0.as_ref().is_none_or(|tenths| {
            tenths
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                .is_ok()
        })
    }

    /// Gives a tenth of a retry back.
    pub(super) fn refund(&self) {
        if let Some(tenths) = &self.0 {
            let give = |left: u32| (left < tenths.capacity).then_some(left.saturating_add(1));
            // An error means that the budget is full.
            let _ = tenths
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
        }
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryBudget")
            .field("left", &self.left())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_retries_and_ten_successes_give_one_back() {
        let budget = RetryBudget::new(2);
        let clone = budget.clone();
        assert!(budget.take());
        assert!(clone.take());
        assert!(!budget.take() && !clone.take());
        for _ in 0..9 {
            clone.refund();
        }
        assert!(!budget.take());
        clone.refund();
        assert!(budget.take());
    }

    #[test]
    fn it_never_exceeds_its_capacity() {
        let budget = RetryBudget::new(1);
        for _ in 0..100 {
            budget.refund();
        }
        assert_eq!(budget.left(), Some(1));
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn zero_allows_nothing_and_unlimited_everything() {
        assert!(!RetryBudget::new(0).take());
        let unlimited = RetryBudget::unlimited();
        assert!((0..1000).all(|_| unlimited.take()));
        assert_eq!(unlimited.left(), None);
    }
}
