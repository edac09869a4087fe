//! The time that resources live by.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use crate::lock::lock;

/// The clock of a fake: resources change by it and never by a timer or a sleep.
///
/// A clone is the same clock.
///
/// ```
/// use std::time::Duration;
/// use chrono::{DateTime, Utc};
/// use coreweave_inference_fake::Clock;
///
/// let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
/// let clock = Clock::manual(start);
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now().to_rfc3339(), "2026-01-01T00:01:30+00:00");
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin: DateTime<Utc>,
    started: Instant,
    pace: Pace,
    advanced: Mutex<TimeDelta>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Pace {
    /// Stands still until advanced.
    Manual,
    /// Tells wall time; changes wait for a look instead of for a moment.
    Instant,
    /// Runs at a multiple of wall time.
    Scaled(f64),
}

impl Clock {
    /// A clock that stands still until [`advance`](Clock::advance) moves it.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use coreweave_inference_fake::Clock;
    ///
    /// let clock = Clock::manual(DateTime::UNIX_EPOCH);
    /// assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
    /// ```
    pub fn manual(start: DateTime<Utc>) -> Clock {
        Clock::new(start, Pace::Manual)
    }

    /// A clock under which waiting takes no time: each look at a resource (get, list, replicas)
    /// first moves it on to its next status, so that whoever polls sees it arrive after a request
    /// or two. A request that merely depends on a resource (a deletion refused because of it, say)
    /// is answered by the status it finds, and moves it on afterwards.
    ///
    /// ```
    /// use coreweave_inference_fake::Clock;
    ///
    /// let clock = Clock::instant(); // what a `FakeServer` lives by unless told otherwise
    /// # drop(clock);
    /// ```
    pub fn instant() -> Clock {
        Clock::new(Utc::now(), Pace::Instant)
    }

    /// A clock that runs `factor` times as fast as the wall's.
    ///
    /// ```
    /// use coreweave_inference_fake::Clock;
    ///
    /// let an_hour_a_minute = Clock::scaled(60.0);
    /// # drop(an_hour_a_minute);
    /// ```
    pub fn scaled(factor: f64) -> Clock {
        Clock::new(Utc::now(), Pace::Scaled(factor))
    }

    /// The wall's clock: resources take as long as the service's do.
    ///
    /// ```
    /// use coreweave_inference_fake::Clock;
    ///
    /// let for_a_demonstration = Clock::real();
    /// # drop(for_a_demonstration);
    /// ```
    pub fn real() -> Clock {
        Clock::scaled(1.0)
    }

    fn new(origin: DateTime<Utc>, pace: Pace) -> Clock {
        Clock(Arc::new(Inner {
            origin,
            started: Instant::now(),
            pace,
            advanced: Mutex::new(TimeDelta::zero()),
        }))
    }

    /// What time it is.
    ///
    /// ```
    /// use coreweave_inference_fake::Clock;
    ///
    /// let clock = Clock::scaled(1000.0);
    /// let before = clock.now();
    /// assert!(clock.now() >= before);
    /// ```
    pub fn now(&self) -> DateTime<Utc> {
        let ran = match self.0.pace {
            Pace::Manual => Duration::ZERO,
            Pace::Instant => self.0.started.elapsed(),
            Pace::Scaled(factor) => {
                Duration::try_from_secs_f64(self.0.started.elapsed().as_secs_f64() * factor)
                    .unwrap_or(Duration::MAX)
            }
        };
        later(self.0.origin, ran)
            .checked_add_signed(*lock(&self.0.advanced))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the clock ahead, whatever its kind.
    ///
    /// ```
    /// use std::time::Duration;
    /// use chrono::DateTime;
    /// use coreweave_inference_fake::Clock;
    ///
    /// let clock = Clock::manual(DateTime::UNIX_EPOCH);
    /// clock.advance(Duration::from_secs(600));
    /// assert_eq!(clock.now().timestamp(), 600);
    /// ```
    pub fn advance(&self, by: Duration) {
        let mut advanced = lock(&self.0.advanced);
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        *advanced = advanced.checked_add(&by).unwrap_or(TimeDelta::MAX);
    }

    /// Whether changes wait for a look.
    pub(crate) fn is_instant(&self) -> bool {
        self.0.pace == Pace::Instant
    }
}

/// `moment` plus `by`, or the end of time.
pub(crate) fn later(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| moment.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// How long each change of a resource takes by the [`Clock`].
///
/// The defaults are of the order that the service shows.
#[derive(Clone, Debug)]
pub struct Durations {
    /// A new gateway, until it is ready.
    pub gateway_create: Duration,
    /// A changed gateway, until it is ready again.
    pub gateway_update: Duration,
    /// A deleted gateway, until it is gone.
    pub gateway_delete: Duration,
    /// A new deployment, until it is ready.
    pub deployment_create: Duration,
    /// A changed deployment, until it is ready again.
    pub deployment_update: Duration,
    /// A deleted deployment, until it is gone.
    pub deployment_delete: Duration,
    /// A new capacity claim, until its instances are allocated.
    pub capacity_claim_create: Duration,
    /// A changed capacity claim, until its instances are allocated.
    pub capacity_claim_update: Duration,
    /// A deleted capacity claim, until it is gone.
    pub capacity_claim_delete: Duration,
    /// A hot-load, until its first replica begins.
    pub hot_load_start: Duration,
    /// A hot-load's replica, until it serves the new snapshot.
    pub hot_load_replica: Duration,
}

impl Default for Durations {
    fn default() -> Durations {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Durations {
            gateway_create: minutes(3),
            gateway_update: minutes(1),
            gateway_delete: minutes(2),
            deployment_create: minutes(20),
            deployment_update: minutes(10),
            deployment_delete: minutes(5),
            capacity_claim_create: minutes(10),
            capacity_claim_update: minutes(5),
            capacity_claim_delete: minutes(2),
            hot_load_start: Duration::from_secs(5),
            hot_load_replica: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_still() {
        let clock = Clock::manual(DateTime::<Utc>::UNIX_EPOCH);
        assert_eq!(clock.now(), DateTime::<Utc>::UNIX_EPOCH);
        clock.clone().advance(Duration::from_secs(1));
        assert_eq!(clock.now().timestamp(), 1);
    }

    #[test]
    fn no_advance_overflows() {
        let clock = Clock::manual(DateTime::<Utc>::UNIX_EPOCH);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), DateTime::<Utc>::MAX_UTC);
    }
}
