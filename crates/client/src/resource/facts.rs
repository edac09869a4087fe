//! What the generic code needs to know of a kind, and of one resource.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::raw::Operation;
use crate::raw::types::{Condition, ResourceStatus};

/// The names by which errors speak of a kind's operations.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The reply member that holds the resource.
    pub member: &'static str,
    pub get: &'static Operation,
    pub create: &'static Operation,
    /// Whether a name can be taken, too, and not only an id.
    pub unique_names: bool,
}

/// The same for what only managed kinds have.
#[derive(Clone, Copy, Debug)]
pub struct LifeNames {
    pub list: &'static Operation,
    pub update: &'static Operation,
    pub delete: &'static Operation,
}

/// How long such a resource usually takes.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub ready: Duration,
    pub interval: Duration,
}

/// What every resource says of itself, wherever its kind keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub id: Option<&'a str>,
    /// The name, or for a hot-load the identity.
    pub label: Option<&'a str>,
    pub state: &'a str,
    pub conditions: &'a [Condition],
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
}

/// How far a resource has come, seen from somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On its way, or in trouble that may pass.
    Underway,
    /// Ready, or for a hot-load complete.
    Ready,
    /// In a state that it won't leave.
    Failed,
    /// On its way out.
    Deleting,
}

impl Stage {
    /// The stage that a resource's status stands for. A status that this version doesn't know is no reason to give up.
    pub(crate) fn of(status: Option<&ResourceStatus>) -> Self {
        match status {
            Some(ResourceStatus::Ready) => Self::Ready,
            Some(ResourceStatus::Failed) => Self::Failed,
            Some(ResourceStatus::Deleting) => Self::Deleting,
            _ => Self::Underway,
        }
    }
}
