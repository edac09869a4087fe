//! The clock that decides when resources change.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// The clock of a fake server, which decides when resources change. It needs no timer.
///
/// Clones share the same time.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference_fake::Clock;
///
/// let clock = Clock::manual("2026-01-01T00:00:00Z".parse()?);
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now().to_rfc3339(), "2026-01-01T00:01:30+00:00");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    start: DateTime<Utc>,
    started: Instant,
    speed: Speed,
    advanced_nanos: AtomicU64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Speed {
    Manual,
    Instant,
    Scaled(f64),
    PerRequest(Duration),
}

impl Clock {
    /// Creates a clock that moves only when [`advance`](Clock::advance) is called.
    pub fn manual(start: DateTime<Utc>) -> Clock {
        Clock::new(start, Speed::Manual)
    }

    /// Creates a clock under which changes take no time: each read of a resource (get, list, replicas)
    /// first moves it to its next status. A request that is refused because of a resource's
    /// status moves that resource on afterwards, so that retrying makes progress.
    pub fn instant() -> Clock {
        Clock::new(Utc::now(), Speed::Instant)
    }

    /// Creates a clock that moves on by this much with each request, so that a client's polls make progress
    /// without waiting.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference_fake::{Clock, FakeServer};
    ///
    /// // The 36th read of a gateway shows that it is ready, three minutes after its creation.
    /// let fake = FakeServer::builder().clock(Clock::per_request(Duration::from_secs(5)));
    /// ```
    pub fn per_request(step: Duration) -> Clock {
        Clock::new(Utc::now(), Speed::PerRequest(step))
    }

    /// Creates a clock that runs `factor` times as fast as tokio's: usually the system's, and the virtual one
    /// while tokio's time is paused.
    pub fn scaled(factor: f64) -> Clock {
        Clock::new(Utc::now(), Speed::Scaled(factor))
    }

    /// Creates a clock that runs as fast as tokio's, so that resources take as long as the
    /// service's do.
    pub fn real() -> Clock {
        Clock::scaled(1.0)
    }

    fn new(start: DateTime<Utc>, speed: Speed) -> Clock {
        Clock(Arc::new(Inner {
            start,
            started: Instant::now(),
            speed,
            advanced_nanos: AtomicU64::new(0),
        }))
    }

    /// Returns the current time.
    pub fn now(&self) -> DateTime<Utc> {
        let elapsed = self.0.started.elapsed();
        let elapsed = match self.0.speed {
            Speed::Manual | Speed::PerRequest(_) => Duration::ZERO,
            Speed::Instant => elapsed,
            Speed::Scaled(factor) => {
                Duration::try_from_secs_f64(elapsed.as_secs_f64() * factor).unwrap_or(Duration::MAX)
            }
        };
        let advanced = Duration::from_nanos(self.0.advanced_nanos.load(Ordering::SeqCst));
        later(later(self.0.start, elapsed), advanced)
    }

    /// Moves the clock forward, whatever its kind.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let add = |nanos: u64| Some(nanos.saturating_add(by));
        // The closure always returns a value, so the update cannot fail.
        let _ = (self.0.advanced_nanos).fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }

    /// Moves the clock forward to this time, unless it is past it.
    pub(crate) fn advance_to(&self, time: DateTime<Utc>) {
        if let Ok(by) = (time - self.now()).to_std() {
            self.advance(by);
        }
    }

    /// Moves the clock as a request does.
    pub(crate) fn count_request(&self) {
        if let Speed::PerRequest(step) = self.0.speed {
            self.advance(step);
        }
    }

    pub(crate) fn is_instant(&self) -> bool {
        self.0.speed == Speed::Instant
    }
}

/// `time` plus `by`, or the latest time there is.
pub(crate) fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| time.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// How long each change takes by the [`Clock`]. The defaults resemble the service's.
///
/// ```
/// use std::time::Duration;
/// use coreweave_inference_fake::Durations;
///
/// let slow = Durations { gateway_create: Duration::from_secs(3600), ..Durations::default() };
/// ```
#[derive(Clone, Debug)]
pub struct Durations {
    /// From a gateway's creation until it is ready: 3 minutes.
    pub gateway_create: Duration,
    /// How long a gateway's update rolls out: 1 minute.
    pub gateway_update: Duration,
    /// From a gateway's deletion until it no longer exists: 2 minutes.
    pub gateway_delete: Duration,
    /// From an update until the service notices it and STATUS_UPDATING shows: 5 seconds. Until then
    /// the resource reads as ready, and a condition moves halfway.
    pub update_poll: Duration,
    /// From a deployment's creation or rollout until its condition `ResourcesApplied` is true:
    /// 1 minute.
    pub deployment_apply: Duration,
    /// From a deployment's creation until it is ready: 20 minutes.
    pub deployment_create: Duration,
    /// How long a deployment's update rolls out: 10 minutes.
    pub deployment_update: Duration,
    /// From a deployment's deletion until it no longer exists: 5 minutes.
    pub deployment_delete: Duration,
    /// From a capacity claim's creation until its instances are allocated: 10 minutes.
    pub capacity_claim_create: Duration,
    /// How long a capacity claim's update takes to allocate instances: 5 minutes.
    pub capacity_claim_update: Duration,
    /// From a capacity claim's deletion until it no longer exists: 2 minutes.
    pub capacity_claim_delete: Duration,
    /// From a hot-load's creation until its first replica starts loading: 5 seconds.
    pub hot_load_start: Duration,
    /// How long each replica of a hot-load takes: 30 seconds.
    pub hot_load_replica: Duration,
}

impl Default for Durations {
    fn default() -> Durations {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Durations {
            gateway_create: minutes(3),
            gateway_update: minutes(1),
            gateway_delete: minutes(2),
            update_poll: Duration::from_secs(5),
            deployment_apply: minutes(1),
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
    fn advancing_never_overflows() {
        let clock = Clock::manual(DateTime::<Utc>::UNIX_EPOCH);
        clock.advance(Duration::MAX);
        let end = clock.now();
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), end);
    }
}
