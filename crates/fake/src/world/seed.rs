//! Putting resources in as a test wants them.

use std::fmt;

use serde_json::{Value, json};

use super::{World, canonical, lifecycle};
use crate::kind::Kind;
use crate::state::{Record, Resource, State, timestamp};

/// Why a resource could not be seeded or a state not be loaded.
#[derive(Debug)]
pub struct SeedError(String);

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SeedError {}

impl SeedError {
    pub(crate) fn new(message: impl Into<String>) -> SeedError {
        SeedError(message.into())
    }
}

impl World {
    /// Puts a resource in as it is, in place of any with its id, and gives its id.
    ///
    /// What every resource needs and this one lacks is filled in: id, organization, timestamps and
    /// a settled status. It stays in its status until a request or another seed changes it. A
    /// hot-load's replicas come in as a member `replicas` beside `spec` and `status`.
    pub(crate) fn seed(
        &mut self,
        kind: Kind,
        organization: &str,
        resource: Value,
    ) -> Result<String, SeedError> {
        let noun = kind.noun();
        let mut resource: Resource = serde_json::from_value(resource).map_err(|error| {
            SeedError(format!(
                "seed a {noun}: {error}; give an object with spec and status"
            ))
        })?;
        let id = match resource.spec.get("id") {
            None => self.new_id(kind),
            Some(Value::String(id)) if !id.is_empty() => canonical(id),
            Some(other) => return Err(SeedError(format!("seed a {noun}: {other} is no id"))),
        };
        let now = timestamp(self.clock.now());
        resource.spec.insert("id".to_owned(), json!(id));
        resource
            .spec
            .entry("organizationId")
            .or_insert_with(|| json!(organization));
        resource
            .status
            .entry("createdAt")
            .or_insert_with(|| now.clone());
        resource.status.entry("updatedAt").or_insert(now);
        let settled = json!(kind.settled_status());
        resource
            .status
            .entry(kind.status_member())
            .or_insert(settled);
        let replicas = match resource.unknown.remove("replicas") {
            Some(Value::Array(replicas)) if kind == Kind::HotLoad => replicas,
            Some(other) => {
                resource.unknown.insert("replicas".to_owned(), other);
                Vec::new()
            }
            None => Vec::new(),
        };
        let mut record = Record {
            resource,
            replicas,
            ..Record::default()
        };
        lifecycle::complete(&mut record, kind);
        if let Some(holder) = self
            .state
            .of(kind)
            .named(record.organization(), record.name())
            && holder.id() != id
        {
            let (name, holder) = (record.name(), holder.id());
            return Err(SeedError(format!(
                "seed a {noun}: {holder} has the name {name:?}"
            )));
        }
        self.state.put(kind, record);
        Ok(id)
    }

    /// The state as it is now, as JSON.
    pub(crate) fn dump(&mut self) -> Result<Value, SeedError> {
        self.settle(self.clock.now());
        serde_json::to_value(&self.state)
            .map_err(|error| SeedError(format!("dump the state: {error}")))
    }

    /// Puts a dumped state in place of all there is.
    pub(crate) fn load_dump(&mut self, dump: Value) -> Result<(), SeedError> {
        if !dump.is_object() {
            return Err(SeedError("load a state: it is no JSON object".to_owned()));
        }
        let state: State = serde_json::from_value(dump).map_err(|error| {
            SeedError(format!(
                "load a state: {error}; give what a dump of the state gave"
            ))
        })?;
        self.state = state;
        self.remember_next_due();
        Ok(())
    }
}
