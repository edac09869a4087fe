use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::base_url;
use crate::client::{Client, Shared};
use crate::error::{Error, ErrorKind, Reason};
use crate::raw::{self, HttpTransport, Proxy, Transport};
use crate::retry::{
    Backoff, OidcToken, RetryBudget, RetryPolicy, RetryTransport, Token, TokenProvider, WithTimeout,
};
use crate::written::Listeners;

const USER_AGENT: &str = concat!("coreweave-inference-rust/", env!("CARGO_PKG_VERSION"));

/// Builds a [`Client`]. The defaults suit production:
///
/// | setting | default |
/// | --- | --- |
/// | base URL | `https://api.coreweave.com` |
/// | connect timeout | 10 s |
/// | attempt timeout, from connecting to the last byte | 30 s |
/// | call timeout, with retries and delays | 120 s |
/// | response body | 16 MiB |
/// | retries | [`Backoff::default`], bounded by [`RetryBudget::default`] |
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    pub(crate) credential: Result<Option<Credential>, Error>,
    /// The base URL, and what errors call it.
    pub(crate) base_url: (String, &'static str),
    allow_plain_http: bool,
    user_agent_suffix: Option<String>,
    connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    call_timeout: Duration,
    max_body_size: usize,
    policy: Arc<dyn RetryPolicy>,
    budget: RetryBudget,
    poll_backoff: Option<Backoff>,
    connection: Connection,
}

/// What a client gets its token by.
pub(crate) enum Credential {
    Token(Token),
    Provider(Arc<dyn TokenProvider>),
    Oidc {
        service_account_uid: String,
        token: OidcToken,
    },
}

/// What carries the requests.
enum Connection {
    /// An HTTP client that the builder makes.
    Built(Option<Customize>),
    Http(reqwest::Client),
    Transport(Arc<dyn Transport>),
}

type Customize = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            credential: Ok(None),
            base_url: (base_url::PUBLIC.to_owned(), "the base URL"),
            allow_plain_http: false,
            user_agent_suffix: None,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(120),
            max_body_size: 16 << 20,
            policy: Arc::new(Backoff::default()),
            budget: RetryBudget::default(),
            poll_backoff: None,
            connection: Connection::Built(None),
        }
    }

    /// Sets the API access token. [`build`](Self::build) fails if it is not a valid one.
    pub fn token<T>(mut self, token: T) -> Self
    where
        T: TryInto<Token>,
        T::Error: Into<Error>,
    {
        let token = token.try_into().map_err(Into::into);
        self.credential = token.map(|token| Some(Credential::Token(token)));
        self
    }

    /// Sets where the token comes from, for tokens that change; see [`TokenProvider`].
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.credential = Ok(Some(Credential::Provider(Arc::new(provider))));
        self
    }

    /// Gets tokens by workload identity: exchanges the OIDC token of the workload for an API access token of the service account
    /// with this id.
    ///
    /// The OIDC token is read anew for each exchange. The API access token is renewed before it expires and when it is
    /// refused, by one exchange at a time for all clones of the client.
    ///
    /// ```
    /// use coreweave_inference::Client;
    /// use coreweave_inference::retry::OidcToken;
    ///
    /// let client = Client::builder()
    ///     .oidc_token("7c6f9a0e", OidcToken::File("/var/run/secrets/coreweave/token".into()))
    ///     .build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn oidc_token(mut self, service_account_uid: impl Into<String>, token: OidcToken) -> Self {
        self.credential = Ok(Some(Credential::Oidc {
            service_account_uid: service_account_uid.into(),
            token,
        }));
        self
    }

    /// Sets the base URL. A path in it goes before the path of every operation.
    ///
    /// [`build`](Self::build) fails if it has credentials, a query or a fragment, or if it is plain http to another host
    /// than this one. This one is `localhost`, a name below it, and a loopback address.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = (url.into(), "the base URL");
        self
    }

    /// Allows plain http to other hosts. It exposes the token to everyone on the network path.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Sets what follows this crate's name and version in the `User-Agent` header, such as `my-program/1.0`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets how long connecting may take. Without effect on an [`http_client`](Self::http_client).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the response.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long a call may take, with all its requests, retries and the delays between them.
    ///
    /// Waits consist of many calls and have a [`timeout`](crate::Wait::timeout) of their own.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Sets the largest response body to accept, in bytes. Without effect on a [`transport`](Self::transport).
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    /// Sets the retry policy.
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// Sends each request once, for a program that has its own retries.
    pub fn no_retries(self) -> Self {
        self.retry_policy(Backoff::default().max_attempts(1))
    }

    /// Sets the bound on the retries of all calls together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Sets the delays between the polls of waits and watches, for all of this client's that don't set their own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::{Backoff, Client};
    ///
    /// // For tests against a server that is fast.
    /// let client = Client::builder()
    ///     .token("my-token")
    ///     .poll_backoff(Backoff::constant(Duration::from_millis(10)))
    ///     .build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn poll_backoff(mut self, backoff: Backoff) -> Self {
        self.poll_backoff = Some(backoff);
        self
    }

    /// Customizes the HTTP client: another certificate authority, a proxy, or a client identity for mutual TLS.
    ///
    /// Redirects stay disabled, whatever is set here.
    ///
    /// ```no_run
    /// use coreweave_inference::Client;
    /// use coreweave_inference::reqwest::Certificate;
    ///
    /// # fn f() -> Result<(), Box<dyn std::error::Error>> {
    /// let authority = Certificate::from_pem(&std::fs::read("ca.pem")?)?;
    /// let client = Client::builder()
    ///     .token("my-token")
    ///     .reqwest_builder(|http| http.add_root_certificate(authority))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reqwest_builder(
        mut self,
        customize: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.connection = Connection::Built(Some(Box::new(customize)));
        self
    }

    /// Uses an existing HTTP client.
    ///
    /// Build it with [`reqwest::redirect::Policy::none`]. A call whose redirect it follows fails, and a request body is
    /// never sent to where a redirect points.
    ///
    /// With the feature `rustls` or `aws-lc-rs` alone, reqwest panics unless the program has installed a crypto provider of
    /// rustls, or has built a client before:
    ///
    /// ```
    /// use coreweave_inference::Client;
    /// use coreweave_inference::reqwest::{self, redirect::Policy};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let _ = rustls::crypto::ring::default_provider().install_default();
    /// let http = reqwest::Client::builder().redirect(Policy::none()).pool_max_idle_per_host(2).build()?;
    /// let client = Client::builder().token("my-token").http_client(http).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.connection = Connection::Http(client);
        self
    }

    /// Sends requests over another transport than HTTP. Token, retries and time limits stay this client's.
    ///
    /// Tests can respond to requests from memory:
    ///
    /// ```
    /// use coreweave_inference::Client;
    /// use coreweave_inference::raw::{BoxFuture, Error, Operation, Request, Response, Transport};
    ///
    /// #[derive(Debug)]
    /// struct InMemory;
    ///
    /// impl Transport for InMemory {
    ///     fn execute(&self, _: Request, _: &'static Operation) -> BoxFuture<'_, Result<Response, Error>> {
    ///         Box::pin(async { Ok(Response::new(200, r#"{"items": [{"spec": {"id": "5f0c", "name": "chat"}}]}"#)) })
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), coreweave_inference::Error> {
    /// let client = Client::builder().token("my-token").transport(InMemory).build()?;
    /// assert_eq!(client.gateways().list().await?[0].name(), "chat");
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.connection = Connection::Transport(Arc::new(WithTimeout(transport)));
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    /// Returns an error that names the setting if there is no token, or if a setting is invalid.
    pub fn build(self) -> Result<Client, Error> {
        let [token, _] = Token::VARIABLES;
        let credential = self.credential?.ok_or_else(|| {
            Error::new(ErrorKind::Config, format!(
                "no token: set `token`, `token_provider` or `oidc_token` on the client builder, or use `Client::from_env` with {token} set"
            ))
        })?;
        let (url, source) = &self.base_url;
        let base_url = base_url::parse(url, source, self.allow_plain_http)?;
        let http = |client| HttpTransport::new(client).max_body_size(self.max_body_size);
        let inner: Arc<dyn Transport> = match self.connection {
            Connection::Transport(transport) => transport,
            Connection::Http(client) => Arc::new(http(client)),
            Connection::Built(customize) => {
                require_tls(HAS_TLS, &base_url)?;
                // Another proxy may be set where the client is customized.
                let proxy = match customize.is_some() || base_url::is_loopback(&base_url) {
                    true => None,
                    false => Proxy::from_env(&base_url)?,
                };
                let client =
                    http_client(self.connect_timeout, &base_url, proxy.as_ref(), customize)?;
                Arc::new(http(client).proxy(proxy))
            }
        };
        let transport = RetryTransport::new(inner)
            .origin(base_url.clone())
            .user_agent(user_agent(self.user_agent_suffix.as_deref())?)
            .retry_policy(Arc::clone(&self.policy))
            .retry_budget(self.budget)
            .attempt_timeout(self.attempt_timeout)
            .call_timeout(self.call_timeout);
        let transport = match credential {
            Credential::Token(token) => transport.token(token),
            Credential::Provider(provider) => transport.token_provider(provider),
            Credential::Oidc {
                service_account_uid,
                token,
            } => transport.oidc_token(&base_url, service_account_uid, token),
        };
        Ok(Client::new(Shared {
            raw: raw::Client::new(base_url.as_str(), Arc::new(transport.clone()))?,
            transport,
            retry_policy: self.policy,
            call_timeout: self.call_timeout,
            poll_backoff: self.poll_backoff,
            written: Listeners::default(),
        }))
    }
}

const HAS_TLS: bool = cfg!(any(
    feature = "rustls",
    feature = "aws-lc-rs",
    feature = "native-tls"
));

/// Without TLS, reqwest would fail at the first request only, and not say why.
fn require_tls(has_tls: bool, base_url: &Url) -> Result<(), Error> {
    if has_tls || base_url.scheme() != "https" {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Config,
        "https needs TLS: enable one of the features `rustls`, `aws-lc-rs` and `native-tls` of coreweave-inference, or \
         set `http_client` or `transport` on the client builder",
    ))
}

fn http_client(
    connect_timeout: Duration,
    base_url: &Url,
    proxy: Option<&Proxy>,
    customize: Option<Customize>,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder().connect_timeout(connect_timeout);
    // Another crate of the program may have enabled the other backend as well.
    #[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
    {
        install_crypto_provider();
        builder = builder.tls_backend_rustls();
    }
    // Reading the certificates of the platform fails where there are none, and takes time.
    #[cfg(any(feature = "rustls", feature = "aws-lc-rs", feature = "native-tls"))]
    if base_url.scheme() != "https" && customize.is_none() && !proxy.is_some_and(Proxy::is_https) {
        builder = builder.tls_certs_only([]);
    }
    #[cfg(not(any(feature = "rustls", feature = "aws-lc-rs", feature = "native-tls")))]
    let _ = proxy;
    // A proxy of the environment can't reach this machine's loopback, and must not see the token.
    if base_url::is_loopback(base_url) {
        builder = builder.no_proxy();
    }
    if let Some(customize) = customize {
        builder = customize(builder);
    }
    let builder = builder.redirect(reqwest::redirect::Policy::none());
    builder.build().map_err(|error| {
        let config = |message| Error::new(ErrorKind::Config, message);
        let failed = config("the HTTP client can't be built".to_owned()).with_cause(error);
        let mut variables = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter();
        match variables.find(|name| std::env::var_os(name).is_some()) {
            _ if !failed.message().contains("No CA certificates") => failed,
            Some(name) => config(format!(
                "{name} has no CA certificates: set it to those that https needs, or unset it to use those of the system"
            )),
            None => config("the system has no CA certificates, which https needs".to_owned())
                .with_reason(Reason::UNKNOWN_ISSUER),
        }
    })
}

/// Installs a process-wide provider for rustls, unless the program has installed one.
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
fn install_crypto_provider() {
    use rustls::crypto::CryptoProvider;
    #[cfg(not(feature = "rustls"))]
    use rustls::crypto::aws_lc_rs as provider;
    #[cfg(feature = "rustls")]
    use rustls::crypto::ring as provider;

    if CryptoProvider::get_default().is_none() {
        // Fails only if another thread was first, which is as good.
        let _ = provider::default_provider().install_default();
    }
}

fn user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(suffix) = suffix.map(str::trim).filter(|suffix| !suffix.is_empty()) else {
        return Ok(HeaderValue::from_static(USER_AGENT));
    };
    HeaderValue::try_from(format!("{USER_AGENT} {suffix}")).map_err(|_| {
        Error::new(ErrorKind::Config,
            "the user agent suffix has a character that a header can't hold: use visible ASCII, as in `my-program/1.0`",
        )
    })
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the token nor the base URL, which may hold a password until it is checked.
        f.debug_struct("ClientBuilder")
            .field("allow_plain_http", &self.allow_plain_http)
            .field("user_agent_suffix", &self.user_agent_suffix)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("call_timeout", &self.call_timeout)
            .field("max_body_size", &self.max_body_size)
            .field("retry_policy", &self.policy)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_without_a_tls_feature_is_refused() {
        let url = |text| base_url::parse(text, "base_url", false).unwrap();
        let error = require_tls(false, &url("https://api.test")).unwrap_err();
        assert!(error.to_string().contains("`rustls`"), "{error}");
        assert!(require_tls(false, &url("http://127.0.0.1:8080")).is_ok());
        assert!(require_tls(true, &url("https://api.test")).is_ok());
    }
}
