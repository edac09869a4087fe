//! Waiting for resources.

mod all_ready;
pub mod conditions;
mod deleted;
mod error;
mod until;

use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::time::Instant;

pub(super) use all_ready::AllReady;
pub(super) use deleted::Deleted;
pub(super) use error::failure;
pub(crate) use error::{Goal, failed};
pub(crate) use until::Until;

use super::context::CallContext;
use super::poll::{Poller, may_pass};
use super::request::{BoxFuture, await_sends};
use crate::error::Error;
use crate::resource::Resource;
use crate::resource::kind::Kind;
use crate::retry::{Backoff, CallOptions};

/// What a wait polls.
pub(crate) trait Poll<K: Kind, T>: Send {
    /// Polls once.
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, K, T>;

    /// What the wait is for.
    fn goal(&self) -> Goal<'_>;

    /// Whether to poll again after an error.
    fn tolerates(&self) -> fn(&Error) -> bool {
        may_pass
    }
}

/// The future of one poll.
pub(crate) type PollFuture<'a, K, T> = BoxFuture<'a, Result<Progress<K, T>, Error>>;

/// The call that a poll is, and the options of the wait.
pub(crate) struct PollContext {
    pub(crate) call: CallContext,
    pub(crate) fail_on_error: bool,
}

/// What a poll found.
pub(crate) struct Progress<K: Kind, T> {
    /// The resources that the poll returned, and failures. A single resource that fails comes first, then its failure.
    pub(crate) events: Vec<Result<Resource<K>, Error>>,
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

impl<K: Kind, T> Progress<K, T> {
    pub(crate) fn new(seen: Resource<K>, state: State<T>) -> Self {
        let events = vec![Ok(seen)];
        Self { events, state }
    }

    pub(crate) fn failed(seen: Resource<K>, error: Error) -> Self {
        let events = vec![Ok(seen), Err(error)];
        let state = State::Failed;
        Self { events, state }
    }
}

/// A wait: `.await` polls until it succeeds, fails or times out.
///
/// Errors that may pass (no connection, an overloaded server, a failing token provider) do not end a wait, and neither
/// does a resource in STATUS_ERROR, which may recover. When the time is up, the [error](Error::is_wait_timeout) has the
/// [last status](Error::last_status) of the resource, and its message says why polling failed or what is still missing.
///
/// Dropping the future ends the wait and changes nothing in the API.
///
/// ```no_run
/// use std::time::Duration;
///
/// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
/// # -> Result<(), coreweave_inference::Error> {
/// let wait = client.gateways().wait_ready(id)
///     .timeout(Duration::from_secs(900))
///     .on_progress(|gateway| println!("{}", gateway.status()))
///     .on_trouble(|error| eprintln!("still waiting: {error}"));
/// match wait.await {
///     Err(e) if e.is_wait_timeout() => println!("still {:?}", e.last_status()),
///     gateway => println!("{:?}", gateway?.openai_base_url()),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the wait is awaited"]
pub struct Wait<'a, K: Kind, T = Resource<K>> {
    context: PollContext,
    poll: Box<dyn Poll<K, T> + 'a>,
    timeout: Duration,
    poller: Poller<'a>,
    on_progress: Option<OnProgress<'a, K>>,
}

type OnProgress<'a, K> = Box<dyn FnMut(&Resource<K>) + Send + 'a>;

impl<'a, K: Kind, T: Send + 'a> Wait<'a, K, T> {
    pub(crate) fn new(call: CallContext, poll: impl Poll<K, T> + 'a, timeout: Duration) -> Self {
        let backoff = match call.client.poll_backoff() {
            Some(backoff) => backoff.clone(),
            None => Backoff::polling(K::POLL.interval),
        };
        let poller = Poller::new(poll.goal().operation, backoff);
        Self {
            context: PollContext {
                call,
                fail_on_error: false,
            },
            poll: Box::new(poll),
            timeout,
            poller,
            on_progress: None,
        }
    }

    /// How long to wait in total.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The delays between polls. By default those of the [client](crate::ClientBuilder::poll_backoff), or else from 5 seconds
    /// (for deployments 10) to six times as much.
    pub fn poll_backoff(mut self, backoff: Backoff) -> Self {
        self.poller.backoff = backoff;
        self
    }

    /// Treats STATUS_ERROR as a failure. By default the resource may recover from it.
    pub fn fail_on_error(mut self) -> Self {
        self.context.fail_on_error = true;
        self
    }

    /// Overrides the client's timeouts for the requests of this wait, which are never retried: the next poll is a retry.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.call.options = options;
        self
    }

    /// Calls a function with the resource after each poll; in a wait for many, with each one that becomes ready.
    pub fn on_progress(mut self, call: impl FnMut(&Resource<K>) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Calls a function with each error that does not end the wait, and with each refusal of a deletion or a create that
    /// is tried again.
    pub fn on_trouble(mut self, call: impl FnMut(&Error) + Send + 'a) -> Self {
        self.poller.on_trouble = Some(Box::new(call));
        self
    }

    /// Waits when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'a, Result<T, Error>> {
        Box::pin(async move {
            let mut waiting = Waiting::new(self);
            loop {
                let Progress { events, state } = waiting.next().await?;
                for event in events {
                    waiting.report(&event?);
                }
                if let State::Done(output) = state {
                    return Ok(output);
                }
            }
        })
    }

    /// The wait as a stream: of the resource after each poll, or in a wait for many, of each one that becomes ready. The
    /// stream ends with the wait; an error that ends the wait is the last item.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example(client: coreweave_inference::Client, ids: Vec<coreweave_inference::DeploymentId>)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut ready = client.deployments().wait_all_ready(ids).stream();
    /// while let Some(deployment) = ready.try_next().await? {
    ///     println!("{deployment}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> BoxStream<'a, Result<Resource<K>, Error>> {
        // Made only when the stream is read, so that the time begins then.
        let polls = stream::unfold(Some(Start::Wait(self)), |start| async move {
            let mut waiting = match start? {
                Start::Wait(wait) => Waiting::new(wait),
                Start::Waiting(waiting) => waiting,
            };
            match waiting.next().await {
                Ok(Progress { events, state }) => {
                    events
                        .iter()
                        .flatten()
                        .for_each(|seen| waiting.report(seen));
                    let goes_on = matches!(state, State::Pending(_));
                    Some((events, goes_on.then_some(Start::Waiting(waiting))))
                }
                Err(error) => Some((vec![Err(error)], None)),
            }
        });
        polls.flat_map(stream::iter).boxed()
    }
}

enum Start<'a, K: Kind, T> {
    Wait(Wait<'a, K, T>),
    Waiting(Waiting<'a, K, T>),
}

await_sends!(['a, K: Kind, T: Send + 'a] Wait<'a, K, T>, T, 'a);

impl<K: Kind, T> fmt::Debug for Wait<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("goal", &self.poll.goal().to_string())
            .field("timeout", &self.timeout)
            .field("poll_backoff", &self.poller.backoff)
            .finish_non_exhaustive()
    }
}

/// A wait that has begun.
struct Waiting<'a, K: Kind, T> {
    call: CallContext,
    wait: Wait<'a, K, T>,
    started: Instant,
    last_seen: Option<Resource<K>>,
    pending_reason: Option<String>,
    /// Why the last poll failed.
    trouble: Option<Error>,
}

impl<'a, K: Kind, T: Send> Waiting<'a, K, T> {
    fn new(mut wait: Wait<'a, K, T>) -> Self {
        wait.poller.stop_after(wait.timeout);
        let call = wait.context.call.without_retries();
        Self {
            call,
            wait,
            started: Instant::now(),
            last_seen: None,
            pending_reason: None,
            trouble: None,
        }
    }

    /// Polls until a poll succeeds. An error ends the wait.
    async fn next(&mut self) -> Result<Progress<K, T>, Error> {
        let Wait {
            context,
            poll,
            poller,
            ..
        } = &mut self.wait;
        let tolerates = poll.tolerates();
        loop {
            context.call = self.call.start();
            match poller.poll(poll.poll(context), tolerates).await {
                Some(Ok(progress)) => {
                    self.trouble = None;
                    if let State::Pending(reason) = &progress.state {
                        self.pending_reason.clone_from(reason);
                    }
                    if let (Some(Ok(seen)), Some(_)) = (progress.events.first(), poll.goal().id) {
                        self.last_seen = Some(seen.clone());
                    }
                    return Ok(progress);
                }
                Some(Err(error)) if tolerates(&error) => self.trouble = Some(error),
                Some(Err(error)) => return Err(error),
                None => {
                    let elapsed = self.started.elapsed();
                    let (seen, trouble) = (self.last_seen.take(), self.trouble.take());
                    let reason = self.pending_reason.take();
                    return Err(error::timed_out(
                        &poll.goal(),
                        elapsed,
                        seen,
                        trouble,
                        reason,
                    ));
                }
            }
        }
    }

    fn report(&mut self, seen: &Resource<K>) {
        if let Some(call) = &mut self.wait.on_progress {
            call(seen);
        }
    }
}

#[cfg(test)]
mod tests;
