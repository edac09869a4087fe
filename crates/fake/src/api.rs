//! From an HTTP request to its reply: route, fault, caller, body, answer, record.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use crate::connection::Cut;
use crate::control;
use crate::failure::Failure;
use crate::fault::{Effect, Fault, Plan, Reply};
use crate::lock::lock;
use crate::operation::{Operation, Route, route};
use crate::query::Query;
use crate::request_log::{Entry, RecordedRequest, RequestLog};
use crate::rules::drop_unset;
use crate::state::Object;
use crate::tenancy::{Role, Tenancy};
use crate::world::{Call, World};

/// The largest request body that is read.
const LARGEST_BODY: usize = 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Called with each request once it is answered.
pub(crate) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

/// What all connections share. No lock is ever held across an await.
pub(crate) struct Shared {
    pub(crate) world: Mutex<World>,
    pub(crate) faults: Mutex<Plan>,
    pub(crate) log: Mutex<RequestLog>,
    pub(crate) tenancy: Tenancy,
    pub(crate) observer: Option<Observer>,
}

/// The API, and the control endpoint beside it.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    control::routes().fallback(handle).with_state(shared)
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let route = route(&parts.method, parts.uri.path());
    let operation = match &route {
        Route::Operation(operation, _) => Some(*operation),
        _ => None,
    };
    let body = read_body(body).await;
    let request_id = lock(&shared.world).new_uuid();
    let fault = operation.and_then(|operation| lock(&shared.faults).draw(operation));
    if let Some(Effect::Delay { millis }) = fault.as_ref().map(Fault::effect) {
        tokio::time::sleep(Duration::from_millis(*millis)).await;
    }

    let happens = fault.as_ref().is_none_or(Fault::lets_through);
    let answer = happens.then(|| shared.answer(route, &parts, &body, fault.as_ref()));
    let reply = reply(answer, fault.as_ref(), &request_id);
    let reset = fault
        .as_ref()
        .is_some_and(|fault| *fault.effect() == Effect::Reset);
    let body = body.unwrap_or_default();
    let mut entry = Entry::new(operation, &parts, &body, &request_id, fault.as_ref());
    if !reset {
        entry.response_status = Some(reply.status.as_u16());
        entry.response_body = reply.body.clone();
    }
    shared.record(entry);
    if let (true, Some(cut)) = (reset, parts.extensions.get::<Cut>()) {
        match cut.now().await {}
    }
    reply.into_response(fault.as_ref())
}

/// The whole body, or why there is none.
async fn read_body(body: Body) -> Result<Bytes, Failure> {
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::too_large(LARGEST_BODY)),
        Err(error) => Err(Failure::invalid_field(
            "",
            format!("the body broke off: {error}"),
        )),
    }
}

/// The reply to an answered request, and what a fault makes of it.
fn reply(
    answer: Option<Result<Value, (Failure, Option<String>)>>,
    fault: Option<&Fault>,
    request_id: &str,
) -> Reply {
    let (reply, mut body) = match answer {
        Some(Err((failure, allow))) => (refusal(&failure, allow, request_id), None),
        Some(Ok(body)) => (Reply::json(StatusCode::OK, &body), Some(body)),
        None => (Reply::json(StatusCode::OK, &Value::Null), None),
    };
    let reply = match fault {
        Some(fault) => reply.after(fault, body.as_mut()),
        None => reply,
    };
    reply.header(REQUEST_ID, request_id)
}

fn refusal(failure: &Failure, allow: Option<String>, request_id: &str) -> Reply {
    let mut reply = Reply::json(failure.http, &failure.status(request_id));
    if failure.http == StatusCode::UNAUTHORIZED {
        reply = reply.header(WWW_AUTHENTICATE, "Bearer");
    }
    match allow {
        Some(methods) => reply.header(ALLOW, &methods),
        None => reply,
    }
}

impl Shared {
    /// Answers a request; a refusal for the wrong method comes with the right ones.
    fn answer(
        &self,
        route: Route,
        parts: &Parts,
        body: &Result<Bytes, Failure>,
        fault: Option<&Fault>,
    ) -> Result<Value, (Failure, Option<String>)> {
        let path = parts.uri.path();
        let (operation, id) = match route {
            Route::Operation(operation, id) => (operation, id),
            Route::WrongMethod(methods) => {
                let methods: Vec<&str> = methods.iter().map(http::Method::as_str).collect();
                let failure = Failure::wrong_method(parts.method.as_str(), path);
                return Err((failure, Some(methods.join(", "))));
            }
            Route::Nowhere => return Err((Failure::no_such_path(path), None)),
        };
        let outcome = match fault.map(Fault::effect) {
            Some(Effect::Outcome { statuses }) => Some(statuses.clone()),
            _ => None,
        };
        self.call(operation, id, parts, body, outcome)
            .map_err(|failure| (failure, None))
    }

    fn call(
        &self,
        operation: Operation,
        id: String,
        parts: &Parts,
        body: &Result<Bytes, Failure>,
        outcome: Option<Vec<String>>,
    ) -> Result<Value, Failure> {
        let caller = self.tenancy.caller(&parts.headers)?;
        if operation.writes() && caller.role != Role::Admin {
            return Err(Failure::permission_denied(operation.name()));
        }
        let body = match body {
            Err(failure) => return Err(failure.clone()),
            Ok(body) if operation.takes_body() => read_members(&parts.headers, body)?,
            Ok(_) => Object::new(),
        };
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let organization = caller.organization;
        lock(&self.world).answer(Call {
            operation,
            organization,
            id,
            query,
            body,
            outcome,
        })
    }

    fn record(&self, entry: Entry) {
        if let Some(observer) = &self.observer {
            observer(&entry.read());
        }
        lock(&self.log).push(entry);
    }
}

/// The members of a JSON body that are set.
fn read_members(headers: &HeaderMap, body: &Bytes) -> Result<Object, Failure> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        let description = format!("must be application/json, not {media_type:?}");
        return Err(Failure::invalid_field("Content-Type", description));
    }
    let mut value: Value = serde_json::from_slice(body)
        .map_err(|error| Failure::invalid_field("", format!("the body is no JSON: {error}")))?;
    drop_unset(&mut value);
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Failure::invalid_field("", "the body must be a JSON object")),
    }
}
