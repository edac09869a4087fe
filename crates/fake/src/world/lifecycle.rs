//! How resources change with time.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::World;
use crate::kind::Kind;
use crate::state::{Change, Record, Step, text, timestamp};

/// The hot-load states that are an end.
const FINAL_HOT_LOAD_STATES: [&str; 3] = [
    "HOT_LOAD_STATE_COMPLETED",
    "HOT_LOAD_STATE_FAILED",
    "HOT_LOAD_STATE_CANCELED",
];

/// Whether a hot-load still blocks its deployment.
pub(crate) fn is_running(hot_load: &Record) -> bool {
    !FINAL_HOT_LOAD_STATES.contains(&hot_load.status(Kind::HotLoad))
}

impl World {
    /// Lets everything happen that is due by now, in the order in which it is due.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        if self.clock.is_instant() || self.next_due.is_none_or(|due| due > now) {
            return;
        }
        let mut due: Vec<(DateTime<Utc>, u64, Kind, String, Change)> = Vec::new();
        for kind in Kind::ALL {
            for record in self.state.of(kind).iter() {
                let steps = record.steps.iter().take_while(|step| step.due <= now);
                due.extend(steps.map(|step| {
                    (
                        step.due,
                        record.sequence,
                        kind,
                        record.id().to_owned(),
                        step.change.clone(),
                    )
                }));
            }
        }
        due.sort_by_key(|(due, sequence, ..)| (*due, *sequence));
        for (when, _, kind, id, change) in due {
            self.state.of_mut(kind).change(&id, |record| {
                record.steps.pop_front();
            });
            self.apply(kind, &id, change, when);
        }
        self.remember_next_due();
    }

    /// Notes when [`World::settle`] next has something to do.
    pub(crate) fn remember_next_due(&mut self) {
        self.next_due = Kind::ALL
            .into_iter()
            .flat_map(|kind| self.state.of(kind).iter())
            .filter_map(|record| record.steps.front())
            .map(|step| step.due)
            .min();
    }

    /// Under an instant clock, moves a resource on to its next status.
    pub(crate) fn look(&mut self, kind: Kind, id: &str) {
        while let Some(change) = self.next_step(kind, id) {
            let ends_look = matches!(change, Change::Status(_) | Change::Removed);
            self.apply(kind, id, change, self.clock.now());
            if ends_look {
                break;
            }
        }
    }

    /// Under an instant clock, moves a hot-load on by one replica.
    pub(crate) fn look_at_replicas(&mut self, id: &str) {
        if let Some(change) = self.next_step(Kind::HotLoad, id) {
            self.apply(Kind::HotLoad, id, change, self.clock.now());
        }
    }

    fn next_step(&mut self, kind: Kind, id: &str) -> Option<Change> {
        if !self.clock.is_instant() {
            return None;
        }
        let mut next = None;
        self.state
            .of_mut(kind)
            .change(id, |record| next = record.steps.pop_front());
        next.map(|step| step.change)
    }

    fn apply(&mut self, kind: Kind, id: &str, change: Change, when: DateTime<Utc>) {
        match change {
            Change::Status(status) => self
                .state
                .of_mut(kind)
                .change(id, |record| enter(record, kind, &status, when)),
            Change::ReplicaReady(index) => self.state.of_mut(kind).change(id, |record| {
                finish_replica(record, index, when);
                begin_replica(record, index + 1, when);
            }),
            Change::ReplicaFailed(index) => self.state.of_mut(kind).change(id, |record| {
                fail_replica(record, index, when);
            }),
            Change::Removed => self.forget(kind, id),
        }
    }

    /// Removes a resource; a deployment takes its hot-loads with it.
    fn forget(&mut self, kind: Kind, id: &str) {
        self.state.of_mut(kind).remove(id);
        if kind == Kind::Deployment {
            for hot_load in self.hot_loads_of(id) {
                self.state.of_mut(Kind::HotLoad).remove(&hot_load);
            }
        }
    }

    /// The ids of a deployment's hot-loads, oldest first.
    pub(crate) fn hot_loads_of(&self, deployment: &str) -> Vec<String> {
        self.state
            .of(Kind::HotLoad)
            .iter()
            .filter(|record| text(&record.resource.spec, "deploymentId") == deployment)
            .map(|record| record.id().to_owned())
            .collect()
    }

    /// Sets a resource on its way: `now` into a status, later through the others.
    pub(crate) fn set_out(&mut self, kind: Kind, id: &str, status: &str, steps: Vec<Step>) {
        let now = self.clock.now();
        self.next_due = self
            .next_due
            .into_iter()
            .chain(steps.first().map(|step| step.due))
            .min();
        self.state.of_mut(kind).change(id, |record| {
            record.steps = steps.into();
            enter(record, kind, status, now);
        });
    }
}

/// Puts a resource into a status, with all that shows in its status message.
pub(crate) fn enter(record: &mut Record, kind: Kind, status: &str, when: DateTime<Utc>) {
    let ready = status == kind.settled_status();
    let conditions = vec![condition(record, kind, status, when)];
    let status_of = &mut record.resource.status;
    status_of.insert(kind.status_member().to_owned(), json!(status));
    status_of.insert("updatedAt".to_owned(), timestamp(when));
    status_of.insert("conditions".to_owned(), Value::Array(conditions));
    match kind {
        Kind::Gateway if ready => {
            let endpoints = endpoints(record);
            record
                .resource
                .status
                .insert("endpoints".to_owned(), endpoints);
        }
        Kind::CapacityClaim => allocate(record, ready),
        Kind::HotLoad => {
            if status == "HOT_LOAD_STATE_IN_PROGRESS" {
                begin_replica(record, 0, when);
            }
            if FINAL_HOT_LOAD_STATES.contains(&status) {
                record.steps.clear();
                record
                    .resource
                    .status
                    .insert("finishedAt".to_owned(), timestamp(when));
            }
            if status == "HOT_LOAD_STATE_CANCELED" {
                record
                    .resource
                    .status
                    .insert("canceledAt".to_owned(), timestamp(when));
            }
        }
        _ => {}
    }
}

/// Fills in what a seeded resource shows in its status but was not given.
pub(crate) fn complete(record: &mut Record, kind: Kind) {
    if kind == Kind::Gateway && record.status(kind) == kind.settled_status() {
        let endpoints = endpoints(record);
        record
            .resource
            .status
            .entry("endpoints")
            .or_insert(endpoints);
    }
    record.replicas.sort_by_cached_key(replica_position);
}

/// A replica's place in the order of listing: by zone, then by name.
pub(crate) fn replica_position(replica: &Value) -> String {
    let member = |name| {
        replica
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    format!("{}\0{}", member("zone"), member("name"))
}

/// The one condition that the fake reports: how it stands with the resource as a whole.
fn condition(record: &Record, kind: Kind, status: &str, when: DateTime<Utc>) -> Value {
    let (name, prefix) = match kind {
        Kind::HotLoad => ("Completed", "HOT_LOAD_STATE_"),
        _ => ("Ready", "STATUS_"),
    };
    let word = status
        .strip_prefix(prefix)
        .unwrap_or(status)
        .to_ascii_lowercase();
    let reason: String = word
        .split('_')
        .map(|part| {
            let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
            first.to_ascii_uppercase() + rest
        })
        .collect();
    let holds = match word.as_str() {
        "ready" | "completed" => "True",
        "error" => "Unknown",
        _ => "False",
    };
    let noun = kind.noun();
    let message = match word.as_str() {
        "error" => format!("the {noun} has met an error that may pass"),
        "failed" => format!("the {noun} has failed and will not recover"),
        word => format!("the {noun} is {}", word.replace('_', " ")),
    };
    let mut condition = json!({
        "type": name,
        "status": holds,
        "reason": reason,
        "message": message,
        "lastUpdateTime": timestamp(when),
    });
    if let (Some(members), Some(zone)) = (
        condition.as_object_mut(),
        record.spec_texts("zones").first(),
    ) {
        members.insert("zone".to_owned(), json!(zone));
    }
    condition
}

/// The URLs that a gateway answers at.
fn endpoints(record: &Record) -> Value {
    let own = format!("https://api.{}.gw.cwinference.com", record.id());
    let additional = record
        .resource
        .spec
        .get("endpointConfiguration")
        .and_then(|configuration| configuration.get("additionalDns"))
        .and_then(Value::as_array);
    let additional = additional
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|name| format!("https://{name}"));
    json!(std::iter::once(own).chain(additional).collect::<Vec<_>>())
}

/// Counts a claim's instances: all there once it is ready, the missing ones on their way before.
fn allocate(record: &mut Record, ready: bool) {
    let wanted = record
        .resource
        .spec
        .get("resources")
        .and_then(|resources| resources.get("instanceCount"))
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let held = record
        .resource
        .status
        .get("allocatedInstances")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let allocated = if ready { wanted } else { held.min(wanted) };
    let status = &mut record.resource.status;
    status.insert("allocatedInstances".to_owned(), json!(allocated));
    status.insert("pendingInstances".to_owned(), json!(wanted - allocated));
}

fn set_replica(record: &mut Record, index: usize, members: Value, when: DateTime<Utc>) {
    let Some(replica) = record
        .replicas
        .get_mut(index)
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    if let Value::Object(members) = members {
        replica.extend(members);
    }
    replica.insert("updatedAt".to_owned(), timestamp(when));
    replica.insert("transitionedAt".to_owned(), timestamp(when));
    record
        .resource
        .status
        .insert("updatedAt".to_owned(), timestamp(when));
}

fn begin_replica(record: &mut Record, index: usize, when: DateTime<Utc>) {
    let members = json!({"state": "UPDATING", "startedAt": timestamp(when)});
    set_replica(record, index, members, when);
}

fn finish_replica(record: &mut Record, index: usize, when: DateTime<Utc>) {
    let members = json!({
        "state": "READY",
        "currentSnapshotIdentity": text(&record.resource.spec, "identity"),
        "finishedAt": timestamp(when),
    });
    set_replica(record, index, members, when);
}

fn fail_replica(record: &mut Record, index: usize, when: DateTime<Utc>) {
    let members = json!({
        "state": "ERROR",
        "errorReason": "the snapshot could not be loaded",
        "finishedAt": timestamp(when),
    });
    set_replica(record, index, members, when);
}
