//! The loop that every request runs in: token, attempts, retries, and all their bounds.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use http::header::{AUTHORIZATION, USER_AGENT};
use reqwest::{Method, Request, StatusCode};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::attempt::{self, Answer, Cut, TimeLimit, TimeLimitOf};
use super::budget::RetryBudget;
use super::failure::Failure;
use super::retry::{FailedAttempt, RetryPolicy};
use super::{repeat, trace};
use crate::base_url::BaseUrl;
use crate::call::{CallOptions, Retrying};
use crate::error::{Delivery, Reply, Scrub};
use crate::raw::Operation;
use crate::token::{Token, TokenProvider};

/// What all calls of a client share.
pub(crate) struct Engine {
    pub(crate) base_url: BaseUrl,
    pub(crate) tokens: Tokens,
    pub(crate) user_agent: HeaderValue,
    pub(crate) retry: Option<Arc<dyn RetryPolicy>>,
    pub(crate) budget: RetryBudget,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) max_body_size: usize,
    /// Whether the HTTP client might follow redirects, because it was brought along.
    pub(crate) may_redirect: bool,
}

/// Where tokens come from.
pub(crate) enum Tokens {
    Fixed(Token),
    Provider(Arc<dyn TokenProvider>),
}

/// How a call ended.
pub(super) struct Finished {
    pub(super) delivery: Delivery,
    pub(super) outcome: Result<Answer, Failure>,
}

impl Engine {
    /// Runs a request to its end. Dropping the future stops it where it is; nothing goes on in the background.
    pub(super) async fn run(
        &self,
        http: &reqwest::Client,
        mut request: Request,
        operation: &'static Operation,
        options: &CallOptions,
    ) -> Finished {
        let started = Instant::now();
        let mut delivery = Delivery::default();
        request.headers_mut().insert(USER_AGENT, self.user_agent.clone());
        let outcome = self.attempts(http, request, operation, options, started, &mut delivery).await;
        delivery.elapsed = started.elapsed();
        Finished { delivery, outcome }
    }

    async fn attempts(
        &self,
        http: &reqwest::Client,
        request: Request,
        operation: &'static Operation,
        options: &CallOptions,
        started: Instant,
        delivery: &mut Delivery,
    ) -> Result<Answer, Failure> {
        let policy = match &options.retry {
            None => self.retry.as_deref(),
            Some(Retrying::Off) => None,
            Some(Retrying::With(policy)) => Some(policy.as_ref()),
        };
        let deadline = TimeLimit::new(started, options.deadline.unwrap_or(self.deadline), TimeLimitOf::Call);
        let is_read = *request.method() == Method::GET;
        let is_ours = self.base_url.is_origin_of(request.url());
        let mut refused = None;
        let mut request = request;
        loop {
            let token = if is_ours { Some(self.token(refused.as_ref(), deadline).await?) } else { None };
            if let Some(token) = &token {
                request.headers_mut().insert(AUTHORIZATION, token.header());
            }
            // A copy to send again; also to know the secrets in the body by.
            let spare = (policy.is_some() || self.tokens.can_renew() || request.body().is_some())
                .then(|| request.try_clone())
                .flatten();
            delivery.attempts += 1;
            let failure = match self.attempt(http, request, operation, options, deadline, delivery.attempts - 1).await {
                Ok(answer) if answer.status.is_success() && answer.cut.is_none() => {
                    self.budget.refund();
                    return Ok(answer);
                }
                Ok(answer) if answer.status.is_success() => Failure::CutShort(answer),
                Ok(answer) => {
                    let scrub = scrub(token.as_ref(), spare.as_ref());
                    let reply =
                        Reply::read(answer.status, &answer.headers, answer.body.clone(), SystemTime::now(), &scrub);
                    Failure::Refused { answer, reply }
                }
                Err(failure) => failure,
            };
            delivery.answer_lost |= !is_read && failure.leaves_doubt();
            let Some(spare) = spare else { return Err(failure) };
            if refused.is_none() && self.tokens.can_renew() && failure.status() == Some(StatusCode::UNAUTHORIZED) {
                if let Some(token) = token {
                    refused = Some(token);
                    request = spare;
                    continue;
                }
            }
            let Some(delay) = self.delay(policy, &failure, &spare, operation, delivery.attempts, started, deadline)
            else {
                return Err(failure);
            };
            tracing::debug!(attempt = delivery.attempts, ?delay, "error.type" = %failure.error_type(), "trying again");
            sleep(delay).await;
            request = spare;
        }
    }

    /// How long to wait before sending `spare`, if that is safe, of use, and allowed.
    #[allow(clippy::too_many_arguments)]
    fn delay(
        &self,
        policy: Option<&dyn RetryPolicy>,
        failure: &Failure,
        spare: &Request,
        operation: &'static Operation,
        attempt: u32,
        started: Instant,
        deadline: TimeLimit,
    ) -> Option<Duration> {
        let reason = failure.reason()?;
        if failure.may_have_arrived() && !repeat::is_safe(spare, operation) {
            return None;
        }
        let failed = FailedAttempt {
            operation,
            attempt,
            failure: reason,
            retry_after: failure.retry_after(),
            elapsed: started.elapsed(),
        };
        let delay = policy?.delay_before_next(&failed)?;
        // An attempt that couldn't start in time isn't worth waiting for.
        let in_time = Instant::now().checked_add(delay).is_some_and(|then| then < deadline.at);
        (in_time && self.budget.take()).then_some(delay)
    }

    async fn attempt(
        &self,
        http: &reqwest::Client,
        request: Request,
        operation: &Operation,
        options: &CallOptions,
        deadline: TimeLimit,
        resends: u32,
    ) -> Result<Answer, Failure> {
        let span = trace::attempt(&request, operation, resends);
        let timeout = options.attempt_timeout.unwrap_or(self.attempt_timeout);
        let limit = TimeLimit::new(Instant::now(), timeout, TimeLimitOf::Attempt).or(deadline);
        let asked = self.may_redirect.then(|| request.url().clone());
        let sent = attempt::send(http, request, limit, self.max_body_size).instrument(span.clone()).await;
        let result = match sent {
            Ok(answer) if asked.is_some_and(|asked| asked != answer.url) => Err(Failure::Redirected(answer.url)),
            Ok(answer) => Ok(answer),
            Err(cut) => Err(Failure::NoAnswer(cut)),
        };
        match &result {
            Ok(answer) => {
                span.record("http.response.status_code", answer.status.as_u16());
                match &answer.cut {
                    Some(cut) => span.record("error.type", cut.error_type()),
                    None if !answer.status.is_success() => span.record("error.type", answer.status.as_str()),
                    None => &span,
                };
            }
            Err(failure) => {
                span.record("error.type", failure.error_type());
            }
        }
        result
    }

    async fn token(&self, refused: Option<&Token>, deadline: TimeLimit) -> Result<Token, Failure> {
        match &self.tokens {
            Tokens::Fixed(token) => Ok(token.clone()),
            Tokens::Provider(provider) => match timeout_at(deadline.at, provider.token(refused)).await {
                Ok(Ok(token)) => Ok(token),
                Ok(Err(error)) => Err(Failure::NoToken(error)),
                Err(_) => Err(Failure::NoAnswer(Cut::TimedOut(deadline))),
            },
        }
    }
}

/// The secrets that an answer may echo.
fn scrub(token: Option<&Token>, request: Option<&Request>) -> Scrub {
    let mut scrub = Scrub::default();
    if let Some(token) = token {
        scrub.secret(token.expose());
    }
    if let Some(body) = request.and_then(Request::body).and_then(reqwest::Body::as_bytes) {
        scrub.api_keys_of(body);
    }
    scrub
}

impl Tokens {
    fn can_renew(&self) -> bool {
        matches!(self, Self::Provider(_))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("base_url", &self.base_url.as_str())
            .field("retry", &self.retry)
            .field("budget", &self.budget)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("deadline", &self.deadline)
            .field("max_body_size", &self.max_body_size)
            .finish_non_exhaustive()
    }
}
