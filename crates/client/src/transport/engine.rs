//! The loop that every request runs in: token, attempts, retries, and all their bounds.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, USER_AGENT};
use reqwest::{Method, Request};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::attempt::{self, Answer, Cut, TimeLimit, TimeLimitOf};
use super::budget::RetryBudget;
use super::failure::Failure;
use super::retry::{FailedAttempt, RetryPolicy};
use super::{repeat, trace};
use crate::base_url::BaseUrl;
use crate::call::{CallOptions, Retrying};
use crate::error::{Delivery, Scrub};
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
        request: &mut Request,
        operation: &'static Operation,
        options: &CallOptions,
    ) -> Finished {
        self.run_by(
            &OverHttp {
                engine: self,
                http,
                operation,
            },
            request,
            operation,
            options,
        )
        .await
    }

    async fn run_by(
        &self,
        sender: &impl Sender,
        request: &mut Request,
        operation: &'static Operation,
        options: &CallOptions,
    ) -> Finished {
        let started = Instant::now();
        let deadline = options.deadline.unwrap_or(self.deadline);
        let mut run = Run {
            engine: self,
            operation,
            policy: match &options.retry {
                None => self.retry.as_deref(),
                Some(Retrying::Off) => None,
                Some(Retrying::With(policy)) => Some(policy.as_ref()),
            },
            attempt_timeout: options.attempt_timeout.unwrap_or(self.attempt_timeout),
            deadline: TimeLimit::new(started, deadline, TimeLimitOf::Call),
            started,
            delivery: Delivery::default(),
        };
        request
            .headers_mut()
            .insert(USER_AGENT, self.user_agent.clone());
        let outcome = run.attempts(sender, request).await;
        Finished {
            delivery: Delivery {
                elapsed: started.elapsed(),
                ..run.delivery
            },
            outcome,
        }
    }

    async fn token(&self, refused: Option<&Token>, deadline: TimeLimit) -> Result<Token, Failure> {
        match &self.tokens {
            Tokens::Fixed(token) => Ok(token.clone()),
            Tokens::Provider(provider) => {
                match timeout_at(deadline.at, provider.token(refused)).await {
                    Ok(Ok(token)) => Ok(token),
                    Ok(Err(error)) => Err(Failure::NoToken(error)),
                    Err(_) => Err(Failure::NoAnswer(Cut::TimedOut(deadline))),
                }
            }
        }
    }
}

/// Makes single attempts: over the network, or as a test has it.
trait Sender: Sync {
    /// Sends a request, for the n-th time again, and reads the answer until the time is up.
    fn send(
        &self,
        request: &Request,
        resends: u32,
        limit: TimeLimit,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send;
}

/// Sends over the network.
struct OverHttp<'a> {
    engine: &'a Engine,
    http: &'a reqwest::Client,
    operation: &'a Operation,
}

impl Sender for OverHttp<'_> {
    async fn send(
        &self,
        request: &Request,
        resends: u32,
        limit: TimeLimit,
    ) -> Result<Answer, Failure> {
        let span = trace::attempt(request, self.operation, resends);
        let sent = pin!(attempt::send(
            self.http,
            request,
            limit,
            self.engine.max_body_size
        ));
        let result = sent
            .instrument(span.clone())
            .await
            .map_err(Failure::NoAnswer);
        trace::attempt_ended(&span, &result);
        result
    }
}

/// One call under way.
struct Run<'a> {
    engine: &'a Engine,
    operation: &'static Operation,
    policy: Option<&'a dyn RetryPolicy>,
    attempt_timeout: Duration,
    deadline: TimeLimit,
    started: Instant,
    delivery: Delivery,
}

impl Run<'_> {
    async fn attempts(
        &mut self,
        sender: &impl Sender,
        request: &mut Request,
    ) -> Result<Answer, Failure> {
        let is_read = *request.method() == Method::GET;
        let may_have_token = self.engine.base_url.is_origin_of(request.url());
        let mut refused = None;
        loop {
            let mut token = None;
            if may_have_token {
                let given = self.engine.token(refused.as_ref(), self.deadline).await?;
                request
                    .headers_mut()
                    .insert(AUTHORIZATION, token.insert(given).header());
            }
            let limit = TimeLimit::new(Instant::now(), self.attempt_timeout, TimeLimitOf::Attempt)
                .or(self.deadline);
            self.delivery.attempts += 1;
            let failure = match sender
                .send(request, self.delivery.attempts - 1, limit)
                .await
            {
                Ok(answer) if answer.status.is_success() && answer.cut.is_none() => {
                    self.engine.budget.refund();
                    return Ok(answer);
                }
                Ok(answer) if answer.status.is_success() => Failure::CutShort(answer),
                Ok(answer) => Failure::refused(answer, &scrub(token.as_ref(), request)),
                Err(failure) => failure,
            };
            self.delivery.answer_lost |= !is_read && failure.leaves_doubt();
            // A token that was refused is renewed once; the refusal proves that nothing was done yet.
            let renews =
                refused.is_none() && self.engine.tokens.can_renew() && failure.is_unauthorized();
            if renews && token.is_some() {
                refused = token;
            } else {
                let Some(delay) = self.delay(&failure, request) else {
                    return Err(failure);
                };
                tracing::debug!(
                    attempt = self.delivery.attempts,
                    ?delay,
                    "error.type" = failure.error_type(),
                    "trying again",
                );
                // The clock counts milliseconds, and would make one of no delay.
                if !delay.is_zero() {
                    sleep(delay).await;
                }
            }
        }
    }

    /// How long to wait before sending the request again, if that is safe, of use, and allowed.
    fn delay(&self, failure: &Failure, request: &Request) -> Option<Duration> {
        let reason = failure.reason()?;
        if failure.may_have_arrived() && !repeat::is_safe(request, self.operation) {
            return None;
        }
        let delay = self.policy?.delay_before_next(&FailedAttempt {
            operation: self.operation,
            attempt: self.delivery.attempts,
            failure: reason,
            retry_after: failure.retry_after(),
            elapsed: self.started.elapsed(),
        })?;
        // An attempt that couldn't start in time isn't worth waiting for.
        let in_time = Instant::now()
            .checked_add(delay)
            .is_some_and(|then| then < self.deadline.at);
        (in_time && self.engine.budget.take()).then_some(delay)
    }
}

/// The secrets that an answer may echo.
fn scrub(token: Option<&Token>, request: &Request) -> Scrub {
    let mut scrub = Scrub::default();
    if let Some(token) = token {
        scrub.secret(token.expose());
    }
    if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
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

#[cfg(test)]
mod tests;
