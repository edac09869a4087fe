//! Calls: what they have in common, and the requests that they consist of.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub use crate::create::{Create, NewResource};
pub use crate::delete::{Delete, Deletion};
pub use crate::deployment::{Shift, ShiftTraffic};
pub use crate::hot_load::{CreateHotLoad, Start};
pub use crate::list::{Filter, List, Page, Pages, Paginator};
pub use crate::update::{Change, Update};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::raw::Resource as _;
use crate::raw::{self, BoxFuture, FromJson, Operation, Report, Response};
use crate::reason;
use crate::resource::{Id, IntoId, InvalidId, Managed, Resource};
use crate::retry::CallOptions;

/// A call that is ready to be sent: `.await` sends it and returns a `T`.
///
/// `B` is what the call is made of. [`Create`], [`Update`], [`Delete`], [`List`] and [`Paginator`] are calls with further
/// methods.
///
/// [`send`](Self::send) does the same as `.await`, but returns a future for combinators and for `tokio::spawn`. Twenty
/// gateways at a time:
///
/// ```no_run
/// # use coreweave_inference::{Client, Error, GatewayId};
/// use futures_util::{StreamExt, TryStreamExt, stream};
///
/// # async fn example(client: Client, ids: Vec<GatewayId>) -> Result<(), Error> {
/// let gateways: Vec<_> = stream::iter(ids)
///     .map(|id| client.gateways().get(id).send())
///     .buffer_unordered(20)
///     .try_collect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<'a, B, T> {
    pub(crate) context: Context,
    pub(crate) body: B,
    run: Run<'a, B, T>,
}

type Run<'a, B, T> = fn(Context, B) -> BoxFuture<'a, Result<T, Error>>;

impl<'a, B, T> Call<'a, B, T> {
    pub(crate) fn new(context: Context, body: B, run: Run<'a, B, T>) -> Self {
        Self { context, body, run }
    }

    /// Overrides the client's timeouts and retries for every request of this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Sends the call when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'a, Result<T, Error>> {
        (self.run)(self.context, self.body)
    }

    /// Sends the call, and returns how many times requests were sent and how long all of it took as well.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let (gateways, report) = client.gateways().list().send_with_report().await?;
    /// println!("{} gateways in {:?}, {} attempts", gateways.len(), report.elapsed, report.attempts);
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_with_report(mut self) -> BoxFuture<'a, Result<(T, Report), Error>>
    where
        B: Send + 'a,
        T: Send + 'a,
    {
        let attempts = Arc::new(AtomicU32::new(0));
        self.context.attempts = Some(attempts.clone());
        Box::pin(async move {
            let started = Instant::now();
            let value = self.send().await?;
            let report = Report::new(attempts.load(Ordering::Relaxed), started.elapsed());
            Ok((value, report))
        })
    }
}

impl<'a, B, T> IntoFuture for Call<'a, B, T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'a, Result<T, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

impl<B: fmt::Debug, T> fmt::Debug for Call<'_, B, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("body", &self.body)
            .field("options", &self.context.options)
            .finish_non_exhaustive()
    }
}

/// The resource that a call is for.
#[derive(Clone, Debug)]
pub struct Target<R>(Result<Id<R>, InvalidId>);

impl<R: Resource> Target<R> {
    pub(crate) fn new(id: impl IntoId<R>) -> Self {
        Self(id.into_id())
    }

    /// Returns the id, or the error of a call that can't be sent for want of one.
    pub(crate) fn id(&self, operation: &'static Operation) -> Result<&Id<R>, Error> {
        let id = self.0.as_ref();
        id.map_err(|invalid| invalid.clone().refuse(operation))
    }

    /// Returns the id as text, valid or not.
    pub(crate) fn text(&self) -> &str {
        match &self.0 {
            Ok(id) => id.as_str(),
            Err(invalid) => invalid.id(),
        }
    }
}

/// What the requests of one call share: the client and the options.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) options: CallOptions,
    attempts: Option<Arc<AtomicU32>>,
}

impl Context {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            options: CallOptions::new(),
            attempts: None,
        }
    }

    fn with_options(&self, options: CallOptions) -> Self {
        Self {
            options,
            ..self.clone()
        }
    }

    /// Starts a call of several requests, which share one limit of time.
    pub(crate) fn start(&self) -> Self {
        self.with_options(self.options.clone().start(self.client.call_timeout()))
    }

    /// Continues a call after a time that does not count.
    pub(crate) fn after_idling(&self, time: Duration) -> Self {
        self.with_options(self.options.clone().extend(time))
    }

    /// Continues a call with requests that are sent once.
    pub(crate) fn without_retries(&self) -> Self {
        self.with_options(self.options.clone().no_retries())
    }

    /// Sends one request. `id` is the resource that it is about.
    pub(crate) async fn execute(
        &self,
        call: raw::Call,
        id: Option<&str>,
    ) -> Result<Response, Error> {
        let call = call.options(self.options.clone());
        let response = self.client.raw().execute(&call).await;
        if let Some(sum) = &self.attempts {
            let attempts = match &response {
                Ok(response) => response.report().attempts,
                Err(error) => error.attempts(),
            };
            sum.fetch_add(attempts, Ordering::Relaxed);
        }
        response.map_err(|error| {
            let error = reason::explain(error);
            match id {
                Some(id) => error.with_resource_id(id),
                None => error,
            }
        })
    }

    /// Sends one request and takes the resource out of its response.
    pub(crate) async fn resource<R: Resource>(
        &self,
        call: raw::Call,
        id: &str,
    ) -> Result<R, Error> {
        let operation = call.operation();
        let response = self.execute(call, Some(id)).await?;
        resource(response).map_err(|error| error.with_operation(operation).with_resource_id(id))
    }

    pub(crate) fn get<R: Resource>(
        &self,
        id: &Id<R>,
    ) -> impl Future<Output = Result<R, Error>> + Send {
        self.resource(R::Raw::get(id.as_str()), id.as_str())
    }

    pub(crate) fn delete<R: Managed>(
        &self,
        id: &Id<R>,
    ) -> impl Future<Output = Result<R, Error>> + Send {
        let call = <R::Raw as raw::Managed>::delete(id.as_str());
        self.write(call, id.as_str())
    }

    /// Sends one request that changes a resource, which it returns, and tells the client's watches.
    pub(crate) async fn write<R: Resource>(&self, call: raw::Call, id: &str) -> Result<R, Error> {
        Ok(self.written(self.resource(call, id).await?))
    }

    /// Tells the client's watches of a resource that the call has created or changed.
    pub(crate) fn written<R: Resource>(&self, resource: R) -> R {
        self.client.written().report(&resource);
        resource
    }
}

/// Sends one request and converts the message that it returns.
pub(crate) fn message<M: FromJson, T: From<M>>(
    context: Context,
    call: raw::Call,
) -> BoxFuture<'static, Result<T, Error>> {
    Box::pin(async move {
        let operation = call.operation();
        let response = context.execute(call, None).await?;
        let message = M::from_json(response.body()).map(T::from);
        message.map_err(|error| response.undecodable(&error).with_operation(operation))
    })
}

/// Takes the resource out of a response.
pub(crate) fn resource<R: Resource>(response: Response) -> Result<R, Error> {
    let found = match R::Raw::from_response(response.body()) {
        Ok(Some(raw)) => R::try_from(raw),
        Ok(None) => Err(Error::new(
            ErrorKind::Protocol,
            format!("the response has no `{}`", R::Raw::MEMBER),
        )),
        Err(error) => return Err(response.undecodable(&error)),
    };
    found.map_err(|error| error.with_response(response))
}
