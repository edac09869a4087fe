//! The API's behaviour: every operation as a change of, or a look at, one state under one lock.

mod capacity_claim;
mod deployment;
mod gateway;
mod hot_load;
mod lifecycle;
mod seed;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{Clock, Durations, later};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::operation::Operation;
use crate::query::Query;
use crate::rules::Fields;
use crate::state::{Change, Object, Record, Resource, State, Step};

pub use seed::SeedError;

/// One authenticated request, read but not yet judged.
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) organization: String,
    /// The id in the path; empty if the path has none.
    pub(crate) id: String,
    pub(crate) query: Query,
    /// The body's members; empty for operations without a body.
    pub(crate) body: Object,
    /// The statuses that what this request starts is to go through, instead of the usual one.
    pub(crate) outcome: Option<Vec<String>>,
}

/// Everything behind the lock.
pub(crate) struct World {
    state: State,
    clock: Clock,
    durations: Durations,
    cancel_supported: bool,
    random: fastrand::Rng,
    /// When the earliest of all steps is due.
    next_due: Option<DateTime<Utc>>,
}

impl World {
    pub(crate) fn new(
        clock: Clock,
        durations: Durations,
        cancel_supported: bool,
        random: fastrand::Rng,
    ) -> World {
        World {
            state: State::default(),
            clock,
            durations,
            cancel_supported,
            random,
            next_due: None,
        }
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, call: Call) -> Result<Value, Failure> {
        self.settle(self.clock.now());
        match call.operation {
            Operation::ListGateways => self.list(Kind::Gateway, &call, |_| true),
            Operation::CreateGateway => self.create_gateway(call),
            Operation::GetGatewayParameters => Ok(gateway::parameters()),
            Operation::GetGateway => self.get(Kind::Gateway, &call),
            Operation::UpdateGateway => self.update_gateway(call),
            Operation::DeleteGateway => self.delete_gateway(&call),
            Operation::ListDeployments => self.list_deployments(&call),
            Operation::CreateDeployment => self.create_deployment(call),
            Operation::GetDeploymentParameters => self.deployment_parameters(&call),
            Operation::GetDeployment => self.get(Kind::Deployment, &call),
            Operation::UpdateDeployment => self.update_deployment(call),
            Operation::DeleteDeployment => self.delete_deployment(&call),
            Operation::ListCapacityClaims => self.list(Kind::CapacityClaim, &call, |_| true),
            Operation::CreateCapacityClaim => self.create_capacity_claim(call),
            Operation::GetCapacityClaimParameters => Ok(capacity_claim::parameters()),
            Operation::GetCapacityClaim => self.get(Kind::CapacityClaim, &call),
            Operation::UpdateCapacityClaim => self.update_capacity_claim(call),
            Operation::DeleteCapacityClaim => {
                let after = self.durations.capacity_claim_delete;
                self.delete(Kind::CapacityClaim, &call, after)
            }
            Operation::ListHotLoads => self.list_hot_loads(&call),
            Operation::CreateHotLoad => self.create_hot_load(call),
            Operation::GetHotLoad => self.get(Kind::HotLoad, &call),
            Operation::ListHotLoadReplicas => self.list_hot_load_replicas(&call),
            Operation::CancelHotLoad => self.cancel_hot_load(&call),
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the clock ahead.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
    }

    /// The caller's own resource of this id, or NOT_FOUND.
    fn owned(&self, kind: Kind, organization: &str, id: &str) -> Result<&Record, Failure> {
        self.state
            .of(kind)
            .owned(organization, &canonical(id))
            .ok_or_else(|| Failure::not_found(kind.noun(), id))
    }

    fn get(&mut self, kind: Kind, call: &Call) -> Result<Value, Failure> {
        let id = self
            .owned(kind, &call.organization, &call.id)?
            .id()
            .to_owned();
        self.look(kind, &id);
        self.reply(kind, &id)
    }

    /// The reply that shows one resource.
    fn reply(&self, kind: Kind, id: &str) -> Result<Value, Failure> {
        let record = self.state.of(kind).get(id);
        let record = record.ok_or_else(|| Failure::not_found(kind.noun(), id))?;
        Ok(json!({kind.member(): shown(kind, &record.resource)}))
    }

    /// Lists the caller's resources that pass a filter and `updatedAfter`, oldest first.
    fn list(
        &mut self,
        kind: Kind,
        call: &Call,
        keep: impl Fn(&Record) -> bool,
    ) -> Result<Value, Failure> {
        let updated_after = call.query.moment("updatedAfter")?;
        self.look_at_all(kind, &call.organization);
        let items: Vec<Value> = self
            .state
            .of(kind)
            .iter()
            .filter(|record| record.organization() == call.organization && keep(record))
            .filter(|record| updated_after.is_none_or(|after| record.updated_at() > Some(after)))
            .map(|record| shown(kind, &record.resource))
            .collect();
        Ok(json!({kind.list_member(): items}))
    }

    fn look_at_all(&mut self, kind: Kind, organization: &str) {
        if !self.clock.is_instant() {
            return;
        }
        let records = self.state.of(kind).iter();
        let moving = records
            .filter(|record| record.organization() == organization && !record.steps.is_empty());
        for id in moving
            .map(|record| record.id().to_owned())
            .collect::<Vec<_>>()
        {
            self.look(kind, &id);
        }
    }

    /// Refuses a create whose id or name is taken, and settles the id it gets.
    fn claim_identity(
        &mut self,
        kind: Kind,
        organization: &str,
        chosen: Option<&str>,
        name: Option<&str>,
    ) -> Result<String, Failure> {
        let chosen = chosen.map(canonical);
        if let Some(id) = chosen.as_deref()
            && self.state.of(kind).get(id).is_some()
        {
            return Err(Failure::already_exists(kind.noun(), "id", id));
        }
        if let Some(name) = name {
            self.refuse_taken_name(kind, organization, name)?;
        }
        Ok(chosen.unwrap_or_else(|| self.new_id(kind)))
    }

    fn refuse_taken_name(
        &mut self,
        kind: Kind,
        organization: &str,
        name: &str,
    ) -> Result<(), Failure> {
        let Some(holder) = self.state.of(kind).named(organization, name) else {
            return Ok(());
        };
        let holder = holder.id().to_owned();
        self.look(kind, &holder);
        Err(Failure::already_exists(kind.noun(), "name", name))
    }

    fn new_id(&mut self, kind: Kind) -> String {
        loop {
            let id = self.new_uuid();
            if self.state.of(kind).get(&id).is_none() {
                return id;
            }
        }
    }

    /// A random UUID, the same ones in the same order for the same seed.
    pub(crate) fn new_uuid(&mut self) -> String {
        let bytes = self.random.u128(..).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// Takes in a new resource and sets it on its way.
    fn admit(
        &mut self,
        kind: Kind,
        organization: &str,
        id: &str,
        mut spec: Object,
        status: &str,
        steps: Vec<Step>,
    ) -> Result<Value, Failure> {
        spec.insert("id".to_owned(), json!(id));
        spec.insert("organizationId".to_owned(), json!(organization));
        let resource = Resource {
            spec,
            ..Resource::default()
        };
        self.state.put(
            kind,
            Record {
                resource,
                ..Record::default()
            },
        );
        self.set_out(kind, id, status, steps);
        self.state.of_mut(kind).change(id, |record| {
            let status = &mut record.resource.status;
            let now = status.get("updatedAt").cloned();
            status.extend(now.map(|now| ("createdAt".to_owned(), now)));
        });
        self.reply(kind, id)
    }

    /// Puts a new spec in place of the old one: whatever it leaves out is gone, save what belongs
    /// to the resource itself.
    fn replace_spec(
        &mut self,
        kind: Kind,
        id: &str,
        mut spec: Object,
        kept: &[&str],
        after: Duration,
        outcome: Option<Vec<String>>,
    ) -> Result<Value, Failure> {
        self.state.of_mut(kind).change(id, |record| {
            for member in kept.iter().chain(&["id", "organizationId"]) {
                match record.resource.spec.remove(*member) {
                    Some(value) => spec.insert((*member).to_owned(), value),
                    None => spec.remove(*member),
                };
            }
            record.resource.spec = spec;
        });
        let steps = self.arrival(kind, after, outcome);
        self.set_out(kind, id, "STATUS_UPDATING", steps);
        self.reply(kind, id)
    }

    /// Refuses a change of a resource that is on its way out, or past help.
    fn refuse_unchangeable(&mut self, kind: Kind, id: &str) -> Result<(), Failure> {
        let record = self.state.of(kind).get(id);
        let status = record
            .map(|record| record.status(kind).to_owned())
            .unwrap_or_default();
        let noun = kind.noun();
        match status.as_str() {
            "STATUS_DELETING" => {
                self.look(kind, id);
                Err(Failure::precondition(
                    "DELETING",
                    id,
                    &format!("the {noun} is being deleted"),
                ))
            }
            "STATUS_FAILED" => Err(Failure::precondition(
                "FAILED",
                id,
                &format!(
                    "the {noun} has failed and will not recover: delete it and create another"
                ),
            )),
            _ => Ok(()),
        }
    }

    /// Begins a deletion, or lets one that has begun go on.
    fn delete(&mut self, kind: Kind, call: &Call, after: Duration) -> Result<Value, Failure> {
        let record = self.owned(kind, &call.organization, &call.id)?;
        let id = record.id().to_owned();
        if record.status(kind) == "STATUS_DELETING" {
            let reply = self.reply(kind, &id);
            self.look(kind, &id);
            return reply;
        }
        let due = later(self.clock.now(), after);
        self.set_out(
            kind,
            &id,
            "STATUS_DELETING",
            vec![Step {
                due,
                change: Change::Removed,
            }],
        );
        self.reply(kind, &id)
    }

    /// The way to the settled status, or through the statuses of an outcome set for it, one each
    /// time `after` has passed.
    fn arrival(&self, kind: Kind, after: Duration, outcome: Option<Vec<String>>) -> Vec<Step> {
        let statuses = outcome.unwrap_or_else(|| vec![kind.settled_status().to_owned()]);
        let mut due = self.clock.now();
        let steps = statuses.into_iter().map(|status| {
            due = later(due, after);
            Step {
                due,
                change: Change::Status(status),
            }
        });
        steps.collect()
    }
}

/// An id as the fake stores it: a UUID in lower case, anything else as it is.
fn canonical(id: &str) -> String {
    parse_id(id).unwrap_or_else(|| id.to_owned())
}

/// The canonical form of a UUID with hyphens.
fn parse_id(id: &str) -> Option<String> {
    let uuid = Uuid::try_parse(id).ok().filter(|_| id.len() == 36)?;
    Some(uuid.to_string())
}

/// Reads the id that a create may choose.
fn chosen_id<'a>(body: &Fields<'a>, field: &str) -> Option<&'a str> {
    let id = body.text(field)?;
    if parse_id(id).is_none() {
        body.violation(field, format!("{id:?} is not a UUID"));
    }
    Some(id)
}

/// Holds the id in an update's body to the one in its path.
fn same_id(body: &Fields<'_>, path_id: &str) {
    if let Some(id) = body.required_text("id")
        && canonical(id) != canonical(path_id)
    {
        body.violation(
            "id",
            format!("{id:?} is not the id in the path, {path_id:?}"),
        );
    }
}

/// A resource as a reply shows it.
fn shown(kind: Kind, resource: &Resource) -> Value {
    let mut resource = resource.clone();
    if kind == Kind::CapacityClaim {
        capacity_claim::show_as_managed(&mut resource.spec);
    }
    let mut members = resource.unknown;
    members.insert("spec".to_owned(), Value::Object(resource.spec));
    members.insert("status".to_owned(), Value::Object(resource.status));
    Value::Object(members)
}
