//! Seeding resources.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Service, canonical, gateway, hot_load, lifecycle};
use crate::catalog::{self, HOT_LOAD_ENGINE};
use crate::json::{at, set, text, texts, timestamp};
use crate::kind::Kind;
use crate::store::{Record, Resource, StatusChange};

/// A resource could not be seeded, or a state could not be loaded.
#[derive(Debug)]
pub struct SeedError(pub(super) String);

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SeedError {}

impl SeedError {
    pub(crate) fn new(kind: Kind, problem: impl fmt::Display) -> SeedError {
        SeedError(format!("failed to seed a {}: {problem}", kind.noun()))
    }
}

/// A resource to seed.
#[derive(Deserialize)]
struct Seed {
    #[serde(flatten)]
    resource: Resource,
    #[serde(default)]
    replicas: Vec<Value>,
    #[serde(default)]
    transitions: Vec<StatusChange>,
    #[serde(default)]
    repeat: bool,
    #[serde(default)]
    resume: bool,
}

impl Service {
    /// Stores a resource, in place of any with its id, and returns its id. Checks no rules, and
    /// completes what is missing.
    pub(crate) fn seed(
        &mut self,
        kind: Kind,
        organization: &str,
        seed: Value,
    ) -> Result<String, SeedError> {
        let id = self.complete(kind, organization, seed)?;
        self.save().map_err(SeedError)?;
        Ok(id)
    }

    fn complete(
        &mut self,
        kind: Kind,
        organization: &str,
        seed: Value,
    ) -> Result<String, SeedError> {
        if !seed.is_object() {
            return Err(SeedError::new(kind, format!("{seed} is not an object")));
        }
        let seed: Seed =
            serde_json::from_value(seed).map_err(|error| SeedError::new(kind, error))?;
        if seed.resume && !seed.transitions.is_empty() {
            let problem = "resume and transitions exclude each other";
            return Err(SeedError::new(kind, problem));
        }
        let mut resource = seed.resource;
        let id = match at(&resource.spec, "/id") {
            Value::Null => self.random_uuid(),
            Value::String(id) if !id.is_empty() => canonical(id),
            other => return Err(SeedError::new(kind, format!("{other} is not an id"))),
        };
        let spec = &mut resource.spec;
        set(spec, "id", &*id);
        merge(spec, json!({"organizationId": organization}));
        let organization = text(spec, "/organizationId").to_owned();
        self.complete_spec(kind, &organization, &id, spec)?;
        let name = text(spec, "/name");
        if let Some(holder) = self.holder_of(kind, &organization, name)
            && holder != id
        {
            return Err(SeedError::new(
                kind,
                format!("{holder} has the name {name:?}"),
            ));
        }
        let given = std::mem::replace(&mut resource.status, json!({}));
        let mut record = Record::new(resource);
        self.complete_status(kind, &mut record, given);
        if !seed.replicas.is_empty() {
            record.replicas = seed.replicas;
            hot_load::sort_replicas(&mut record.replicas);
        }
        let changes = match seed.resume {
            true => lifecycle::changes(&record, kind, record.status(kind), &self.durations, None),
            false => seed.transitions.iter().map(StatusChange::delayed).collect(),
        };
        record.transitions = lifecycle::schedule(changes, self.clock.now());
        if seed.repeat {
            record.repeated = seed.transitions;
        }
        self.store.put(kind, record);
        Ok(id)
    }

    /// Adds what a valid spec needs and this one lacks.
    fn complete_spec(
        &mut self,
        kind: Kind,
        organization: &str,
        id: &str,
        spec: &mut Value,
    ) -> Result<(), SeedError> {
        let kind_name = kind.member().to_ascii_lowercase();
        let name = format!("{kind_name}-{}", id.get(..8).unwrap_or(id));
        let zone = catalog::zones().first().copied().unwrap_or_default();
        let defaults = match kind {
            Kind::Gateway => {
                if !gateway::AUTH.iter().any(|auth| spec.get(auth).is_some()) {
                    set(spec, "coreWeaveAuth", json!({}));
                }
                if !gateway::ROUTING
                    .iter()
                    .any(|routing| spec.get(routing).is_some())
                {
                    set(
                        spec,
                        "bodyBasedRouting",
                        json!({"apiType": "API_TYPE_OPENAI"}),
                    );
                }
                json!({"name": name, "zones": [zone]})
            }
            Kind::Deployment => {
                if spec.get("gatewayIds").is_none() {
                    let gateway = self.any(Kind::Gateway, organization, json!({}))?;
                    set(spec, "gatewayIds", json!([gateway]));
                }
                let engine = match text(spec, "/runtime/engine") {
                    "" if spec.get("hotLoad").is_some() => HOT_LOAD_ENGINE,
                    "" => "vllm",
                    engine => engine,
                };
                let version = catalog::engine(engine).and_then(|engine| engine.versions.last());
                let gateway = text(spec, "/gatewayIds/0");
                let gateway = self.store.of(Kind::Gateway).get(gateway);
                let zones = gateway.map(|gateway| texts(&gateway.resource.spec, "/zones"));
                let types = catalog::instance_types(&zones.unwrap_or_default());
                let min = at(spec, "/autoscaling/min").as_u64().unwrap_or(1);
                json!({
                    "name": name,
                    "runtime": {"engine": engine, "version": version},
                    "resources": {"instanceType": types.first(), "gpuCount": 4},
                    "model": {"name": "llama-3", "bucket": "models", "path": "llama-3"},
                    "autoscaling": {"min": min, "max": min},
                    "traffic": {"weight": 100},
                })
            }
            Kind::CapacityClaim => {
                let zones = texts(spec, "/resources/zones");
                let zones = if zones.is_empty() { vec![zone] } else { zones };
                json!({
                    "name": name,
                    "resources": {
                        "instanceId": catalog::instance_types(&zones).first(),
                        "instanceCount": 1,
                        "capacityType": "CAPACITY_TYPE_MANAGED",
                        "zones": zones,
                    },
                })
            }
            Kind::HotLoad => {
                if spec.get("deploymentId").is_none() {
                    let hot_load =
                        json!({"spec": {"hotLoad": {"bucket": "weights", "pathPrefix": "runs"}}});
                    let deployment = self.any(Kind::Deployment, organization, hot_load)?;
                    set(spec, "deploymentId", deployment);
                }
                merge(
                    spec,
                    json!({"identity": name, "type": "SNAPSHOT_TYPE_FULL"}),
                );
                let chain = self.snapshot_chain(text(spec, "/deploymentId"), id, spec);
                let chain = chain.unwrap_or_else(|_| vec![hot_load::snapshot_ref(spec, id)]);
                json!({"snapshotChain": chain})
            }
        };
        merge(spec, defaults);
        Ok(())
    }

    /// The id of the organization's first resource of this kind, seeded if there is none.
    fn any(&mut self, kind: Kind, organization: &str, seed: Value) -> Result<String, SeedError> {
        let first = self.store.of(kind).owned(organization).next();
        match first.map(|record| record.id().to_owned()) {
            Some(id) => Ok(id),
            None => self.complete(kind, organization, seed),
        }
    }

    /// Sets the status that a seed gives, or the settled one, and completes what it shows.
    fn complete_status(&mut self, kind: Kind, record: &mut Record, given: Value) {
        let now = self.clock.now();
        let is_disabled = at(&record.resource.spec, "/disabled") == true;
        let status = given.get(kind.status_member()).and_then(Value::as_str);
        let status = match status {
            Some(status) => status,
            None if is_disabled => "STATUS_CREATING",
            None => kind.settled_status(),
        };
        if kind == Kind::HotLoad {
            let deployment = text(&record.resource.spec, "/deploymentId");
            if let Some(deployment) = self.store.of(Kind::Deployment).get(deployment) {
                record.replicas = self.replicas_of(deployment);
            }
        }
        lifecycle::set_status(record, kind, status, now, self.data_plane.as_deref());
        if is_disabled {
            lifecycle::apply_resources(record, now);
        }
        set(&mut record.resource.status, "createdAt", timestamp(now));
        if let (Value::Object(status), Value::Object(given)) = (&mut record.resource.status, given)
        {
            status.extend(given);
        }
    }
}

/// Adds the members that an object lacks, and those that its objects lack.
fn merge(value: &mut Value, defaults: Value) {
    let (Value::Object(members), Value::Object(defaults)) = (value, defaults) else {
        return;
    };
    for (name, default) in defaults {
        match members.get_mut(&name) {
            Some(member) => merge(member, default),
            None => {
                members.insert(name, default);
            }
        }
    }
}
