//! Handles a request: routing, faults, authentication, the operation, and the log.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, StatusCode};
use serde_json::{Value, json};

use crate::auth::Role;
use crate::control;
use crate::error::ApiError;
use crate::fault::{Body, Effect, Fault, Response};
use crate::json::snake_case;
use crate::operation::{Operation, Route, route};
use crate::protojson::{self, Unknown};
use crate::query::Query;
use crate::request_log::RecordedRequest;
use crate::service::Call;
use crate::state::{AppState, lock};

/// The most bytes of a request body.
const MAX_BODY: usize = 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The most bytes that the body of a request to this path may have.
pub(crate) fn max_body(path: &str) -> usize {
    match path.starts_with(control::PREFIX) {
        true => usize::MAX,
        false => MAX_BODY,
    }
}

/// The connection is to be reset instead of a response sent.
#[derive(Debug)]
pub(crate) struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection reset by a fault")
    }
}

impl std::error::Error for Reset {}

impl AppState {
    /// Handles a request whose body was read, or could not be.
    pub(crate) async fn handle(
        &self,
        parts: Parts,
        received: Result<Bytes, ApiError>,
    ) -> Result<http::Response<Body>, Reset> {
        if let Some(path) = parts.uri.path().strip_prefix(control::PREFIX) {
            let body = received.unwrap_or_default();
            return Ok(control::handle(self, &parts.method, path, &body).into_http(None));
        }
        self.clock.count_request();
        let route = route(&parts.method, parts.uri.path());
        let fault = self.take_fault(&route, &received);
        if let Some(Effect::Delay { millis }) = fault.as_ref().map(Fault::effect) {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
        }
        let request_id = lock(&self.service).random_uuid();
        let operation = match &route {
            Route::Operation(operation, _) => Some(*operation),
            _ => None,
        };
        let body = received.clone().unwrap_or_default();
        let response = match fault.as_ref().is_none_or(Fault::performs_operation) {
            true => self.respond(&route, &parts, received, fault.as_ref(), &request_id),
            false => Response::json(StatusCode::OK, &Value::Null),
        };
        let response = match &fault {
            Some(fault) => response.replaced_by(fault, || echo(&parts, &body)),
            None => response,
        };
        let response = response.header(REQUEST_ID, &request_id);
        let is_reset = matches!(fault.as_ref().map(Fault::effect), Some(Effect::Reset));
        let sent = Some(&response).filter(|_| !is_reset);
        let fault = fault.as_ref();
        let record = RecordedRequest::new(operation, &parts, &body, sent, &request_id, fault);
        if let Some(observer) = &self.observer {
            observer(&record);
        }
        lock(&self.log).push(record);
        match is_reset {
            true => Err(Reset),
            false => Ok(response.into_http(fault)),
        }
    }

    /// The fault that applies to a request, by its operation and by the ids that it names.
    fn take_fault(&self, route: &Route, body: &Result<Bytes, ApiError>) -> Option<Fault> {
        let Route::Operation(operation, id) = route else {
            return None;
        };
        let body = body.as_deref().unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let member = operation
            .on_resource()
            .map_or("id", |(_, kind)| kind.id_member());
        let chosen = [member, &snake_case(member)].map(|member| body.get(member)?.as_str());
        let ids: Vec<_> = chosen.into_iter().flatten().chain([&**id]).collect();
        lock(&self.faults).take(*operation, &ids)
    }

    fn respond(
        &self,
        route: &Route,
        parts: &Parts,
        body: Result<Bytes, ApiError>,
        fault: Option<&Fault>,
        request_id: &str,
    ) -> Response {
        #[cfg(feature = "data-plane")]
        if *route == Route::NotFound
            && let Some(response) = self.serve_model(parts, body.as_deref().unwrap_or_default())
        {
            return response;
        }
        let error = match self.perform(route, parts, body, fault) {
            Ok(body) => return Response::json(StatusCode::OK, &body),
            Err(error) => error,
        };
        let (status, allow) = (error.status, error.allow.clone());
        let body = match route {
            Route::Operation(Operation::ExchangeToken, _) => error.connect_body(),
            _ => error.body(request_id),
        };
        let mut response = Response::json(status, &body);
        if status == StatusCode::UNAUTHORIZED {
            response = response.header(WWW_AUTHENTICATE, "Bearer");
        }
        match allow {
            Some(methods) => response.header(ALLOW, &methods),
            None => response,
        }
    }

    fn perform(
        &self,
        route: &Route,
        parts: &Parts,
        body: Result<Bytes, ApiError>,
        fault: Option<&Fault>,
    ) -> Result<Value, ApiError> {
        let path = parts.uri.path();
        let (operation, id) = match route {
            Route::Operation(operation, id) => (*operation, id),
            Route::NotFound => return Err(ApiError::no_such_path(path)),
            Route::WrongMethod(allowed) => {
                let allowed: Vec<_> = allowed.iter().map(Method::as_str).collect();
                return Err(ApiError::wrong_method(path, allowed.join(", ")));
            }
        };
        let effect = fault.map(Fault::effect);
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let page_token = query
            .all("pageToken")
            .first()
            .map(|token| (*token).to_owned());
        let now = self.clock.now();
        let mut response = match operation.on_resource() {
            None => {
                let body = parse_body(operation, &parts.headers, &body?, effect)?;
                let bearer = format!("fake-token-{}", lock(&self.service).random_uuid());
                self.auth.exchange(&body, bearer, now)?
            }
            Some((verb, kind)) => {
                let caller = self.auth.caller(&parts.headers, now)?;
                if operation.method() != Method::GET && caller.role != Role::Admin {
                    return Err(ApiError::permission_denied(operation.name()));
                }
                let call = Call {
                    verb,
                    kind,
                    organization: caller.organization,
                    id: id.clone(),
                    query,
                    body: parse_body(operation, &parts.headers, &body?, effect)?,
                    outcome: match effect {
                        Some(Effect::Outcome { statuses }) => Some(statuses.clone()),
                        _ => None,
                    },
                    stale_reads: match effect {
                        Some(Effect::StaleReads { reads }) => *reads,
                        _ => 0,
                    },
                };
                lock(&self.service).call(call)?
            }
        };
        if let Some(effect) = effect {
            effect.mutate(operation.response(), page_token.as_deref(), &mut response);
        }
        Ok(response)
    }
}

/// Parses the body of an operation that has one.
fn parse_body(
    operation: Operation,
    headers: &HeaderMap,
    body: &[u8],
    effect: Option<&Effect>,
) -> Result<Value, ApiError> {
    let Some(message) = operation.request() else {
        return Ok(json!({}));
    };
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::malformed(format!(
            "the content type must be application/json, not {content_type:?}"
        )));
    }
    let unknown = match effect {
        Some(Effect::KeepUnknownMembers) => Unknown::Keep,
        _ => Unknown::Drop,
    };
    protojson::read(message, body, unknown)
}

/// A request as an error message echoes it, secrets included.
fn echo(parts: &Parts, body: &[u8]) -> String {
    let mut text = format!("{} {}", parts.method, parts.uri);
    for (name, value) in &parts.headers {
        text += &format!(" {name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    format!("{text} {}", String::from_utf8_lossy(body))
}
