use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Request, Response};
use crate::{Error, Operation};

/// A boxed future, as object-safe async traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Executes the requests of a [`Client`](crate::Client).
///
/// [`HttpTransport`](crate::HttpTransport) sends them over the network. Implement this trait to wrap another transport,
/// or to respond to requests from memory in tests:
///
/// ```
/// use std::sync::Arc;
/// use coreweave_inference_api::{BoxFuture, Client, Error, Operation, Request, Response, Transport};
///
/// #[derive(Debug)]
/// struct InMemory;
///
/// impl Transport for InMemory {
///     fn execute(&self, _: Request, operation: &'static Operation) -> BoxFuture<'_, Result<Response, Error>> {
///         let response = match operation.name {
///             "get_gateway_parameters" => Response::new(200, r#"{"zones": ["US-EAST-04A"]}"#),
///             _ => Response::new(501, r#"{"code": 12, "message": "not implemented"}"#),
///         };
///         Box::pin(async { Ok(response) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let client = Client::new("https://api.test", Arc::new(InMemory))?;
/// let parameters = client.get_gateway_parameters().await?.into_inner();
/// assert_eq!(parameters.zones, ["US-EAST-04A"]);
/// # Ok(())
/// # }
/// ```
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends `request` and reads the complete response, whatever its status.
    ///
    /// A transport should give up after [`Request::timeout`].
    ///
    /// # Errors
    /// Returns an error if no complete response was received. The error keeps what was: see [`Error::with_response`].
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        (**self).execute(request, operation)
    }
}
