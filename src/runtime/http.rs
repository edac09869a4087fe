use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use reqwest::Url;
use tokio::time::timeout;

use super::{BoxFuture, Proxy, Report, Request, Response, Transport};
use crate::error::{Reason, root};
use crate::{Error, ErrorKind, Operation};

/// How long a proxy may take to refuse a tunnel again.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends requests over HTTP, each once, without a token of its own.
///
/// A redirect is not followed with the request's body: a response from another URL than the request's is an error of
/// the kind [`Redirect`](ErrorKind::Redirect).
///
/// ```
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// use coreweave_inference_api::HttpTransport;
///
/// let transport = HttpTransport::new(reqwest::Client::new()).max_body_size(1 << 20);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct HttpTransport {
    client: reqwest::Client,
    proxy: Option<Proxy>,
    max_body_size: usize,
}

impl HttpTransport {
    /// Creates a transport that accepts response bodies of up to 16 MiB.
    pub fn new(client: reqwest::Client) -> Self {
        Self {
            client,
            proxy: None,
            max_body_size: 16 << 20,
        }
    }

    /// Says which proxy the client uses, for errors to name it. See [`Proxy::from_env`].
    pub fn proxy(mut self, proxy: Option<Proxy>) -> Self {
        self.proxy = proxy;
        self
    }

    /// Sets the largest response body to accept, in bytes.
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body_size = bytes;
        self
    }

    async fn send(&self, request: Request) -> Result<Response, Error> {
        let started = Instant::now();
        let url = request.url.clone();
        let mut http = reqwest::Request::new(request.method, request.url);
        *http.headers_mut() = request.headers;
        *http.timeout_mut() = request.timeout;
        // A body that cannot be cloned is not sent again to where a redirect points.
        *http.body_mut() = request
            .body
            .map(|body| reqwest::Body::wrap(Full::new(body)));
        let mut received = match self.client.execute(http).await {
            Ok(received) => received,
            Err(error) if error.is_connect() => {
                // Boxed, as every request would carry its state.
                return Err(Box::pin(self.no_connection(error, &url)).await);
            }
            Err(error) => return Err(from_reqwest(error)),
        };
        if *received.url() != url {
            let to = received.url().origin().ascii_serialization();
            let message = format!("the HTTP client followed a redirect to {to}");
            return Err(Error::new(ErrorKind::Redirect, message));
        }
        let mut body = Body::default();
        let read = body.read(&mut received, self.max_body_size).await;
        let response = Response::new(received.status().as_u16(), body.into_bytes())
            .with_headers(std::mem::take(received.headers_mut()))
            .with_report(Report::new(1, started.elapsed()));
        match read {
            Err(error) if response.status().is_success() => Err(error.with_response(response)),
            // What was received of an error response says more than why the rest is missing.
            Ok(()) | Err(_) => Ok(response),
        }
    }

    /// The error of a connection that was not established.
    async fn no_connection(&self, cause: reqwest::Error, url: &Url) -> Error {
        let mut message = format!("can't connect to {}", url.origin().ascii_serialization());
        if let Some(proxy) = &self.proxy {
            message += &format!(" through the proxy {proxy}");
            if root(&cause).to_string() == "tunnel error: unsuccessful"
                && let Ok(Some(refusal)) = timeout(REFUSAL_TIMEOUT, proxy.refusal(url)).await
            {
                message += &format!(", which refuses: {}", refusal.status);
                let error = Error::new(ErrorKind::Connect, message).with_source(cause);
                return match refusal.is_permanent() {
                    true => error.with_permanent(Reason::PROXY_REFUSED),
                    false => error,
                };
            }
        }
        failed(Error::new(ErrorKind::Connect, message), cause)
    }
}

impl Transport for HttpTransport {
    fn execute(
        &self,
        request: Request,
        _: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(self.send(request))
    }
}

fn from_reqwest(error: reqwest::Error) -> Error {
    let failed = if error.is_builder() {
        Error::new(ErrorKind::Invalid, "the request can't be built")
    } else if error.is_redirect() {
        Error::new(ErrorKind::Redirect, "the HTTP client failed to redirect")
    } else if error.is_timeout() {
        Error::new(ErrorKind::Timeout, "no complete response")
    } else {
        let message = "the connection failed before the complete response was received";
        Error::new(ErrorKind::Transport, message)
    };
    self::failed(failed, error)
}

/// Adds the cause, and whether it is one that stays.
fn failed(error: Error, cause: reqwest::Error) -> Error {
    let root = root(&cause).to_string().to_ascii_lowercase();
    let error = error.with_cause(cause);
    if !matches!(error.kind(), ErrorKind::Connect | ErrorKind::Transport) {
        return error;
    }
    // The types of the TLS libraries are not ours to name.
    let says = |texts: &[&str]| texts.iter().any(|text| root.contains(text));
    let reason = if says(&[
        "unknownissuer",
        "unable to get local issuer",
        "self-signed",
        "self signed",
    ]) {
        Reason::UNKNOWN_ISSUER
    } else if says(&["invalidcontenttype", "wrong version number"]) {
        Reason::NOT_TLS
    } else if says(&["certificate", "received fatal alert"]) && !says(&["internalerror"]) {
        Reason::TLS
    } else if says(&["proxy authorization required"]) {
        Reason::PROXY_CREDENTIALS
    } else {
        return error;
    };
    error.with_permanent(reason)
}

/// A body as it is received. One that arrives in a single chunk, as most do, is not copied.
#[derive(Default)]
struct Body {
    first: Bytes,
    all: Vec<u8>,
}

impl Body {
    async fn read(&mut self, response: &mut reqwest::Response, max: usize) -> Result<(), Error> {
        let too_large = || {
            let message = format!("the response body is larger than the {max} bytes allowed");
            Error::new(ErrorKind::BodyTooLarge, message)
        };
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced)
            .ok()
            .filter(|length| *length <= max)
            .ok_or_else(too_large)?;
        while let Some(chunk) = response.chunk().await.map_err(from_reqwest)? {
            if chunk.len() > max - self.len() {
                return Err(too_large());
            }
            if self.len() == 0 {
                self.first = chunk;
                continue;
            }
            if self.all.is_empty() {
                self.all
                    .reserve(announced.max(self.first.len() + chunk.len()));
                self.all.extend_from_slice(&self.first);
            }
            self.all.extend_from_slice(&chunk);
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.into()
        }
    }
}
