//! Waiting for resources to get where they are going.
//!
//! A wait is a goal, which knows what to look at and what it means, and a loop, which knows when to look, what trouble
//! to tolerate and when to give up. The loop is written once, here.

mod all;
mod complete;
mod deleted;
mod pace;
mod ready;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use tokio::time::{Instant, sleep_until, timeout_at};

pub use all::AllReady;
pub use complete::Complete;
pub use deleted::Deleted;
pub(crate) use deleted::USUAL as USUAL_DELETION;
pub use ready::Ready;

use crate::client::Client;
use crate::error::{Error, LastSeen};
use crate::request::CallInfo;
use crate::request::{BoxFuture, Sender};
use crate::resource::Resource;
use crate::resource::kind::Kind;
use crate::transport::{Backoff, CallOptions, after};
use pace::Pace;

/// What a wait waits for.
#[doc(hidden)]
pub trait Goal<K: Kind>: Send + 'static {
    type Output: Send + 'static;

    /// Looks once.
    fn look(
        &mut self,
        sender: &Sender,
    ) -> impl Future<Output = Result<Look<K, Self::Output>, Error>> + Send;

    /// Whether to look again after this error rather than give up.
    fn tolerates(&self, error: &Error) -> bool {
        error.is_transient()
    }

    /// The call that the wait's own errors speak of.
    fn call(&self) -> CallInfo<'_>;

    /// The resource as it was at the last look.
    fn last_seen(&self) -> Option<&Resource<K>> {
        None
    }

    /// What stands in the way, where the resource itself doesn't tell.
    fn obstacle(&self) -> Option<Error> {
        None
    }
}

/// What came of looking once.
#[doc(hidden)]
pub struct Look<K: Kind, T> {
    /// What was seen that is worth telling, and what failed.
    pub(crate) events: Vec<Result<Resource<K>, Error>>,
    pub(crate) end: End<T>,
}

/// Whether that was it.
pub(crate) enum End<T> {
    NotYet,
    Reached(T),
    /// The events say why.
    Failed,
}

/// A wait: `.await` ends when it is over, one way or the other.
///
/// It looks again and again, at first after the poll interval and then after ever longer pauses. Trouble that may pass
/// (no connection, a server that is out of order) is no reason to give up, and neither is a resource in trouble that may
/// recover. When time is up, the [error](Error::is_timeout) has the last that was seen of the
/// [resource](Error::last_seen) and, if looking itself didn't work, why.
///
/// Dropping the future ends the wait; it changes nothing in the API.
///
/// ```no_run
/// # use std::time::Duration;
/// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
/// # -> Result<(), coreweave_inference::Error> {
/// use coreweave_inference::Gateway;
///
/// match client.gateways().wait_ready(id).timeout(Duration::from_secs(60)).await {
///     Err(e) if e.is_timeout() => println!("still {:?}", e.last_seen::<Gateway>().map(|gateway| gateway.status())),
///     gateway => println!("{:?}", gateway?.openai_base_url()),
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until the wait is awaited"]
pub struct Wait<'a, K: Kind, G: Goal<K>> {
    sender: Sender,
    goal: G,
    timeout: Duration,
    pace: Pace,
    on_progress: Option<OnProgress<'a, K>>,
}

type OnProgress<'a, K> = Box<dyn FnMut(&Resource<K>) + Send + 'a>;

impl<'a, K: Kind, G: Goal<K>> Wait<'a, K, G> {
    pub(crate) fn new(client: Client, goal: G, timeout: Duration) -> Self {
        let sender = Sender::new(client);
        Self {
            sender,
            goal,
            timeout,
            pace: Pace::new(K::PATIENCE.interval),
            on_progress: None,
        }
    }

    /// How long to wait in all.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().wait_ready(id).timeout(Duration::from_secs(7200)).await?;
    /// # Ok(()) }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long to pause after the first look. By default 5 seconds, for deployments 10.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().wait_ready(id).poll_interval(Duration::from_secs(2)).await?;
    /// # Ok(()) }
    /// ```
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.pace.interval = interval;
        self
    }

    /// The longest that pauses may get. By default that is six times the first.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().wait_ready(id).max_poll_interval(Duration::from_secs(20)).await?;
    /// # Ok(()) }
    /// ```
    pub fn max_poll_interval(mut self, interval: Duration) -> Self {
        self.pace.longest = Some(interval);
        self
    }

    /// How much longer each pause is than the one before. By default 1.5 times; 1 keeps a steady pace.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().wait_ready(id).growth(1.0).await?;
    /// # Ok(()) }
    /// ```
    pub fn growth(mut self, factor: f64) -> Self {
        self.pace.growth = factor;
        self
    }

    /// By how much of itself each pause may be longer or shorter, at random. By default a tenth; 0 turns it off.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().wait_ready(id).jitter(0.5).await?;
    /// # Ok(()) }
    /// ```
    pub fn jitter(mut self, share: f64) -> Self {
        self.pace.jitter = share;
        self
    }

    /// Sets what the calls of the wait do differently from their client. They aren't retried in any case: the wait looks
    /// again by itself.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use coreweave_inference::CallOptions;
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let options = CallOptions::new().attempt_timeout(Duration::from_secs(5));
    /// client.deployments().wait_ready(id).options(options).await?;
    /// # Ok(()) }
    /// ```
    pub fn options(mut self, options: CallOptions) -> Self {
        self.sender.options = options;
        self
    }

    /// Calls this with the resource each time it was looked at. A wait for many calls it with each one as it gets ready.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut looks = 0;
    /// client.deployments().wait_ready(id).on_progress(|_| looks += 1).await?;
    /// println!("ready after {looks} looks");
    /// # Ok(()) }
    /// ```
    pub fn on_progress<'b, F>(self, call: F) -> Wait<'b, K, G>
    where
        F: FnMut(&Resource<K>) + Send + 'b,
    {
        let Self {
            sender,
            goal,
            timeout,
            pace,
            ..
        } = self;
        Wait {
            sender,
            goal,
            timeout,
            pace,
            on_progress: Some(Box::new(call)),
        }
    }

    /// The same wait as a stream of what is seen: of the resource each time it was looked at, the last time included, or
    /// of the resources as they get ready when the wait is for many. An error that ends the wait is the last item.
    ///
    /// ```no_run
    /// use std::pin::pin;
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn f(client: coreweave_inference::Client, ids: Vec<coreweave_inference::DeploymentId>)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut ready = pin!(client.deployments().wait_all_ready(ids).stream());
    /// while let Some(deployment) = ready.try_next().await? {
    ///     println!("{deployment}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<Resource<K>, Error>> + Send + 'a {
        let waiting = Streaming {
            waiting: Some(Waiting::new(self)),
            events: Vec::new().into_iter(),
        };
        stream::unfold(waiting, |mut streaming| async move {
            let event = streaming.next().await?;
            Some((event, streaming))
        })
    }
}

impl<'a, K: Kind, G: Goal<K>> IntoFuture for Wait<'a, K, G> {
    type Output = Result<G::Output, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut waiting = Waiting::new(self);
            loop {
                let look = waiting.look().await?;
                for event in look.events {
                    waiting.report(&event?);
                }
                match look.end {
                    End::Reached(output) => return Ok(output),
                    // Its events hold an error, which has been returned above.
                    End::NotYet | End::Failed => {}
                }
            }
        })
    }
}

impl<K: Kind, G: Goal<K> + fmt::Debug> fmt::Debug for Wait<'_, K, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("goal", &self.goal)
            .field("timeout", &self.timeout)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

/// A wait that has begun.
struct Waiting<'a, K: Kind, G: Goal<K>> {
    wait: Wait<'a, K, G>,
    started: Instant,
    deadline: Option<Instant>,
    looks: u32,
    /// When to look next.
    due: Instant,
    /// Why the last look didn't work.
    trouble: Option<Error>,
}

impl<'a, K: Kind, G: Goal<K>> Waiting<'a, K, G> {
    fn new(mut wait: Wait<'a, K, G>) -> Self {
        wait.sender = wait.sender.once();
        let started = Instant::now();
        Self {
            started,
            deadline: started.checked_add(wait.timeout),
            looks: 0,
            due: started,
            trouble: None,
            wait,
        }
    }

    /// Looks when it is time to, until a look works. An error ends the wait.
    async fn look(&mut self) -> Result<Look<K, G::Output>, Error> {
        loop {
            if self.looks > 0 {
                match self.deadline {
                    Some(deadline) if self.due >= deadline => {
                        sleep_until(deadline).await;
                        return Err(self.timed_out());
                    }
                    _ => sleep_until(self.due).await,
                }
            }
            let look = self.wait.goal.look(&self.wait.sender);
            let looked = match self.deadline {
                Some(deadline) => match timeout_at(deadline, look).await {
                    Ok(looked) => looked,
                    Err(_) => return Err(self.timed_out()),
                },
                None => look.await,
            };
            self.looks = self.looks.saturating_add(1);
            let mut pause = self.wait.pace.pause(self.looks);
            match looked {
                Ok(look) => {
                    self.trouble = None;
                    self.due = after(pause);
                    return Ok(look);
                }
                Err(error) if self.wait.goal.tolerates(&error) => {
                    pause = Backoff::constant(pause).delay(1, error.retry_after());
                    self.trouble = Some(error);
                    self.due = after(pause);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn report(&mut self, resource: &Resource<K>) {
        if let Some(call) = &mut self.wait.on_progress {
            call(resource);
        }
    }

    fn timed_out(&mut self) -> Error {
        let source = self.trouble.take().or_else(|| self.wait.goal.obstacle());
        let last = self.wait.goal.last_seen().map(last_seen);
        let CallInfo {
            operation,
            resource,
        } = self.wait.goal.call();
        Error::wait_timeout(operation, resource, self.started.elapsed(), last, source)
    }
}

/// A wait that hands out what it sees.
struct Streaming<'a, K: Kind, G: Goal<K>> {
    /// Gone when the wait is over.
    waiting: Option<Waiting<'a, K, G>>,
    events: std::vec::IntoIter<Result<Resource<K>, Error>>,
}

impl<K: Kind, G: Goal<K>> Streaming<'_, K, G> {
    async fn next(&mut self) -> Option<Result<Resource<K>, Error>> {
        loop {
            if let Some(event) = self.events.next() {
                return Some(event);
            }
            match self.waiting.as_mut()?.look().await {
                Ok(look) => {
                    if let Some(waiting) = &mut self.waiting {
                        look.events
                            .iter()
                            .flatten()
                            .for_each(|resource| waiting.report(resource));
                    }
                    if !matches!(look.end, End::NotYet) {
                        self.waiting = None;
                    }
                    self.events = look.events.into_iter();
                }
                Err(error) => {
                    self.waiting = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// A resource as an error keeps it.
pub(crate) fn last_seen<K: Kind>(resource: &Resource<K>) -> LastSeen {
    LastSeen {
        status: K::facts(resource.raw()).state.to_owned(),
        conditions: K::facts(resource.raw()).conditions.to_vec(),
        resource: Box::new(resource.clone()),
    }
}

#[cfg(test)]
mod tests;
