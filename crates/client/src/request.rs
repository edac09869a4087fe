//! A request that is ready to be sent.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use crate::client::Client;
use crate::error::Error;
use crate::raw::{self, Operation, Response};
use crate::transport::CallOptions;

/// A future on the heap, as `.await` on the builders of this crate makes it.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A request that is ready to be sent: `.await` sends it.
///
/// ```no_run
/// use coreweave_inference::{CallOptions, Client};
///
/// # async fn f(client: Client) -> Result<(), coreweave_inference::Error> {
/// let gateway = client.gateways().get("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11").await?;
/// let again = client.gateways().get(gateway.id()).options(CallOptions::new().no_retries()).await?;
/// # let _ = again; Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the request is awaited"]
pub struct Request<'a, T> {
    sender: Sender,
    run: Run<'a, T>,
}

type Run<'a, T> = Box<dyn FnOnce(Sender) -> BoxFuture<'a, Result<T, Error>> + Send + 'a>;

impl<'a, T> Request<'a, T> {
    pub(crate) fn new<F, Fut>(client: Client, run: F) -> Self
    where
        F: FnOnce(Sender) -> Fut + Send + 'a,
        Fut: Future<Output = Result<T, Error>> + Send + 'a,
    {
        Self {
            sender: Sender::new(client),
            run: Box::new(|sender| Box::pin(run(sender))),
        }
    }

    /// Sets what this call does differently from its client: time limits, retries.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use coreweave_inference::{CallOptions, Client};
    /// # async fn f(client: Client) -> Result<(), coreweave_inference::Error> {
    /// let quick = CallOptions::new().deadline(Duration::from_secs(2)).no_retries();
    /// let zones = client.gateways().parameters().options(quick).await?;
    /// # let _ = zones; Ok(())
    /// # }
    /// ```
    pub fn options(mut self, options: CallOptions) -> Self {
        self.sender.options = options;
        self
    }
}

impl<'a, T> IntoFuture for Request<'a, T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        (self.run)(self.sender)
    }
}

impl<T> fmt::Debug for Request<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

/// A client together with what its next calls do differently.
#[derive(Clone, Debug)]
pub struct Sender {
    pub(crate) client: Client,
    pub(crate) options: CallOptions,
}

impl Sender {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            options: CallOptions::new(),
        }
    }

    /// The same sender, trying each request once: for loops that come back by themselves.
    pub(crate) fn once(&self) -> Self {
        Self {
            client: self.client.clone(),
            options: self.options.clone().no_retries(),
        }
    }

    /// The same sender, whose requests share one deadline that starts now.
    pub(crate) fn start(&self) -> Self {
        let options = self.options.clone().start(self.client.deadline());
        Self {
            client: self.client.clone(),
            options,
        }
    }

    /// Runs one generated method. `id` is the resource that the call is for.
    pub(crate) async fn send<T, F, Fut>(
        &self,
        id: Option<&str>,
        method: F,
    ) -> Result<Response<T>, Error>
    where
        F: FnOnce(raw::Client) -> Fut + Send,
        Fut: Future<Output = Result<Response<T>, raw::Error>> + Send,
        T: Send,
    {
        self.client.call(id, &self.options, method).await
    }
}

/// An operation, and the resource that it is for.
#[derive(Clone, Copy, Debug)]
pub struct CallInfo<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) resource: Option<&'a str>,
}

impl<'a> CallInfo<'a> {
    pub(crate) fn new(operation: &'static Operation, resource: Option<&'a str>) -> Self {
        Self {
            operation,
            resource,
        }
    }
}
