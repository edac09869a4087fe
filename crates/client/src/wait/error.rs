//! The errors of waits.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Reason};
use crate::raw::{Metadata, Operation, Report};
use crate::resource::{Condition, Resource};

/// What a wait is for.
pub(crate) struct Goal {
    /// The operation that is polled.
    pub(crate) operation: &'static Operation,
    /// The resource, in a wait for one.
    pub(crate) id: Option<String>,
    /// Completes the phrase `waiting for`.
    pub(crate) text: String,
}

impl Goal {
    /// The goal of a wait for one resource, which may have been seen; `verb` completes the phrase `waiting for {resource}`.
    pub(crate) fn new<R: Resource>(
        operation: &'static Operation,
        id: &str,
        seen: Option<&R>,
        verb: &str,
    ) -> Self {
        let resource = seen.map_or_else(|| id.to_owned(), named);
        Self {
            operation,
            id: Some(id.to_owned()),
            text: format!("{} {resource} {verb}", R::NOUN),
        }
    }
}

/// The name and id of a resource.
fn named<R: Resource>(resource: &R) -> String {
    let id = resource.id();
    match resource.metadata().name {
        Some(name) => format!("{name} ({id})"),
        None => id.to_string(),
    }
}

/// The conditions that are not true.
fn unmet<'a>(seen: &Metadata<'a>) -> impl Iterator<Item = Condition<'a>> {
    let conditions = seen.conditions.iter().map(Condition::new);
    conditions.filter(|condition| !condition.is_true())
}

/// A message, and the conditions that are not true.
fn with_unmet(message: String, seen: &Metadata<'_>) -> String {
    unmet(seen).fold(message, |message, condition| {
        format!("{message}; {condition}")
    })
}

/// A resource that is not ready: its name, its status and the conditions that are not true.
pub(crate) fn describe<R: Resource>(resource: &R) -> String {
    let unmet: Vec<_> = unmet(&resource.metadata())
        .map(|condition| condition.to_string())
        .collect();
    match unmet.is_empty() {
        true => resource.to_string(),
        false => format!("{resource}: {}", unmet.join(", ")),
    }
}

/// The error of a wait whose time is up. `last_error` is why the last poll failed, `pending` what is still missing.
pub(super) fn timed_out(
    goal: Goal,
    timeout: Duration,
    seen: Option<Metadata<'_>>,
    last_error: Option<Error>,
    pending: Option<String>,
) -> Error {
    let mut message = format!("timed out after {timeout:?} waiting for {}", goal.text);
    let pending = match (&last_error, pending, &seen) {
        (Some(error), Some(reason), None) => {
            Some(format!("{reason}; the last poll failed: {}", brief(error)))
        }
        (Some(error), ..) => Some(brief(error)),
        (None, Some(reason), _) => Some(reason),
        (None, None, Some(seen)) => Some(with_unmet(format!("it is {}", seen.state), seen)),
        (None, None, None) => None,
    };
    if let Some(pending) = pending {
        message = format!("{message}: {pending}");
    }
    let mut error = Error::new(ErrorKind::WaitTimeout, message)
        .with_operation(goal.operation)
        .with_report(Report::new(0, timeout));
    if let Some(id) = &goal.id {
        error = error.with_resource_id(id);
    }
    if let Some(code) = last_error.as_ref().and_then(Error::code) {
        error = error.with_code(code);
    }
    if let Some(reason) = last_error.as_ref().and_then(Error::reason) {
        error = error.with_reason(reason);
    }
    match seen {
        Some(seen) => error.with_last_seen(&seen),
        None => error,
    }
}

/// The error of a wait that can no longer succeed: `{noun} {name} ({id}) {what}`, with the conditions of the resource.
pub(crate) fn failed<R: Resource>(
    operation: &'static Operation,
    resource: &R,
    what: &str,
    reason: Reason,
) -> Error {
    let seen = resource.metadata();
    let message = with_unmet(format!("{} {} {what}", R::NOUN, named(resource)), &seen);
    Error::new(ErrorKind::WaitFailed, message)
        .with_operation(operation)
        .with_resource_id(resource.id().as_str())
        .with_reason(reason)
        .with_last_seen(&seen)
}

/// An error without the call that it came from.
fn brief(error: &Error) -> String {
    match (error.code(), error.status()) {
        (Some(code), Some(status)) => {
            format!("{code} (HTTP {}): {}", status.as_u16(), error.message())
        }
        (Some(code), None) => format!("{code}: {}", error.message()),
        (None, _) => error.message().to_owned(),
    }
}
