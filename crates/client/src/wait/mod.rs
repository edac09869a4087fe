//! Waiting for resources.

pub mod conditions;
mod deleted;
mod error;
mod many;
mod poller;
mod until;
mod verdict;

use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

pub(crate) use deleted::Deleted;
pub(crate) use error::{Goal, describe, failed};
pub(crate) use many::AllReady;
pub(crate) use poller::{Poller, after};
pub(crate) use until::Until;
pub(crate) use verdict::{Rules, Verdict, verdict};

use crate::call::Context;
use crate::error::Error;
use crate::raw::BoxFuture;
use crate::resource::{Managed, Resource};
use crate::retry::{Backoff, CallOptions};
use crate::stream::ResultStream;

/// What a wait does.
pub(crate) trait Probe<R: Resource, T>: Send {
    /// Sends the request that the wait begins with, until it is accepted; then reads the state once.
    ///
    /// Reads are not retried, as the next step is a retry.
    fn step(&mut self, context: Context, rules: Rules) -> Step<'_, R, T>;

    /// Returns what the wait is for. A wait for one resource may have seen it.
    fn goal(&self, seen: Option<&R>) -> Goal;

    /// Whether to go on after an error.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient()
    }
}

pub(crate) type Step<'a, R, T> = BoxFuture<'a, Result<Progress<R, T>, Error>>;

/// What a step found.
pub(crate) struct Progress<R, T> {
    /// The resources that the step returned, and failures.
    pub(crate) events: Vec<Result<R, Error>>,
    /// The resource, in a wait for one.
    pub(crate) seen: Option<R>,
    pub(crate) state: State<T>,
}

/// Whether the wait is over.
pub(crate) enum State<T> {
    /// Not yet; where the resource does not tell, for this reason.
    Pending(Option<String>),
    Done(T),
    /// The last event says why.
    Failed,
}

impl<R: Clone, T> Progress<R, T> {
    /// The end of a wait that has seen no resource.
    pub(crate) fn done(output: T) -> Self {
        Self {
            events: Vec::new(),
            seen: None,
            state: State::Done(output),
        }
    }

    pub(crate) fn new(seen: R, state: State<T>) -> Self {
        Self {
            events: vec![Ok(seen.clone())],
            seen: Some(seen),
            state,
        }
    }

    pub(crate) fn failed(seen: R, error: Error) -> Self {
        let mut progress = Self::new(seen, State::Failed);
        progress.events.push(Err(error));
        progress
    }
}

/// A wait: `.await` polls until it succeeds, fails or times out.
///
/// Errors that may pass (no connection, an overloaded server, a failing token provider) do not end a wait, and neither
/// does a resource in STATUS_ERROR, which may recover. When the time is up, the [error](Error::is_wait_timeout) has the
/// [last status](Error::last_status) and conditions of the resource, and its message says why polling failed or what is still
/// missing. When the wait can no longer succeed, the [reason](Error::reason) of the error says why.
///
/// Dropping the future ends the wait and changes nothing in the API.
///
/// ```no_run
/// use std::time::Duration;
/// use coreweave_inference::reason;
///
/// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
/// # -> Result<(), coreweave_inference::Error> {
/// let wait = client.gateways().wait_ready(id)
///     .timeout(Duration::from_secs(900))
///     .on_progress(|gateway| println!("{}", gateway.status()))
///     .on_error(|error| eprintln!("still waiting: {error}"));
/// match wait.await {
///     Err(e) if e.is_wait_timeout() => println!("still {:?}", e.last_status()),
///     Err(e) if e.is(reason::DELETING) => println!("somebody has deleted it"),
///     gateway => println!("{:?}", gateway?.openai_base_url()),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the wait is awaited"]
pub struct Wait<'a, R: Resource, T = R> {
    context: Context,
    rules: Rules,
    probe: Box<dyn Probe<R, T> + 'a>,
    poller: Poller<'a>,
    timeout: Duration,
    stable_for: Duration,
    on_progress: Option<OnProgress<'a, R>>,
    /// Since when polls have found that the wait is done.
    done_since: Option<Instant>,
    last_seen: Option<R>,
    /// Why the state is pending.
    pending: Option<String>,
    /// Why the last poll failed.
    last_error: Option<Error>,
}

type OnProgress<'a, R> = Box<dyn FnMut(&R) + Send + 'a>;

impl<'a, R: Resource, T: Send + 'a> Wait<'a, R, T> {
    pub(crate) fn new(context: Context, probe: impl Probe<R, T> + 'a) -> Self {
        let backoff = context.client.poll_backoff(R::POLL_INTERVAL);
        let poller = Poller::new(probe.goal(None).operation, backoff);
        Self {
            context,
            rules: Rules::default(),
            probe: Box::new(probe),
            poller,
            timeout: R::WAIT_TIMEOUT,
            stable_for: Duration::ZERO,
            on_progress: None,
            done_since: None,
            last_seen: None,
            pending: None,
            last_error: None,
        }
    }

    /// Sets how long to wait in total.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the delays between polls. By default they are those of the
    /// [client](crate::ClientBuilder::poll_backoff), or else from 5 seconds (for deployments 10) to six times as much.
    pub fn poll_backoff(mut self, backoff: Backoff) -> Self {
        self.poller.backoff = backoff;
        self
    }

    /// Treats STATUS_ERROR as a failure. By default the resource may recover from it.
    pub fn fail_on_error(mut self) -> Self {
        self.rules.fail_on_error = true;
        self
    }

    /// Takes a disabled deployment for done when the condition `ResourcesApplied` is true.
    ///
    /// It never becomes ready, so that waiting for it to be ready fails by default. A wait that follows a create or an
    /// update allows it.
    pub fn allow_disabled(mut self) -> Self {
        self.rules.allow_disabled = true;
        self
    }

    /// Overrides the client's timeouts and retries for the requests of this wait. Polls are never retried: the next poll is
    /// a retry.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Calls a function with the resource after each poll; in a wait for many, with each one that becomes ready.
    pub fn on_progress(mut self, call: impl FnMut(&R) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Calls a function with each error that does not end the wait, and with each refusal of a deletion or a create that
    /// is tried again.
    pub fn on_error(mut self, call: impl FnMut(&Error) + Send + 'a) -> Self {
        self.poller.on_error = Some(Box::new(call));
        self
    }

    /// Waits when the returned future is polled. The same as `.await`.
    pub fn send(mut self) -> BoxFuture<'a, Result<T, Error>> {
        Box::pin(async move {
            loop {
                let Progress { events, state, .. } = self.next().await?;
                for event in events {
                    event?;
                }
                if let State::Done(output) = state {
                    return Ok(output);
                }
            }
        })
    }

    /// Returns the wait as a stream: of the resource after each poll, or in a wait for many, of each one that becomes ready.
    /// The stream ends with the wait; an error that ends the wait is the last item.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, ids: Vec<coreweave_inference::DeploymentId>)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut ready = client.deployments().wait_all_ready(ids).stream();
    /// while let Some(deployment) = ready.try_next().await? {
    ///     println!("{deployment}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> ResultStream<'a, R> {
        let polls = stream::unfold(Some(self), |wait| async move {
            let mut wait = wait?;
            let progress = wait.next().await;
            Some(match progress {
                Ok(Progress { events, state, .. }) => {
                    let goes_on = matches!(state, State::Pending(_));
                    (events, goes_on.then_some(wait))
                }
                Err(error) => (vec![Err(error)], None),
            })
        });
        ResultStream::new(polls.flat_map(stream::iter))
    }

    /// Polls until a poll succeeds. An error ends the wait.
    async fn next(&mut self) -> Result<Progress<R, T>, Error> {
        loop {
            let step = self.probe.step(self.context.start(), self.rules);
            let Some(polled) = self.poller.poll(self.timeout, step).await else {
                let goal = self.probe.goal(self.last_seen.as_ref());
                let timeout = self.timeout;
                let seen = self.last_seen.as_ref().map(R::metadata);
                let (last_error, pending) = (self.last_error.take(), self.pending.take());
                return Err(error::timed_out(goal, timeout, seen, last_error, pending));
            };
            match polled {
                Ok(mut progress) => {
                    self.poller.succeeded();
                    self.last_error = None;
                    self.bake(&mut progress.state);
                    if let State::Pending(reason) = &progress.state {
                        self.pending.clone_from(reason);
                    }
                    if let Some(call) = &mut self.on_progress {
                        progress.events.iter().flatten().for_each(call);
                    }
                    self.last_seen = progress.seen.take().or(self.last_seen.take());
                    return Ok(progress);
                }
                Err(error) if self.probe.is_retryable(&error) => {
                    self.poller.failed(&error);
                    self.last_error = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Goes on with a wait that is done until it has been done for long enough.
    fn bake(&mut self, state: &mut State<T>) {
        let State::Done(_) = state else {
            self.done_since = None;
            return;
        };
        let held = self.done_since.get_or_insert_with(Instant::now).elapsed();
        if let Some(rest) = self
            .stable_for
            .checked_sub(held)
            .filter(|rest| !rest.is_zero())
        {
            self.poller.within(rest);
            let reason = format!(
                "it has been so for {held:?}, not yet for {:?}",
                self.stable_for
            );
            *state = State::Pending(Some(reason));
        }
    }
}

impl<R: Managed> Wait<'_, R> {
    /// Sets how long the resource has to stay ready, or the condition has to hold, before the wait is over: a bake time.
    ///
    /// A poll that finds it otherwise begins the time anew. A poll that fails neither does that nor ends the wait. The time
    /// counts towards the [timeout](Self::timeout).
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, canary: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let minutes = |n: u64| std::time::Duration::from_secs(60 * n);
    /// client.deployments().wait_ready(&canary).stable_for(minutes(10)).fail_on_error().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stable_for(mut self, time: Duration) -> Self {
        self.stable_for = time;
        self
    }
}

impl<'a, R: Resource, T: Send + 'a> IntoFuture for Wait<'a, R, T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'a, Result<T, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

impl<R: Resource, T> fmt::Debug for Wait<'_, R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("goal", &self.probe.goal(self.last_seen.as_ref()).text)
            .field("timeout", &self.timeout)
            .field("poll_backoff", &self.poller.backoff)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}
