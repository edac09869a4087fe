use tokio::time::timeout;

use crate::{BoxFuture, Error, ErrorKind, Operation, Request, Response, Transport};

/// Enforces the [timeout](Request::timeout) of requests on a transport that does not do so itself.
#[derive(Clone, Debug)]
pub struct WithTimeout<T>(pub T);

impl<T: Transport> Transport for WithTimeout<T> {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        let limit = request.timeout();
        let response = self.0.execute(request, operation);
        let Some(limit) = limit else { return response };
        Box::pin(async move {
            let response = timeout(limit, response).await;
            response.unwrap_or_else(|elapsed| {
                let error = Error::new(ErrorKind::Timeout, "no complete response in time");
                Err(error.with_source(elapsed))
            })
        })
    }
}
