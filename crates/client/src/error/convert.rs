//! How errors are made.

use std::convert::Infallible;
use std::error::Error as StdError;

use super::{BadRequest, Code, Conflict, Detail, Error, ErrorKind, FieldViolation, Inner};
use super::{Redactor, Source, request_id, status::Status};
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
        self.0.resource = id.map(Into::into).or(self.0.resource);
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

    /// Adds the source, and ends the message with its text.
    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = source.into();
        self.0.message = format!("{}: {source}", self.0.message);
        self.0.source = Some(Source::Shown(source));
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

    /// Takes a raw error whose response may echo what `redactor` knows.
    pub(crate) fn from_raw(error: raw::Error, redactor: &Redactor) -> Self {
        let kind = error.kind();
        let (operation, report) = (error.operation(), error.report());
        let (cause, response) = error.into_inner();
        let mut error = match cause.downcast::<Self>() {
            // It came through this crate's transport, which left nothing out but the response.
            Ok(error) => *error,
            Err(cause) => {
                let mut error = match &response {
                    Some(response) if !response.status().is_success() => {
                        Self::from_status(Status::read(response, redactor))
                    }
                    _ => Self::from_cause(kind, cause),
                };
                error.0.report = report;
                error.0.status = response.as_ref().map(Response::status);
                if let (None, Some(response)) = (&error.0.request_id, &response) {
                    error.0.request_id = request_id::from_headers(response.headers());
                }
                error
            }
        };
        error.0.operation = operation.or(error.0.operation);
        error.0.response = response;
        error
    }

    fn from_status(status: Status) -> Self {
        let mut error = Self::new(status.kind, status.message);
        error.0.code = status.code;
        error.0.details = status.details;
        error.0.request_id = status.request_id;
        error.0.retry_after = status.retry_after;
        error
    }

    fn from_cause(kind: raw::ErrorKind, cause: Box<dyn StdError + Send + Sync>) -> Self {
        let http = cause.downcast_ref::<reqwest::Error>();
        let message = match kind {
            raw::ErrorKind::Connect => match http.and_then(reqwest::Error::url) {
                Some(url) => format!("can't connect to {}", url.origin().ascii_serialization()),
                None => "can't connect".to_owned(),
            },
            raw::ErrorKind::Connection => {
                "the connection failed before the complete response was received".to_owned()
            }
            raw::ErrorKind::InvalidRequest => "the request can't be built".to_owned(),
            raw::ErrorKind::Status => "the API responds to this operation with 200".to_owned(),
            _ if http.is_none() => cause.to_string(),
            _ => "the request failed".to_owned(),
        };
        let wrapper_kind = match kind {
            raw::ErrorKind::Connect if http.is_some_and(reqwest::Error::is_timeout) => {
                ErrorKind::Timeout
            }
            raw::ErrorKind::InvalidRequest => ErrorKind::Invalid,
            raw::ErrorKind::Timeout => ErrorKind::Timeout,
            raw::ErrorKind::BodyTooLarge => ErrorKind::BodyTooLarge,
            raw::ErrorKind::Redirect => ErrorKind::Redirect,
            raw::ErrorKind::Status | raw::ErrorKind::Decode => ErrorKind::Decode,
            _ => ErrorKind::Transport,
        };
        let error = Self::new(wrapper_kind, message);
        match root_cause(cause.as_ref()) {
            // The root cause says most; what lies above it is left to the source.
            Some(root) => {
                let message = format!("{}: {root}", error.0.message);
                error.with_message(message).with_source(cause)
            }
            None if error.0.message == cause.to_string() => error,
            None if kind == raw::ErrorKind::Status => error,
            None => error.because(cause),
        }
    }
}

/// What lies at the bottom of an error, if anything does.
fn root_cause(error: &dyn StdError) -> Option<String> {
    let mut cause = error.source()?;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Some(cause.to_string())
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
