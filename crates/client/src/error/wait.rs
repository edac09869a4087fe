//! The errors of waits.

use std::any::Any;
use std::time::Duration;

use super::{Error, ErrorKind};
use crate::raw::types::Condition;
use crate::raw::{Operation, Report};

/// The resource as a wait last saw it.
pub(crate) struct LastSeen {
    pub(crate) status: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) resource: Box<dyn Any + Send + Sync>,
}

impl Error {
    /// The resource reached a state that it won't leave.
    pub(crate) fn wait_failed(
        operation: &'static Operation,
        id: Option<&str>,
        message: impl Into<String>,
        last_seen: LastSeen,
    ) -> Self {
        let mut error = Self::new(ErrorKind::WaitFailed, message).during(operation, id);
        error.0.last_seen = Some(last_seen);
        error
    }

    /// The resource didn't get there in time; `source` is the last error of the polls, if there was one.
    pub(crate) fn wait_timeout(
        operation: &'static Operation,
        id: Option<&str>,
        waited: Duration,
        last_seen: Option<LastSeen>,
        source: Option<Error>,
    ) -> Self {
        let message = format!("not there after {waited:?}");
        let mut error = Self::new(ErrorKind::WaitTimeout, message).during(operation, id);
        error.0.report = Report::new(0, waited);
        error.0.last_seen = last_seen;
        match source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }
}
