//! Requests that have not been sent yet.

use std::fmt;
use std::future::Future;

use super::context::CallContext;
use crate::client::Client;
use crate::error::Error;
pub(crate) use crate::raw::BoxFuture;
use crate::retry::CallOptions;

/// A request that is ready to be sent: `.await` sends it.
///
/// [`send`](Self::send) does the same, but returns a future for combinators and for `tokio::spawn`. Twenty gateways at a
/// time:
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
#[must_use = "nothing is sent until the request is awaited"]
pub struct Request<'a, T> {
    context: CallContext,
    run: Run<'a, T>,
}

type Run<'a, T> = Box<dyn FnOnce(CallContext) -> BoxFuture<'a, Result<T, Error>> + Send + 'a>;

impl<'a, T> Request<'a, T> {
    pub(crate) fn new<F, Fut>(client: Client, run: F) -> Self
    where
        F: FnOnce(CallContext) -> Fut + Send + 'a,
        Fut: Future<Output = Result<T, Error>> + Send + 'a,
    {
        Self {
            context: CallContext::new(client),
            run: Box::new(|context| Box::pin(run(context))),
        }
    }

    /// Overrides the client's timeouts and retries for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Sends the request when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'a, Result<T, Error>> {
        (self.run)(self.context)
    }
}

/// Makes `.await` the same as `.send()`.
macro_rules! await_sends {
    ([$($generics:tt)*] $type:ty, $output:ty, $life:lifetime) => {
        impl<$($generics)*> std::future::IntoFuture for $type {
            type Output = Result<$output, $crate::error::Error>;
            type IntoFuture = $crate::api::BoxFuture<$life, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }
    };
}
pub(crate) use await_sends;

await_sends!(['a, T] Request<'a, T>, T, 'a);

impl<T> fmt::Debug for Request<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("options", &self.context.options)
            .finish_non_exhaustive()
    }
}
