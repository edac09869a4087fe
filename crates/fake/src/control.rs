//! The control endpoint: scripts a running fake from any language.

use std::time::Duration;

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Response;
use crate::kind::Kind;
use crate::state::{AppState, lock};

/// What the paths of the endpoint begin with.
pub(crate) const PREFIX: &str = "/__fake/";

/// The body of `POST clock/advance`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

/// The body of `POST seed`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    kind: Kind,
    resource: Value,
}

/// Handles a request to a path below the prefix.
pub(crate) fn handle(state: &AppState, method: &Method, path: &str, body: &[u8]) -> Response {
    match respond(state, method.as_str(), path, body) {
        Ok(Some(body)) => Response::json(StatusCode::OK, &body),
        Ok(None) => {
            let error = format!("the control endpoint has no {method} {path}");
            Response::json(StatusCode::NOT_FOUND, &json!({"error": error}))
        }
        Err(error) => {
            let error = error.to_string();
            Response::json(StatusCode::BAD_REQUEST, &json!({"error": error}))
        }
    }
}

fn respond(
    state: &AppState,
    method: &str,
    path: &str,
    body: &[u8],
) -> Result<Option<Value>, Box<dyn std::error::Error>> {
    Ok(Some(match (method, path) {
        ("GET", "faults") => json!({"faults": lock(&state.faults).faults()}),
        ("POST", "faults") => {
            let mut faults = lock(&state.faults);
            faults.add(serde_json::from_slice(body)?);
            json!({"faults": faults.faults()})
        }
        ("DELETE", "faults") => {
            lock(&state.faults).clear();
            json!({})
        }
        ("GET", "requests") => json!({"requests": lock(&state.log).requests()}),
        ("DELETE", "requests") => {
            lock(&state.log).clear();
            json!({})
        }
        ("GET", "state") => lock(&state.service).dump(),
        ("PUT", "state") => {
            lock(&state.service).load(serde_json::from_slice(body)?)?;
            json!({})
        }
        ("POST", "seed") => {
            let Seed { kind, resource } = serde_json::from_slice(body)?;
            let organization = state.auth.organization();
            json!({"id": lock(&state.service).seed(kind, organization, resource)?})
        }
        ("GET", "clock") => json!({"now": state.clock.now()}),
        ("POST", "clock/advance") => {
            let Advance { seconds } = serde_json::from_slice(body)?;
            let by = Duration::try_from_secs_f64(seconds)?;
            json!({"now": lock(&state.service).advance(by)?})
        }
        _ => return Ok(None),
    }))
}
