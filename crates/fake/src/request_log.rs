//! What was asked and answered, kept for assertions.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method};
use serde::Serialize;
use serde_json::Value;

use crate::fault::Fault;
use crate::operation::Operation;

/// How many bytes of bodies the log keeps at most.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// One request and its answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation; none for a path or method that the API lacks.
    pub operation: Option<Operation>,
    /// The HTTP method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent, without the `?`.
    pub query: Option<String>,
    /// Names in lower case with values; those of secrets read `[redacted]`.
    pub headers: Vec<(String, String)>,
    /// The body; `null` when empty, and a string when it is no JSON.
    pub body: Value,
    /// The HTTP status of the reply; none when the connection was cut instead.
    pub response_status: Option<u16>,
    /// The reply's body; `null` when empty, and a string when it is no JSON.
    pub response_body: Value,
    /// The id that the reply carried as `x-request-id`.
    pub request_id: String,
    /// The fault that came into play, if one did.
    pub fault: Option<String>,
}

impl RecordedRequest {
    /// The value of a header, by its name in lower case.
    ///
    /// ```no_run
    /// # fn f(fake: coreweave_inference_fake::FakeServer) {
    /// for request in fake.requests() {
    ///     assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("my-program/")));
    /// }
    /// # }
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A request as the log holds it: its bodies are read only when somebody asks, and nothing in it
/// keeps a connection's buffers alive.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    operation: Option<Operation>,
    method: Method,
    path: String,
    query: Option<String>,
    headers: Vec<(HeaderName, String)>,
    body: Bytes,
    pub(crate) response_status: Option<u16>,
    pub(crate) response_body: Bytes,
    request_id: String,
    fault: Option<String>,
}

impl Entry {
    /// Takes down a request that has no reply yet.
    pub(crate) fn new(
        operation: Option<Operation>,
        parts: &Parts,
        body: &[u8],
        request_id: &str,
        fault: Option<&Fault>,
    ) -> Entry {
        Entry {
            operation,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers.iter().map(without_secret).collect(),
            body: Bytes::copy_from_slice(body),
            response_status: None,
            response_body: Bytes::new(),
            request_id: request_id.to_owned(),
            fault: fault.map(Fault::to_string),
        }
    }

    fn bytes(&self) -> usize {
        self.body.len() + self.response_body.len()
    }

    pub(crate) fn read(&self) -> RecordedRequest {
        let headers = self.headers.iter();
        RecordedRequest {
            operation: self.operation,
            method: self.method.to_string(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: headers
                .map(|(name, value)| (name.as_str().to_owned(), value.clone()))
                .collect(),
            body: read_body(&self.body),
            response_status: self.response_status,
            response_body: read_body(&self.response_body),
            request_id: self.request_id.clone(),
            fault: self.fault.clone(),
        }
    }
}

fn without_secret((name, value): (&HeaderName, &HeaderValue)) -> (HeaderName, String) {
    let secret = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name);
    let value = match secret {
        true => "[redacted]".to_owned(),
        false => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    (name.clone(), value)
}

fn read_body(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

/// The last requests, and how many there were of each operation.
#[derive(Debug)]
pub(crate) struct RequestLog {
    entries: VecDeque<Entry>,
    counts: HashMap<Operation, usize>,
    capacity: usize,
    bytes: usize,
}

impl RequestLog {
    pub(crate) fn new(capacity: usize) -> RequestLog {
        RequestLog {
            entries: VecDeque::new(),
            counts: HashMap::new(),
            capacity,
            bytes: 0,
        }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        if let Some(operation) = entry.operation {
            *self.counts.entry(operation).or_default() += 1;
        }
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > self.capacity || self.bytes > MOST_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn count(&self, operation: Operation) -> usize {
        self.counts.get(&operation).copied().unwrap_or(0)
    }

    pub(crate) fn clear(&mut self) {
        *self = RequestLog::new(self.capacity);
    }
}
