//! Incremental lists: repeated listing that mostly fetches what changed.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::context::CallContext;
use crate::error::Error;
use crate::resource::kind::Managed;
use crate::resource::{Id, Resource};

/// How far back a list of changes reaches, in case clocks differ or changes arrive late.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// How often a full list is fetched by default.
const RESYNC_INTERVAL: Duration = Duration::from_secs(60);

/// Lists a kind repeatedly. `updatedAfter` misses deletions, so the list is fetched in full periodically, and more often
/// while resources are being deleted.
#[derive(Clone, Debug)]
pub(crate) struct IncrementalList<K: Managed> {
    pub(crate) params: K::Params,
    pub(crate) resync_interval: Duration,
    newest: Option<DateTime<Utc>>,
    listed_in_full: Option<Instant>,
    /// The ids that the previous full list lacked.
    missing: HashSet<Id<K>>,
    deleting: HashSet<Id<K>>,
    /// How long until the next full list while resources are being deleted.
    deletion_interval: Duration,
}

/// One fetched list.
pub(crate) struct Listed<K: Managed> {
    pub(crate) resources: Vec<Resource<K>>,
    /// Whether it holds all resources, and not only those that changed.
    pub(crate) full: bool,
}

impl<K: Managed> Default for IncrementalList<K> {
    fn default() -> Self {
        Self {
            params: K::Params::default(),
            resync_interval: RESYNC_INTERVAL,
            newest: None,
            listed_in_full: None,
            missing: HashSet::new(),
            deleting: HashSet::new(),
            deletion_interval: Duration::MAX,
        }
    }
}

impl<K: Managed> IncrementalList<K> {
    /// The time after which changes are wanted; `None` when a full list is due.
    fn updated_after(&self) -> Option<DateTime<Utc>> {
        let interval = self.resync_interval.min(self.deletion_interval);
        let recent = self
            .listed_in_full
            .is_some_and(|listed| listed.elapsed() < interval);
        self.newest
            .filter(|_| recent && self.missing.is_empty())?
            .checked_sub_signed(OVERLAP)
    }

    pub(crate) async fn fetch(&mut self, context: &CallContext) -> Result<Listed<K>, Error> {
        let updated_after = self.updated_after();
        K::set_updated_after(&mut self.params, updated_after);
        let resources = context.list(&self.params).await?;
        let full = updated_after.is_none();
        if full {
            self.listed_in_full = Some(Instant::now());
        }
        let times = resources.iter().filter_map(Resource::updated_at);
        self.newest = self.newest.max(times.max());
        Ok(Listed { resources, full })
    }

    /// The ids that the last two full lists lacked, of those that this full list lacks.
    pub(crate) fn confirm_missing(
        &mut self,
        missing: impl Iterator<Item = Id<K>>,
    ) -> HashSet<Id<K>> {
        let (confirmed, unconfirmed) = missing.partition(|id| self.missing.contains(id));
        self.missing = unconfirmed;
        confirmed
    }

    /// Has deletions noticed soon without a full list for each poll: at first the next one is full, then the interval
    /// doubles.
    pub(crate) fn track_deletions(
        &mut self,
        deleting: HashSet<Id<K>>,
        full: bool,
        poll_interval: Duration,
    ) {
        if deleting.is_empty() {
            self.deletion_interval = Duration::MAX;
        } else if !deleting.is_subset(&self.deleting) {
            self.deletion_interval = Duration::ZERO;
        } else if full {
            self.deletion_interval = self.deletion_interval.saturating_mul(2).max(poll_interval);
        }
        self.deleting = deleting;
    }
}
