//! How errors are made.

use std::convert::Infallible;
use std::error::Error as StdError;

use super::{BadRequest, Code, Conflict, Detail, Error, ErrorKind, FieldViolation, Inner};
use super::{Redactor, Source, request_id};
use crate::raw::{self, Operation, Report, Response};

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            resource: None,
            status: None,
            code: None,
            message: message.into(),
            details: Vec::new(),
            request_id: None,
            retry_after: None,
            report: Report::default(),
            outcome_unknown: false,
            response: None,
            conflict: None,
            last_seen: None,
            source: None,
        }))
    }

    /// An unusable configuration; `message` says where it came from and what to do.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// A request that is not sent because it cannot be valid, with every reason at once.
    pub(crate) fn invalid(operation: &'static Operation, violations: Vec<FieldViolation>) -> Self {
        let mut error = Self::new(ErrorKind::Invalid, "refused before sending");
        error.0.operation = Some(operation);
        error.0.details = vec![Detail::BadRequest(BadRequest {
            field_violations: violations,
        })];
        error
    }

    pub(crate) fn with_conflict(mut self, conflict: Conflict) -> Self {
        self.0.conflict = Some(conflict);
        self
    }

    /// Says which call failed.
    pub(crate) fn during(mut self, operation: &'static Operation, id: Option<&str>) -> Self {
        self.0.operation = Some(operation);
        self.0.resource = id.map(Into::into);
        self
    }

    /// Names the resource that the call was for.
    pub(crate) fn with_resource(mut self, id: Option<&str>) -> Self {
        if id.is_some() && id != self.resource_id() {
            self.0.resource = id.map(Into::into);
        }
        self
    }

    /// Adds a code that no response gave, but that says best what is wrong.
    pub(crate) fn with_code(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(Source::Hidden(source.into()));
        self
    }

    /// Adds the source, and ends the message with what lies at its bottom, which says most.
    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        let mut root: &dyn StdError = source.as_ref();
        while let Some(cause) = root.source() {
            root = cause;
        }
        self.0.message = format!("{}: {root}", self.0.message);
        self.0.source = Some(match source.source().is_some() {
            true => Source::Hidden(source),
            false => Source::Shown(source),
        });
        self
    }

    pub(crate) fn with_report(mut self, report: Report, outcome_unknown: bool) -> Self {
        self.0.report = report;
        self.0.outcome_unknown = outcome_unknown;
        self
    }

    /// Says in which response the error was found.
    pub(crate) fn found_in<T>(mut self, response: &Response<T>) -> Self {
        self.0.report = response.report();
        self.0.request_id = request_id::from_headers(response.headers());
        self
    }

    /// Replaces the message: the transport knows less of a timeout than its caller.
    pub(crate) fn with_message(mut self, message: String) -> Self {
        self.0.message = message;
        self
    }

    /// Lends the details to a retry policy, which owns them.
    pub(crate) fn take_details(&mut self) -> Vec<Detail> {
        std::mem::take(&mut self.0.details)
    }

    pub(crate) fn put_details(&mut self, details: Vec<Detail>) {
        self.0.details = details;
    }

    /// Takes a raw error whose response may echo what `redactor` knows.
    pub(crate) fn from_raw(error: raw::Error, redactor: &Redactor) -> Self {
        let kind = error.kind();
        let (operation, report) = (error.operation(), error.report());
        let (cause, response) = error.into_inner();
        let mut error = match (cause.downcast::<Self>(), response) {
            // It came through this crate's transport, which left nothing out but the response.
            (Ok(mut error), response) => {
                error.0.response = response;
                *error
            }
            (Err(_), Some(response)) if !response.status().is_success() => {
                Self::from_response(response, redactor).with_report(report, false)
            }
            (Err(cause), response) => {
                let mut error = Self::from_cause(kind, cause).with_report(report, false);
                if let Some(response) = &response {
                    error.0.status = Some(response.status());
                    error.0.request_id = request_id::from_headers(response.headers());
                }
                error.0.response = response;
                error
            }
        };
        error.0.operation = operation.or(error.0.operation);
        error
    }

    fn from_cause(kind: raw::ErrorKind, cause: Box<dyn StdError + Send + Sync>) -> Self {
        let http = cause.downcast_ref::<reqwest::Error>();
        let error = match kind {
            raw::ErrorKind::InvalidRequest => {
                Self::new(ErrorKind::Invalid, "the request can't be built")
            }
            raw::ErrorKind::Connect => {
                let kind = match http.is_some_and(reqwest::Error::is_timeout) {
                    true => ErrorKind::Timeout,
                    false => ErrorKind::Transport,
                };
                let to = http
                    .and_then(reqwest::Error::url)
                    .map_or_else(String::new, |url| {
                        format!(" to {}", url.origin().ascii_serialization())
                    });
                Self::new(kind, format!("can't connect{to}"))
            }
            raw::ErrorKind::Connection => Self::new(
                ErrorKind::Transport,
                "the connection failed before the complete response was received",
            ),
            raw::ErrorKind::Timeout => Self::new(ErrorKind::Timeout, "no complete response"),
            raw::ErrorKind::BodyTooLarge => {
                return Self::new(ErrorKind::BodyTooLarge, cause.to_string());
            }
            raw::ErrorKind::Redirect => return Self::new(ErrorKind::Redirect, cause.to_string()),
            raw::ErrorKind::Status | raw::ErrorKind::Decode => {
                return Self::new(ErrorKind::Decode, cause.to_string());
            }
            _ => Self::new(ErrorKind::Transport, "the transport failed"),
        };
        error.because(cause)
    }
}

impl From<raw::Error> for Error {
    fn from(error: raw::Error) -> Self {
        Self::from_raw(error, &Redactor::default())
    }
}

impl From<Error> for raw::Error {
    fn from(mut error: Error) -> Self {
        let kind = match error.0.kind {
            ErrorKind::Api => raw::ErrorKind::Status,
            ErrorKind::Transport => raw::ErrorKind::Connection,
            ErrorKind::Timeout => raw::ErrorKind::Timeout,
            ErrorKind::Decode | ErrorKind::MissingResource => raw::ErrorKind::Decode,
            ErrorKind::BodyTooLarge => raw::ErrorKind::BodyTooLarge,
            ErrorKind::Redirect => raw::ErrorKind::Redirect,
            ErrorKind::Invalid => raw::ErrorKind::InvalidRequest,
            _ => raw::ErrorKind::Other,
        };
        let (response, report) = (error.0.response.take(), error.0.report);
        let raw = raw::Error::new(kind, error);
        match response {
            Some(response) => raw.with_response(response),
            None => raw,
        }
        .with_report(report)
    }
}

/// Lets a setting that can't fail stand where one that can is taken.
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
