//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use crate::base_url::{self, BaseUrl};
use crate::client::Client;
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::token::{Token, TokenProvider};
use crate::transport::{Backoff, Engine, RetryBudget, RetryPolicy, Tokens};

const USER_AGENT: &str = concat!("coreweave-inference-rust/", env!("CARGO_PKG_VERSION"));

/// Sets up a [`Client`]. What isn't set is as the defaults have it, which suit production.
///
/// | setting | default |
/// | --- | --- |
/// | base URL | `https://api.coreweave.com` |
/// | connecting | 10 s |
/// | one attempt, from connecting to the last byte | 30 s |
/// | a call in all, with retries and waits | 120 s |
/// | a reply's size | 16 MiB |
/// | retries | [`Backoff::default`], bounded by [`RetryBudget::default`] |
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    tokens: Result<Option<Tokens>, Error>,
    base_url: Option<(String, &'static str)>,
    allow_plain_http: bool,
    user_agent_suffix: Option<String>,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    deadline: Duration,
    max_body_size: usize,
    retry: Option<Arc<dyn RetryPolicy>>,
    budget: RetryBudget,
    http: Http,
}

/// Where the HTTP client comes from.
enum Http {
    Ours(Option<Customize>),
    Theirs(reqwest::Client),
}

type Customize = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            tokens: Ok(None),
            base_url: None,
            allow_plain_http: false,
            user_agent_suffix: None,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(120),
            max_body_size: 16 << 20,
            retry: Some(Arc::new(Backoff::default())),
            budget: RetryBudget::default(),
            http: Http::Ours(None),
        }
    }

    /// A builder with token and base URL from the environment, as [`Client::from_env`] takes them.
    ///
    /// # Errors
    /// When no token is set, or a variable holds something unusable; the error names it.
    ///
    /// ```no_run
    /// use coreweave_inference::ClientBuilder;
    ///
    /// let client = ClientBuilder::from_env()?.user_agent_suffix("my-program/1.0").build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Self::from_environment(Environment::read(|name| std::env::var_os(name))?)
    }

    fn from_environment(environment: Environment) -> Result<Self, Error> {
        let mut builder = Self::new();
        builder.tokens = Ok(Some(Tokens::Fixed(environment.token)));
        builder.base_url = environment.base_url.map(|url| (url, environment::BASE_URL));
        Ok(builder)
    }

    /// The API access token. One that can't be a token makes [`build`](Self::build) fail.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").build()?;
    /// assert!(Client::builder().token("two words").build().is_err());
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn token<T>(mut self, token: T) -> Self
    where
        T: TryInto<Token>,
        T::Error: Into<Error>,
    {
        self.tokens = token
            .try_into()
            .map(|token| Some(Tokens::Fixed(token)))
            .map_err(Into::into);
        self
    }

    /// Where to get the token from, when it changes.
    ///
    /// The client asks it before every attempt, and again when the API answers 401.
    ///
    /// ```
    /// use coreweave_inference::raw::BoxFuture;
    /// use coreweave_inference::{Client, Token, TokenError, TokenProvider};
    ///
    /// struct Mounted;
    ///
    /// impl TokenProvider for Mounted {
    ///     fn token<'a>(&'a self, _refused: Option<&'a Token>) -> BoxFuture<'a, Result<Token, TokenError>> {
    ///         Box::pin(async { Ok(Token::new(std::fs::read_to_string("/run/secrets/token")?)?) })
    ///     }
    /// }
    ///
    /// let client = Client::builder().token_provider(Mounted).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.tokens = Ok(Some(Tokens::Provider(Arc::new(provider))));
        self
    }

    /// Where the API is. A path, if it has one, goes before every operation's.
    ///
    /// One that isn't https, or holds a password, a query or a fragment, makes [`build`](Self::build) fail; plain http to
    /// this machine is fine.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").base_url("https://proxy.example.com/coreweave/").build()?;
    /// assert_eq!(client.base_url(), "https://proxy.example.com/coreweave");
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some((url.into(), "base_url"));
        self
    }

    /// Allows plain http to other hosts than this one. It shows the token to everyone on the way.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let inside = Client::builder().token("test-token").base_url("http://fake.test-cluster:8080");
    /// let client = inside.allow_plain_http(true).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// What goes after this crate's name and version in the `User-Agent` header: your program's, say.
    ///
    /// One that a header can't hold makes [`build`](Self::build) fail.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").user_agent_suffix("my-program/1.0").build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// The longest that connecting may take. Without effect on an [`http_client`](Self::http_client) of yours.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").connect_timeout(Duration::from_secs(3)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The longest that one attempt may take, from connecting to the last byte of the reply.
    ///
    /// An attempt that runs out of it may be followed by another.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").attempt_timeout(Duration::from_secs(10)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The longest that a call may take in all, retries and the waits between them included.
    ///
    /// Waiting for a resource consists of many calls, and has a [`timeout`](crate::Wait::timeout) of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").deadline(Duration::from_secs(300)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The largest reply to accept, in bytes.
    ///
    /// A larger one is an error of the kind [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge), and isn't read to its end.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").max_body_size(64 << 20).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    /// Decides when to try again.
    ///
    /// ```
    /// use coreweave_inference::{Backoff, Client};
    ///
    /// let client = Client::builder().token("my-token").retry_policy(Backoff::default().max_attempts(6)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.retry = Some(Arc::new(policy));
        self
    }

    /// Never tries again.
    ///
    /// For a program that has retries of its own, say.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let client = Client::builder().token("my-token").no_retries().build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn no_retries(mut self) -> Self {
        self.retry = None;
        self
    }

    /// Bounds the retries of all calls together.
    ///
    /// ```
    /// use coreweave_inference::{Client, RetryBudget};
    ///
    /// let client = Client::builder().token("my-token").retry_budget(RetryBudget::new(20)).build()?;
    /// # Ok::<_, coreweave_inference::Error>(())
    /// ```
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Changes the HTTP client that is made: another certificate authority, a proxy, or a client identity for mutual TLS,
    /// which is a `reqwest::Identity` made in the way of the TLS library in use.
    ///
    /// Redirects stay off, whatever is set here.
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
        self.http = Http::Ours(Some(Box::new(customize)));
        self
    }

    /// Uses an HTTP client of yours.
    ///
    /// Make it with [`reqwest::redirect::Policy::none`]. If it does follow a redirect, the call fails: the answer isn't
    /// from where it was asked for. (reqwest itself keeps the token from other hosts.)
    ///
    /// It takes the place of [`reqwest_builder`](Self::reqwest_builder)'s; the last one set counts.
    ///
    /// ```
    /// use coreweave_inference::Client;
    /// use coreweave_inference::reqwest::{self, redirect::Policy};
    ///
    /// # fn f() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder().redirect(Policy::none()).pool_max_idle_per_host(2).build()?;
    /// let client = Client::builder().token("my-token").http_client(http).build()?;
    /// # Ok(())
    /// # }
    /// # f().unwrap();
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Http::Theirs(client);
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// When there is no token, or a setting is unusable; the error says which.
    ///
    /// ```
    /// use coreweave_inference::Client;
    ///
    /// let error = Client::builder().build().unwrap_err();
    /// assert!(error.to_string().starts_with("no token"));
    /// ```
    pub fn build(self) -> Result<Client, Error> {
        let [token, _] = environment::TOKENS;
        let tokens = self.tokens?.ok_or_else(|| {
            Error::config(format!(
                "no token: give `token` or `token_provider` to the client builder, or use `Client::from_env` with {token} set"
            ))
        })?;
        let (url, source) = self
            .base_url
            .as_ref()
            .map_or((base_url::PUBLIC, ""), |(url, source)| (url, source));
        let base_url = BaseUrl::parse(url, source, self.allow_plain_http)?;
        let user_agent = user_agent(self.user_agent_suffix.as_deref())?;
        let http = match self.http {
            Http::Theirs(client) => client,
            Http::Ours(customize) => {
                http_client(self.connect_timeout, base_url.is_loopback(), customize)?
            }
        };
        let engine = Engine {
            base_url,
            tokens,
            user_agent,
            retry: self.retry,
            budget: self.budget,
            attempt_timeout: self.attempt_timeout,
            deadline: self.deadline,
            max_body_size: self.max_body_size,
        };
        Ok(Client::new(engine, http))
    }
}

fn http_client(
    connect_timeout: Duration,
    to_loopback: bool,
    customize: Option<Customize>,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder().connect_timeout(connect_timeout);
    // Where both libraries are compiled in, because something else in the program wants the other one.
    #[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
    {
        install_crypto_provider();
        builder = builder.tls_backend_rustls();
    }
    // A proxy that the environment names can't reach this machine's own loopback, and is not to see the token.
    if to_loopback {
        builder = builder.no_proxy();
    }
    if let Some(customize) = customize {
        builder = customize(builder);
    }
    builder
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| {
            Error::config("the HTTP client can't be made: check what `reqwest_builder` sets")
                .with_source(error)
        })
}

/// Makes sure that rustls has a process-wide provider: one that the program installed, else that of this crate's feature.
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
fn install_crypto_provider() {
    use rustls::crypto::CryptoProvider;
    #[cfg(not(feature = "rustls"))]
    use rustls::crypto::aws_lc_rs as provider;
    #[cfg(feature = "rustls")]
    use rustls::crypto::ring as provider;

    if CryptoProvider::get_default().is_none() {
        // Fails only where another thread was first, which is as good.
        let _ = provider::default_provider().install_default();
    }
}

fn user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(suffix) = suffix.map(str::trim).filter(|suffix| !suffix.is_empty()) else {
        return Ok(HeaderValue::from_static(USER_AGENT));
    };
    HeaderValue::try_from(format!("{USER_AGENT} {suffix}")).map_err(|_| {
        Error::config("the user agent suffix holds a character that a header can't: use visible ASCII, as in `my-program/1.0`")
    })
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the token nor the base URL, which hasn't been checked for passwords yet.
        f.debug_struct("ClientBuilder")
            .field("allow_plain_http", &self.allow_plain_http)
            .field("user_agent_suffix", &self.user_agent_suffix)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("deadline", &self.deadline)
            .field("max_body_size", &self.max_body_size)
            .field("retry", &self.retry)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}
