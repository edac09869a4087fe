//! The control endpoint: scripting a running fake from any language, outside the API's paths.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::Shared;
use crate::fault::{Fault, Reply};
use crate::kind::Kind;
use crate::lock::lock;

/// What `POST /__fake/clock/advance` takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

/// What `POST /__fake/seed` takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Seed {
    kind: Kind,
    resource: Value,
}

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/__fake/faults",
            get(faults).post(add_fault).delete(clear_faults),
        )
        .route("/__fake/requests", get(requests).delete(clear_requests))
        .route("/__fake/state", get(state).put(load_state))
        .route("/__fake/seed", post(seed))
        .route("/__fake/clock", get(clock))
        .route("/__fake/clock/advance", post(advance))
}

fn ok(body: &Value) -> Response {
    Reply::json(StatusCode::OK, body).into_response(None)
}

fn done(result: Result<Value, String>) -> Response {
    match result {
        Ok(body) => ok(&body),
        Err(problem) => {
            Reply::json(StatusCode::BAD_REQUEST, &json!({"error": problem})).into_response(None)
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &Bytes) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("read the body: {error}"))
}

fn listed<T: serde::Serialize>(member: &str, items: &[T]) -> Result<Value, String> {
    let items = serde_json::to_value(items).map_err(|error| format!("write {member}: {error}"))?;
    Ok(json!({member: items}))
}

async fn faults(State(shared): State<Arc<Shared>>) -> Response {
    done(listed("faults", lock(&shared.faults).faults()))
}

async fn add_fault(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    done(read::<Fault>(&body).and_then(|fault| {
        let mut faults = lock(&shared.faults);
        faults.add(fault);
        listed("faults", faults.faults())
    }))
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> Response {
    lock(&shared.faults).clear();
    ok(&json!({"faults": []}))
}

async fn requests(State(shared): State<Arc<Shared>>) -> Response {
    let entries = lock(&shared.log).entries();
    let requests: Vec<_> = entries
        .iter()
        .map(crate::request_log::Entry::read)
        .collect();
    done(listed("requests", &requests))
}

async fn clear_requests(State(shared): State<Arc<Shared>>) -> Response {
    lock(&shared.log).clear();
    ok(&json!({"requests": []}))
}

async fn state(State(shared): State<Arc<Shared>>) -> Response {
    done(
        lock(&shared.world)
            .dump()
            .map_err(|error| error.to_string()),
    )
}

async fn load_state(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    done(read(&body).and_then(|dump| {
        let loaded = lock(&shared.world).load_dump(dump);
        loaded
            .map(|()| json!({}))
            .map_err(|error| error.to_string())
    }))
}

async fn seed(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    done(read::<Seed>(&body).and_then(|Seed { kind, resource }| {
        let seeded = lock(&shared.world).seed(kind, shared.tenancy.organization(), resource);
        seeded
            .map(|id| json!({"id": id}))
            .map_err(|error| error.to_string())
    }))
}

async fn clock(State(shared): State<Arc<Shared>>) -> Response {
    ok(&json!({"now": lock(&shared.world).now()}))
}

async fn advance(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    done(read::<Advance>(&body).and_then(|Advance { seconds }| {
        let by = Duration::try_from_secs_f64(seconds)
            .map_err(|error| format!("advance the clock by {seconds} seconds: {error}"))?;
        let mut world = lock(&shared.world);
        world.advance(by);
        Ok(json!({"now": world.now()}))
    }))
}
