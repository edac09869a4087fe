use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use form_urlencoded::Serializer;
use reqwest::Method;
use serde_json::Value;

use super::path;
use super::query::Parameter;
use crate::proto_json::{self, Encode};
use crate::retry::CallOptions;
use crate::{Error, ErrorKind, Operation};

/// A call of one operation, ready to be sent by [`Client::execute`](crate::Client::execute) or
/// [`Client::send`](crate::Client::send).
///
/// It has one constructor for each method of the client. What makes a call impossible, such as an empty id, is reported when
/// it is sent.
///
/// ```
/// use coreweave_inference_api::{Call, Operation};
///
/// let call = Call::get_gateway("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11");
/// assert_eq!(call.operation(), Operation::GET_GATEWAY);
/// ```
#[must_use = "a call does nothing until a client sends it"]
pub struct Call {
    operation: &'static Operation,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) body: Option<Bytes>,
    pub(super) created_id: Option<Arc<str>>,
    pub(super) options: CallOptions,
    /// Why the call cannot be sent.
    problem: Option<Box<dyn StdError + Send + Sync>>,
}

impl Call {
    /// Creates the call of an operation with its path parameters, in the order of the path.
    pub(crate) fn new(operation: &'static Operation, parameters: &[&str]) -> Self {
        let mut call = Self {
            operation,
            method: Method::default(),
            path: String::new(),
            query: None,
            body: None,
            created_id: None,
            options: CallOptions::new(),
            problem: None,
        };
        match Method::from_bytes(operation.method.as_bytes()) {
            Ok(method) => call.method = method,
            Err(problem) => call.problem = Some(problem.into()),
        }
        match path::fill(operation.path, parameters) {
            Ok(path) => call.path = path,
            Err(problem) => call.problem = Some(problem.into()),
        }
        call
    }

    /// Creates the call of no operation in the API's description. Any 2xx is a success.
    pub(super) fn unlisted(method: Method, path: &str, body: Option<&Value>) -> Self {
        static READ: Operation = Operation {
            name: "send_request",
            id: "",
            method: "GET",
            path: "",
            success: &[],
        };
        static WRITE: Operation = Operation {
            method: "POST",
            ..READ
        };
        let operation = match method {
            Method::GET | Method::HEAD => &READ,
            _ => &WRITE,
        };
        let problem = "the path must begin with a slash";
        let problem = (!path.starts_with('/')).then(|| problem.into());
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (path, None),
        };
        Self {
            method,
            path: path.to_owned(),
            query,
            body: body.map(|body| body.to_string().into()),
            problem,
            ..Self::new(operation, &[])
        }
    }

    /// Adds a query parameter. A list repeats it; `None` leaves it out.
    pub(crate) fn query(mut self, name: &str, value: &dyn Parameter) -> Self {
        value.visit(&mut |value| {
            let query = std::mem::take(&mut self.query).unwrap_or_default();
            self.query = Some(Serializer::new(query).append_pair(name, value).finish());
        });
        self
    }

    /// Sets the body.
    pub(crate) fn json(mut self, body: &dyn Encode) -> Self {
        match proto_json::to_vec(body) {
            Ok(body) => self.body = Some(body.into()),
            Err(error) => self.problem = Some(error.into()),
        }
        self
    }

    /// Sets the id that the body of a create asks for.
    pub(crate) fn creates(mut self, id: &Option<String>) -> Self {
        let id = id.as_deref().filter(|id| !id.is_empty());
        self.created_id = id.map(Arc::from);
        self
    }

    /// Sets options, which override those of the client.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Returns the operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the JSON body; empty if there is none.
    pub fn body(&self) -> Bytes {
        self.body.clone().unwrap_or_default()
    }

    /// Fails if the call cannot be sent.
    pub(super) fn check(&self) -> Result<(), Error> {
        match &self.problem {
            None => Ok(()),
            Some(problem) => {
                let error = Error::new(ErrorKind::Invalid, "the request can't be built");
                Err(self.explain(error.with_cause(problem.to_string())))
            }
        }
    }

    /// Adds what the call was for to an error.
    pub(super) fn explain(&self, error: Error) -> Error {
        let error = error.with_operation(self.operation);
        let created = self.created_id.as_deref();
        match created.or_else(|| self.operation.resource_id(&self.path)) {
            Some(id) if error.resource_id().is_none() => error.with_resource_id(id),
            _ => error,
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may hold credentials.
        f.debug_struct("Call")
            .field("operation", &self.operation.name)
            .field("path", &self.path)
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::ListDeploymentsParams;
    use crate::types::{CreateGatewayRequest, CreateHotLoadRequest};

    fn target(call: Call) -> (String, Option<String>) {
        call.check().unwrap();
        (call.path, call.query)
    }

    #[test]
    fn parameters_are_encoded_where_the_operation_has_them() {
        let prefix = "/v1alpha1/inference";
        assert_eq!(
            target(Call::cancel_hot_load("a/b?c", &Default::default())),
            (format!("{prefix}/hotLoads/a%2Fb%3Fc:cancel"), None)
        );
        let params = ListDeploymentsParams {
            parent_gateway_id: Some("a b&c".into()),
            updated_after: Some("2026-02-03T04:05:06.5Z".parse().unwrap()),
            ..Default::default()
        };
        let query = "parentGatewayId=a+b%26c&updatedAfter=2026-02-03T04%3A05%3A06.500Z";
        assert_eq!(
            target(Call::list_deployments(&params)),
            (format!("{prefix}/deployments"), Some(query.to_owned()))
        );
    }

    #[test]
    fn a_call_that_would_take_another_route_is_not_sent() {
        for id in ["", ".", ".."] {
            let error = Call::get_gateway(id).check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(error.to_string().contains(&format!("{id:?}")), "{error}");
        }
    }

    #[test]
    fn a_path_of_no_operation_begins_with_a_slash() {
        let check = |path| Call::unlisted(Method::GET, path, None).check();
        assert!(check("/v2/models").is_ok());
        let error = check("v2/models").unwrap_err();
        assert!(error.to_string().contains("begin with a slash"), "{error}");
    }

    #[test]
    fn a_create_knows_the_id_that_it_asks_for() {
        let gateway = |id: Option<&str>| {
            let id = id.map(str::to_owned);
            Call::create_gateway(&CreateGatewayRequest {
                id,
                ..Default::default()
            })
        };
        assert_eq!(gateway(Some("1")).created_id.as_deref(), Some("1"));
        assert_eq!(gateway(Some("")).created_id, None);
        assert_eq!(gateway(None).created_id, None);
        let load = CreateHotLoadRequest {
            hot_load_id: Some("2".into()),
            deployment_id: "3".into(),
            ..Default::default()
        };
        let load = Call::create_hot_load(&load);
        assert_eq!(load.created_id.as_deref(), Some("2"));
        let error = load.explain(Error::new(ErrorKind::Timeout, "no response"));
        assert_eq!(error.resource_id(), Some("2"));
    }

    #[test]
    fn debug_output_has_no_body() {
        let body = CreateGatewayRequest {
            name: "planted".into(),
            ..Default::default()
        };
        let shown = format!("{:?}", Call::create_gateway(&body));
        assert!(shown.contains("create_gateway"), "{shown}");
        assert!(!shown.contains("planted"), "{shown}");
    }
}
