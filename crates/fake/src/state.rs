//! What the fake knows: records of resources, found by id and by name.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::kind::Kind;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// A resource and what lies ahead of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// Its place in the order of creation, over all kinds.
    pub(crate) sequence: u64,
    pub(crate) resource: Resource,
    /// The changes to come, the next one first.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub(crate) steps: VecDeque<Step>,
    /// A hot-load's replicas, by zone and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) replicas: Vec<Value>,
}

/// A resource as replies show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Resource {
    #[serde(default)]
    pub(crate) spec: Object,
    #[serde(default)]
    pub(crate) status: Object,
    #[serde(flatten)]
    pub(crate) unknown: Object,
}

/// One change to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Step {
    /// When it happens by the clock.
    pub(crate) due: DateTime<Utc>,
    pub(crate) change: Change,
}

/// What can happen to a resource by the passing of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Change {
    /// It takes this status.
    Status(String),
    /// The hot-load's replica at this place serves the new snapshot.
    ReplicaReady(usize),
    /// The hot-load's replica at this place fails.
    ReplicaFailed(usize),
    /// It is gone.
    Removed,
}

/// A string in an object; empty when there is none.
pub(crate) fn text<'a>(object: &'a Object, member: &str) -> &'a str {
    object
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A moment as protobuf JSON writes it.
pub(crate) fn timestamp(moment: DateTime<Utc>) -> Value {
    json!(moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

impl Record {
    pub(crate) fn id(&self) -> &str {
        text(&self.resource.spec, "id")
    }

    pub(crate) fn name(&self) -> &str {
        text(&self.resource.spec, "name")
    }

    pub(crate) fn organization(&self) -> &str {
        text(&self.resource.spec, "organizationId")
    }

    pub(crate) fn status(&self, kind: Kind) -> &str {
        text(&self.resource.status, kind.status_member())
    }

    /// When it last changed.
    pub(crate) fn updated_at(&self) -> Option<DateTime<Utc>> {
        text(&self.resource.status, "updatedAt").parse().ok()
    }

    /// The strings of a list in its spec.
    pub(crate) fn spec_texts(&self, member: &str) -> Vec<&str> {
        let items = self.resource.spec.get(member).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    fn name_key(&self) -> Option<(String, String)> {
        let name = self.name();
        (!name.is_empty()).then(|| (self.organization().to_owned(), name.to_owned()))
    }
}

/// The records of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Record>", into = "Vec<Record>")]
pub(crate) struct Collection {
    /// By sequence, so oldest first.
    records: BTreeMap<u64, Record>,
    by_id: HashMap<String, u64>,
    by_name: HashMap<(String, String), u64>,
}

impl TryFrom<Vec<Record>> for Collection {
    type Error = String;

    fn try_from(records: Vec<Record>) -> Result<Collection, String> {
        let mut collection = Collection::default();
        for record in records {
            let id = record.id().to_owned();
            if collection.records.contains_key(&record.sequence)
                || collection.by_id.contains_key(&id)
                || record
                    .name_key()
                    .is_some_and(|key| collection.by_name.contains_key(&key))
            {
                return Err(format!("the sequence, id or name of {id:?} is used twice"));
            }
            collection.insert(record);
        }
        Ok(collection)
    }
}

impl From<Collection> for Vec<Record> {
    fn from(collection: Collection) -> Vec<Record> {
        collection.records.into_values().collect()
    }
}

impl Collection {
    /// The record of this id, whoever owns it.
    pub(crate) fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(self.by_id.get(id)?)
    }

    /// The record of this id if the organization owns it.
    pub(crate) fn owned(&self, organization: &str, id: &str) -> Option<&Record> {
        self.get(id)
            .filter(|record| record.organization() == organization)
    }

    /// The record that has this name in an organization.
    pub(crate) fn named(&self, organization: &str, name: &str) -> Option<&Record> {
        let key = (organization.to_owned(), name.to_owned());
        self.records.get(self.by_name.get(&key)?)
    }

    /// All records, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.values()
    }

    /// Puts a record in, in place of any with its id.
    pub(crate) fn insert(&mut self, record: Record) {
        let id = record.id().to_owned();
        self.remove(&id);
        self.by_id.insert(id, record.sequence);
        if let Some(key) = record.name_key() {
            self.by_name.insert(key, record.sequence);
        }
        self.records.insert(record.sequence, record);
    }

    /// Takes a record out.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Record> {
        let record = self.records.remove(&self.by_id.remove(id)?)?;
        if let Some(key) = record.name_key() {
            self.by_name.remove(&key);
        }
        Some(record)
    }

    /// Changes a record, whose name may change with it.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Record)) {
        let Some(record) = self.by_id.get(id).and_then(|key| self.records.get_mut(key)) else {
            return;
        };
        let before = record.name_key();
        change(record);
        let after = record.name_key();
        if before != after {
            let sequence = record.sequence;
            before.map(|key| self.by_name.remove(&key));
            after.map(|key| self.by_name.insert(key, sequence));
        }
    }
}

/// All that a fake knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct State {
    gateways: Collection,
    deployments: Collection,
    capacity_claims: Collection,
    hot_loads: Collection,
}

impl State {
    pub(crate) fn of(&self, kind: Kind) -> &Collection {
        match kind {
            Kind::Gateway => &self.gateways,
            Kind::Deployment => &self.deployments,
            Kind::CapacityClaim => &self.capacity_claims,
            Kind::HotLoad => &self.hot_loads,
        }
    }

    pub(crate) fn of_mut(&mut self, kind: Kind) -> &mut Collection {
        match kind {
            Kind::Gateway => &mut self.gateways,
            Kind::Deployment => &mut self.deployments,
            Kind::CapacityClaim => &mut self.capacity_claims,
            Kind::HotLoad => &mut self.hot_loads,
        }
    }

    /// Puts a record in: in place of the one with its id, or at the end of the order of creation.
    pub(crate) fn put(&mut self, kind: Kind, mut record: Record) {
        record.sequence = match self.of(kind).get(record.id()) {
            Some(replaced) => replaced.sequence,
            None => self.next_sequence(),
        };
        self.of_mut(kind).insert(record);
    }

    fn next_sequence(&self) -> u64 {
        let last = |kind| {
            self.of(kind)
                .iter()
                .next_back()
                .map(|record| record.sequence)
        };
        Kind::ALL
            .into_iter()
            .filter_map(last)
            .max()
            .map_or(0, |last| last + 1)
    }
}
