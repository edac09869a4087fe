//! Watching resources for changes.

mod controller;
mod error;
mod relist;
mod store;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{self, Either};
use futures_util::stream;
use tokio::time::Instant;

pub use controller::{Action, Controller, Observed};
pub use error::WatchError;
pub(crate) use relist::{Listed, Relist};
pub use store::Store;
use store::Writer;

use crate::call::Context;
use crate::error::{Error, ErrorKind};
use crate::raw::{BoxFuture, Resource as _};
use crate::resource::Resource;
use crate::retry::{Backoff, CallOptions};
use crate::stream::ResultStream;
use crate::wait::Poller;
use crate::written::Listener;

/// The stream of the events of a [`Watch`]. It goes on after errors.
pub type WatchStream<R> = ResultStream<'static, WatchEvent<R>, WatchError>;

/// A change that a [`Watch`] reports.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent<R: Resource> {
    /// The resource is new, or existed when the watch began.
    Added(R),
    /// The resource changed.
    Modified(R),
    /// The resource no longer exists; this is its last known state.
    Deleted(R),
    /// All is known: the resources that existed when the watch began have been reported, or after an error, everything that
    /// happened meanwhile, deletions included.
    InitDone,
}

/// A watch over the resources of a kind, as returned by [`Api::watch`](crate::Api::watch).
///
/// The API has no push notifications, so a watch polls: mostly for what changed, and periodically for the full list, which
/// alone shows deletions. A deletion is reported when two full lists in a row lack the resource. What creates, updates and
/// deletes through the same client return is reported without a poll.
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
pub struct Watch<R: Resource> {
    context: Context,
    pub(crate) list: Relist<R>,
    fetch: Fetch<R>,
    known: Vec<R>,
    give_up_after: Duration,
    poller: Poller<'static>,
}

/// Fetches a list.
type Fetch<R> =
    for<'a> fn(&'a mut Relist<R>, &'a Context) -> BoxFuture<'a, Result<Listed<R>, Error>>;

impl<R: Resource> Watch<R> {
    pub(crate) fn new(context: Context, fetch: Fetch<R>) -> Self {
        let mut poller = Poller::new(R::Raw::LIST, context.client.poll_backoff(R::POLL_INTERVAL));
        poller.is_steady = true;
        Self {
            context,
            list: Relist::default(),
            fetch,
            known: Vec::new(),
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
        self.known.extend(resources);
        self
    }

    /// Ends the stream after the first error.
    pub fn fail_fast(self) -> Self {
        self.give_up_after(Duration::ZERO)
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
        self.store().1
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
        let watching = Watching::new(self);
        let store = watching.writer.store();
        let events = ResultStream::new(stream::unfold(Some(watching), |watching| async move {
            let mut watching = watching?;
            let item = watching.next().await;
            let ends = item.as_ref().is_err_and(|error| watching.ends_with(error));
            Some((item, (!ends).then_some(watching)))
        }));
        (store, events)
    }
}

impl<R: Resource> fmt::Debug for Watch<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("filter", &self.list.filter)
            .field("poll_backoff", &self.poller.backoff)
            .finish_non_exhaustive()
    }
}

/// A watch that has begun.
struct Watching<R: Resource> {
    watch: Watch<R>,
    writer: Arc<Writer<R>>,
    /// Hears what calls write, as long as the watch goes on.
    _listener: Listener,
}

impl<R: Resource> Watching<R> {
    fn new(mut watch: Watch<R>) -> Self {
        watch.context = watch.context.without_retries();
        let known = std::mem::take(&mut watch.known);
        let writer = Arc::new(Writer::new(known, watch.list.filter.is_empty()));
        let listener: Listener = {
            let writer = Arc::clone(&writer);
            Arc::new(move |resource| writer.written(resource))
        };
        watch.context.client.written().add(&listener);
        Self {
            watch,
            writer,
            _listener: listener,
        }
    }

    async fn next(&mut self) -> Result<WatchEvent<R>, WatchError> {
        loop {
            if let Some(event) = self.writer.next_event() {
                return Ok(event);
            }
            let Watch {
                context,
                list,
                poller,
                fetch,
                ..
            } = &mut self.watch;
            if event_before(poller.until_due(), self.writer.has_event()).await {
                continue;
            }
            let asked = Instant::now();
            match fetch(list, context).await {
                Ok(listed) => {
                    poller.succeeded();
                    let pace = poller.backoff.delay_before_jitter(1);
                    self.writer.listed(listed, asked, list, pace);
                }
                Err(error) => {
                    list.failed();
                    let (failures, lasts) = poller.failed(&error);
                    return Err(WatchError {
                        error,
                        failures,
                        lasts,
                    });
                }
            }
        }
    }

    fn ends_with(&self, error: &WatchError) -> bool {
        error.lasts >= self.watch.give_up_after
            // The request is never sent, whatever the state of the service.
            || error.error.kind() == ErrorKind::Invalid
    }
}

/// Waits for the next poll to be due, or for an event without one, and returns whether it is the latter.
async fn event_before(due: impl Future<Output = ()>, event: impl Future<Output = ()>) -> bool {
    matches!(
        future::select(pin!(due), pin!(event)).await,
        Either::Right(_)
    )
}
