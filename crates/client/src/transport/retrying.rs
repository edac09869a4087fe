use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, USER_AGENT};
use reqwest::StatusCode;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::budget::RetryBudget;
use super::deadline::{Deadline, Scope};
use super::options::{CallOptions, Retries};
use super::policy::{AttemptFailure, FailedAttempt, RetryPolicy};
use super::{idempotency, trace};
use crate::base_url::BaseUrl;
use crate::error::{Error, ErrorKind, Redactor};
use crate::raw::{self, BoxFuture, Operation, Report, Request, Response, Transport};
use crate::token::{Token, TokenProvider};

/// Sends requests with a token, retries and time limits over another transport.
#[derive(Debug)]
pub(crate) struct RetryingTransport {
    pub(crate) settings: Arc<Settings>,
    pub(crate) options: CallOptions,
}

/// What all calls of a client share.
pub(crate) struct Settings {
    pub(crate) inner: Arc<dyn Transport>,
    pub(crate) base_url: BaseUrl,
    pub(crate) tokens: Tokens,
    pub(crate) user_agent: HeaderValue,
    pub(crate) retry: Option<Arc<dyn RetryPolicy>>,
    pub(crate) budget: RetryBudget,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Duration,
}

/// Where tokens come from.
pub(crate) enum Tokens {
    Fixed(Token),
    Provider(Arc<dyn TokenProvider>),
}

impl Transport for RetryingTransport {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, raw::Error>> {
        Box::pin(async move {
            let span = trace::call(operation, &request);
            let mut call = Call {
                settings: &self.settings,
                options: &self.options,
                operation,
                deadline: self.options.deadline_now(self.settings.deadline),
                started: Instant::now(),
                attempts: 0,
                outcome_unknown: false,
            };
            match call.run(request).instrument(span.clone()).await {
                Ok(response) => Ok(response.with_report(call.report())),
                Err(error) => {
                    span.record("error.type", error.kind().as_str());
                    Err(error.into())
                }
            }
        })
    }
}

/// One call in progress. Dropping it cancels it; nothing runs in the background.
struct Call<'a> {
    settings: &'a Settings,
    options: &'a CallOptions,
    operation: &'static Operation,
    deadline: Deadline,
    started: Instant,
    attempts: u32,
    outcome_unknown: bool,
}

/// A failed attempt. `failure` is what the retry policy decides on; None if a retry cannot succeed.
struct Failed {
    error: Error,
    failure: Option<AttemptFailure>,
}

impl Call<'_> {
    /// Sends the request until it succeeds or is not to be retried.
    async fn run(&mut self, mut request: Request) -> Result<Response, Error> {
        let user_agent = self.settings.user_agent.clone();
        request.headers_mut().insert(USER_AGENT, user_agent);
        let mut refused = None;
        let mut tries = 0;
        loop {
            tries += 1;
            let mut token = None;
            let Failed { mut error, failure } = match self
                .attempt(&mut request, refused.as_ref(), &mut token)
                .await
            {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            // A token that was refused is replaced once. The refusal proves that nothing was done yet.
            let is_unauthorized = failure == Some(AttemptFailure::Status(StatusCode::UNAUTHORIZED));
            if is_unauthorized && refused.is_none() && self.settings.tokens.can_renew() {
                refused = token;
                continue;
            }
            let Some(delay) = self.delay(&mut error, failure, tries, &request) else {
                let id = trace::resource_id(self.operation, &request);
                return Err(error
                    .during(self.operation, id.as_deref())
                    .with_report(self.report(), self.outcome_unknown));
            };
            tracing::debug!(
                attempt = tries,
                ?delay,
                "error.type" = error.kind().as_str(),
                "retrying",
            );
            // The clock counts milliseconds, and would make one of no delay.
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
    ) -> Result<Response, Failed> {
        let settings = self.settings;
        // The token must not leave the API's origin, wherever a raw client sends its requests.
        if settings.base_url.is_origin_of(request.url()) {
            let current = token.insert(self.token(refused).await?);
            request
                .headers_mut()
                .insert(AUTHORIZATION, current.header());
        }
        let timeout = self.options.attempt_timeout;
        let timeout = timeout.unwrap_or(settings.attempt_timeout);
        let limit = Deadline::new(timeout, Scope::Attempt).min(self.deadline);
        request.set_timeout(Some(limit.remaining()));
        let span = trace::attempt(self.operation, request, self.attempts);
        self.attempts += 1;
        let sent = settings.inner.execute(request.clone(), self.operation);
        let sent = sent.instrument(span.clone()).await;
        let redactor = || redactor(token.as_ref(), request);
        let (failure, mut error) = match sent {
            Ok(response) => {
                let status = response.status();
                span.record("http.response.status_code", status.as_u16());
                if status.is_success() {
                    settings.budget.refund();
                    return Ok(response);
                }
                let error = Error::from_response(response, &redactor());
                (Some(AttemptFailure::Status(status)), error)
            }
            Err(raw) => (AttemptFailure::of(&raw), Error::from_raw(raw, &redactor())),
        };
        if failure == Some(AttemptFailure::Timeout) {
            error = error.with_message(limit.message());
        }
        match (failure, error.status()) {
            (Some(AttemptFailure::Status(status)), _) => span.record("error.type", status.as_str()),
            (Some(AttemptFailure::Connect), _) => span.record("error.type", "connect"),
            _ => span.record("error.type", error.kind().as_str()),
        };
        self.outcome_unknown |= !self.operation.is_read_only() && may_have_acted(failure);
        Err(Failed { error, failure })
    }

    /// How long to wait before sending the request again, if that is safe, useful and allowed.
    fn delay(
        &self,
        error: &mut Error,
        failure: Option<AttemptFailure>,
        tries: u32,
        request: &Request,
    ) -> Option<Duration> {
        let failure = failure?;
        if failure.is_sent() && !idempotency::is_idempotent(request, self.operation) {
            return None;
        }
        let policy = match &self.options.retry {
            None => self.settings.retry.as_ref()?,
            Some(Retries::Off) => return None,
            Some(Retries::By(policy)) => policy,
        };
        let mut failed = FailedAttempt::new(self.operation, tries, failure);
        failed.code = error.code();
        failed.details = error.take_details();
        failed.retry_after = error.retry_after();
        failed.elapsed = self.started.elapsed();
        let delay = policy.delay_before_next(&failed);
        error.put_details(failed.details);
        let delay = delay?;
        // An attempt that couldn't start in time isn't worth waiting for.
        let in_time = delay < self.deadline.remaining();
        (in_time && self.settings.budget.take()).then_some(delay)
    }

    async fn token(&self, refused: Option<&Token>) -> Result<Token, Failed> {
        let provider = match &self.settings.tokens {
            Tokens::Fixed(token) => return Ok(token.clone()),
            Tokens::Provider(provider) => provider,
        };
        match timeout_at(self.deadline.at, provider.token(refused)).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(error)) => Err(Failed {
                error: Error::new(ErrorKind::Token, "the token provider failed").because(error),
                failure: Some(AttemptFailure::Token),
            }),
            Err(_) => Err(Failed {
                error: Error::new(ErrorKind::Timeout, self.deadline.message()),
                failure: None,
            }),
        }
    }

    fn report(&self) -> Report {
        Report::new(self.attempts, self.started.elapsed())
    }
}

/// Whether the server may have done what it was asked for, although the attempt failed.
fn may_have_acted(failure: Option<AttemptFailure>) -> bool {
    match failure {
        Some(AttemptFailure::Status(status)) => {
            status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
        }
        Some(failure) => failure.is_sent(),
        // A response that is too large, say.
        None => true,
    }
}

/// Knows the credentials that a response may echo.
fn redactor(token: Option<&Token>, request: &Request) -> Redactor {
    let mut redactor = Redactor::default();
    if let Some(token) = token {
        redactor.add(token.expose());
    }
    redactor.add_api_keys(request.body());
    redactor
}

impl Tokens {
    fn can_renew(&self) -> bool {
        matches!(self, Self::Provider(_))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("inner", &self.inner)
            .field("base_url", &self.base_url.as_str())
            .field("retry", &self.retry)
            .field("budget", &self.budget)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
