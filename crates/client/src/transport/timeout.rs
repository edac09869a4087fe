use tokio::time::timeout;

use crate::raw::{BoxFuture, Error, ErrorKind, Operation, Request, Response, Transport};

/// Enforces the timeout of requests on a transport that may not do so itself.
#[derive(Debug)]
pub(crate) struct WithTimeout<T>(pub(crate) T);

impl<T: Transport> Transport for WithTimeout<T> {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            let Some(limit) = request.timeout() else {
                return self.0.execute(request, operation).await;
            };
            let response = timeout(limit, self.0.execute(request, operation)).await;
            response.unwrap_or_else(|elapsed| Err(Error::new(ErrorKind::Timeout, elapsed)))
        })
    }
}
