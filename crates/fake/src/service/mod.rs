//! The API's behavior: every operation as a read or change of one store under one lock.

mod capacity_claim;
#[cfg(feature = "data-plane")]
mod data_plane;
mod deployment;
mod gateway;
mod hot_load;
mod lifecycle;
mod persistence;
mod seed;

#[cfg(feature = "data-plane")]
use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::catalog;
use crate::clock::{Clock, Durations};
use crate::error::ApiError;
use crate::json::{set, text, texts, timestamp};
use crate::kind::Kind;
use crate::operation::Verb;
use crate::query::Query;
use crate::store::{Record, Resource, Store};
use crate::validation::Violations;

pub use seed::SeedError;

/// One authenticated request.
pub(crate) struct Call {
    pub(crate) verb: Verb,
    pub(crate) kind: Kind,
    pub(crate) organization: String,
    /// The id in the path; empty if there is none.
    pub(crate) id: String,
    pub(crate) query: Query,
    /// The body, an object; empty for operations without one.
    pub(crate) body: Value,
    /// The statuses that a create or update goes through instead of settling.
    pub(crate) outcome: Option<Vec<String>>,
    /// How many reads after an update show the resource as it was before.
    pub(crate) stale_reads: u64,
}

/// Everything behind the lock.
pub(crate) struct Service {
    store: Store,
    clock: Clock,
    durations: Durations,
    cancel_supported: bool,
    random: fastrand::Rng,
    /// Where the state is kept.
    file: Option<PathBuf>,
    /// What precedes the id in the URL of a gateway's data plane, if the fake serves it.
    data_plane: Option<String>,
    /// How much of the requests for its model each deployment is due.
    #[cfg(feature = "data-plane")]
    due: HashMap<String, i64>,
}

impl Service {
    pub(crate) fn new(
        clock: Clock,
        durations: Durations,
        cancel_supported: bool,
        random: fastrand::Rng,
        data_plane: Option<String>,
    ) -> Service {
        Service {
            store: Store::default(),
            clock,
            durations,
            cancel_supported,
            random,
            file: None,
            data_plane,
            #[cfg(feature = "data-plane")]
            due: HashMap::new(),
        }
    }

    /// Performs an operation and returns the response's body.
    pub(crate) fn call(&mut self, call: Call) -> Result<Value, ApiError> {
        let result = self.perform(call);
        self.save().map_err(ApiError::internal)?;
        result
    }

    fn perform(&mut self, call: Call) -> Result<Value, ApiError> {
        self.settle();
        let kind = call.kind;
        match (call.verb, kind) {
            (Verb::List, Kind::HotLoad) => self.list_hot_loads(&call),
            (Verb::List, _) => self.list(kind, &call),
            (Verb::Create, _) => self.create(kind, call),
            (Verb::Parameters, Kind::Deployment) => self.deployment_parameters(&call),
            (Verb::Parameters, Kind::Gateway) => Ok(json!({"zones": catalog::zones()})),
            (Verb::Parameters, _) => {
                Ok(json!({"zoneInstanceTypes": catalog::zone_instance_types()}))
            }
            (Verb::Get, _) => self.get(kind, &call),
            (Verb::Update, _) => self.update(kind, call),
            (Verb::Delete, _) => self.delete(kind, &call),
            (Verb::Replicas, _) => self.list_replicas(&call),
            (Verb::Cancel, _) => self.cancel_hot_load(&call),
        }
    }

    /// The caller's own resource with this id, or NOT_FOUND.
    fn owned(&self, kind: Kind, organization: &str, id: &str) -> Result<&Record, ApiError> {
        let record = self.store.of(kind).get(&canonical(id));
        record
            .filter(|record| record.organization() == organization)
            .ok_or_else(|| ApiError::not_found(kind.noun(), id))
    }

    /// The ids of an organization's resources, oldest first.
    fn ids(&self, kind: Kind, organization: &str) -> Vec<String> {
        let records = self.store.of(kind).owned(organization);
        records.map(|record| record.id().to_owned()).collect()
    }

    fn get(&mut self, kind: Kind, call: &Call) -> Result<Value, ApiError> {
        let id = self
            .owned(kind, &call.organization, &call.id)?
            .id()
            .to_owned();
        let resource = self.read(kind, &id);
        let resource = resource.ok_or_else(|| ApiError::not_found(kind.noun(), &id))?;
        Ok(json!({kind.member(): resource}))
    }

    /// A resource as a read shows it; none if it has just been removed.
    fn read(&mut self, kind: Kind, id: &str) -> Option<Resource> {
        if self.store.of(kind).get(id)?.stale.is_some() {
            let record = self.store.get_mut(kind, id)?;
            let (resource, reads) = record.stale.as_mut()?;
            let resource = resource.clone();
            *reads -= 1;
            if *reads == 0 {
                record.stale = None;
            }
            return Some(resource);
        }
        self.poll(kind, id);
        Some(self.store.of(kind).get(id)?.resource.clone())
    }

    /// The response to a change, which shows the resource as it is now.
    fn response(&self, kind: Kind, id: &str) -> Result<Value, ApiError> {
        let record = self.store.of(kind).get(id);
        let record = record.ok_or_else(|| ApiError::not_found(kind.noun(), id))?;
        Ok(json!({kind.member(): record.resource}))
    }

    fn list(&mut self, kind: Kind, call: &Call) -> Result<Value, ApiError> {
        let updated_after = call.query.timestamp("updatedAfter")?;
        let parent = match kind {
            Kind::Deployment => call.query.one("parentGatewayId")?.unwrap_or_default(),
            _ => "",
        };
        let parent = canonical(parent);
        let mut items = Vec::new();
        for id in self.ids(kind, &call.organization) {
            let resource = self.read(kind, &id).filter(|resource| {
                let updated_at = text(&resource.status, "/updatedAt").parse().ok();
                (parent.is_empty() || texts(&resource.spec, "/gatewayIds").contains(&&*parent))
                    && updated_after.is_none_or(|after| updated_at > Some(after))
            });
            items.extend(resource);
        }
        Ok(json!({kind.list_member(): items}))
    }

    fn create(&mut self, kind: Kind, call: Call) -> Result<Value, ApiError> {
        let (organization, mut spec) = (call.organization, call.body);
        let mut violations = Violations::default();
        let chosen = take_chosen_id(kind, &mut spec, &mut violations);
        check(kind, &spec, true, &mut violations);
        violations.into_result()?;
        if kind == Kind::HotLoad {
            // Before the id, as a hot-load of no deployment is NOT_FOUND in any case.
            self.owned(
                Kind::Deployment,
                &organization,
                text(&spec, "/deploymentId"),
            )?;
        }
        let id = self.claim_id(kind, chosen)?;
        self.refuse_taken_name(kind, &organization, text(&spec, "/name"))?;
        let mut replicas = Vec::new();
        match kind {
            Kind::Gateway => gateway::complete(&mut spec),
            Kind::Deployment => {
                self.check_gateways(&organization, &spec)?;
                deployment::complete(&mut spec);
            }
            Kind::CapacityClaim => {}
            Kind::HotLoad => replicas = self.prepare_hot_load(&organization, &id, &mut spec)?,
        }
        set(&mut spec, "id", &*id);
        set(&mut spec, "organizationId", organization);
        let status = match kind {
            Kind::HotLoad => hot_load::PENDING,
            _ => "STATUS_CREATING",
        };
        let resource = Resource {
            spec,
            status: json!({"createdAt": timestamp(self.clock.now())}),
            unknown: Map::new(),
        };
        let record = Record {
            replicas,
            ..Record::new(resource)
        };
        self.store.put(kind, record);
        self.begin(kind, &id, status, call.outcome);
        self.response(kind, &id)
    }

    /// Replaces a resource's spec. What the request leaves out is reset, with few exceptions.
    fn update(&mut self, kind: Kind, call: Call) -> Result<Value, ApiError> {
        let mut record = self.owned(kind, &call.organization, &call.id)?.clone();
        let (id, old) = (record.id().to_owned(), record.resource.clone());
        let mut spec = call.body;
        let mut violations = Violations::default();
        check_same_id(&call.id, &spec, &mut violations);
        if kind == Kind::Deployment
            && spec.get("hotLoad").is_none()
            && let Some(hot_load) = old.spec.get("hotLoad")
        {
            set(&mut spec, "hotLoad", hot_load.clone());
        }
        check(kind, &spec, false, &mut violations);
        let (name, old_name) = (text(&spec, "/name").to_owned(), text(&old.spec, "/name"));
        if kind == Kind::Gateway && !name.is_empty() && name != old_name {
            violations.add("name", format!("cannot change; it is {old_name:?}"));
        }
        if kind == Kind::Deployment && !deployment::have_same_hot_load(&spec, &old.spec) {
            violations.add("hotLoad", "cannot change after creation");
        }
        violations.into_result()?;
        if kind == Kind::Deployment && name != old_name {
            self.refuse_taken_name(kind, &call.organization, &name)?;
        }
        self.refuse_update(kind, &id)?;
        match kind {
            Kind::Deployment => {
                self.refuse_during_hot_load(&id)?;
                self.check_gateways(&call.organization, &spec)?;
                deployment::complete(&mut spec);
            }
            Kind::Gateway => {
                gateway::carry_over(&old.spec, &mut spec);
                gateway::complete(&mut spec);
            }
            // The request has no name.
            _ => keep(&mut spec, "name", &old.spec),
        }
        set(&mut spec, "id", &*id);
        set(&mut spec, "organizationId", call.organization);
        let rolls_out = match kind {
            Kind::Deployment => !deployment::is_scale_alone(&old.spec, &spec),
            _ => old.spec != spec,
        };
        record.resource.spec = spec;
        record.stale = (call.stale_reads > 0).then_some((old, call.stale_reads));
        self.store.put(kind, record);
        self.begin_update(kind, &id, rolls_out, call.outcome);
        self.response(kind, &id)
    }

    /// Starts a deletion. Deleting a resource again changes nothing.
    fn delete(&mut self, kind: Kind, call: &Call) -> Result<Value, ApiError> {
        let record = self.owned(kind, &call.organization, &call.id)?;
        let id = record.id().to_owned();
        if record.status(kind) == "STATUS_DELETING" {
            let response = self.response(kind, &id);
            self.poll(kind, &id);
            return response;
        }
        match kind {
            Kind::Gateway => self.refuse_gateway_in_use(&id)?,
            Kind::Deployment => self.fail_running_hot_load(&id),
            _ => {}
        }
        self.begin(kind, &id, "STATUS_DELETING", None);
        self.response(kind, &id)
    }

    /// The id of a new resource: the chosen one unless it is taken, or a random one.
    fn claim_id(&mut self, kind: Kind, chosen: Option<String>) -> Result<String, ApiError> {
        let id = chosen.unwrap_or_else(|| self.random_uuid());
        match self.store.of(kind).get(&id) {
            Some(_) => Err(ApiError::already_exists(kind.noun(), "id", &id)),
            None => Ok(id),
        }
    }

    fn refuse_taken_name(
        &mut self,
        kind: Kind,
        organization: &str,
        name: &str,
    ) -> Result<(), ApiError> {
        let Some(holder) = self.holder_of(kind, organization, name) else {
            return Ok(());
        };
        self.poll(kind, &holder);
        Err(ApiError::already_exists(kind.noun(), "name", name))
    }

    /// The id of the resource that has a name; none for the empty name.
    fn holder_of(&self, kind: Kind, organization: &str, name: &str) -> Option<String> {
        let holder = self.store.of(kind).named(organization, name)?;
        (!name.is_empty()).then(|| holder.id().to_owned())
    }

    /// A random UUID; the same sequence for the same seed.
    pub(crate) fn random_uuid(&mut self) -> String {
        let bytes = self.random.u128(..).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// Refuses to update a resource that is being deleted or has failed for good.
    fn refuse_update(&mut self, kind: Kind, id: &str) -> Result<(), ApiError> {
        let record = self.store.of(kind).get(id);
        let status = record.map(|record| record.status(kind)).unwrap_or_default();
        let (violation, description) = match status {
            "STATUS_DELETING" => ("DELETING", format!("the {} is being deleted", kind.noun())),
            "STATUS_FAILED" => ("FAILED", format!("the {} has failed for good", kind.noun())),
            _ => return Ok(()),
        };
        self.poll(kind, id);
        Err(ApiError::precondition(violation, id, description))
    }
}

/// Checks the spec of a create or update.
fn check(kind: Kind, spec: &Value, is_create: bool, violations: &mut Violations) {
    violations.check(kind.spec(), spec);
    match kind {
        Kind::Gateway => gateway::check(spec, violations),
        Kind::Deployment => deployment::check(spec, violations),
        Kind::CapacityClaim => capacity_claim::check(spec, is_create, violations),
        Kind::HotLoad => hot_load::check(spec, violations),
    }
}

/// Sets or removes a member as it is in another object.
fn keep(object: &mut Value, member: &str, old: &Value) {
    match (object.as_object_mut(), old.get(member)) {
        (Some(members), None) => drop(members.remove(member)),
        (_, Some(value)) => set(object, member, value.clone()),
        (None, None) => {}
    }
}

/// An id as it is stored: a UUID in lower case, anything else as it is.
fn canonical(id: &str) -> String {
    parse_id(id).unwrap_or_else(|| id.to_owned())
}

/// The canonical form of a UUID with hyphens.
fn parse_id(id: &str) -> Option<String> {
    let uuid = Uuid::try_parse(id).ok().filter(|_| id.len() == 36)?;
    Some(uuid.to_string())
}

/// Takes the id that a create request chooses out of its body.
fn take_chosen_id(kind: Kind, body: &mut Value, violations: &mut Violations) -> Option<String> {
    let member = kind.id_member();
    let id = body.as_object_mut()?.remove(member)?;
    let parsed = id.as_str().and_then(parse_id);
    if parsed.is_none() {
        violations.add(member, format!("{id} is not a UUID"));
    }
    parsed
}

/// Checks that the id in an update's body is the one in its path.
fn check_same_id(path_id: &str, body: &Value, violations: &mut Violations) {
    match text(body, "/id") {
        "" => violations.add("id", "is required"),
        id if canonical(id) == canonical(path_id) => {}
        id => violations.add("id", format!("{id:?} is not the path's id, {path_id:?}")),
    }
}
