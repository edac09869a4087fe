//! Requests received by a mock server, so that a test can compare a complete request.

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockRequest, When};
use serde_json::Value;

/// The last request that reached a mock.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Option<Recorded>>>);

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// Method, path and query: `GET /v1alpha1/inference/gateways`.
    pub(crate) line: String,
    /// Lower-case names with their values, sorted, without `host`, which contains the port.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Recorder {
    /// Records the requests that `when` sees. It matches all of them.
    pub(crate) fn watch(&self, when: When) {
        let slot = Arc::clone(&self.0);
        // The result is not needed: httpmock keeps matchers in a place that all clones of `when` share.
        let _ = when.is_true(move |request| {
            *slot.lock().unwrap() = Some(Recorded::from(request));
            true
        });
    }

    pub(crate) fn take(&self) -> Recorded {
        let recorded = self.0.lock().unwrap().take();
        recorded.expect("no request reached the mock")
    }
}

impl From<&HttpMockRequest> for Recorded {
    fn from(request: &HttpMockRequest) -> Self {
        let uri = request.uri();
        let target = uri.path_and_query().map_or("", |target| target.as_str());
        let mut headers: Vec<_> = request
            .headers()
            .iter()
            .filter(|(name, _)| *name != "host")
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        Self {
            line: format!("{} {target}", request.method()),
            headers,
            body: request.body_ref().to_vec(),
        }
    }
}

impl Recorded {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(header, _)| header == name)?;
        Some(value)
    }

    pub(crate) fn header_names(&self) -> Vec<&str> {
        let names = self.headers.iter().map(|(name, _)| name.as_str());
        // Sent only if another package in the same build enables reqwest's decompression, as xtask does.
        names.filter(|name| *name != "accept-encoding").collect()
    }

    /// Returns the body as JSON, or `Null` if it is empty.
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).expect("the body isn't JSON")
    }
}
