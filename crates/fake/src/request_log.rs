//! The log of requests and responses.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::fault::{Fault, Response};
use crate::operation::Operation;

/// The most bytes of bodies that the log keeps.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A request and its response.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation; none if no operation has this method and path.
    pub operation: Option<Operation>,
    /// The HTTP method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent, without the `?`.
    pub query: Option<String>,
    /// The headers, their names in lower case. Secret values are `[redacted]`.
    pub headers: Vec<(String, String)>,
    /// The body: `null` if it is empty, and a string if it is not JSON.
    pub body: Value,
    /// The HTTP status of the response; none if the connection was reset instead.
    pub response_status: Option<u16>,
    /// The response's body: `null` if it is empty, and a string if it is not JSON.
    pub response_body: Value,
    /// The response's `x-request-id`.
    pub request_id: String,
    /// The fault that was applied, as JSON.
    pub fault: Option<String>,
    #[serde(skip)]
    bytes: usize,
}

impl RecordedRequest {
    pub(crate) fn new(
        operation: Option<Operation>,
        parts: &Parts,
        body: &Bytes,
        response: Option<&Response>,
        request_id: &str,
        fault: Option<&Fault>,
    ) -> RecordedRequest {
        let response_body = response.map(|response| &response.body);
        RecordedRequest {
            operation,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers.iter().map(redacted).collect(),
            body: parse_body(body),
            response_status: response.map(|response| response.status.as_u16()),
            response_body: response_body.map(parse_body).unwrap_or_default(),
            request_id: request_id.to_owned(),
            fault: fault.map(Fault::to_string),
            bytes: body.len() + response_body.map_or(0, Bytes::len),
        }
    }

    /// Returns the value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(key, _)| key == name)?;
        Some(value)
    }
}

fn redacted((name, value): (&HeaderName, &HeaderValue)) -> (String, String) {
    let value = match [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name) {
        true => "[redacted]".to_owned(),
        false => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    (name.as_str().to_owned(), value)
}

fn parse_body(body: &Bytes) -> Value {
    match &**body {
        [] => Value::Null,
        bytes => {
            serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into())
        }
    }
}

/// The latest requests, and the number of all of them per operation.
#[derive(Debug)]
pub(crate) struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    counts: HashMap<Operation, usize>,
    capacity: usize,
    bytes: usize,
}

impl RequestLog {
    pub(crate) fn new(capacity: usize) -> RequestLog {
        RequestLog {
            requests: VecDeque::new(),
            counts: HashMap::new(),
            capacity,
            bytes: 0,
        }
    }

    pub(crate) fn push(&mut self, request: RecordedRequest) {
        if let Some(operation) = request.operation {
            *self.counts.entry(operation).or_default() += 1;
        }
        self.bytes += request.bytes;
        self.requests.push_back(request);
        while self.requests.len() > self.capacity || self.bytes > MAX_BYTES {
            let oldest = self.requests.pop_front();
            self.bytes -= oldest.map_or(self.bytes, |oldest| oldest.bytes);
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn count(&self, operation: Operation) -> usize {
        self.counts.get(&operation).copied().unwrap_or(0)
    }

    pub(crate) fn clear(&mut self) {
        *self = RequestLog::new(self.capacity);
    }
}
