//! Hot-loads: new weights into a running deployment, replica by replica.

use serde_json::{Value, json};

use super::lifecycle::{is_running, replica_position};
use super::{Call, World, canonical, chosen_id};
use crate::clock::later;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::paging::Page;
use crate::rules::{Fields, Rules};
use crate::state::{Change, Object, Record, Step, text, timestamp};

const SNAPSHOT_TYPES: &[&str] = &["SNAPSHOT_TYPE_FULL", "SNAPSHOT_TYPE_INCREMENTAL"];
const INCREMENTAL: &str = "SNAPSHOT_TYPE_INCREMENTAL";
const PROMPT_CACHE_POLICIES: &[&str] = &[
    "PROMPT_CACHE_POLICY_RESET_ALL",
    "PROMPT_CACHE_POLICY_PRESERVE",
];

/// The most deltas on top of a full snapshot.
const LONGEST_CHAIN: usize = 128;

/// The most replicas that the fake plays for one deployment.
const MOST_REPLICAS: usize = 1000;

/// The identity of what a deployment serves before its first hot-load.
const BASE_SNAPSHOT: &str = "base";

/// The rules on the body; gives the identity of the snapshot that a delta builds on.
fn check_body<'a>(body: &Fields<'a>) -> Option<&'a str> {
    body.required_text("deploymentId");
    check_identity(body, "identity");
    let kind = body.required_choice("type", SNAPSHOT_TYPES);
    body.choice("promptCachePolicy", PROMPT_CACHE_POLICIES);
    let metadata = body.message("incrementalSnapshotMetadata");
    if kind == Some(INCREMENTAL) && metadata.is_none() {
        body.violation(
            "incrementalSnapshotMetadata",
            "is required for an incremental snapshot",
        );
    }
    let metadata = metadata?;
    metadata.choice("compressionFormat", &["COMPRESSION_FORMAT_ZSTD"]);
    metadata.choice("checksumFormat", &["CHECKSUM_FORMAT_ADLER32"]);
    check_identity(&metadata, "previousSnapshotIdentity").filter(|_| kind == Some(INCREMENTAL))
}

fn check_identity<'a>(fields: &Fields<'a>, field: &str) -> Option<&'a str> {
    let identity = fields.required_text(field)?;
    let segment = !identity.contains('/') && identity != "." && identity != "..";
    if !segment || identity.chars().count() > 128 {
        let rule = "must be one path segment of 1 to 128 characters, not . or ..";
        fields.violation(field, rule);
    }
    Some(identity)
}

/// The entry of a hot-load's own snapshot in its chain.
fn snapshot_ref(spec: &Object, id: &str) -> Value {
    let mut entry = Object::new();
    for member in ["identity", "type"] {
        entry.extend(
            spec.get(member)
                .map(|value| (member.to_owned(), value.clone())),
        );
    }
    let metadata = spec
        .get("incrementalSnapshotMetadata")
        .and_then(Value::as_object);
    for member in ["compressionFormat", "checksumFormat"] {
        let value = metadata.and_then(|metadata| metadata.get(member));
        entry.extend(value.map(|value| (member.to_owned(), value.clone())));
    }
    entry.insert("hotLoadId".to_owned(), json!(id));
    Value::Object(entry)
}

fn chain(hot_load: &Record) -> Vec<Value> {
    let chain = hot_load
        .resource
        .spec
        .get("snapshotChain")
        .and_then(Value::as_array);
    chain.cloned().unwrap_or_default()
}

impl World {
    pub(super) fn list_hot_loads(&mut self, call: &Call) -> Result<Value, Failure> {
        let parent = call
            .query
            .one("parentDeploymentId")?
            .filter(|id| !id.is_empty())
            .map(canonical);
        let scope = format!("{} hot-loads {:?}", call.organization, parent);
        let page = Page::read(&call.query, &scope)?;
        let before = page
            .after()
            .and_then(|position| position.parse::<u64>().ok());
        self.look_at_all(Kind::HotLoad, &call.organization);
        let matching = self.state.of(Kind::HotLoad).iter().rev().filter(|record| {
            record.organization() == call.organization
                && before.is_none_or(|before| record.sequence < before)
                && parent
                    .as_deref()
                    .is_none_or(|id| text(&record.resource.spec, "deploymentId") == id)
        });
        let (records, token) = page.cut(matching, |record| record.sequence.to_string());
        let items: Vec<Value> = records
            .into_iter()
            .map(|record| super::shown(Kind::HotLoad, &record.resource))
            .collect();
        Ok(json!({Kind::HotLoad.list_member(): items, "nextPageToken": token}))
    }

    pub(super) fn create_hot_load(&mut self, mut call: Call) -> Result<Value, Failure> {
        let kind = Kind::HotLoad;
        let rules = Rules::default();
        let body = rules.body(&call.body);
        let id = chosen_id(&body, "hotLoadId");
        let previous = check_body(&body);
        rules.verdict()?;
        let wanted = text(&call.body, "deploymentId");
        let deployment = self
            .owned(Kind::Deployment, &call.organization, wanted)?
            .clone();
        // Before the interlock, so that repeating a create whose answer was lost says that it
        // exists and not that something is in progress.
        let id = self.claim_identity(kind, &call.organization, id, None)?;
        self.check_deployment(&deployment)?;
        let mut chain = match previous {
            None => Vec::new(),
            Some(previous) => self.chain_behind(deployment.id(), previous)?,
        };
        call.body
            .insert("deploymentId".to_owned(), json!(deployment.id()));
        call.body.remove("hotLoadId");
        chain.push(snapshot_ref(&call.body, &id));
        call.body
            .insert("snapshotChain".to_owned(), Value::Array(chain));
        let replicas = self.replicas_before(&deployment);
        let steps = self.hot_load_steps(replicas.len(), call.outcome);
        let state = "HOT_LOAD_STATE_PENDING";
        self.admit(kind, &call.organization, &id, call.body, state, steps)?;
        self.state
            .of_mut(kind)
            .change(&id, |record| record.replicas = replicas);
        self.reply(kind, &id)
    }

    /// Refuses a hot-load that the deployment cannot take now.
    fn check_deployment(&mut self, deployment: &Record) -> Result<(), Failure> {
        let id = deployment.id();
        if !deployment.resource.spec.contains_key("hotLoad") {
            let description = "hot-load is not enabled for the deployment";
            return Err(Failure::precondition("HOT_LOAD_DISABLED", id, description));
        }
        let status = deployment.status(Kind::Deployment);
        if status != "STATUS_READY" {
            let description = format!("the deployment is not READY but {status}");
            self.look(Kind::Deployment, id);
            return Err(Failure::precondition(
                "DEPLOYMENT_NOT_READY",
                id,
                &description,
            ));
        }
        self.refuse_running_hot_load(id)
    }

    /// The interlock: one hot-load at a time, and no update meanwhile.
    pub(super) fn refuse_running_hot_load(&mut self, deployment: &str) -> Result<(), Failure> {
        let hot_loads = self.hot_loads_of(deployment);
        let running = hot_loads
            .iter()
            .rev()
            .find(|id| self.state.of(Kind::HotLoad).get(id).is_some_and(is_running));
        let Some(running) = running else {
            return Ok(());
        };
        self.look(Kind::HotLoad, running);
        let description = format!("hot-load {running} is already in progress on the deployment");
        Err(Failure::precondition(
            "HOT_LOAD_RUNNING",
            deployment,
            &description,
        ))
    }

    /// The chain that a delta on `previous` continues, oldest first.
    fn chain_behind(&self, deployment: &str, previous: &str) -> Result<Vec<Value>, Failure> {
        let loaded = self.state.of(Kind::HotLoad).iter().rev().find(|record| {
            text(&record.resource.spec, "deploymentId") == deployment
                && text(&record.resource.spec, "identity") == previous
                && record.status(Kind::HotLoad) == "HOT_LOAD_STATE_COMPLETED"
        });
        let Some(loaded) = loaded else {
            let description = format!("the deployment has not loaded the snapshot {previous:?}");
            return Err(Failure::precondition(
                "SNAPSHOT_UNKNOWN",
                deployment,
                &description,
            ));
        };
        let chain = chain(loaded);
        let deltas = chain
            .iter()
            .filter(|entry| entry.get("type") == Some(&json!(INCREMENTAL)));
        if deltas.count() >= LONGEST_CHAIN {
            let description =
                format!("the chain holds {LONGEST_CHAIN} deltas; load a full snapshot first");
            return Err(Failure::precondition(
                "CHAIN_TOO_LONG",
                deployment,
                &description,
            ));
        }
        Ok(chain)
    }

    /// The deployment's replicas, by zone and name, as they are before the hot-load.
    fn replicas_before(&self, deployment: &Record) -> Vec<Value> {
        let hot_loads = self.hot_loads_of(deployment.id());
        let last = hot_loads.iter().rev().find_map(|id| {
            let record = self.state.of(Kind::HotLoad).get(id)?;
            let completed = record.status(Kind::HotLoad) == "HOT_LOAD_STATE_COMPLETED";
            completed.then(|| text(&record.resource.spec, "identity"))
        });
        let serves = last.unwrap_or(BASE_SNAPSHOT);
        let gateways = deployment.spec_texts("gatewayIds");
        let gateway = gateways
            .first()
            .and_then(|id| self.state.of(Kind::Gateway).get(id));
        let zones = gateway
            .map(|gateway| gateway.spec_texts("zones"))
            .unwrap_or_default();
        let zone = zones.first().copied().unwrap_or_default();
        let autoscaling = deployment.resource.spec.get("autoscaling");
        let count = autoscaling
            .and_then(|scaling| scaling.get("min"))
            .and_then(Value::as_u64);
        let count = count
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(1);
        let now = timestamp(self.clock.now());
        (0..count.clamp(1, MOST_REPLICAS))
            .map(|index| {
                json!({
                    "name": format!("{}-{index:03}", deployment.name()),
                    "zone": zone,
                    "state": "PENDING_UPDATE",
                    "currentSnapshotIdentity": serves,
                    "transitionedAt": now,
                    "updatedAt": now,
                })
            })
            .collect()
    }

    /// The way of a hot-load: it starts, its replicas catch up one after another, it ends.
    fn hot_load_steps(&self, replicas: usize, outcome: Option<Vec<String>>) -> Vec<Step> {
        let mut due = later(self.clock.now(), self.durations.hot_load_start);
        let status = |state: &str| Change::Status(state.to_owned());
        let mut steps = vec![Step {
            due,
            change: status("HOT_LOAD_STATE_IN_PROGRESS"),
        }];
        let end = outcome.and_then(|outcome| outcome.into_iter().next());
        if end.as_deref() == Some("HOT_LOAD_STATE_FAILED") {
            due = later(due, self.durations.hot_load_replica);
            steps.push(Step {
                due,
                change: Change::ReplicaFailed(0),
            });
        } else {
            for index in 0..replicas {
                due = later(due, self.durations.hot_load_replica);
                steps.push(Step {
                    due,
                    change: Change::ReplicaReady(index),
                });
            }
        }
        let end = end.unwrap_or_else(|| Kind::HotLoad.settled_status().to_owned());
        steps.push(Step {
            due,
            change: Change::Status(end),
        });
        steps
    }

    pub(super) fn list_hot_load_replicas(&mut self, call: &Call) -> Result<Value, Failure> {
        let id = self
            .owned(Kind::HotLoad, &call.organization, &call.id)?
            .id()
            .to_owned();
        let scope = format!("{} replicas {id}", call.organization);
        let page = Page::read(&call.query, &scope)?;
        self.look_at_replicas(&id);
        let record = self.owned(Kind::HotLoad, &call.organization, &id)?;
        let rest = record.replicas.iter().filter(|replica| {
            page.after()
                .is_none_or(|after| replica_position(replica).as_str() > after)
        });
        let (replicas, token) = page.cut(rest, |replica| replica_position(replica));
        Ok(json!({"replicas": replicas, "nextPageToken": token}))
    }

    pub(super) fn cancel_hot_load(&mut self, call: &Call) -> Result<Value, Failure> {
        if !self.cancel_supported {
            return Err(Failure::unimplemented("hot-loads cannot be cancelled yet"));
        }
        let record = self.owned(Kind::HotLoad, &call.organization, &call.id)?;
        let id = record.id().to_owned();
        if !is_running(record) {
            let description = format!("the hot-load is over: {}", record.status(Kind::HotLoad));
            return Err(Failure::precondition("HOT_LOAD_OVER", &id, &description));
        }
        self.set_out(Kind::HotLoad, &id, "HOT_LOAD_STATE_CANCELED", Vec::new());
        self.reply(Kind::HotLoad, &id)
    }
}
