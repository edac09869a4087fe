//! Watching resources for changes.

mod relist;
mod store;

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};

pub(crate) use relist::Relist;
pub use store::Store;

use crate::call::Context;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::raw::Resource as _;
use crate::resource::{Id, Managed, Phase};
use crate::retry::{Backoff, CallOptions};
use crate::stream::ResultStream;
use crate::wait::Poller;

/// The stream of the events of a [`Watch`]. It goes on after errors.
pub type WatchStream<R> = ResultStream<'static, WatchEvent<R>>;

/// A change that a [`Watch`] reports.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent<R: Managed> {
    /// The resource is new, or existed when the watch began.
    Added(R),
    /// The resource changed.
    Modified(R),
    /// The resource no longer exists; this is its last known state.
    Deleted(R),
    /// All resources that existed when the watch began have been reported. It comes again when a list succeeds after
    /// an error.
    InitDone,
}

impl<R: Managed> WatchEvent<R> {
    /// Returns the resource of the event.
    pub fn resource(&self) -> Option<&R> {
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
/// An error is an item of the stream, which continues with the next poll. The delays between polls that fail in a row grow.
/// [`fail_fast`](Self::fail_fast) and [`give_up_after`](Self::give_up_after) end the stream instead.
///
/// ```no_run
/// use coreweave_inference::WatchEvent;
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
pub struct Watch<R: Managed> {
    context: Context,
    pub(crate) list: Relist<R>,
    known: HashMap<Id<R>, R>,
    fail_fast: bool,
    give_up_after: Duration,
    poller: Poller<'static>,
}

impl<R: Managed> Watch<R> {
    pub(crate) fn new(client: Client) -> Self {
        let mut poller = Poller::new(R::Raw::LIST, client.poll_backoff(R::POLL));
        poller.is_steady = true;
        Self {
            context: Context::new(client),
            list: Relist::default(),
            known: HashMap::new(),
            fail_fast: false,
            give_up_after: Duration::MAX,
            poller,
        }
    }

    /// Sets the delays between polls: the first one as long as polls succeed, and growing ones while they fail. By default
    /// they are those of the [client](crate::ClientBuilder::poll_backoff), or else from 5 seconds (for deployments 10) to
    /// six times as much.
    pub fn poll_backoff(mut self, backoff: Backoff) -> Self {
        self.poller.backoff = backoff;
        self
    }

    /// Sets the interval between full lists, by default a minute. It bounds how late an unannounced deletion is noticed.
    pub fn resync_interval(mut self, interval: Duration) -> Self {
        self.list.resync_interval = interval;
        self
    }

    /// Continues from resources that the caller knows already: only what differs from them is reported.
    pub fn known(mut self, resources: impl IntoIterator<Item = R>) -> Self {
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
    pub fn on_error(mut self, call: impl FnMut(&Error) + Send + 'static) -> Self {
        self.poller.on_error = Some(Box::new(call));
        self
    }

    /// Overrides the client's timeouts for the requests of this watch, which are never retried: the next poll is a retry.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Returns the stream of events, which begins with an `Added` for each existing resource and then `InitDone`.
    pub fn stream(self) -> WatchStream<R> {
        let watching = Watching::new(self);
        ResultStream::new(stream::unfold(Some(watching), |watching| async move {
            let mut watching = watching?;
            let item = watching.next().await;
            let ends = item.as_ref().is_err_and(|error| watching.ends_with(error));
            Some((item, (!ends).then_some(watching)))
        }))
    }

    /// Returns a store of the current state, and the stream that keeps it up to date while it is polled.
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
    pub fn store(self) -> (Store<R>, WatchStream<R>) {
        let (store, mut writer) = store::store(self.known.values().cloned());
        let events = self.stream().inspect(move |event| {
            if let Ok(event) = event {
                writer.apply(event);
            }
        });
        (store, ResultStream::new(events))
    }
}

impl<R: Managed> fmt::Debug for Watch<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("filter", &self.list.filter)
            .field("poll_backoff", &self.poller.backoff)
            .finish_non_exhaustive()
    }
}

/// A watch that has begun.
struct Watching<R: Managed> {
    watch: Watch<R>,
    events: VecDeque<WatchEvent<R>>,
    init_done: bool,
}

impl<R: Managed> Watching<R> {
    fn new(mut watch: Watch<R>) -> Self {
        watch.context = watch.context.without_retries();
        Self {
            watch,
            events: VecDeque::new(),
            init_done: false,
        }
    }

    async fn next(&mut self) -> Result<WatchEvent<R>, Error> {
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
            // There is no deadline.
            let Some(polled) = poller.poll(list.fetch(context)).await else {
                continue;
            };
            let listed = match polled {
                Ok(listed) => listed,
                Err(error) => {
                    poller.failed(&error);
                    self.init_done = false;
                    return Err(error);
                }
            };
            poller.succeeded();
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
            let pace = self.watch.poller.backoff.delay_before_jitter(1);
            self.watch
                .list
                .track_deletions(deleting, present.is_some(), pace);
            if !std::mem::replace(&mut self.init_done, true) {
                self.events.push_back(WatchEvent::InitDone);
            }
        }
    }

    /// Records the current state of a resource.
    fn update(&mut self, resource: R) {
        let event = match self.watch.known.get(resource.id()) {
            Some(known) if *known == resource => return,
            Some(_) => WatchEvent::Modified(resource.clone()),
            None => WatchEvent::Added(resource.clone()),
        };
        self.watch.known.insert(resource.id().clone(), resource);
        self.events.push_back(event);
    }

    /// Records deletions: of the resources that this full list lacks and the previous one lacked, too.
    fn delete_all_but(&mut self, present: &HashSet<Id<R>>) {
        let known = &mut self.watch.known;
        let missing = known.keys().filter(|id| !present.contains(id)).cloned();
        let deleted = self.watch.list.confirm_missing(missing);
        let deleted = deleted.iter().filter_map(|id| known.remove(id));
        self.events.extend(deleted.map(WatchEvent::Deleted));
    }

    fn ends_with(&self, error: &Error) -> bool {
        self.watch.fail_fast
            || self.watch.poller.outage_lasts() >= self.watch.give_up_after
            // The request is never sent, whatever the state of the service.
            || error.kind() == ErrorKind::Invalid
    }
}
