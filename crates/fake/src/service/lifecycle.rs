//! How resources change with time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Service, capacity_claim, gateway, hot_load};
use crate::clock::{Durations, later};
use crate::json::{at, set, text, timestamp};
use crate::kind::Kind;
use crate::store::{Change, Record, StatusChange, Transition};

impl Service {
    /// Applies every change that is due, in order.
    pub(super) fn settle(&mut self) {
        if self.clock.is_instant() {
            return;
        }
        let now = self.clock.now();
        let mut due: BinaryHeap<_> = self.store.due(now).into_iter().map(Reverse).collect();
        while let Some(Reverse((_, sequence, kind, id))) = due.pop() {
            let Some(transition) = self.store.take_next(kind, &id) else {
                continue;
            };
            self.apply(kind, &id, transition);
            let record = self.store.of(kind).get(&id);
            let next = record.and_then(|record| Some(record.transitions.front()?.due));
            if let Some(next) = next.filter(|next| *next <= now) {
                due.push(Reverse((next, sequence, kind, id)));
            }
        }
    }

    /// Under an instant clock, moves a resource to its next status.
    pub(super) fn poll(&mut self, kind: Kind, id: &str) {
        while let Some(transition) = self.take_instant(kind, id) {
            let is_part = matches!(
                transition.change,
                Change::ResourcesApplied | Change::ReplicaReady | Change::ReplicaFailed
            );
            self.apply(kind, id, transition);
            if !is_part {
                break;
            }
        }
    }

    /// Under an instant clock, moves all resources of an organization to their next status.
    pub(super) fn poll_all(&mut self, kind: Kind, organization: &str) {
        if self.clock.is_instant() {
            for id in self.ids(kind, organization) {
                self.poll(kind, &id);
            }
        }
    }

    /// Under an instant clock, moves a hot-load on by one replica.
    pub(super) fn poll_replica(&mut self, id: &str) {
        if let Some(transition) = self.take_instant(Kind::HotLoad, id) {
            self.apply(Kind::HotLoad, id, transition);
        }
    }

    fn take_instant(&mut self, kind: Kind, id: &str) -> Option<Transition> {
        if !self.clock.is_instant() {
            return None;
        }
        let due = self.clock.now();
        let transition = self.store.take_next(kind, id)?;
        Some(Transition { due, ..transition })
    }

    fn apply(&mut self, kind: Kind, id: &str, Transition { due, change }: Transition) {
        let Some(record) = self.store.get_mut(kind, id) else {
            return;
        };
        match change {
            Change::Status(status) => {
                set_status(record, kind, &status, due, self.data_plane.as_deref());
                if record.transitions.is_empty() {
                    let repeated = record.repeated.iter().map(StatusChange::delayed);
                    record.transitions = schedule(repeated, due);
                }
            }
            Change::Condition => {
                let status = &mut record.resource.status;
                set(status, "updatedAt", timestamp(due));
                if let Some(condition) = status.pointer_mut("/conditions/0") {
                    set(condition, "lastUpdateTime", timestamp(due));
                }
            }
            Change::ResourcesApplied => apply_resources(record, due),
            Change::ReplicaReady => {
                hot_load::finish_replica(record, due);
            }
            Change::ReplicaFailed => hot_load::fail_replica(record, due),
            Change::Removed => self.remove(kind, id),
        }
    }

    /// Removes a resource; a deployment takes its hot-loads with it.
    fn remove(&mut self, kind: Kind, id: &str) {
        self.store.remove(kind, id);
        if kind == Kind::Deployment {
            let hot_loads = self.hot_loads_of(id).map(|record| record.id().to_owned());
            for hot_load in hot_loads.collect::<Vec<_>>() {
                self.store.remove(Kind::HotLoad, &hot_load);
            }
        }
    }

    /// Puts a resource into a status now, and schedules what follows: what the service does, or the
    /// statuses of an outcome.
    pub(super) fn begin(
        &mut self,
        kind: Kind,
        id: &str,
        status: &str,
        outcome: Option<Vec<String>>,
    ) {
        let now = self.clock.now();
        let Some(record) = self.store.get_mut(kind, id) else {
            return;
        };
        record.repeated.clear();
        set_status(record, kind, status, now, self.data_plane.as_deref());
        let changes = changes(record, kind, status, &self.durations, outcome);
        record.transitions = schedule(changes, now);
    }

    /// Schedules what follows after an update: unless the scale alone has changed, a poll notices
    /// it and a revision rolls out. A settled resource keeps its status until then.
    pub(super) fn begin_update(
        &mut self,
        kind: Kind,
        id: &str,
        rolls_out: bool,
        outcome: Option<Vec<String>>,
    ) {
        let now = self.clock.now();
        let Some(record) = self.store.get_mut(kind, id) else {
            return;
        };
        record.repeated.clear();
        set(&mut record.resource.status, "updatedAt", timestamp(now));
        let rolls_out = rolls_out || outcome.is_some();
        let status = record.status(kind).to_owned();
        let is_settled = !["STATUS_CREATING", "STATUS_UPDATING"].contains(&&*status);
        if !rolls_out && !is_settled {
            return;
        }
        let mut changes = Vec::new();
        let mut poll = self.durations.update_poll;
        let is_disabled = at(&record.resource.spec, "/disabled") == true;
        let next = match &*status {
            "STATUS_CREATING" => "STATUS_CREATING",
            _ if is_disabled => "STATUS_CREATING",
            _ => "STATUS_UPDATING",
        };
        if is_settled {
            // Its conditions move while it reads as before.
            poll /= 2;
            changes.push((poll, Change::Condition));
        }
        if rolls_out {
            changes.push((poll, Change::Status(next.to_owned())));
            changes.extend(self::changes(record, kind, next, &self.durations, outcome));
        }
        record.transitions = schedule(changes, now);
    }
}

/// What follows after a status of a resource, each with the time since the change before it.
pub(super) fn changes(
    record: &Record,
    kind: Kind,
    status: &str,
    durations: &Durations,
    outcome: Option<Vec<String>>,
) -> Vec<(Duration, Change)> {
    let after = match (kind, status) {
        (Kind::HotLoad, _) => return hot_load::changes(record, durations, outcome),
        (Kind::Gateway, "STATUS_CREATING") => durations.gateway_create,
        (Kind::Gateway, "STATUS_UPDATING") => durations.gateway_update,
        (Kind::Gateway, "STATUS_DELETING") => durations.gateway_delete,
        (Kind::Deployment, "STATUS_CREATING") => durations.deployment_create,
        (Kind::Deployment, "STATUS_UPDATING") => durations.deployment_update,
        (Kind::Deployment, "STATUS_DELETING") => durations.deployment_delete,
        (Kind::CapacityClaim, "STATUS_CREATING") => durations.capacity_claim_create,
        (Kind::CapacityClaim, "STATUS_UPDATING") => durations.capacity_claim_update,
        (Kind::CapacityClaim, "STATUS_DELETING") => durations.capacity_claim_delete,
        _ => return Vec::new(),
    };
    if status == "STATUS_DELETING" {
        return vec![(after, Change::Removed)];
    }
    let mut changes = Vec::new();
    let mut elapsed = Duration::ZERO;
    if kind == Kind::Deployment {
        elapsed = durations.deployment_apply.min(after);
        changes.push((elapsed, Change::ResourcesApplied));
    }
    let statuses = match outcome {
        Some(statuses) => statuses,
        None if at(&record.resource.spec, "/disabled") == true => Vec::new(),
        None => vec![kind.settled_status().to_owned()],
    };
    for status in statuses {
        changes.push((after - elapsed, Change::Status(status)));
        elapsed = Duration::ZERO;
    }
    changes
}

/// Changes as transitions, the first of them some time after `start`.
pub(super) fn schedule(
    changes: impl IntoIterator<Item = (Duration, Change)>,
    start: DateTime<Utc>,
) -> VecDeque<Transition> {
    let mut due = start;
    let transition = |(after, change)| {
        due = later(due, after);
        Transition { due, change }
    };
    changes.into_iter().map(transition).collect()
}

/// Puts a resource into a status, with everything else that its status message shows.
pub(super) fn set_status(
    record: &mut Record,
    kind: Kind,
    status: &str,
    when: DateTime<Utc>,
    data_plane: Option<&str>,
) {
    let is_settled = status == kind.settled_status();
    set_conditions(record, kind, status, when);
    let message = &mut record.resource.status;
    set(message, kind.status_member(), status);
    match kind {
        Kind::Gateway if is_settled => {
            let endpoints = gateway::endpoints(record, data_plane);
            set(&mut record.resource.status, "endpoints", endpoints);
        }
        Kind::CapacityClaim => {
            capacity_claim::allocate(&record.resource.spec, message, is_settled);
        }
        Kind::HotLoad if status == hot_load::IN_PROGRESS => hot_load::start_replica(record, when),
        Kind::HotLoad if hot_load::is_final(status) => {
            set(message, "finishedAt", timestamp(when));
            if status == hot_load::CANCELED {
                set(message, "canceledAt", timestamp(when));
            }
            record.transitions.clear();
            while status == hot_load::COMPLETED && hot_load::finish_replica(record, when) {}
        }
        _ => {}
    }
}

/// Sets the conditions that depend on the status.
fn set_conditions(record: &mut Record, kind: Kind, status: &str, when: DateTime<Utc>) {
    let (name, prefix) = match kind {
        Kind::HotLoad => ("Completed", "HOT_LOAD_STATE_"),
        _ => ("Ready", "STATUS_"),
    };
    let noun = kind.noun();
    let word = status.strip_prefix(prefix).unwrap_or(status);
    let word = word.to_ascii_lowercase();
    let is_disabled = at(&record.resource.spec, "/disabled") == true;
    let mut reason = camel_case(&word);
    let (holds, message) = match &*word {
        "ready" | "completed" => ("True", format!("the {noun} is {word}")),
        "error" => (
            "Unknown",
            format!("the {noun} has an error and may recover"),
        ),
        "failed" => (
            "False",
            format!("the {noun} has failed and will not recover"),
        ),
        "creating" | "updating" if is_disabled => {
            "Disabled".clone_into(&mut reason);
            ("False", format!("the {noun} is disabled"))
        }
        "creating" | "updating" | "deleting" => {
            let participle = word.replace("ing", "ed");
            ("False", format!("the {noun} is being {participle}"))
        }
        _ => ("False", format!("the {noun} is {}", word.replace('_', " "))),
    };
    set_condition(record, name, holds, &reason, &message, when);
    match (kind, &*word) {
        (Kind::Deployment, "ready") => apply_resources(record, when),
        (Kind::Deployment, "creating" | "updating") => {
            let message = "the deployment's resources are being applied";
            set_condition(record, RESOURCES_APPLIED, "", "Applying", message, when);
        }
        (Kind::Deployment, "failed") => {
            let message = "the deployment's resources could not be applied";
            set_condition(record, RESOURCES_APPLIED, "False", "Failed", message, when);
        }
        _ => {}
    }
}

const RESOURCES_APPLIED: &str = "ResourcesApplied";

/// Makes a deployment's condition `ResourcesApplied` true.
pub(super) fn apply_resources(record: &mut Record, when: DateTime<Utc>) {
    let message = "the deployment's resources are applied";
    set_condition(record, RESOURCES_APPLIED, "True", "Applied", message, when);
}

/// Sets a condition, in place of the one with its type. It has no status while that is unspecified.
fn set_condition(
    record: &mut Record,
    name: &str,
    holds: &str,
    reason: &str,
    message: &str,
    when: DateTime<Utc>,
) {
    let now = timestamp(when);
    let mut condition = json!({
        "type": name,
        "reason": reason,
        "message": message,
        "lastUpdateTime": now,
    });
    let zone = text(&record.resource.spec, "/zones/0");
    for (member, value) in [("status", holds), ("zone", zone)] {
        if !value.is_empty() {
            set(&mut condition, member, value);
        }
    }
    let status = &mut record.resource.status;
    set(status, "updatedAt", now);
    let Some(Value::Array(conditions)) = status.get_mut("conditions") else {
        return set(status, "conditions", vec![condition]);
    };
    match conditions.iter_mut().find(|old| at(old, "/type") == name) {
        Some(old) => *old = condition,
        None => conditions.push(condition),
    }
}

/// `in_progress` as `InProgress`.
fn camel_case(word: &str) -> String {
    let capitalize = |part: &str| {
        let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
        first.to_ascii_uppercase() + rest
    };
    word.split('_').map(capitalize).collect()
}
