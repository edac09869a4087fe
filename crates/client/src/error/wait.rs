//! The errors of waits.

use std::any::Any;
use std::time::Duration;

use super::Error;
use crate::raw::Report;
use crate::raw::types::Condition;

/// The resource as a wait last saw it.
pub(crate) struct LastSeen {
    pub(crate) status: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) resource: Box<dyn Any + Send + Sync>,
}

impl Error {
    pub(crate) fn with_last_seen(mut self, last_seen: LastSeen) -> Self {
        self.0.last_seen = Some(last_seen);
        self
    }

    pub(crate) fn with_elapsed(mut self, elapsed: Duration) -> Self {
        self.0.report = Report::new(0, elapsed);
        self
    }
}
