//! The bound on retries over all calls together.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many retries a client may spend over all of its calls, so that an outage isn't met with a storm.
///
/// Each retry takes one from the budget, each call that succeeds gives a tenth back. While nothing is left, calls fail
/// at their first attempt. All clones of a client share one budget, and clients can be made to share one, too.
///
/// ```
/// use coreweave_inference::{Client, RetryBudget};
///
/// let budget = RetryBudget::new(20);
/// let one = Client::builder().token("token-1").retry_budget(budget.clone()).build()?;
/// let two = Client::builder().token("token-2").retry_budget(budget).build()?;
/// # let _ = (one, two);
/// # Ok::<_, coreweave_inference::Error>(())
/// ```
#[derive(Clone)]
pub struct RetryBudget(Option<Arc<Tenths>>);

struct Tenths {
    left: AtomicU32,
    capacity: u32,
}

/// What a retry takes, in tenths; a success gives back one.
const RETRY: u32 = 10;

impl Default for RetryBudget {
    /// A hundred retries.
    fn default() -> Self {
        Self::new(100)
    }
}

impl RetryBudget {
    /// A budget of at most this many retries, all of them there at the start.
    ///
    /// With 0 nothing is tried again.
    ///
    /// ```
    /// use coreweave_inference::{Client, RetryBudget};
    ///
    /// let client = Client::builder().token("my-token").retry_budget(RetryBudget::new(20)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY);
        Self(Some(Arc::new(Tenths {
            left: AtomicU32::new(capacity),
            capacity,
        })))
    }

    /// No bound.
    ///
    /// Each call is still bounded by its policy and its deadline.
    ///
    /// ```
    /// use coreweave_inference::{Client, RetryBudget};
    ///
    /// let client = Client::builder().token("my-token").retry_budget(RetryBudget::unlimited()).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// How many retries are left; `None` without a bound.
    ///
    /// A clone kept outside the client tells how an outage wears it down.
    ///
    /// ```
    /// use coreweave_inference::{Client, RetryBudget};
    ///
    /// let budget = RetryBudget::new(20);
    /// let client = Client::builder().token("my-token").retry_budget(budget.clone()).build()?;
    /// assert_eq!(budget.left(), Some(20));
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
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

    /// Gives a part back after a success.
    pub(super) fn refund(&self) {
        if let Some(tenths) = &self.0 {
            let give = |left: u32| (left < tenths.capacity).then_some(left.saturating_add(1));
            // Full already: nothing to do.
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
    fn retries_are_spent_once_over_all_clones_and_earned_back_by_tens() {
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
    fn it_never_holds_more_than_at_the_start() {
        let budget = RetryBudget::new(1);
        for _ in 0..100 {
            budget.refund();
        }
        assert_eq!(budget.left(), Some(1));
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn none_and_unlimited_are_what_they_say() {
        assert!(!RetryBudget::new(0).take());
        let unlimited = RetryBudget::unlimited();
        assert!((0..1000).all(|_| unlimited.take()));
        assert_eq!(unlimited.left(), None);
    }
}
