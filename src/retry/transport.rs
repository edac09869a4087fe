use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue, USER_AGENT};
use reqwest::{StatusCode, Url};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use super::backoff::Backoff;
use super::budget::RetryBudget;
use super::deadline::{Deadline, Scope};
use super::oidc::{OidcExchange, OidcToken};
use super::options::CallOptions;
use super::policy::RetryPolicy;
use super::token::{Token, TokenProvider};
use super::{idempotency, trace};
use crate::error::{Error, ErrorKind, Redactor};
use crate::{BoxFuture, Operation, Report, Request, Response, Transport};

/// Sends requests with a token, retries and time limits over another transport, and turns responses that are not a success
/// into errors.
///
/// A clone is cheap and shares the retry budget.
///
/// ```
/// use std::sync::Arc;
/// use coreweave_inference_api::retry::{Backoff, RetryTransport, Token};
/// use coreweave_inference_api::{Client, HttpTransport};
///
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// let http = HttpTransport::new(reqwest::Client::new());
/// let transport = RetryTransport::new(http)
///     .token(Token::new("CW-SECRET-1")?)
///     .retry_policy(Backoff::default().max_attempts(6));
/// let client = Client::new("https://api.coreweave.com", Arc::new(transport))?;
/// # Ok::<_, coreweave_inference_api::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct RetryTransport {
    inner: Arc<dyn Transport>,
    tokens: Option<Tokens>,
    origin: Option<Url>,
    user_agent: Option<HeaderValue>,
    policy: Arc<dyn RetryPolicy>,
    budget: RetryBudget,
    attempt_timeout: Duration,
    call_timeout: Duration,
}

/// Where tokens come from.
#[derive(Clone)]
enum Tokens {
    Fixed(Token),
    Provider(Arc<dyn TokenProvider>),
}

impl Tokens {
    async fn get(&self, refused: Option<&Token>, deadline: Deadline) -> Result<Token, Error> {
        let provider = match self {
            Tokens::Fixed(token) => return Ok(token.clone()),
            Tokens::Provider(provider) => provider,
        };
        match timeout_at(deadline.at, provider.token(refused)).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(error)) => {
                Err(Error::new(ErrorKind::Token, "the token provider failed").with_cause(error))
            }
            Err(_) => {
                let message = deadline.missed("token from its provider");
                Err(Error::new(ErrorKind::Timeout, message))
            }
        }
    }
}

impl RetryTransport {
    /// Creates a transport over another one: without a token, with [`Backoff::default`] bounded by
    /// [`RetryBudget::default`], 30 seconds for an attempt and 120 for a call.
    pub fn new(inner: impl Transport) -> Self {
        Self {
            inner: Arc::new(inner),
            tokens: None,
            origin: None,
            user_agent: None,
            policy: Arc::new(Backoff::default()),
            budget: RetryBudget::default(),
            attempt_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(120),
        }
    }

    /// Sets the token.
    pub fn token(mut self, token: Token) -> Self {
        self.tokens = Some(Tokens::Fixed(token));
        self
    }

    /// Sets where the token comes from, for tokens that change.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.tokens = Some(Tokens::Provider(Arc::new(provider)));
        self
    }

    /// Gets tokens by workload identity: exchanges the OIDC token of the workload for an API access token of the service account
    /// with this id, at the API at `base_url`.
    ///
    /// The token is renewed before it expires and when it is refused, by one exchange at a time for all clones.
    ///
    /// ```
    /// use coreweave_inference_api::HttpTransport;
    /// use coreweave_inference_api::retry::{OidcToken, RetryTransport};
    ///
    /// # let _ = rustls::crypto::ring::default_provider().install_default();
    /// # fn f(base_url: reqwest::Url, uid: &str) {
    /// let token = OidcToken::File("/var/run/secrets/coreweave/token".into());
    /// let transport = RetryTransport::new(HttpTransport::new(reqwest::Client::new()))
    ///     .oidc_token(&base_url, uid, token);
    /// # }
    /// ```
    pub fn oidc_token(
        self,
        base_url: &Url,
        service_account_uid: impl Into<String>,
        token: OidcToken,
    ) -> Self {
        let transport = Arc::clone(&self.inner);
        let account = service_account_uid.into();
        let exchange = OidcExchange::new(transport, base_url, account, token);
        self.token_provider(exchange)
    }

    /// Sends the token to the scheme, host and port of this URL only, even if clients with other base URLs share the
    /// transport.
    pub fn origin(mut self, url: Url) -> Self {
        self.origin = Some(url);
        self
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(mut self, value: HeaderValue) -> Self {
        self.user_agent = Some(value);
        self
    }

    /// Sets the retry policy.
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// Sets the bound on the retries of all calls together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the response.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long a call may take, with its retries and the delays between them.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Returns the token that a request would be sent with now, if requests are sent with one.
    ///
    /// # Errors
    /// Returns an error if the provider has no token at the moment. That is not retried.
    pub async fn current_token(&self) -> Result<Option<Token>, Error> {
        let deadline = CallOptions::default().deadline(self.call_timeout);
        match &self.tokens {
            Some(tokens) => tokens.get(None, deadline).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Transport for RetryTransport {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        let span = trace::call(operation, &request);
        let options = request.options().clone();
        let call = Call {
            transport: self,
            deadline: options.deadline(self.call_timeout),
            options,
            operation,
            span: span.clone(),
            started: Instant::now(),
            attempts: 0,
            outcome_unknown: false,
        };
        Box::pin(call.run(request).instrument(span))
    }
}

/// One call in progress. Dropping it cancels it; nothing runs in the background.
struct Call<'a> {
    transport: &'a RetryTransport,
    options: CallOptions,
    operation: &'static Operation,
    deadline: Deadline,
    span: Span,
    started: Instant,
    attempts: u32,
    outcome_unknown: bool,
}

impl Call<'_> {
    /// Sends the request until it succeeds or is not to be repeated.
    async fn run(mut self, mut request: Request) -> Result<Response, Error> {
        if let Some(user_agent) = &self.transport.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        let mut refused = None;
        let mut tries = 0;
        loop {
            tries += 1;
            let mut token = None;
            let error = match self
                .attempt(&mut request, refused.as_ref(), &mut token)
                .await
            {
                Ok(response) => return Ok(response.with_report(self.report())),
                Err(error) => error
                    .with_operation(self.operation)
                    .with_report(self.report()),
            };
            // A token that was refused is replaced once. The refusal proves that nothing was done yet.
            let is_unauthorized = error.status() == Some(StatusCode::UNAUTHORIZED);
            let is_renewable = token.is_some() && self.can_renew_token();
            if is_unauthorized && refused.is_none() && is_renewable {
                refused = token;
                continue;
            }
            let Some(delay) = self.delay(&error, tries, &request) else {
                self.span.record("error.type", error.kind().as_str());
                return Err(error.with_outcome_unknown(self.outcome_unknown));
            };
            tracing::debug!(
                attempt = tries,
                ?delay,
                "error.type" = error.kind().as_str(),
                "retrying",
            );
            // Sleeping takes a millisecond at least.
            if !delay.is_zero() {
                sleep(delay).await;
            }
        }
    }

    /// Sends the request once.
    async fn attempt(
        &mut self,
        request: &mut Request,
        refused: Option<&Token>,
        token: &mut Option<Token>,
    ) -> Result<Response, Error> {
        let transport = self.transport;
        if let Some(tokens) = &transport.tokens
            && transport
                .origin
                .as_ref()
                .is_none_or(|origin| is_same_origin(origin, request.url()))
        {
            let current = token.insert(tokens.get(refused, self.deadline).await?);
            request
                .headers_mut()
                .insert(AUTHORIZATION, current.header());
        }
        let timeout = self.options.attempt_timeout;
        let timeout = timeout.unwrap_or(transport.attempt_timeout);
        let limit = Deadline::new(timeout, Scope::Attempt).min(self.deadline);
        request.set_timeout(Some(limit.remaining()));
        let span = trace::attempt(self.operation, request, self.attempts);
        self.attempts += 1;
        let sent = transport.inner.execute(request.clone(), self.operation);
        let mut error = match sent.instrument(span.clone()).await {
            Ok(response) => {
                span.record("http.response.status_code", response.status().as_u16());
                if response.status().is_success() {
                    transport.budget.refund();
                    return Ok(response);
                }
                Error::from_redacted(response, &redactor(token.as_ref(), request))
            }
            Err(error) => error,
        };
        if error.kind() == ErrorKind::Timeout {
            error = error.with_message(limit.missed("complete response"));
        }
        match error.status() {
            Some(status) if !status.is_success() => span.record("error.type", status.as_str()),
            _ => span.record("error.type", error.kind().as_str()),
        };
        self.outcome_unknown |= !self.operation.is_read_only() && error.may_have_acted();
        Err(error)
    }

    /// Returns how long to wait before sending the request again, if that is safe, useful and allowed.
    fn delay(&self, error: &Error, tries: u32, request: &Request) -> Option<Duration> {
        let may_pass = matches!(
            error.kind(),
            ErrorKind::Api
                | ErrorKind::Connect
                | ErrorKind::Transport
                | ErrorKind::Timeout
                | ErrorKind::Token
        );
        if !may_pass || error.is_sent() && !idempotency::is_idempotent(request, self.operation) {
            return None;
        }
        let policy = self.options.policy.as_ref();
        let policy = policy.unwrap_or(&self.transport.policy);
        let delay = policy.delay_before_next(error, tries)?;
        // An attempt that couldn't start in time isn't worth waiting for.
        let in_time = delay < self.deadline.remaining();
        (in_time && self.transport.budget.take()).then_some(delay)
    }

    fn can_renew_token(&self) -> bool {
        matches!(self.transport.tokens, Some(Tokens::Provider(_)))
    }

    fn report(&self) -> Report {
        Report::new(self.attempts, self.started.elapsed())
    }
}

/// Knows the credentials that a response may echo.
fn redactor(token: Option<&Token>, request: &Request) -> Redactor {
    let mut redactor = Redactor::default();
    if let Some(token) = token {
        redactor.add(token.expose());
    }
    if !request.body().is_empty() {
        redactor.add_secrets_of(request.body());
    }
    redactor
}

fn is_same_origin(origin: &Url, url: &Url) -> bool {
    origin.scheme() == url.scheme()
        && origin.host_str() == url.host_str()
        && origin.port_or_known_default() == url.port_or_known_default()
}

impl fmt::Debug for RetryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryTransport")
            .field("inner", &self.inner)
            .field("retry_policy", &self.policy)
            .field("retry_budget", &self.budget)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("call_timeout", &self.call_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
