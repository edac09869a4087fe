use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::builder::ClientBuilder;
use crate::error::{Error, ErrorKind};
use crate::raw;
use crate::retry::{Backoff, RetryPolicy, RetryTransport, Token};
use crate::written::Listeners;

/// A client for the CoreWeave Inference API.
///
/// A clone is cheap and shares everything: connections, token, retry budget. One client per program is enough.
///
/// ```no_run
/// use coreweave_inference::Client;
///
/// # async fn f() -> Result<(), coreweave_inference::Error> {
/// let client = Client::from_env()?;
/// let gateways = client.gateways().list().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

/// What the clones of a client share.
pub(crate) struct Shared {
    pub(crate) raw: raw::Client,
    pub(crate) transport: RetryTransport,
    pub(crate) retry_policy: Arc<dyn RetryPolicy>,
    pub(crate) call_timeout: Duration,
    pub(crate) poll_backoff: Option<Backoff>,
    pub(crate) written: Listeners,
}

impl Client {
    /// Creates a client from the environment; see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// Returns an error that names the variable if no token is set, or if a value is invalid.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Creates a builder that does not read the environment.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::{Backoff, Client};
    ///
    /// let client = Client::builder()
    ///     .token("my-token")
    ///     .user_agent_suffix("my-program/1.0")
    ///     .retry_policy(Backoff::default().max_attempts(6))
    ///     .call_timeout(Duration::from_secs(300))
    ///     .build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Returns the generated client: every operation of the API, with this client's token, retries and limits.
    ///
    /// ```no_run
    /// use coreweave_inference::{Client, Error, GatewayId};
    ///
    /// # async fn f(client: Client, id: GatewayId) -> Result<(), Error> {
    /// let response = client.raw().get_gateway(id.as_str()).await?;
    /// println!("{} after {} attempts", response.status(), response.report().attempts);
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self) -> &raw::Client {
        &self.0.raw
    }

    /// Returns the base URL, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.0.raw.base_url()
    }

    /// Returns the API access token that calls are sent with now. The endpoints of gateways take the same.
    ///
    /// # Errors
    /// Returns an error if the token provider or the exchange of the OIDC token fails. That is not retried.
    ///
    /// ```no_run
    /// use coreweave_inference::{Client, Gateway, reqwest};
    ///
    /// # async fn f(client: Client, gateway: Gateway) -> Result<(), Box<dyn std::error::Error>> {
    /// let url = gateway.openai_base_url().ok_or("the gateway is not ready")?;
    /// let models = reqwest::Client::new()
    ///     .get(format!("{url}/models"))
    ///     .bearer_auth(client.token().await?.expose())
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn token(&self) -> Result<Token, Error> {
        let token = self.0.transport.current_token().await?;
        token.ok_or_else(|| Error::new(ErrorKind::Config, "there is no token"))
    }

    /// Returns the retry policy of calls that do not set their own, so that one can be built on it.
    pub fn retry_policy(&self) -> Arc<dyn RetryPolicy> {
        Arc::clone(&self.0.retry_policy)
    }

    /// What hears of the resources that calls have written.
    pub(crate) fn written(&self) -> &Listeners {
        &self.0.written
    }

    /// How long a call may take that does not say.
    pub(crate) fn call_timeout(&self) -> Duration {
        self.0.call_timeout
    }

    /// The delays between polls of waits and watches that set none.
    pub(crate) fn poll_backoff(&self, interval: Duration) -> Backoff {
        let backoff = self.0.poll_backoff.clone();
        backoff.unwrap_or_else(|| Backoff::polling(interval))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.raw).finish()
    }
}
