//! Watching resources come, change and go.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use tokio::time::{Instant, sleep_until};

use crate::client::Client;
use crate::error::Error;
use crate::ids::Id;
use crate::lists;
use crate::recent::Recent;
use crate::request::Sender;
use crate::resource::Resource;
use crate::resource::facts::Stage;
use crate::resource::kind::{Kind, Managed};
use crate::transport::{Backoff, CallOptions, after};

/// What happened to a resource that is watched.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<K: Kind> {
    /// It is new, or was there when the watch began.
    Appeared(Resource<K>),
    /// It is different from before.
    Changed(Resource<K>),
    /// It isn't there any more; this is what it was last.
    Gone(Resource<K>),
}

impl<K: Kind> Change<K> {
    /// The resource: as it is, or as it was last.
    ///
    /// ```no_run
    /// # fn f(change: coreweave_inference::Change<coreweave_inference::kind::Gateway>) {
    /// println!("{}", change.resource().id());
    /// # }
    /// ```
    pub fn resource(&self) -> &Resource<K> {
        match self {
            Self::Appeared(resource) | Self::Changed(resource) | Self::Gone(resource) => resource,
        }
    }
}

/// A watch over all resources of a kind; see [`Handle::watch`](crate::Handle::watch).
///
/// It asks once for each interval, mostly for what changed since; from time to time, and while something is being
/// deleted, for everything. So it misses no deletion and doesn't depend on anybody's clock. It keeps the last state of
/// every resource.
#[must_use = "nothing is sent until the watch is streamed"]
pub struct Watch<K: Managed> {
    sender: Sender,
    interval: Duration,
    recent: Recent,
    filter: K::Filter,
}

impl<K: Managed> Watch<K> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            sender: Sender::new(client),
            interval: K::PATIENCE.interval,
            recent: Recent::default(),
            filter: K::Filter::default(),
        }
    }

    /// How long to pause between looks. By default 5 seconds, for deployments 10.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # fn f(client: coreweave_inference::Client) {
    /// let changes = client.gateways().watch().interval(Duration::from_secs(30)).stream();
    /// # let _ = changes; }
    /// ```
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How often to ask for everything, by default every minute. Until then a deletion that nobody saw coming stays
    /// unnoticed.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # fn f(client: coreweave_inference::Client) {
    /// let changes = client.gateways().watch().relist_every(Duration::from_secs(600)).stream();
    /// # let _ = changes; }
    /// ```
    pub fn relist_every(mut self, time: Duration) -> Self {
        self.recent.whole_every = time;
        self
    }

    /// Sets what the calls of the watch do differently from their client. They aren't retried in any case: the watch
    /// asks again by itself.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use coreweave_inference::CallOptions;
    /// # fn f(client: coreweave_inference::Client) {
    /// let options = CallOptions::new().attempt_timeout(Duration::from_secs(5));
    /// let changes = client.gateways().watch().options(options).stream();
    /// # let _ = changes; }
    /// ```
    pub fn options(mut self, options: CallOptions) -> Self {
        self.sender.options = options;
        self
    }

    /// The changes, beginning with all that is there. The stream goes on until it is dropped: trouble that may pass is
    /// waited out. Any other error is its last item.
    ///
    /// ```no_run
    /// # use std::pin::pin;
    /// # use futures_util::TryStreamExt;
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let mut changes = pin!(client.gateways().watch().stream());
    /// let first = changes.try_next().await?;
    /// # let _ = first; Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<Change<K>, Error>> + Send + 'static {
        let watching = Watching {
            sender: self.sender.once(),
            watch: self,
            known: HashMap::new(),
            changes: VecDeque::new(),
            due: None,
        };
        stream::unfold(Some(watching), |watching| async move {
            let mut watching = watching?;
            match watching.next().await {
                Ok(change) => Some((Ok(change), Some(watching))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}

impl<K: Managed> fmt::Debug for Watch<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// A watch that has begun.
struct Watching<K: Managed> {
    watch: Watch<K>,
    sender: Sender,
    known: HashMap<Id<K>, Resource<K>>,
    /// What was found and not yet taken.
    changes: VecDeque<Change<K>>,
    /// When to ask next; at first, at once.
    due: Option<Instant>,
}

impl<K: Managed> Watching<K> {
    async fn next(&mut self) -> Result<Change<K>, Error> {
        loop {
            if let Some(change) = self.changes.pop_front() {
                return Ok(change);
            }
            if let Some(due) = self.due {
                sleep_until(due).await;
            }
            let mut pause = self.watch.interval;
            match self.ask().await {
                Ok(()) => {}
                Err(error) if error.is_transient() => {
                    pause = Backoff::constant(pause).delay(1, error.retry_after())
                }
                Err(error) => return Err(error),
            }
            self.due = Some(after(pause));
        }
    }

    async fn ask(&mut self) -> Result<(), Error> {
        let since = self.watch.recent.since();
        let listing = lists::fetch::<K>(&self.sender, &self.watch.filter, since).await?;
        self.watch
            .recent
            .listed(since, listing.iter().map(|resource| resource.updated_at()));
        let whole = since.is_none();
        let there: HashSet<_> = listing
            .iter()
            .filter(|_| whole)
            .map(|resource| resource.id().clone())
            .collect();
        for resource in listing {
            self.compare(resource);
        }
        if whole {
            self.changes.extend(
                self.known
                    .extract_if(|id, _| !there.contains(id))
                    .map(|(_, last)| Change::Gone(last)),
            );
        }
        // The end of a deletion shows only in that the resource is missing from a whole listing.
        if self
            .known
            .values()
            .any(|resource| resource.stage() == Stage::Deleting)
        {
            self.watch.recent.doubt();
        }
        Ok(())
    }

    /// Notes a resource as it is now, and what that changes.
    fn compare(&mut self, resource: Resource<K>) {
        match self.known.get_mut(resource.id()) {
            Some(known) if *known == resource => {}
            Some(known) => {
                *known = resource.clone();
                self.changes.push_back(Change::Changed(resource));
            }
            None => {
                self.known.insert(resource.id().clone(), resource.clone());
                self.changes.push_back(Change::Appeared(resource));
            }
        }
    }
}

#[cfg(test)]
mod tests;
