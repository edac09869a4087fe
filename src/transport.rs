use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response};

use crate::{Client, Operation};

/// A boxed future, as object-safe async traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What carries out the requests of a [`Client`]: the one place that every call passes, for tokens, retries, deadlines,
/// tracing and limits.
///
/// ```
/// use coreweave_inference_api::{BoxFuture, Operation, Transport};
///
/// #[derive(Debug)]
/// struct Loud;
///
/// impl Transport for Loud {
///     fn execute<'a>(
///         &'a self,
///         http: &'a reqwest::Client,
///         request: reqwest::Request,
///         operation: &'static Operation,
///     ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
///         eprintln!("{}: {} {}", operation.name, request.method(), request.url());
///         Box::pin(http.execute(request))
///     }
/// }
/// ```
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends `request`, which is complete but for what this transport adds, and returns the answer, whatever its status.
    ///
    /// # Errors
    /// The HTTP client's. A failure of the transport's own reaches the caller as the body of a response that fails with it.
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'a, reqwest::Result<Response>>;
}

/// The transport without any policy: a request is sent once, as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Direct;

impl Transport for Direct {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        request: Request,
        _operation: &'static Operation,
    ) -> BoxFuture<'a, reqwest::Result<Response>> {
        Box::pin(http.execute(request))
    }
}

impl Client {
    /// The same client over another transport. Cheap: the HTTP client's connections are shared.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use coreweave_inference_api::{Client, Transport};
    ///
    /// # fn f(client: Client, logging: impl Transport) {
    /// let logged = client.with_transport(Arc::new(logging));
    /// # let _ = logged; }
    /// ```
    #[must_use]
    pub fn with_transport(&self, transport: std::sync::Arc<dyn Transport>) -> Self {
        Self {
            baseurl: self.baseurl.clone(),
            client: self.client.clone(),
            inner: transport,
        }
    }
}

impl ClientHooks<std::sync::Arc<dyn Transport>> for Client {
    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        match Operation::named(info.operation_id) {
            Some(operation) => self.inner.execute(&self.client, request, operation).await,
            // Not reached: methods and table are generated from the same operations, and a test holds them together.
            None => self.client.execute(request).await,
        }
    }
}
