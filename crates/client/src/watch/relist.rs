use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::call::Context;
use crate::error::Error;
use crate::list::{self, Filter};
use crate::raw::{self, Metadata};
use crate::resource::{Id, Managed, Resource};

/// How far back a list of changes reaches, in case clocks differ or changes arrive late.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// How often a full list is fetched by default.
const RESYNC_INTERVAL: Duration = Duration::from_secs(60);

/// Lists resources repeatedly, and mostly fetches what changed. `updatedAfter` misses deletions, so the list is fetched in
/// full periodically, and more often while resources are being deleted.
#[derive(Clone, Debug)]
pub(crate) struct Relist<R: Resource> {
    pub(crate) filter: Filter<R>,
    pub(crate) resync_interval: Duration,
    newest: Option<DateTime<Utc>>,
    listed_in_full: Option<Instant>,
    /// The ids that the previous full list lacked.
    missing: HashSet<Id<R>>,
    deleting: HashSet<Id<R>>,
    /// How long until the next full list while resources are being deleted.
    deletion_interval: Duration,
    /// Whether everything is known: since the last error there was a full list, and no resource is unconfirmed.
    is_exact: bool,
}

/// One fetched list.
pub(crate) struct Listed<R> {
    pub(crate) resources: Vec<R>,
    /// Whether it holds all resources, and not only those that changed.
    pub(crate) full: bool,
}

impl<R: Resource> Default for Relist<R> {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            resync_interval: RESYNC_INTERVAL,
            newest: None,
            listed_in_full: None,
            missing: HashSet::new(),
            deleting: HashSet::new(),
            deletion_interval: Duration::MAX,
            is_exact: false,
        }
    }
}

impl<R: Managed> Relist<R> {
    /// Fetches a full list, or what has changed.
    pub(crate) async fn fetch(&mut self, context: &Context) -> Result<Listed<R>, Error> {
        let changed_after = self.changed_after();
        <R::Raw as raw::Managed>::set_updated_after(&mut self.filter.params, changed_after);
        let resources = list::list(context, &self.filter).await?;
        Ok(self.listed(resources, changed_after.is_none(), |metadata| {
            metadata.updated_at
        }))
    }
}

impl<R: Resource> Relist<R> {
    /// Returns the time after which changes are wanted; `None` when a full list is due.
    pub(crate) fn changed_after(&self) -> Option<DateTime<Utc>> {
        let interval = self.resync_interval.min(self.deletion_interval);
        let recent = self
            .listed_in_full
            .is_some_and(|listed| listed.elapsed() < interval);
        self.newest
            .filter(|_| recent && self.missing.is_empty())?
            .checked_sub_signed(OVERLAP)
    }

    /// Records a list. `time` is that by which changes are asked for.
    pub(crate) fn listed(
        &mut self,
        resources: Vec<R>,
        full: bool,
        time: impl Fn(&Metadata<'_>) -> Option<DateTime<Utc>>,
    ) -> Listed<R> {
        if full {
            self.listed_in_full = Some(Instant::now());
        }
        let times = resources
            .iter()
            .filter_map(|resource| time(&resource.metadata()));
        self.newest = self.newest.max(times.max());
        Listed { resources, full }
    }

    /// Makes the next list a full one.
    pub(crate) fn failed(&mut self) {
        self.listed_in_full = None;
        self.is_exact = false;
    }

    /// Whether everything is known now and was not before.
    pub(crate) fn becomes_exact(&mut self) -> bool {
        let exact = self.listed_in_full.is_some() && self.missing.is_empty();
        exact && !std::mem::replace(&mut self.is_exact, true)
    }

    /// Returns the ids that the last two full lists lacked, of those that this full list lacks.
    pub(crate) fn confirm_missing(
        &mut self,
        missing: impl Iterator<Item = Id<R>>,
    ) -> HashSet<Id<R>> {
        let (confirmed, unconfirmed) = missing.partition(|id| self.missing.contains(id));
        self.missing = unconfirmed;
        confirmed
    }

    /// Decides how soon deletions are looked for. A resource that is newly being deleted makes the next list a full one;
    /// after that, the interval doubles with each full list.
    pub(crate) fn track_deletions(
        &mut self,
        deleting: HashSet<Id<R>>,
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
