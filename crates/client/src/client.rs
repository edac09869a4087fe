//! The client.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use tracing::Instrument;

use crate::builder::ClientBuilder;
use crate::call::{CallInfo, CallOptions};
use crate::delivered::Delivered;
use crate::error::{Error, ErrorKind, Scrub, request_id};
use crate::raw;
use crate::transport::{Call, Engine, Noted, Tokens, broken, trace};

/// A client of the CoreWeave Inference API.
///
/// Cloning it is cheap, and clones share everything: connections, token, retry budget. One per program is right.
///
/// ```no_run
/// use coreweave_inference::Client;
///
/// # fn main() -> Result<(), coreweave_inference::Error> {
/// let client = Client::from_env()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    engine: Arc<Engine>,
    raw: raw::Client,
}

impl Client {
    /// A client as the environment sets it up: the token in `COREWEAVE_API_TOKEN`, else `CW_API_TOKEN`; the base URL in
    /// `CW_BASE_URL`, else the public API.
    ///
    /// # Errors
    /// When no token is set, or a variable holds something unusable; the error names it.
    ///
    /// ```no_run
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::from_env()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Sets up a client step by step, without a look at the environment.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::{Backoff, Client};
    ///
    /// let client = Client::builder()
    ///     .token("my-token")
    ///     .user_agent_suffix("my-program/1.0")
    ///     .retry_policy(Backoff::default().max_attempts(6))
    ///     .deadline(Duration::from_secs(300))
    ///     .build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn new(engine: Engine, http: reqwest::Client) -> Self {
        let engine = Arc::new(engine);
        let raw = raw::Client::new_with_client(engine.base_url.as_str(), http, engine.clone());
        Self(Arc::new(Shared { engine, raw }))
    }

    /// The generated client: every operation as the API has it, with this client's token, retries and limits.
    ///
    /// A failure that has no place among reqwest's errors, such as a reply that is too large, arrives as
    /// [`ResponseBodyError`](raw::Error::ResponseBodyError) with an [`Error`] among its sources.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let zones = client.raw().get_gateway_parameters().await?.into_inner().zones;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self) -> &raw::Client {
        &self.0.raw
    }

    /// Where requests go, without a slash at the end.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").base_url("https://api.example.com/").build()?;
    /// assert_eq!(client.base_url(), "https://api.example.com");
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn base_url(&self) -> &str {
        self.0.engine.base_url.as_str()
    }

    /// Runs one generated method on a raw client that is bound to this call.
    pub(crate) async fn call<T, F, Fut>(
        &self,
        info: CallInfo<'_>,
        options: &CallOptions,
        f: F,
    ) -> Result<Delivered<T>, Error>
    where
        F: FnOnce(raw::Client) -> Fut,
        Fut: Future<Output = Result<raw::ResponseValue<T>, raw::Error<()>>>,
    {
        let call = Arc::new(Call::new(self.0.engine.clone(), options.clone()));
        let span = trace::call(info.operation, info.resource);
        let result = pin!(f(self.0.raw.with_transport(call.clone())))
            .instrument(span.clone())
            .await;
        let noted = call.take_noted();
        match result {
            Ok(value) => Ok(Delivered::new(value.into_inner(), noted)),
            Err(error) => {
                let error = self.explain(error, noted).during(info);
                span.record("error.type", error.kind().as_str());
                Err(error)
            }
        }
    }

    /// What the generated method's error means, with what was noted beside it.
    fn explain(&self, error: raw::Error<()>, noted: Noted) -> Error {
        if let Some(failure) = noted.failure {
            return failure;
        }
        let error = match error {
            raw::Error::InvalidResponsePayload(body, source) => {
                self.undecodable(body, source, &noted)
            }
            // The engine lets only statuses of success through.
            raw::Error::UnexpectedResponse(response) => {
                let status = response.status();
                Error::new(ErrorKind::Decode, "the API answers this operation with 200")
                    .with_status(status)
            }
            raw::Error::CommunicationError(error) => {
                let kind = if error.is_builder() {
                    ErrorKind::Invalid
                } else {
                    ErrorKind::Transport
                };
                broken(kind, error)
            }
            raw::Error::InvalidRequest(message) => Error::new(ErrorKind::Invalid, message),
            other => Error::new(ErrorKind::Transport, "the reply can't be read")
                .with_source(other.to_string()),
        };
        let id = noted
            .request_id
            .as_ref()
            .and_then(request_id::text)
            .map(str::to_owned);
        error.with_delivery(noted.delivery).with_request_id(id)
    }

    /// A reply of success that isn't what the API promises.
    fn undecodable(&self, body: bytes::Bytes, source: serde_json::Error, noted: &Noted) -> Error {
        let content_type = noted
            .content_type
            .as_ref()
            .and_then(|value| value.to_str().ok());
        let message = match content_type {
            Some(other) if !other.to_ascii_lowercase().contains("json") => {
                format!("the reply isn't JSON but {other}: {source}")
            }
            _ if body.is_empty() => "the reply is empty".to_owned(),
            _ => format!("the reply isn't what the API promises: {source}"),
        };
        // What serde says may quote a value of the reply, which may hold a secret.
        let mut scrub = Scrub::default();
        scrub.api_keys_of(&body);
        if let Tokens::Fixed(token) = &self.0.engine.tokens {
            scrub.secret(token.expose());
        }
        let message = scrub.clean(&message).into_owned();
        Error::new(ErrorKind::Decode, message)
            .with_status(reqwest::StatusCode::OK)
            .with_body(body)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.engine).finish()
    }
}

#[cfg(test)]
mod tests;
