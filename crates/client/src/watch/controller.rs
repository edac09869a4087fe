//! Controllers, which bring resources to the state that a program wants.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use futures_util::{FutureExt, future};
use tokio::time::{Instant, sleep_until};

use super::{Store, Watch, WatchEvent, WatchStream};
use crate::error::Error;
use crate::raw::BoxFuture;
use crate::resource::{Id, Resource};
use crate::retry::Backoff;
use crate::wait::after;

/// How many resources are reconciled at the same time by default.
const CONCURRENCY: usize = 16;

/// How often a resource is reconciled without a reason by default.
const RESYNC_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Calls a function for each resource of a watch, whenever the resource may differ from what the program wants.
///
/// The function, `reconcile`, gets the [current state](Observed), compares it with the goal, makes changes, and says
/// [when to be called again](Action) at the latest. It has to be idempotent: it is called for every resource when the
/// controller starts, after each change, its own included, and periodically.
///
/// - It is called for one resource at most once at a time, and for as many resources at the same time as
///   [`concurrency`](Self::concurrency) allows. Any number of changes during a call cause one more.
/// - When it fails, it is called again with growing delays, which changes do not shorten.
/// - It is first called when all resources are known, so the controller's own [`store`](Self::store) can be used in it. The
///   store of another controller or watch may still be filling: await its [`Store::wait_until_ready`] first.
///
/// ```no_run
/// use std::time::Duration;
///
/// use coreweave_inference::{Action, Client, Controller, Deployment, Error, Observed};
///
/// # async fn example(client: Client, interrupted: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
/// Controller::new(client.deployments().watch())
///     .graceful_shutdown_on(interrupted)
///     .run(
///         async |observed: Observed<Deployment>| {
///             if let Observed::Exists(deployment) = observed {
///                 client.deployments().update(deployment.id(), |spec| spec.autoscaling.max = 8).await?;
///             }
///             Ok::<_, Error>(Action::await_change())
///         },
///         |deployment, error| eprintln!("{deployment}: {error}"),
///     )
///     .await
/// # }
/// ```
#[must_use = "nothing happens until the controller runs"]
pub struct Controller<R: Resource> {
    store: Store<R>,
    events: WatchStream<R>,
    concurrency: usize,
    resync_interval: Duration,
    backoff: Backoff,
    shutdown: BoxFuture<'static, ()>,
}

/// The state of a resource that is to be reconciled.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed<R> {
    /// The resource as it is now, or is being deleted.
    Exists(Arc<R>),
    /// The last known state of a resource that no longer exists. After a success it is forgotten.
    Deleted(Arc<R>),
}

impl<R> Observed<R> {
    /// Returns the resource, or its last known state.
    pub fn resource(&self) -> &Arc<R> {
        match self {
            Self::Exists(resource) | Self::Deleted(resource) => resource,
        }
    }
}

/// When a resource is reconciled again after a success. A change or the
/// [resync interval](Controller::resync_interval) may come before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action(Option<Duration>);

impl Action {
    /// Reconciles the resource again after this time.
    pub const fn requeue(after: Duration) -> Self {
        Self(Some(after))
    }

    /// Reconciles the resource again when it changes.
    pub const fn await_change() -> Self {
        Self(None)
    }
}

impl<R: Resource> Controller<R> {
    /// Creates a controller of the resources that a watch selects. Errors of polls go to [`Watch::on_error`].
    pub fn new(watch: Watch<R>) -> Self {
        let (store, events) = watch.store();
        Self {
            store,
            events,
            concurrency: CONCURRENCY,
            resync_interval: RESYNC_INTERVAL,
            backoff: Backoff::polling(Duration::from_secs(1)).max_delay(Duration::from_secs(60)),
            shutdown: Box::pin(future::pending()),
        }
    }

    /// Returns the store of the resources, which is up to date while the controller runs.
    pub fn store(&self) -> Store<R> {
        self.store.clone()
    }

    /// Sets how many resources are reconciled at the same time: by default 16, and at least 1.
    pub fn concurrency(mut self, resources: usize) -> Self {
        self.concurrency = resources.max(1);
        self
    }

    /// Sets how often each resource is reconciled without a change, by default every 5 minutes.
    pub fn resync_interval(mut self, interval: Duration) -> Self {
        self.resync_interval = interval;
        self
    }

    /// Sets the delays before a failed resource is reconciled again: by default from a second to a minute.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Ends the controller when this future is ready: it starts nothing new, waits for what it is doing, and returns.
    pub fn graceful_shutdown_on(
        mut self,
        trigger: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        self.shutdown = Box::pin(trigger);
        self
    }

    /// Runs the controller. Dropping the future stops it at once, in the middle of reconciling.
    ///
    /// `on_error` gets each error of `reconcile`, and the resource.
    ///
    /// # Errors
    /// Returns the last error of a poll if the watch ends, which only [`Watch::fail_fast`], [`Watch::give_up_after`] and
    /// an invalid selection cause.
    pub async fn run<E, F: Future<Output = Result<Action, E>>>(
        mut self,
        mut reconcile: impl FnMut(Observed<R>) -> F,
        mut on_error: impl FnMut(&R, &E),
    ) -> Result<(), Error> {
        let mut queue = Queue {
            work: HashMap::new(),
            due: BTreeSet::new(),
        };
        let mut running = FuturesUnordered::new();
        let mut synced = false;
        let mut last_error = None;
        let mut ended = None;
        loop {
            let can_start =
                |running: usize| synced && ended.is_none() && running < self.concurrency;
            while can_start(running.len())
                && let Some(observed) = queue.start(&self.store)
            {
                let reconciled = reconcile(observed.clone());
                running.push(async move { (observed, reconciled.await) });
            }
            let due = queue.next_due().filter(|_| can_start(running.len()));
            if running.is_empty()
                && let Some(result) = ended.take()
            {
                return result;
            }
            let mut timer = pin!(due.map(sleep_until));
            let step = poll_fn(|context| {
                if let Poll::Ready(Some((observed, result))) = running.poll_next_unpin(context) {
                    return Poll::Ready(Step::Reconciled(observed, result));
                }
                if ended.is_some() {
                    return Poll::Pending;
                }
                if self.shutdown.poll_unpin(context).is_ready() {
                    return Poll::Ready(Step::Shutdown);
                }
                if let Poll::Ready(event) = self.events.poll_next_unpin(context) {
                    return Poll::Ready(Step::Event(event));
                }
                match timer.as_mut().as_pin_mut().map(|timer| timer.poll(context)) {
                    Some(Poll::Ready(())) => Poll::Ready(Step::Due),
                    _ => Poll::Pending,
                }
            })
            .await;
            match step {
                Step::Due => {}
                Step::Shutdown => ended = Some(Ok(())),
                Step::Event(Some(Ok(event))) => match event {
                    WatchEvent::InitDone => synced = true,
                    WatchEvent::Added(resource) | WatchEvent::Modified(resource) => {
                        queue.changed(resource.id().clone(), None);
                    }
                    WatchEvent::Deleted(last) => {
                        queue.changed(last.id().clone(), Some(Arc::new(last)));
                    }
                },
                Step::Event(Some(Err(error))) => last_error = Some(error.into()),
                Step::Event(None) => ended = Some(last_error.take().map_or(Ok(()), Err)),
                Step::Reconciled(observed, result) => {
                    if let Err(error) = &result {
                        on_error(observed.resource(), error);
                    }
                    let (resync, backoff) = (self.resync_interval, &self.backoff);
                    queue.finished(&observed, result.ok(), resync, backoff);
                }
            }
        }
    }
}

/// What happens next.
enum Step<R, T, E> {
    Reconciled(Observed<R>, T),
    Event(Option<E>),
    Shutdown,
    Due,
}

/// What is to be reconciled, and when.
struct Queue<R: Resource> {
    work: HashMap<Id<R>, Work<R>>,
    due: BTreeSet<(Instant, Id<R>)>,
}

struct Work<R> {
    /// The last state, once the resource no longer exists.
    last: Option<Arc<R>>,
    state: WorkState,
    failures: u32,
}

#[derive(Clone, Copy)]
enum WorkState {
    Due(Instant),
    Running { changed: bool },
}

impl<R: Resource> Queue<R> {
    fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(due, _)| *due)
    }

    /// Takes the next resource that is due.
    fn start(&mut self, store: &Store<R>) -> Option<Observed<R>> {
        while self.next_due().is_some_and(|due| due <= Instant::now()) {
            let (_, id) = self.due.pop_first()?;
            let work = self.work.get_mut(&id)?;
            work.state = WorkState::Running { changed: false };
            let exists = store.get(&id).map(Observed::Exists);
            match exists.or_else(|| work.last.clone().map(Observed::Deleted)) {
                Some(observed) => return Some(observed),
                // The event of its deletion is about to come.
                None => drop(self.work.remove(&id)),
            }
        }
        None
    }

    fn changed(&mut self, id: Id<R>, last: Option<Arc<R>>) {
        let now = Instant::now();
        let work = self.work.entry(id.clone()).or_insert_with(|| {
            self.due.insert((now, id.clone()));
            Work {
                last: None,
                state: WorkState::Due(now),
                failures: 0,
            }
        });
        work.last = last;
        match &mut work.state {
            WorkState::Running { changed } => *changed = true,
            // It waits out its delay.
            WorkState::Due(_) if work.failures > 0 => {}
            WorkState::Due(due) => {
                if *due > now {
                    self.due.remove(&(*due, id.clone()));
                    self.due.insert((now, id));
                    *due = now;
                }
            }
        }
    }

    /// Schedules a resource again, unless it is forgotten. There is no action after a failure.
    fn finished(
        &mut self,
        observed: &Observed<R>,
        action: Option<Action>,
        resync: Duration,
        backoff: &Backoff,
    ) {
        let id = observed.resource().id();
        let Some(work) = self.work.get_mut(id) else {
            return;
        };
        work.failures = match action {
            Some(_) => 0,
            None => work.failures.saturating_add(1),
        };
        let delay = match (action, observed) {
            (None, _) => backoff.delay(work.failures, None),
            _ if matches!(work.state, WorkState::Running { changed: true }) => Duration::ZERO,
            (Some(Action(requeue)), Observed::Exists(_)) => {
                requeue.map_or(resync, |requeue| requeue.min(resync))
            }
            (Some(_), Observed::Deleted(_)) => return drop(self.work.remove(id)),
        };
        let due = after(delay);
        work.state = WorkState::Due(due);
        self.due.insert((due, id.clone()));
    }
}

impl<R: Resource> fmt::Debug for Controller<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controller")
            .field("store", &self.store)
            .field("concurrency", &self.concurrency)
            .field("resync_interval", &self.resync_interval)
            .finish_non_exhaustive()
    }
}
