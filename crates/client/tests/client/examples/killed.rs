//! Programs that are killed at one of their requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use coreweave_inference::Error;
use coreweave_inference::raw::{BoxFuture, Operation, Request, Response, Transport};
use tokio::sync::Notify;

/// Runs a program until the service has handled this many of its requests. Returns nothing if it was killed then.
pub(crate) async fn at<T: Transport, R>(
    requests: usize,
    transport: T,
    program: impl AsyncFnOnce(Killed<T>) -> R,
) -> Option<R> {
    let killed = Arc::new(Notify::new());
    let transport = Killed {
        transport,
        left: AtomicUsize::new(requests),
        killed: killed.clone(),
    };
    tokio::select! {
        biased;
        result = program(transport) => Some(result),
        () = killed.notified() => None,
    }
}

/// Handles a number of requests, and never responds to the last of them.
pub(crate) struct Killed<T> {
    transport: T,
    left: AtomicUsize,
    killed: Arc<Notify>,
}

impl<T> fmt::Debug for Killed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Killed")
    }
}

impl<T: Transport> Transport for Killed<T> {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            let response = self.transport.execute(request, operation).await;
            if self.left.fetch_sub(1, Ordering::SeqCst) > 1 {
                return response;
            }
            self.killed.notify_one();
            std::future::pending().await
        })
    }
}
