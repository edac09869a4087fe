//! The errors of waits.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Reason};
use crate::raw::{Operation, Report};
use crate::reason;
use crate::resource::Resource;
use crate::resource::kind::{Kind, Phase};

/// What a wait is for.
pub(crate) struct Goal<'a> {
    /// The operation that is polled.
    pub(crate) operation: &'static Operation,
    /// The resource, in a wait for one.
    pub(crate) id: Option<&'a str>,
    /// Completes the phrase `waiting for`.
    pub(crate) text: String,
}

impl<'a> Goal<'a> {
    pub(crate) fn new<K: Kind>(
        operation: &'static Operation,
        id: &'a crate::resource::Id<K>,
        verb: &str,
    ) -> Self {
        Self {
            operation,
            id: Some(id.as_str()),
            text: format!("{} {id} {verb}", K::NOUN),
        }
    }
}

impl fmt::Display for Goal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The error of a wait whose time is up. `trouble` is why the last poll failed, `reason` what is still missing.
pub(super) fn timed_out<K: Kind>(
    goal: &Goal<'_>,
    elapsed: Duration,
    last_seen: Option<Resource<K>>,
    trouble: Option<Error>,
    reason: Option<String>,
) -> Error {
    let after = Duration::from_millis(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
    let mut message = format!("timed out after {after:?} waiting for {goal}");
    let pending = match (&trouble, reason, &last_seen) {
        (Some(trouble), ..) => Some(brief(trouble)),
        (None, Some(reason), _) => Some(reason),
        (None, None, Some(seen)) => Some(format!("it is {}{}", seen.state_name(), unmet(seen))),
        (None, None, None) => None,
    };
    if let Some(pending) = pending {
        message = format!("{message}: {pending}");
    }
    let mut error = Error::new(ErrorKind::WaitTimeout, message)
        .with_operation(goal.operation)
        .with_report(Report::new(0, elapsed));
    if let Some(id) = goal.id {
        error = error.with_resource_id(id);
    }
    if let Some(code) = trouble.as_ref().and_then(Error::code) {
        error = error.with_code(code);
    }
    if let Some(reason) = trouble.as_ref().and_then(Error::reason) {
        error = error.with_reason(reason);
    }
    match last_seen {
        Some(seen) => with_last_seen(error, &seen),
        None => error,
    }
}

/// The error of a wait that can no longer succeed: `{noun} {id} {what}`, with its conditions.
pub(crate) fn failed<K: Kind>(
    operation: &'static Operation,
    seen: &Resource<K>,
    what: &str,
    reason: Reason,
) -> Error {
    let message = format!("{} {} {what}{}", K::NOUN, seen.id(), unmet(seen));
    let error = Error::new(ErrorKind::WaitFailed, message)
        .with_operation(operation)
        .with_resource_id(seen.id().as_str())
        .with_reason(reason);
    with_last_seen(error, seen)
}

/// The error of a resource that has failed, if it has.
pub(in crate::api) fn failure<K: Kind>(
    operation: &'static Operation,
    seen: &Resource<K>,
    fail_on_error: bool,
) -> Option<Error> {
    let (what, reason) = match seen.phase() {
        Phase::Deleting => ("is being deleted".to_owned(), reason::DELETING),
        Phase::Failed => (format!("ended in {}", seen.state_name()), reason::FAILED),
        Phase::Error if fail_on_error => (format!("is in {}", seen.state_name()), reason::IN_ERROR),
        _ => return None,
    };
    Some(failed(operation, seen, &what, reason))
}

/// The conditions that are not true, as the end of a message.
fn unmet<K: Kind>(seen: &Resource<K>) -> String {
    let unmet = seen.conditions().filter(|condition| !condition.is_true());
    unmet.map(|condition| format!("; {condition}")).collect()
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

fn with_last_seen<K: Kind>(error: Error, seen: &Resource<K>) -> Error {
    let conditions = K::metadata(seen.raw()).conditions.to_vec();
    let error = error.with_last_seen(K::last_status(seen.raw()), conditions);
    match K::metadata(seen.raw()).name {
        Some(name) => error.with_resource_name(name),
        None => error,
    }
}
