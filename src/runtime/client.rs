use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::{Call, FromJson, Request, Response, Transport};
use crate::retry::CallOptions;
use crate::{Error, ErrorKind};

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
    options: CallOptions,
}

impl Client {
    /// Creates a client for the API at `base_url`. A path in it goes before the path of every operation.
    ///
    /// # Errors
    /// Returns an error if `base_url` is not an absolute URL with a host.
    pub fn new(base_url: &str, transport: Arc<dyn Transport>) -> Result<Self, Error> {
        let url = Url::parse(base_url)
            .map_err(|error| {
                Error::new(ErrorKind::Invalid, "the base URL is not an absolute URL")
                    .with_cause(error)
            })
            .and_then(|url| match url.has_host() {
                true => Ok(url),
                false => Err(Error::new(ErrorKind::Invalid, "the base URL has no host")),
            })?;
        Ok(Self {
            base_url: Arc::new(url),
            transport,
            options: CallOptions::new(),
        })
    }

    /// Returns the same client with these options for each call, where the transport is a
    /// [`RetryTransport`](crate::retry::RetryTransport).
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self {
            options,
            ..self.clone()
        }
    }

    /// Returns the URL that requests are sent to, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }

    /// Sends a call and returns the successful response with its body as it was received.
    ///
    /// # Errors
    /// As generated methods, decoding aside.
    pub async fn execute(&self, call: &Call) -> Result<Response, Error> {
        let operation = call.operation();
        let response = self.transport.execute(self.request(call)?, operation).await;
        let response = response.map_err(|error| call.explain(error))?;
        let is_success = match operation.success {
            [] => response.status().is_success(),
            statuses => statuses.contains(&response.status().as_u16()),
        };
        match is_success {
            true => Ok(response),
            false => Err(call.explain(Error::from_response(response))),
        }
    }

    /// Sends a call and decodes the body of the response, as a generated method does.
    ///
    /// ```no_run
    /// use coreweave_inference_api::{Call, Client, Error, types};
    ///
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let call = Call::get_gateway("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11");
    /// let gateway = client.send::<types::GetGatewayResponse>(&call).await?.into_inner().gateway;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As generated methods.
    pub async fn send<T: FromJson>(&self, call: &Call) -> Result<Response<T>, Error> {
        let response = self.execute(call).await?;
        response.decode().map_err(|error| call.explain(error))
    }

    /// Sends a request that no generated method makes, and decodes the response as JSON; without a body, it is null.
    ///
    /// `path` begins with a slash and may have a query. Every status from 200 to 299 is a success. A POST that the server may have
    /// acted on is not sent again.
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
        let call = Call::unlisted(method, path, body);
        let response = self.execute(&call).await?;
        // As to a HEAD, or with status 204.
        if response.body().is_empty() {
            return Ok(response.map(|_| Value::Null));
        }
        response.decode().map_err(|error| call.explain(error))
    }

    /// The request of a call.
    fn request(&self, call: &Call) -> Result<Request, Error> {
        call.check()?;
        // Cheaper than parsing the complete URL: the base URL is parsed already.
        let mut url = (*self.base_url).clone();
        match url.path().trim_end_matches('/') {
            "" => url.set_path(&call.path),
            prefix => url.set_path(&[prefix, &call.path].concat()),
        }
        if call.query.is_some() {
            url.set_query(call.query.as_deref());
        }
        let mut request = Request::new(call.method.clone(), url);
        let json = HeaderValue::from_static("application/json");
        if let Some(body) = &call.body {
            request.set_body(body.clone());
            request.headers_mut().insert(CONTENT_TYPE, json.clone());
        }
        request.headers_mut().insert(ACCEPT, json);
        request.set_options(call.options.clone().or(&self.options));
        request.set_created_id(call.created_id.clone());
        Ok(request)
    }
}
