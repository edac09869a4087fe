//! What every request passes, also those of [`Client::raw`](crate::Client::raw).

mod attempt;
mod backoff;
mod budget;
mod engine;
mod failure;
mod repeat;
mod retry;
pub(crate) mod trace;

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use reqwest::{Method, Request};
use tracing::Instrument;

pub use backoff::Backoff;
pub use budget::RetryBudget;
pub(crate) use engine::{Engine, Tokens};
pub(crate) use failure::broken;
pub use retry::{AttemptFailure, FailedAttempt, RetryPolicy};

use crate::call::CallOptions;
use crate::error::{Delivery, Error, request_id};
use crate::raw::{BoxFuture, Operation, Transport};
use engine::Finished;
use failure::respond;

/// Calls of the raw client: the engine with the client's own settings.
impl Transport for Engine {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        mut request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
        Box::pin(async move {
            let options = CallOptions::default();
            let run = pin!(self.run(http, &mut request, operation, &options));
            let span = trace::call(operation.name, None);
            let Finished { delivery, outcome } = run.instrument(span).await;
            match outcome {
                Ok(answer) => Ok(respond(answer, delivery)),
                Err(failure) => failure.into_result(delivery),
            }
        })
    }
}

/// One call of the wrapper: the engine with the call's settings, and what the generated method can't hand through.
#[derive(Debug)]
pub(crate) struct Call {
    engine: Arc<Engine>,
    options: CallOptions,
    noted: Mutex<Noted>,
}

/// What is known of a call beside the generated method's result.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// The call's failure, if it failed here.
    pub(crate) failure: Option<Error>,
    pub(crate) delivery: Delivery,
    pub(crate) request_id: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
}

impl Call {
    pub(crate) fn new(engine: Arc<Engine>, options: CallOptions) -> Self {
        Self {
            engine,
            options,
            noted: Mutex::default(),
        }
    }

    /// What was noted; nothing if the request didn't get as far as the engine.
    pub(crate) fn take_noted(&self) -> Noted {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, noted: Noted) {
        *self.noted.lock().unwrap_or_else(PoisonError::into_inner) = noted;
    }
}

impl Transport for Call {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        mut request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>> {
        Box::pin(async move {
            let is_read = *request.method() == Method::GET;
            let Finished { delivery, outcome } = self
                .engine
                .run(http, &mut request, operation, &self.options)
                .await;
            match outcome {
                Ok(answer) => {
                    self.note(Noted {
                        failure: None,
                        // An answer that turns out not to be readable is as good as lost.
                        delivery: Delivery {
                            answer_lost: !is_read,
                            ..delivery
                        },
                        request_id: request_id::header(&answer.headers).cloned(),
                        content_type: answer.headers.get(CONTENT_TYPE).cloned(),
                    });
                    Ok(respond(answer, delivery))
                }
                Err(failure) => {
                    self.note(Noted {
                        failure: Some(failure.into_error(delivery)),
                        ..Noted::default()
                    });
                    // Nobody reads this one: the failure that was noted is the call's result.
                    Ok(http::Response::new(reqwest::Body::default()).into())
                }
            }
        })
    }
}
