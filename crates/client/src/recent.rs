//! Asking for no more than what changed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// How far to look back behind the newest change known. The service's clocks may differ that much among themselves;
/// ours plays no part.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// Keeps track of what to ask a listing for, look by look.
///
/// Asking for changes alone misses what isn't there any more, and what was changed by a clock too far behind. So from time
/// to time, and as long as no change has a time, the listing is asked for whole.
#[derive(Clone, Debug)]
pub(crate) struct Recent {
    newest: Option<DateTime<Utc>>,
    whole: Option<Instant>,
    pub(crate) whole_every: Duration,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            newest: None,
            whole: None,
            whole_every: Duration::from_secs(60),
        }
    }
}

impl Recent {
    /// What to ask for: changes after a time, or everything.
    pub(crate) fn since(&self) -> Option<DateTime<Utc>> {
        let fresh = self
            .whole
            .is_some_and(|whole| whole.elapsed() < self.whole_every);
        self.newest.filter(|_| fresh)?.checked_sub_signed(OVERLAP)
    }

    /// Notes that a listing asked for since a time has come.
    pub(crate) fn listed(
        &mut self,
        since: Option<DateTime<Utc>>,
        changes: impl Iterator<Item = Option<DateTime<Utc>>>,
    ) {
        if since.is_none() {
            self.whole = Some(Instant::now());
        }
        self.newest = self.newest.max(changes.flatten().max());
    }

    /// Asks for everything next time.
    pub(crate) fn doubt(&mut self) {
        self.whole = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u32) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + i64::from(second), 0).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn everything_first_then_changes_then_everything_again() {
        let mut recent = Recent::default();
        assert_eq!(recent.since(), None);
        recent.listed(None, [Some(at(100)), None, Some(at(90))].into_iter());
        assert_eq!(recent.since(), Some(at(40)));
        tokio::time::advance(Duration::from_secs(30)).await;
        recent.listed(Some(at(40)), [Some(at(130)), Some(at(95))].into_iter());
        assert_eq!(recent.since(), Some(at(70)));
        tokio::time::advance(Duration::from_secs(30)).await;
        assert_eq!(
            recent.since(),
            None,
            "it is a minute since everything was asked for"
        );
        recent.listed(None, std::iter::empty());
        assert_eq!(
            recent.since(),
            Some(at(70)),
            "an empty listing takes nothing back"
        );
        recent.doubt();
        assert_eq!(recent.since(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn without_times_it_is_always_everything() {
        let mut recent = Recent::default();
        recent.listed(None, [None, None].into_iter());
        assert_eq!(recent.since(), None);
    }
}
