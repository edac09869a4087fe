//! Why the service refuses a hot-load.

use crate::error::{Error, Reason};
use crate::reason;

/// Names the reason of a refused hot-load. The service tells it in words alone, which may change.
pub(super) fn explain(error: Error, is_delta: bool) -> Error {
    let is_refusal = error.is_failed_precondition() || error.is_invalid_argument();
    let reason = match is_refusal && error.reason().is_none() {
        true => reason_in(&texts(&error), is_delta),
        false => None,
    };
    match reason {
        Some(reason) => error.with_reason(reason),
        None => error,
    }
}

fn reason_in(texts: &str, is_delta: bool) -> Option<Reason> {
    let said = |any: &[&str]| any.iter().any(|text| texts.contains(text));
    const MISSING: [&str; 4] = ["unknown", "not loaded", "not found", "not exist"];
    if said(&["not ready", "not status ready"]) {
        Some(reason::DEPLOYMENT_NOT_READY)
    } else if is_delta && said(&["full snapshot", "chain too long"]) {
        Some(reason::FULL_SNAPSHOT_NEEDED)
    } else if is_delta && said(&["snapshot"]) && said(&MISSING) {
        Some(reason::PREVIOUS_SNAPSHOT_UNKNOWN)
    } else {
        None
    }
}

/// The message and the violations of an error in lower case, with spaces for underscores.
fn texts(error: &Error) -> String {
    let mut texts = error.message().to_owned();
    for violation in error.precondition_violations() {
        texts = format!("{texts}; {} {}", violation.type_, violation.description);
    }
    for violation in error.field_violations() {
        texts = format!("{texts}; {} {}", violation.field, violation.description);
    }
    texts.to_ascii_lowercase().replace('_', " ")
}
