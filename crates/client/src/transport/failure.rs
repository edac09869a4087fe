//! How a call failed, and what becomes of that: an error for the wrapper, a reply or an error of reqwest's for the raw
//! client.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::Frame;
use reqwest::{Response, ResponseBuilderExt, StatusCode};

use super::attempt::{Answer, Cut, TimeLimitOf};
use super::retry::AttemptFailure;
use crate::error::{Delivery, Error, ErrorKind, Reply, Scrub, request_id};
use crate::token::TokenError;

/// How a call failed.
pub(super) enum Failure {
    /// An answer came, and its status isn't one of success.
    Refused { answer: Answer, reply: Reply },
    /// An answer of success came whose body isn't whole.
    CutShort(Answer),
    /// No answer came.
    NoAnswer(Cut),
    /// The token provider gave none.
    NoToken(TokenError),
}

impl Failure {
    /// Reads an answer with a status of error.
    pub(super) fn refused(answer: Answer, scrub: &Scrub) -> Self {
        let now = SystemTime::now();
        let reply = Reply::read(
            answer.status,
            &answer.headers,
            answer.body.clone(),
            now,
            scrub,
        );
        Self::Refused { answer, reply }
    }

    /// What a retry policy is to know of it; `None` if trying again can't help.
    pub(super) fn reason(&self) -> Option<AttemptFailure> {
        match self {
            Self::Refused { answer, .. } => Some(AttemptFailure::Status(answer.status)),
            Self::CutShort(Answer { cut: Some(cut), .. }) | Self::NoAnswer(cut) => cut.reason(),
            Self::CutShort(_) | Self::NoToken(_) => None,
        }
    }

    /// Whether the server may have seen the request.
    pub(super) fn may_have_arrived(&self) -> bool {
        !matches!(self.reason(), Some(AttemptFailure::Connect))
            && !matches!(self, Self::NoToken(_) | Self::NoAnswer(Cut::Streamed))
    }

    /// Whether the server may have done what it was asked for all the same.
    pub(super) fn leaves_doubt(&self) -> bool {
        match self {
            Self::Refused { answer, .. } => {
                answer.status.is_server_error() && answer.status != StatusCode::NOT_IMPLEMENTED
            }
            failure => failure.may_have_arrived(),
        }
    }

    pub(super) fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { answer, .. } if answer.status == StatusCode::UNAUTHORIZED)
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { reply, .. } => reply.retry_after,
            _ => None,
        }
    }

    /// OpenTelemetry's `error.type`.
    pub(super) fn error_type(&self) -> &str {
        match self {
            Self::Refused { answer, .. } => answer.status.as_str(),
            Self::CutShort(Answer { cut: Some(cut), .. }) | Self::NoAnswer(cut) => cut.error_type(),
            Self::CutShort(_) => ErrorKind::Decode.as_str(),
            Self::NoToken(_) => ErrorKind::Token.as_str(),
        }
    }

    /// As the wrapper's error.
    pub(super) fn into_error(self, delivery: Delivery) -> Error {
        match self {
            Self::Refused { reply, .. } => Error::from_reply(reply),
            Self::CutShort(answer) => {
                let Answer {
                    status,
                    headers,
                    body,
                    cut,
                    ..
                } = answer;
                let error = match cut {
                    Some(cut) => cut.into_error(),
                    None => Error::new(ErrorKind::Decode, "the reply was cut short"),
                };
                error
                    .with_status(status)
                    .with_request_id(request_id::from_headers(&headers))
                    .with_body(body)
            }
            Self::NoAnswer(cut) => cut.into_error(),
            Self::NoToken(source) => Error::new(
                ErrorKind::Token,
                format!("the token provider has no token: {source}"),
            )
            .with_source(source),
        }
        .with_delivery(delivery)
    }

    /// As the raw client's result. What reqwest has no word for becomes a reply whose body fails with our error.
    pub(super) fn into_result(self, delivery: Delivery) -> reqwest::Result<Response> {
        match self {
            Self::Refused { answer, .. } => Ok(respond(answer, delivery)),
            Self::CutShort(answer) => Ok(respond(answer, delivery)),
            Self::NoAnswer(Cut::Broken(error)) => Err(error),
            failure => Ok(http::Response::new(reqwest::Body::wrap(Replay::of(
                failure.into_error(delivery),
            )))
            .into()),
        }
    }
}

impl Cut {
    fn reason(&self) -> Option<AttemptFailure> {
        match self {
            // A request that couldn't be built, or that a brought-along client led astray, won't do better again.
            Self::Broken(error) if error.is_builder() || error.is_redirect() => None,
            Self::Broken(error) if error.is_connect() => Some(AttemptFailure::Connect),
            Self::Broken(error) if error.is_timeout() => Some(AttemptFailure::Timeout),
            Self::Broken(_) => Some(AttemptFailure::Connection),
            Self::TimedOut(_) => Some(AttemptFailure::Timeout),
            Self::TooLarge(_) | Self::Elsewhere(_) | Self::Streamed => None,
        }
    }

    /// OpenTelemetry's `error.type`.
    pub(super) fn error_type(&self) -> &'static str {
        match self.reason() {
            Some(AttemptFailure::Connect) => "connect",
            _ => self.kind().as_str(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Broken(error) if error.is_builder() => ErrorKind::Invalid,
            Self::Broken(error) if error.is_redirect() => ErrorKind::Redirect,
            Self::Broken(error) if error.is_timeout() => ErrorKind::Timeout,
            Self::Broken(_) => ErrorKind::Transport,
            Self::TimedOut(_) => ErrorKind::Timeout,
            Self::TooLarge(_) => ErrorKind::BodyTooLarge,
            Self::Elsewhere(_) => ErrorKind::Redirect,
            Self::Streamed => ErrorKind::Invalid,
        }
    }

    fn into_error(self) -> Error {
        let kind = self.kind();
        match self {
            Self::Broken(error) => broken(kind, error),
            Self::TimedOut(limit) => {
                let setting = match limit.of {
                    TimeLimitOf::Attempt => "for one attempt",
                    TimeLimitOf::Call => "for the whole call",
                };
                Error::new(
                    kind,
                    format!(
                        "no whole answer within the {:?} allowed {setting}",
                        limit.allowed
                    ),
                )
            }
            Self::Streamed => Error::new(kind, "a streamed body can't be sent: give it whole"),
            Self::Elsewhere(url) => {
                let to = url.origin().ascii_serialization();
                Error::new(kind, format!("the HTTP client followed a redirect to {to}"))
            }
            Self::TooLarge(limit) => Error::new(
                kind,
                format!("the reply is larger than the {limit} bytes allowed"),
            ),
        }
    }
}

/// The error of a request that reqwest failed to carry out.
pub(crate) fn broken(kind: ErrorKind, error: reqwest::Error) -> Error {
    let host = error
        .url()
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let cause = root_cause(&error);
    let message = if error.is_connect() {
        format!("can't connect to {host}: {cause}")
    } else if error.is_builder() {
        format!("the request can't be built: {cause}")
    } else {
        format!("the connection failed before the whole answer was there: {cause}")
    };
    Error::new(kind, message).with_source(error)
}

/// What lies at the bottom of an error: the part that tells most.
fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// An answer as reqwest's response, its body read already.
pub(super) fn respond(answer: Answer, delivery: Delivery) -> Response {
    let Answer {
        url,
        version,
        status,
        headers,
        extensions,
        body,
        cut,
    } = answer;
    let body = match cut {
        None => body.into(),
        Some(cut) => reqwest::Body::wrap(Replay {
            data: Some(body),
            error: Some(cut.into_error().with_status(status).with_delivery(delivery)),
        }),
    };
    // The URL goes by way of the builder, which has nothing else that could fail. (Without one, reqwest makes one up.)
    let mut builder = http::Response::builder();
    if let Some(none) = builder.extensions_mut() {
        *none = extensions;
    }
    let mut response = builder.url(url).body(body).unwrap_or_default();
    *response.version_mut() = version;
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}

/// A body that gives what came, and then fails.
struct Replay {
    data: Option<Bytes>,
    error: Option<Error>,
}

impl Replay {
    fn of(error: Error) -> Self {
        Self {
            data: None,
            error: Some(error),
        }
    }
}

impl http_body::Body for Replay {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let data = self
            .data
            .take()
            .filter(|data| !data.is_empty())
            .map(|data| Ok(Frame::data(data)));
        Poll::Ready(data.or_else(|| self.error.take().map(Err)))
    }
}
