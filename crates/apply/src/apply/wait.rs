//! Waiting for a change to take effect.

use std::sync::Arc;

use coreweave_inference::kind::{Managed, Resource};
use coreweave_inference::types::ResourceStatus;
use coreweave_inference::{Client, ResultStream, Wait};
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::time::Instant;

use super::event::{ApplyEvent, Outcome};
use crate::change::Change;
use crate::kind::Kind;

pub(super) type Events = BoxStream<'static, ApplyEvent>;

/// What all waits of an apply have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    /// When the time is up.
    pub(super) deadline: Option<Instant>,
    pub(super) fail_on_error: bool,
}

impl Waits {
    /// Limits a wait to what is left of the time for all.
    pub(super) fn limited<'a, R: Resource, T: Send + 'a>(
        &self,
        mut wait: Wait<'a, R, T>,
    ) -> Wait<'a, R, T> {
        if self.fail_on_error {
            wait = wait.fail_on_error();
        }
        match self.deadline {
            Some(deadline) => wait.timeout(deadline.saturating_duration_since(Instant::now())),
            None => wait,
        }
    }

    /// Waits until a resource is ready; a disabled deployment never is, and is done once it is applied.
    pub(super) fn ready(&self, client: &Client, change: &Arc<Change>) -> Events {
        let id = change.id.as_str();
        match change.kind {
            Kind::CapacityClaim => {
                let wait = client.capacity_claims().wait_ready(id);
                events(change, self.limited(wait).stream())
            }
            Kind::Gateway => {
                let wait = client.gateways().wait_ready(id);
                events(change, self.limited(wait).stream())
            }
            Kind::Deployment => {
                let wait = client.deployments().wait_ready(id).allow_disabled();
                events(change, self.limited(wait).stream())
            }
        }
    }
}

/// What a wait reports: states as they change, then its end.
pub(super) fn events<R: Managed>(change: &Arc<Change>, states: ResultStream<'static, R>) -> Events {
    let change = Arc::clone(change);
    let outcomes = stream::unfold(Some((states, None)), |wait| async move {
        let (mut states, mut last) = wait?;
        loop {
            let outcome = match states.next().await {
                None => Outcome::Ready,
                Some(Err(error)) => Outcome::Failed(error.into()),
                Some(Ok(resource)) => {
                    let now = Some(state(&resource));
                    if now == last || resource.status() == &ResourceStatus::Ready {
                        continue;
                    }
                    last.clone_from(&now);
                    let (status, reason) = now?;
                    return Some((Outcome::Pending { status, reason }, Some((states, last))));
                }
            };
            return Some((outcome, None));
        }
    });
    let event = move |outcome| {
        let change = Arc::clone(&change);
        ApplyEvent { change, outcome }
    };
    outcomes.map(event).boxed()
}

/// The status of a resource, and the first condition that is not met.
fn state<R: Managed>(resource: &R) -> (String, Option<String>) {
    let mut conditions = resource.conditions();
    let unmet =
        conditions.find(|condition| !condition.is_true() && !condition.message().is_empty());
    let reason = unmet.map(|condition| format!("{}: {}", condition.type_(), condition.message()));
    (resource.status().to_string(), reason)
}
