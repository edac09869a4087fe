//! Watching resources for changes.

mod store;

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};

pub use store::Store;

use super::context::CallContext;
use super::incremental::IncrementalList;
use super::poll::Poller;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::resource::kind::{Managed, Phase};
use crate::resource::{Id, Resource};
use crate::retry::{Backoff, CallOptions};

/// The longest that failing polls back off, unless the interval is longer.
const MAX_ERROR_DELAY: Duration = Duration::from_secs(60);

/// A change that a [`Watch`] reports.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent<K: Managed> {
    /// The resource is new, or existed when the watch began.
    Added(Resource<K>),
    /// The resource changed.
    Modified(Resource<K>),
    /// The resource no longer exists; this is its last known state.
    Deleted(Resource<K>),
    /// All resources that existed when the watch began have been reported. It comes again when a list succeeds after
    /// an error.
    InitDone,
}

impl<K: Managed> WatchEvent<K> {
    /// The resource of the event.
    pub fn resource(&self) -> Option<&Resource<K>> {
        match self {
            Self::Added(resource) | Self::Modified(resource) | Self::Deleted(resource) => {
                Some(resource)
            }
            Self::InitDone => None,
        }
    }
}

/// A watch over the resources of a kind, as returned by [`Api::watch`](crate::Api::watch).
///
/// The API has no push notifications, so a watch polls: mostly for what changed, and periodically for the full list, which
/// alone shows deletions. A deletion is reported when two full lists in a row lack the resource.
///
/// An error is an item of the stream, which continues with the next poll. Polls that fail in a row back off up to a minute.
/// [`fail_fast`](Self::fail_fast) and [`give_up_after`](Self::give_up_after) end the stream instead.
///
/// ```no_run
/// use coreweave_inference::WatchEvent;
/// use futures_util::StreamExt;
///
/// # async fn example(client: coreweave_inference::Client) {
/// let mut events = client.deployments().watch().stream();
/// while let Some(event) = events.next().await {
///     match event {
///         Ok(WatchEvent::Added(deployment)) => println!("added {deployment}"),
///         Ok(WatchEvent::Modified(deployment)) => println!("modified {deployment}"),
///         Ok(WatchEvent::Deleted(deployment)) => println!("deleted {deployment}"),
///         Ok(WatchEvent::InitDone) => println!("in sync"),
///         Err(error) => eprintln!("{error}"),
///     }
/// }
/// # }
/// ```
#[must_use = "nothing is sent until the watch is streamed"]
pub struct Watch<K: Managed> {
    context: CallContext,
    interval: Duration,
    pub(crate) list: IncrementalList<K>,
    known: HashMap<Id<K>, Resource<K>>,
    fail_fast: bool,
    give_up_after: Duration,
    poller: Poller<'static>,
}

impl<K: Managed> Watch<K> {
    pub(crate) fn new(client: Client) -> Self {
        let interval = match client.poll_backoff() {
            Some(backoff) => backoff.delay(1, None),
            None => K::POLL.interval,
        };
        Self {
            context: CallContext::new(client),
            interval,
            list: IncrementalList::default(),
            known: HashMap::new(),
            fail_fast: false,
            give_up_after: Duration::MAX,
            poller: Poller::new(K::LIST, Backoff::constant(interval)),
        }
    }

    /// The interval between polls. By default the first delay of the [client](crate::ClientBuilder::poll_backoff), or else
    /// 5 seconds, for deployments 10.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// The interval between full lists, by default a minute. It bounds how late an unannounced deletion is noticed.
    pub fn resync_interval(mut self, interval: Duration) -> Self {
        self.list.resync_interval = interval;
        self
    }

    /// Continues from resources that the caller knows already: only what differs from them is reported.
    pub fn known(mut self, resources: impl IntoIterator<Item = Resource<K>>) -> Self {
        let known = resources.into_iter();
        self.known
            .extend(known.map(|resource| (resource.id().clone(), resource)));
        self
    }

    /// Ends the stream after the first error.
    pub fn fail_fast(mut self) -> Self {
        self.fail_fast = true;
        self
    }

    /// Ends the stream after an error if polls have been failing for this long. By default it never ends.
    pub fn give_up_after(mut self, time: Duration) -> Self {
        self.give_up_after = time;
        self
    }

    /// Calls a function with each error, in addition to the item of the stream.
    pub fn on_trouble(mut self, call: impl FnMut(&Error) + Send + 'static) -> Self {
        self.poller.on_trouble = Some(Box::new(call));
        self
    }

    /// Overrides the client's timeouts for the requests of this watch, which are never retried: the next poll is a retry.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// The stream of events, which begins with an `Added` for each existing resource and then `InitDone`.
    pub fn stream(self) -> BoxStream<'static, Result<WatchEvent<K>, Error>> {
        let watching = Watching::new(self);
        stream::unfold(Some(watching), |watching| async move {
            let mut watching = watching?;
            let item = watching.next().await;
            let ends = item.as_ref().is_err_and(|error| watching.ends_with(error));
            Some((item, (!ends).then_some(watching)))
        })
        .boxed()
    }

    /// A store of the current state, and the stream that keeps it up to date while it is polled.
    ///
    /// ```no_run
    /// use futures_util::StreamExt;
    ///
    /// # async fn example(client: coreweave_inference::Client) {
    /// let (store, events) = client.gateways().watch().store();
    /// tokio::spawn(events.for_each(|event| async move {
    ///     if let Err(error) = event {
    ///         eprintln!("{error}");
    ///     }
    /// }));
    /// store.wait_until_ready().await;
    /// println!("{:?}", store.find(|gateway| gateway.name() == "chat"));
    /// # }
    /// ```
    pub fn store(self) -> (Store<K>, BoxStream<'static, Result<WatchEvent<K>, Error>>) {
        let (store, mut writer) = store::store(self.known.values().cloned());
        let events = self.stream().inspect(move |event| {
            if let Ok(event) = event {
                writer.apply(event);
            }
        });
        (store, events.boxed())
    }
}

impl<K: Managed> fmt::Debug for Watch<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("params", &self.list.params)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// A watch that has begun.
struct Watching<K: Managed> {
    watch: Watch<K>,
    events: VecDeque<WatchEvent<K>>,
    init_done: bool,
}

impl<K: Managed> Watching<K> {
    fn new(mut watch: Watch<K>) -> Self {
        watch.context = watch.context.without_retries();
        watch.poller.backoff = Backoff::constant(watch.interval);
        let max_delay = watch.interval.max(MAX_ERROR_DELAY);
        let backoff = Backoff::default()
            .initial_delay(watch.interval)
            .max_delay(max_delay);
        watch.poller.error_backoff = Some(backoff.jitter(0.5));
        Self {
            watch,
            events: VecDeque::new(),
            init_done: false,
        }
    }

    async fn next(&mut self) -> Result<WatchEvent<K>, Error> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let Watch {
                context,
                list,
                poller,
                ..
            } = &mut self.watch;
            let polled = poller.poll(list.fetch(context), |_| true).await;
            // There is no deadline.
            let Some(polled) = polled else {
                continue;
            };
            let listed = polled.inspect_err(|_| self.init_done = false)?;
            let present: Option<HashSet<_>> = listed
                .full
                .then(|| listed.resources.iter().map(|r| r.id().clone()).collect());
            for resource in listed.resources {
                self.update(resource);
            }
            if let Some(present) = &present {
                self.delete_all_but(present);
            }
            let deleting = self.watch.known.values();
            let deleting = deleting.filter(|resource| resource.phase() == Phase::Deleting);
            let deleting = deleting.map(|resource| resource.id().clone()).collect();
            self.watch
                .list
                .track_deletions(deleting, present.is_some(), self.watch.interval);
            if !std::mem::replace(&mut self.init_done, true) {
                self.events.push_back(WatchEvent::InitDone);
            }
        }
    }

    /// Records the current state of a resource.
    fn update(&mut self, resource: Resource<K>) {
        let event = match self.watch.known.get(resource.id()) {
            Some(known) if *known == resource => return,
            Some(_) => WatchEvent::Modified(resource.clone()),
            None => WatchEvent::Added(resource.clone()),
        };
        self.watch.known.insert(resource.id().clone(), resource);
        self.events.push_back(event);
    }

    /// Records deletions: of the resources that this full list lacks and the previous one lacked, too.
    fn delete_all_but(&mut self, present: &HashSet<Id<K>>) {
        let known = &mut self.watch.known;
        let missing = known.keys().filter(|id| !present.contains(id)).cloned();
        let deleted = self.watch.list.confirm_missing(missing);
        let deleted = deleted.iter().filter_map(|id| known.remove(id));
        self.events.extend(deleted.map(WatchEvent::Deleted));
    }

    fn ends_with(&self, error: &Error) -> bool {
        self.watch.fail_fast
            || self.watch.poller.trouble_lasts() >= self.watch.give_up_after
            // The request is never sent, whatever the state of the service.
            || error.kind() == ErrorKind::Invalid
    }
}

#[cfg(test)]
mod tests;
