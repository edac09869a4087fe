use std::sync::Arc;

use crate::change::Change;
use crate::error::Error;

/// The progress of one change.
#[derive(Debug)]
pub struct ApplyEvent {
    /// The change.
    pub change: Arc<Change>,
    /// What happened to it.
    pub outcome: Outcome,
}

/// What happened to a change.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The service accepted the change, which takes effect later; or nothing had to change.
    Accepted,
    /// The service accepted the change without these members, which it does not know. Comes before
    /// [`Accepted`](Self::Accepted).
    Dropped(Vec<String>),
    /// The resource is not ready yet. Reported with [`ApplyOptions::wait`](crate::ApplyOptions::wait), whenever the state changes.
    Pending {
        /// Its status, such as `STATUS_CREATING`.
        status: String,
        /// The first condition that is not met, with its message.
        reason: Option<String>,
    },
    /// The resource is ready, or applied if it is a disabled deployment. Reported only with [`ApplyOptions::wait`](crate::ApplyOptions::wait).
    Ready,
    /// The change or the wait failed. Changes that do not depend on it are still made.
    Failed(Error),
    /// The change was not made, for the given reason.
    Skipped(String),
}
