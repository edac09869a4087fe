//! How often a wait looks.

use std::time::Duration;

/// The times between looks: each longer than the one before, up to a limit, and none exactly as long as planned, so that
/// programs started together don't keep knocking together.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    pub(crate) interval: Duration,
    pub(crate) longest: Option<Duration>,
    pub(crate) growth: f64,
    pub(crate) jitter: f64,
}

/// How much longer than the first the longest pause is, unless something else is asked for.
const LONGEST: u32 = 6;

impl Pace {
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            interval,
            longest: None,
            growth: 1.5,
            jitter: 0.1,
        }
    }

    /// The pause after look number `looks`, counting from one.
    pub(crate) fn pause(&self, looks: u32) -> Duration {
        let first = self.interval.as_secs_f64();
        let longest = self
            .longest
            .unwrap_or(self.interval.saturating_mul(LONGEST))
            .max(self.interval)
            .as_secs_f64();
        let exponent = i32::try_from(looks.saturating_sub(1)).unwrap_or(i32::MAX);
        // A growth of infinity times nothing is no number, and `min` then takes the other.
        let grown = (first * self.growth.max(1.0).powi(exponent)).min(longest);
        let spread = self.jitter.clamp(0.0, 1.0) * (2.0 * fastrand::f64() - 1.0);
        Duration::try_from_secs_f64(grown * (1.0 + spread)).unwrap_or(self.interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pauses_grow_up_to_the_limit() {
        let pace = Pace {
            jitter: 0.0,
            ..Pace::new(Duration::from_secs(4))
        };
        let pauses: Vec<_> = (1..=7)
            .map(|looks| pace.pause(looks).as_secs_f64())
            .collect();
        assert_eq!(pauses, [4.0, 6.0, 9.0, 13.5, 20.25, 24.0, 24.0]);
    }

    #[test]
    fn a_steady_pace_is_possible() {
        let pace = Pace {
            jitter: 0.0,
            growth: 1.0,
            ..Pace::new(Duration::from_secs(4))
        };
        assert_eq!(pace.pause(1000), Duration::from_secs(4));
    }

    proptest! {
        #[test]
        fn no_setting_breaks_it(
            millis in 0_u64..100_000_000,
            longest in proptest::option::of(0_u64..100_000_000),
            growth in any::<f64>(),
            jitter in any::<f64>(),
            looks in any::<u32>(),
        ) {
            let interval = Duration::from_millis(millis);
            let longest = longest.map(Duration::from_millis);
            let pause = Pace { interval, longest, growth, jitter }.pause(looks);
            prop_assert!(pause <= longest.unwrap_or(interval * 6).max(interval) * 2);
        }
    }
}
