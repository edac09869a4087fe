use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};

use crate::retry::CallOptions;

/// A request of one operation.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    pub(super) timeout: Option<Duration>,
    options: CallOptions,
    created_id: Option<Arc<str>>,
}

impl Request {
    /// Creates a request without headers or a body.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
            timeout: None,
            options: CallOptions::new(),
            created_id: None,
        }
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the complete URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the headers, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns the body; empty where there is none.
    pub fn body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Sets the body.
    pub fn set_body(&mut self, body: impl Into<Bytes>) {
        self.body = Some(body.into());
    }

    /// Returns how long sending the request and reading the response may take.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Sets how long sending the request and reading the response may take.
    pub fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }

    /// Returns the options of the call that the request belongs to.
    pub fn options(&self) -> &CallOptions {
        &self.options
    }

    /// Sets the options of the call that the request belongs to.
    pub fn set_options(&mut self, options: CallOptions) {
        self.options = options;
    }

    /// Returns the id that the body of a create asks for.
    pub fn created_id(&self) -> Option<&str> {
        self.created_id.as_deref()
    }

    /// Sets the id that the body of a create asks for. A create that has none is not sent again, as it could create a second
    /// resource.
    pub fn set_created_id(&mut self, id: Option<Arc<str>>) {
        self.created_id = id;
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may hold credentials.
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url.as_str())
            .field("headers", &self.headers)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
