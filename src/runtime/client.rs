use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Error, ErrorKind, Request, Response, Transport, query};
use crate::Operation;

/// The operations of requests that no generated method makes.
static UNLISTED_READ: Operation = Operation {
    name: "send_request",
    id: "",
    method: "GET",
    path: "",
};
static UNLISTED_WRITE: Operation = Operation {
    method: "POST",
    ..UNLISTED_READ
};

/// The generated client: one method for each operation of the API.
///
/// A clone is cheap and shares the transport.
///
/// ```no_run
/// use std::sync::Arc;
/// use coreweave_inference_api::{Client, HttpTransport};
///
/// # async fn example() -> Result<(), coreweave_inference_api::Error> {
/// let transport = HttpTransport::new(reqwest::Client::new());
/// let client = Client::new("https://api.coreweave.com", Arc::new(transport))?;
/// let zones = client.get_gateway_parameters().await?.into_inner().zones;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    base_url: Arc<Url>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Creates a client for the API at `base_url`. A path in it goes before the path of every operation.
    ///
    /// # Errors
    /// When `base_url` is not an absolute URL with a host.
    pub fn new(base_url: &str, transport: Arc<dyn Transport>) -> Result<Self, Error> {
        let url = Url::parse(base_url)
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, error))
            .and_then(|url| match url.has_host() {
                true => Ok(url),
                false => Err(Error::new(
                    ErrorKind::InvalidRequest,
                    "the base URL has no host",
                )),
            })?;
        Ok(Self {
            base_url: Arc::new(url),
            transport,
        })
    }

    /// The same client over another transport.
    #[must_use]
    pub fn with_transport(&self, transport: Arc<dyn Transport>) -> Self {
        Self {
            base_url: self.base_url.clone(),
            transport,
        }
    }

    /// The URL that requests are sent to, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }

    /// Sends a request that no generated method makes, and decodes the response as JSON.
    ///
    /// `path` begins with a slash and may have a query.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference_api::Client) -> Result<(), coreweave_inference_api::Error> {
    /// let path = "/v1alpha1/inference/gateways?updatedAfter=2026-01-01T00:00:00Z";
    /// let gateways = client.send_json(reqwest::Method::GET, path, None).await?.into_inner();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As generated methods.
    pub async fn send_json(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response<Value>, Error> {
        let operation = match method {
            Method::GET | Method::HEAD => &UNLISTED_READ,
            _ => &UNLISTED_WRITE,
        };
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let request = self.request(method, path).edit(|request| {
            request.url_mut().set_query(query);
            Ok(())
        });
        match body {
            Some(body) => request.json(body).send(operation).await,
            None => request.send(operation).await,
        }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::POST, path)
    }

    // Generated where the API has such an operation.
    #[allow(dead_code)]
    pub(crate) fn put(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::PUT, path)
    }

    pub(crate) fn patch(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: &str) -> RequestBuilder<'_> {
        self.request(Method::DELETE, path)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder<'_> {
        // Cheaper than parsing the complete URL: the base URL is parsed already.
        let mut url = (*self.base_url).clone();
        match url.path().trim_end_matches('/') {
            "" => url.set_path(path),
            prefix => url.set_path(&[prefix, path].concat()),
        }
        let mut request = Request::new(method, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        RequestBuilder {
            client: self,
            request: Ok(request),
            success: &[200],
        }
    }
}

/// Builds the request of one operation and sends it.
#[must_use]
pub(crate) struct RequestBuilder<'c> {
    client: &'c Client,
    request: Result<Request, Error>,
    success: &'static [u16],
}

impl RequestBuilder<'_> {
    /// Adds a query parameter. A list repeats it; `None` leaves it out.
    pub(crate) fn query(self, name: &str, value: &impl Serialize) -> Self {
        self.edit(|request| query::append(request.url_mut(), name, value))
    }

    /// Sets the body.
    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        self.edit(|request| {
            request.set_body(serde_json::to_vec(body)?);
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            Ok(())
        })
    }

    /// Sets the statuses of a successful response, if it is not 200 alone.
    #[allow(dead_code)]
    pub(crate) fn success(self, success: &'static [u16]) -> Self {
        Self { success, ..self }
    }

    fn edit(mut self, edit: impl FnOnce(&mut Request) -> serde_json::Result<()>) -> Self {
        if let Ok(request) = &mut self.request
            && let Err(error) = edit(request)
        {
            self.request = Err(Error::new(ErrorKind::InvalidRequest, error));
        }
        self
    }

    /// Sends the request and decodes the response, which must have the status of a success.
    pub(crate) async fn send<T: DeserializeOwned>(
        self,
        operation: &'static Operation,
    ) -> Result<Response<T>, Error> {
        self.send_and(operation, Response::decode).await
    }

    /// Sends the request of an operation whose response has no body.
    #[allow(dead_code)]
    pub(crate) async fn send_for_status(
        self,
        operation: &'static Operation,
    ) -> Result<Response<()>, Error> {
        self.send_and(operation, |response| Ok(response.map(drop)))
            .await
    }

    async fn send_and<T>(
        self,
        operation: &'static Operation,
        decode: impl FnOnce(Response) -> Result<Response<T>, Error>,
    ) -> Result<Response<T>, Error> {
        let sent = match self.request {
            Ok(request) => self.client.transport.execute(request, operation).await,
            Err(error) => Err(error),
        };
        let decoded = match sent {
            Ok(response) if self.success.contains(&response.status().as_u16()) => decode(response),
            Ok(response) => Err(Error::from_status(response)),
            Err(error) => Err(error),
        };
        decoded.map_err(|error| error.during(operation))
    }
}
