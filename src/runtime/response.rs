use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use super::FromJson;
use crate::{Error, ErrorKind};

/// A response with its body, which is decoded (`T`) or as it was received ([`Bytes`]).
///
/// ```
/// use coreweave_inference_api::Response;
///
/// let response: Response = Response::new(404, r#"{"code": 5}"#);
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.map(|body| body.len()).into_inner(), 11);
/// ```
#[derive(Clone)]
pub struct Response<T = Bytes> {
    status: StatusCode,
    headers: HeaderMap,
    body: T,
    report: Report,
}

/// What it took to get a response, or to fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many times the request was sent.
    pub attempts: u32,
    /// How long the call took, delays between attempts included.
    pub elapsed: Duration,
}

impl Report {
    /// Creates a report.
    pub fn new(attempts: u32, elapsed: Duration) -> Self {
        Self { attempts, elapsed }
    }
}

impl Response {
    /// Creates a response without headers, for a transport that responds from memory.
    ///
    /// A status outside of 100 to 999 becomes 500.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            body: body.into(),
            report: Report::new(1, Duration::ZERO),
        }
    }

    /// Sets the headers.
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// The encoding of a body that is compressed although that was not asked for.
    pub(crate) fn content_encoding(&self) -> Option<&str> {
        let encoding = self.headers.get(CONTENT_ENCODING)?.to_str().ok()?;
        (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
    }

    /// What is wrong with a compressed body.
    pub(crate) fn compressed(&self) -> String {
        let encoding = self.content_encoding().unwrap_or_default();
        format!(
            "the response is compressed (Content-Encoding: {encoding}), which was not asked for"
        )
    }

    /// Decodes the body from JSON.
    pub(crate) fn decode<T: FromJson>(self) -> Result<Response<T>, Error> {
        match T::from_json(&self.body) {
            Ok(body) => Ok(self.map(|_| body)),
            Err(error) => Err(self.undecodable(&error)),
        }
    }

    /// Turns the response into the error of a body that could not be decoded. The values in it are left out, as they may be
    /// secrets.
    pub fn undecodable(self, error: &serde_json::Error) -> Error {
        let content_type = self.headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let message = match content_type {
            _ if self.body.is_empty() => "the response body is empty".to_owned(),
            _ if self.content_encoding().is_some() => self.compressed(),
            Some(other) if !other.to_ascii_lowercase().contains("json") => {
                format!("the response is not JSON but {other}")
            }
            _ => format!(
                "the response could not be decoded: {}",
                without_values(error)
            ),
        };
        Error::new(ErrorKind::Decode, message).with_response(self)
    }
}

impl<T> Response<T> {
    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// Returns the body.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// Returns the body, and the rest of the response.
    pub fn into_parts(self) -> (T, Response<()>) {
        let rest = Response {
            status: self.status,
            headers: self.headers,
            body: (),
            report: self.report,
        };
        (self.body, rest)
    }

    /// Returns attempts and elapsed time.
    pub fn report(&self) -> Report {
        self.report
    }

    /// Sets attempts and elapsed time.
    pub fn with_report(mut self, report: Report) -> Self {
        self.report = report;
        self
    }

    /// Converts the body and keeps everything else.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            status: self.status,
            headers: self.headers,
            body: convert(self.body),
            report: self.report,
        }
    }
}

impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and body may echo credentials.
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("report", &self.report)
            .finish_non_exhaustive()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::GetGatewayResponse;
    use reqwest::header::HeaderValue;

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
            let shown = format!("{error} {error:?} {error:#?}");
            assert!(!shown.contains("planted"), "{shown}");
            assert_eq!(error.body(), body.as_bytes());
        }
    }

    #[test]
    fn a_body_that_cannot_be_decoded_is_named() {
        let error = |content_type: &'static str, body: &'static str| {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
            let response = Response::new(200, body).with_headers(headers);
            let error = response.decode::<GetGatewayResponse>().unwrap_err();
            error.message().to_owned()
        };
        assert_eq!(
            error("text/html", "<p>"),
            "the response is not JSON but text/html"
        );
        assert_eq!(error("application/json", ""), "the response body is empty");
        let headers = [(CONTENT_ENCODING, HeaderValue::from_static("br"))];
        let response = Response::new(200, "x").with_headers(headers.into_iter().collect());
        assert_eq!(
            response
                .decode::<GetGatewayResponse>()
                .unwrap_err()
                .message(),
            "the response is compressed (Content-Encoding: br), which was not asked for"
        );
        assert_eq!(
            error("application/json", r#"{"gateway": "x"}"#),
            r#"the response could not be decoded: invalid type: string "…", expected struct Gateway at line 1 column 15"#
        );
    }
}
