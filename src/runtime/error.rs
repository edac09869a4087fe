use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use super::{Report, Response};
use crate::Operation;

/// Why a call of a generated method failed, with everything that was received of the response.
///
/// `Display` and [`source`](StdError::source) are those of the error that it was made of, which
/// [`get_ref`](Self::get_ref) and [`into_inner`](Self::into_inner) return. No body is part of its `Debug`.
///
/// ```
/// use coreweave_inference_api::{Error, ErrorKind, Response};
///
/// let error = Error::new(ErrorKind::Connection, "connection reset").with_response(Response::new(200, "{\"ga"));
/// assert_eq!(error.to_string(), "connection reset");
/// assert_eq!(error.status().unwrap(), 200);
/// assert_eq!(error.body(), b"{\"ga");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    response: Option<Response>,
    report: Report,
    cause: Cause,
}

type Cause = Box<dyn StdError + Send + Sync>;

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built.
    InvalidRequest,
    /// No connection could be established, so nothing was sent.
    Connect,
    /// The connection failed before the complete response was received.
    Connection,
    /// No complete response was received in time.
    Timeout,
    /// The response body is larger than allowed.
    BodyTooLarge,
    /// The HTTP client followed a redirect, or failed to.
    Redirect,
    /// The response does not have the status of a success.
    Status,
    /// The response has the status of a success, but its body is not what the API description says.
    Decode,
    /// Anything else in the transport.
    Other,
}

impl Error {
    /// Creates an error of another one, or of a message.
    pub fn new(kind: ErrorKind, error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            response: None,
            report: Report::default(),
            cause: error.into(),
        }))
    }

    /// The error of a response whose status is not the expected one.
    #[must_use]
    pub fn from_status(response: Response) -> Self {
        let message = format!("unexpected HTTP status {}", response.status());
        Self::new(ErrorKind::Status, message).with_response(response)
    }

    /// The error of a body that could not be decoded.
    pub(super) fn from_json(response: Response, error: &serde_json::Error) -> Self {
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let message = match content_type {
            _ if response.body().is_empty() => "the response body is empty".to_owned(),
            Some(other) if !other.to_ascii_lowercase().contains("json") => {
                format!("the response is not JSON but {other}")
            }
            _ => format!(
                "the response could not be decoded: {}",
                without_values(error)
            ),
        };
        Self::new(ErrorKind::Decode, message).with_response(response)
    }

    /// Adds what was received of the response, with its report.
    #[must_use]
    pub fn with_response(mut self, response: Response) -> Self {
        self.0.report = response.report();
        self.0.response = Some(response);
        self
    }

    /// Adds attempts and elapsed time.
    #[must_use]
    pub fn with_report(mut self, report: Report) -> Self {
        self.0.report = report;
        self
    }

    pub(super) fn during(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// What failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status, if a response began to arrive.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(Response::status)
    }

    /// The response headers, if a response began to arrive.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(Response::headers)
    }

    /// The response body as far as it was received. It is not redacted: the server may have echoed credentials.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.0
            .response
            .as_ref()
            .map_or(&[], |response| response.body())
    }

    /// What was received of the response.
    #[must_use]
    pub fn response(&self) -> Option<&Response<Bytes>> {
        self.0.response.as_ref()
    }

    /// Attempts and elapsed time.
    #[must_use]
    pub fn report(&self) -> Report {
        self.0.report
    }

    /// The error that this one was made of.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self.0.cause.as_ref()
    }

    /// Returns the error that this one was made of, and what was received of the response.
    #[must_use]
    pub fn into_inner(self) -> (Box<dyn StdError + Send + Sync>, Option<Response>) {
        (self.0.cause, self.0.response)
    }
}

/// A decoding error without the values that serde quotes, which may be credentials.
fn without_values(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            let (before, quoted) = message.split_at(first);
            let after = quoted.get(last - first + 1..).unwrap_or_default();
            format!("{before}\"…\"{after}")
        }
        _ => message,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.cause.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field(
                "operation",
                &self.0.operation.map(|operation| operation.name),
            )
            .field("status", &self.status())
            .field("report", &self.0.report)
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::GetGatewayResponse;

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn what_a_body_holds_is_shown_nowhere() {
        for body in [
            r#"{"gateway": "planted"}"#,
            r#"{"gateway": {"spec": {"name": "a", "zones": "planted \" quoted"}}}"#,
            r#"{"gateway": {"status": {"createdAt": "planted"}}}"#,
            "planted",
        ] {
            let error = Response::new(200, body)
                .decode::<GetGatewayResponse>()
                .unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("planted"), "{shown}");
            assert_eq!(error.body(), body.as_bytes());
        }
    }

    #[test]
    fn a_body_that_cannot_be_decoded_is_named() {
        let error = |content_type: &'static str, body: &'static str| {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
            let response = Response::new(200, body).with_headers(headers);
            response
                .decode::<GetGatewayResponse>()
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error("text/html", "<p>"),
            "the response is not JSON but text/html"
        );
        assert_eq!(error("application/json", ""), "the response body is empty");
        assert_eq!(
            error("application/json", r#"{"gateway": "x"}"#),
            r#"the response could not be decoded: invalid type: string "…", expected struct Gateway at line 1 column 15"#
        );
    }
}
