//! A transport of the client that leads to the fake without a connection.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use coreweave_inference_api::retry::WithTimeout;
use coreweave_inference_api::{
    BoxFuture, Error, ErrorKind, Operation, Report, Request, Response, Transport,
};

use crate::server::FakeServer;
use crate::state::AppState;

/// The most bytes of a response's body, as many as the client accepts over HTTP by default.
const MAX_BODY: usize = 16 * 1024 * 1024;

impl FakeServer {
    /// Returns a transport for clients that leads to this fake without a connection, with its state
    /// and faults. It works under paused tokio time, which clocks such as
    /// [`Clock::real`](crate::Clock::real) follow.
    ///
    /// ```
    /// use coreweave_inference::{Client, GatewayAuth, NewGateway, Routing};
    /// use coreweave_inference_fake::{Clock, FakeServer, Fault};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().clock(Clock::real()).build();
    /// let client = Client::builder()
    ///     .base_url(fake.url())
    ///     .token(fake.token())
    ///     .transport(fake.transport())
    ///     .build()?;
    /// fake.fault(Fault::reset_after_effect().once());
    /// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// let gateway = client.gateways().create(new).await?;
    /// // Three minutes pass at once.
    /// client.gateways().wait_ready(gateway.id()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(&self) -> impl Transport + Clone + use<> {
        WithTimeout(InProcess(Arc::clone(&self.state)))
    }
}

#[derive(Clone)]
struct InProcess(Arc<AppState>);

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl Transport for InProcess {
    fn execute(
        &self,
        request: Request,
        _: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(self.send(request))
    }
}

impl InProcess {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let started = Instant::now();
        let mut http = http::Request::builder()
            .method(request.method())
            .uri(request.url().as_str())
            .body(Bytes::copy_from_slice(request.body()))
            .map_err(|error| {
                Error::new(ErrorKind::Invalid, "the request can't be built").with_cause(error)
            })?;
        *http.headers_mut() = request.headers().clone();
        let broken = "the connection failed before the complete response was received";
        let broken = Error::new(ErrorKind::Transport, broken);
        let arrived = match self.0.exchange(http, MAX_BODY).await {
            Ok(arrived) => arrived,
            Err(reset) => return Err(broken.with_cause(reset)),
        };
        let response = Response::new(arrived.parts.status.as_u16(), arrived.body)
            .with_headers(arrived.parts.headers)
            .with_report(Report::new(1, started.elapsed()));
        match arrived.missing {
            Some(missing) if response.status().is_success() => {
                let error = match missing.kind() {
                    io::ErrorKind::FileTooLarge => {
                        let message = format!("the response body is larger than {MAX_BODY} bytes");
                        Error::new(ErrorKind::BodyTooLarge, message)
                    }
                    _ => broken.with_cause(missing),
                };
                Err(error.with_response(response))
            }
            // What was received of an error response says more than why the rest is missing.
            _ => Ok(response),
        }
    }
}
