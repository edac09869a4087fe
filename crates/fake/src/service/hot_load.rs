//! Hot-loads: new weights for a running deployment, one replica after another.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Call, Service, canonical};
use crate::clock::Durations;
use crate::error::ApiError;
use crate::json::{at, set, text, timestamp};
use crate::kind::Kind;
use crate::paging::Page;
use crate::store::{Change, Record};
use crate::validation::Violations;

const FULL: &str = "SNAPSHOT_TYPE_FULL";
const INCREMENTAL: &str = "SNAPSHOT_TYPE_INCREMENTAL";
pub(super) const PENDING: &str = "HOT_LOAD_STATE_PENDING";
pub(super) const IN_PROGRESS: &str = "HOT_LOAD_STATE_IN_PROGRESS";
pub(super) const COMPLETED: &str = "HOT_LOAD_STATE_COMPLETED";
const FAILED: &str = "HOT_LOAD_STATE_FAILED";
pub(super) const CANCELED: &str = "HOT_LOAD_STATE_CANCELED";

/// The most deltas on top of a full snapshot.
const MAX_DELTAS: usize = 128;

/// The most replicas that the fake models for one deployment.
const MAX_REPLICAS: u64 = 1000;

/// The identity of the weights that a deployment serves before its first hot-load.
const BASE_SNAPSHOT: &str = "initial";

/// Whether a hot-load state is final.
pub(super) fn is_final(state: &str) -> bool {
    [COMPLETED, FAILED, CANCELED].contains(&state)
}

/// Checks the rules that a hot-load's message does not express.
pub(super) fn check(spec: &Value, violations: &mut Violations) {
    let identity = text(spec, "/identity");
    check_identity("identity", identity, violations);
    if identity == BASE_SNAPSHOT {
        violations.add("identity", "initial is reserved for the base weights");
    }
    let metadata = "incrementalSnapshotMetadata";
    match (text(spec, "/type"), spec.get(metadata)) {
        (INCREMENTAL, None) => violations.add(metadata, "is required for a delta"),
        (FULL, Some(_)) => violations.add(metadata, "is only for deltas"),
        _ => {}
    }
    let field = "incrementalSnapshotMetadata.previousSnapshotIdentity";
    let previous = text(
        spec,
        "/incrementalSnapshotMetadata/previousSnapshotIdentity",
    );
    check_identity(field, previous, violations);
}

fn check_identity(field: &str, identity: &str, violations: &mut Violations) {
    let is_segment = !identity.contains('/') && identity != "." && identity != "..";
    if !is_segment || identity.chars().count() > 128 {
        let rule = "must be one path segment of 1 to 128 characters, not . or ..";
        violations.add(field, rule);
    }
}

/// A hot-load's own entry in its chain of snapshots.
pub(super) fn snapshot_ref(spec: &Value, id: &str) -> Value {
    let metadata = at(spec, "/incrementalSnapshotMetadata");
    let mut entry = json!({"hotLoadId": id});
    for (member, value) in [
        ("identity", at(spec, "/identity")),
        ("type", at(spec, "/type")),
        ("compressionFormat", at(metadata, "/compressionFormat")),
        ("checksumFormat", at(metadata, "/checksumFormat")),
    ] {
        if !value.is_null() {
            set(&mut entry, member, value.clone());
        }
    }
    entry
}

/// Starts to load the new snapshot on the next replica.
pub(super) fn start_replica(record: &mut Record, when: DateTime<Utc>) {
    let members = json!({"state": "UPDATING", "startedAt": timestamp(when)});
    update_replica(record, members, when);
}

/// Lets the current replica serve the new snapshot, and starts the next one. Returns whether there
/// was a replica to finish.
pub(super) fn finish_replica(record: &mut Record, when: DateTime<Utc>) -> bool {
    let members = json!({
        "state": "READY",
        "currentSnapshotIdentity": text(&record.resource.spec, "/identity"),
        "finishedAt": timestamp(when),
    });
    let found = update_replica(record, members, when);
    start_replica(record, when);
    found
}

/// Lets the current replica fail.
pub(super) fn fail_replica(record: &mut Record, when: DateTime<Utc>) {
    let members = json!({
        "state": "ERROR",
        "errorReason": "the snapshot could not be loaded",
        "finishedAt": timestamp(when),
    });
    update_replica(record, members, when);
}

/// Updates the current replica: the first that has neither loaded the snapshot nor failed. Returns
/// whether there is one.
fn update_replica(record: &mut Record, members: Value, when: DateTime<Utc>) -> bool {
    let now = timestamp(when);
    let mut replicas = record.replicas.iter_mut();
    let current = replicas.find(|replica| is_pending(replica));
    let (Some(Value::Object(replica)), Value::Object(members)) = (current, members) else {
        return false;
    };
    replica.extend(members);
    for member in ["updatedAt", "transitionedAt"] {
        replica.insert(member.to_owned(), now.clone());
    }
    set(&mut record.resource.status, "updatedAt", now);
    true
}

fn is_pending(replica: &Value) -> bool {
    !["READY", "ERROR"].contains(&text(replica, "/state"))
}

/// What follows after a hot-load's state, each with the time since the change before it.
pub(super) fn changes(
    record: &Record,
    durations: &Durations,
    outcome: Option<Vec<String>>,
) -> Vec<(Duration, Change)> {
    let start = Change::Status(IN_PROGRESS.to_owned());
    let mut changes = match record.status(Kind::HotLoad) {
        PENDING => vec![(durations.hot_load_start, start)],
        IN_PROGRESS => Vec::new(),
        _ => return Vec::new(),
    };
    let end = outcome.and_then(|outcome| outcome.into_iter().next());
    let end = end.unwrap_or_else(|| COMPLETED.to_owned());
    let pending = record.replicas.iter().filter(|replica| is_pending(replica));
    match &*end {
        FAILED => changes.push((durations.hot_load_replica, Change::ReplicaFailed)),
        _ => changes.extend(pending.map(|_| (durations.hot_load_replica, Change::ReplicaReady))),
    }
    changes.push((Duration::ZERO, Change::Status(end)));
    changes
}

impl Service {
    pub(super) fn list_hot_loads(&mut self, call: &Call) -> Result<Value, ApiError> {
        let parent = call.query.one("parentDeploymentId")?.unwrap_or_default();
        let parent = canonical(parent);
        let scope = format!("{} hot-loads {parent}", call.organization);
        let page = Page::read(&call.query, &scope)?;
        self.poll_all(Kind::HotLoad, &call.organization);
        let records = self.store.of(Kind::HotLoad).owned(&call.organization).rev();
        let matching = records
            .filter(|record| page.after().is_none_or(|after| record.sequence < after))
            .filter(|record| parent.is_empty() || deployment_of(record) == parent)
            .map(|record| (record.sequence, &record.resource));
        let (hot_loads, token) = page.take(matching);
        Ok(json!({"hotLoads": hot_loads, "nextPageToken": token}))
    }

    pub(super) fn list_replicas(&mut self, call: &Call) -> Result<Value, ApiError> {
        let record = self.owned(Kind::HotLoad, &call.organization, &call.id)?;
        let id = record.id().to_owned();
        let scope = format!("{} replicas {id}", call.organization);
        let page = Page::read(&call.query, &scope)?;
        self.poll_replica(&id);
        let record = self.owned(Kind::HotLoad, &call.organization, &id)?;
        let rest = (0..).zip(&record.replicas);
        let rest = rest.filter(|(index, _)| page.after().is_none_or(|after| *index > after));
        let (replicas, token) = page.take(rest);
        Ok(json!({"replicas": replicas, "nextPageToken": token}))
    }

    /// Completes a new hot-load's spec and returns its replicas.
    pub(super) fn prepare_hot_load(
        &mut self,
        organization: &str,
        id: &str,
        spec: &mut Value,
    ) -> Result<Vec<Value>, ApiError> {
        let wanted = text(spec, "/deploymentId");
        let deployment = self.owned(Kind::Deployment, organization, wanted)?.clone();
        self.refuse_foreign_identity(&deployment, text(spec, "/identity"))?;
        self.refuse_hot_load(&deployment)?;
        let chain = self.snapshot_chain(deployment.id(), id, spec)?;
        set(spec, "snapshotChain", chain);
        set(spec, "deploymentId", deployment.id());
        Ok(self.replicas_of(&deployment))
    }

    /// Refuses an identity that another deployment of the organization has used.
    fn refuse_foreign_identity(&self, deployment: &Record, identity: &str) -> Result<(), ApiError> {
        let mut hot_loads = self
            .store
            .of(Kind::HotLoad)
            .owned(deployment.organization());
        let is_foreign = |record: &Record| {
            text(&record.resource.spec, "/identity") == identity
                && deployment_of(record) != deployment.id()
        };
        if !hot_loads.any(is_foreign) {
            return Ok(());
        }
        let description = format!("another deployment has used the identity {identity:?}");
        Err(ApiError::precondition(
            "IDENTITY_USED",
            identity,
            description,
        ))
    }

    /// Refuses a hot-load that the deployment cannot take now.
    fn refuse_hot_load(&mut self, deployment: &Record) -> Result<(), ApiError> {
        let id = deployment.id();
        if deployment.resource.spec.get("hotLoad").is_none() {
            let description = "hot-load is not enabled for the deployment";
            return Err(ApiError::precondition("HOT_LOAD_DISABLED", id, description));
        }
        let status = deployment.status(Kind::Deployment);
        if status != "STATUS_READY" {
            let description = format!("the deployment is {status}, not STATUS_READY");
            self.poll(Kind::Deployment, id);
            let kind = "DEPLOYMENT_NOT_READY";
            return Err(ApiError::precondition(kind, id, description));
        }
        self.refuse_during_hot_load(id)
    }

    /// Refuses what a running hot-load blocks: another one, and updates of the deployment.
    pub(super) fn refuse_during_hot_load(&mut self, deployment: &str) -> Result<(), ApiError> {
        let Some(running) = self.running_hot_load(deployment) else {
            return Ok(());
        };
        self.poll(Kind::HotLoad, &running);
        let description = format!("hot-load {running} is already in progress on the deployment");
        let kind = "HOT_LOAD_RUNNING";
        Err(ApiError::precondition(kind, deployment, description))
    }

    /// The id of a deployment's running hot-load.
    pub(super) fn running_hot_load(&self, deployment: &str) -> Option<String> {
        let mut hot_loads = self.hot_loads_of(deployment);
        let running = hot_loads.find(|record| !is_final(record.status(Kind::HotLoad)));
        running.map(|record| record.id().to_owned())
    }

    /// A deployment's hot-loads, newest first.
    pub(super) fn hot_loads_of(&self, deployment: &str) -> impl Iterator<Item = &Record> {
        self.store.of(Kind::HotLoad).of_deployment(deployment).rev()
    }

    /// The snapshots that a hot-load loads, oldest first, its own included.
    pub(super) fn snapshot_chain(
        &self,
        deployment: &str,
        id: &str,
        spec: &Value,
    ) -> Result<Vec<Value>, ApiError> {
        let own = snapshot_ref(spec, id);
        let previous = at(
            spec,
            "/incrementalSnapshotMetadata/previousSnapshotIdentity",
        );
        if previous.is_null() {
            return Ok(vec![own]);
        }
        let refused =
            |kind, description| Err(ApiError::precondition(kind, deployment, description));
        let is_previous = |record: &&Record| {
            at(&record.resource.spec, "/identity") == previous
                && record.status(Kind::HotLoad) == COMPLETED
        };
        let Some(loaded) = self.hot_loads_of(deployment).find(is_previous) else {
            let description = format!("the deployment has not loaded the snapshot {previous}");
            return refused("SNAPSHOT_UNKNOWN", description);
        };
        let chain = at(&loaded.resource.spec, "/snapshotChain").as_array();
        let mut chain = chain.cloned().unwrap_or_default();
        if chain.first().is_none_or(|first| at(first, "/type") != FULL) {
            let description =
                format!("the chain of {previous} does not start with a full snapshot");
            return refused("CHAIN_WITHOUT_FULL", description);
        }
        let is_delta = |entry: &&Value| at(entry, "/type") == INCREMENTAL;
        if chain.iter().filter(is_delta).count() >= MAX_DELTAS {
            let description = format!("the chain has {MAX_DELTAS} deltas; load a full snapshot");
            return refused("CHAIN_TOO_LONG", description);
        }
        chain.push(own);
        Ok(chain)
    }

    /// A deployment's replicas as they are before a hot-load.
    pub(super) fn replicas_of(&self, deployment: &Record) -> Vec<Value> {
        let mut hot_loads = self.hot_loads_of(deployment.id());
        let last = hot_loads.find(|record| record.status(Kind::HotLoad) == COMPLETED);
        let serves = last.map_or(BASE_SNAPSHOT, |record| {
            text(&record.resource.spec, "/identity")
        });
        let spec = &deployment.resource.spec;
        let gateway = text(spec, "/gatewayIds/0");
        let gateway = self.store.of(Kind::Gateway).get(gateway);
        let zone = gateway.map(|gateway| text(&gateway.resource.spec, "/zones/0"));
        let count = spec.pointer("/autoscaling/min").and_then(Value::as_u64);
        let now = timestamp(self.clock.now());
        let replica = |index| {
            json!({
                "name": format!("{}-{index:03}", deployment.name()),
                "zone": zone,
                "state": "PENDING_UPDATE",
                "currentSnapshotIdentity": serves,
                "transitionedAt": now,
                "updatedAt": now,
            })
        };
        let count = count.unwrap_or(1).clamp(1, MAX_REPLICAS);
        (0..count).map(replica).collect()
    }

    pub(super) fn cancel_hot_load(&mut self, call: &Call) -> Result<Value, ApiError> {
        if !self.cancel_supported {
            let message = "hot-loads cannot be canceled yet";
            return Err(ApiError::unimplemented(message));
        }
        let record = self.owned(Kind::HotLoad, &call.organization, &call.id)?;
        let (id, state) = (record.id().to_owned(), record.status(Kind::HotLoad));
        if is_final(state) {
            let description = format!("the hot-load has already ended: {state}");
            return Err(ApiError::precondition("HOT_LOAD_ENDED", &id, description));
        }
        self.begin(Kind::HotLoad, &id, CANCELED, None);
        self.response(Kind::HotLoad, &id)
    }
}

fn deployment_of(hot_load: &Record) -> &str {
    text(&hot_load.resource.spec, "/deploymentId")
}

/// Sorts replicas by zone and name.
pub(super) fn sort_replicas(replicas: &mut [Value]) {
    replicas.sort_by_cached_key(|replica| {
        (
            text(replica, "/zone").to_owned(),
            text(replica, "/name").to_owned(),
        )
    });
}
