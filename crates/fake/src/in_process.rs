//! Requests without a connection.

use std::io;

use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response};
use http_body_util::BodyExt;

use crate::app::{Reset, max_body};
use crate::error::ApiError;
use crate::server::FakeServer;
use crate::state::AppState;

/// A response as far as it arrived.
pub(crate) struct Arrived {
    pub(crate) parts: Parts,
    pub(crate) body: Vec<u8>,
    /// Why the rest of the body is missing, if it is.
    pub(crate) missing: Option<io::Error>,
}

impl AppState {
    /// Handles a request, and reads at most `limit` bytes of the response's body.
    pub(crate) async fn exchange(
        &self,
        request: Request<Bytes>,
        limit: usize,
    ) -> Result<Arrived, Reset> {
        let (parts, body) = request.into_parts();
        let max = max_body(parts.uri.path());
        let body = match body.len() <= max {
            true => Ok(body),
            false => Err(ApiError::too_large(max)),
        };
        let (parts, mut sent) = self.handle(parts, body).await?.into_parts();
        let (mut body, mut missing) = (Vec::new(), None);
        while let Some(frame) = sent.frame().await {
            match frame.map(|frame| frame.into_data().unwrap_or_default()) {
                Ok(data) if data.len() <= limit - body.len() => body.extend_from_slice(&data),
                Ok(_) => missing = Some(io::ErrorKind::FileTooLarge.into()),
                Err(error) => missing = Some(error),
            }
            if missing.is_some() {
                break;
            }
        }
        Ok(Arrived {
            parts,
            body,
            missing,
        })
    }
}

impl FakeServer {
    /// Handles a request without a connection.
    ///
    /// ```
    /// use coreweave_inference_fake::FakeServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakeServer::builder().build();
    /// let request = http::Request::get("/v1alpha1/inference/gateways")
    ///     .header("authorization", format!("Bearer {}", fake.token()))
    ///     .body("".into())?;
    /// let response = fake.handle(request).await?;
    /// assert_eq!(response.body(), r#"{"items":[]}"#);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if a fault breaks the connection.
    pub async fn handle(&self, request: Request<Bytes>) -> io::Result<Response<Bytes>> {
        let arrived = self.state.exchange(request, usize::MAX).await;
        let reset = |reset| io::Error::new(io::ErrorKind::ConnectionReset, reset);
        let arrived = arrived.map_err(reset)?;
        match arrived.missing {
            Some(error) => Err(error),
            None => Ok(Response::from_parts(arrived.parts, arrived.body.into())),
        }
    }
}
