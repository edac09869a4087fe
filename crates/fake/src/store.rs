//! The stored resources.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use crate::json::text;
use crate::kind::Kind;

/// A resource as responses show it. `spec` and `status` are objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Resource {
    #[serde(default = "empty", deserialize_with = "object")]
    pub(crate) spec: Value,
    #[serde(default = "empty", deserialize_with = "object")]
    pub(crate) status: Value,
    #[serde(flatten)]
    pub(crate) unknown: Map<String, Value>,
}

fn empty() -> Value {
    json!({})
}

fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Map::deserialize(deserializer).map(Value::Object)
}

/// A resource with what the service knows about its future.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// The position in the order of creation, over all kinds.
    pub(crate) sequence: u64,
    pub(crate) resource: Resource,
    /// The changes to come, in order.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub(crate) transitions: VecDeque<Transition>,
    /// The changes of status that start over whenever no others are to come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) repeated: Vec<StatusChange>,
    /// A hot-load's replicas, by zone and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) replicas: Vec<Value>,
    /// What the next reads show instead of the resource, and how many of them.
    #[serde(skip)]
    pub(crate) stale: Option<(Resource, u64)>,
}

/// A change to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Transition {
    pub(crate) due: DateTime<Utc>,
    pub(crate) change: Change,
}

/// A change that the passing of time makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Change {
    /// The resource takes this status.
    Status(String),
    /// A condition moves, and nothing else.
    Condition,
    /// The deployment's condition `ResourcesApplied` becomes true.
    ResourcesApplied,
    /// The hot-load's current replica serves the new snapshot.
    ReplicaReady,
    /// The hot-load's current replica fails.
    ReplicaFailed,
    /// The resource is removed.
    Removed,
}

/// A change of status, some time after the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StatusChange {
    pub(crate) after_seconds: u32,
    pub(crate) status: String,
}

impl StatusChange {
    /// The change, and the time since the one before it.
    pub(crate) fn delayed(&self) -> (Duration, Change) {
        let after = Duration::from_secs(self.after_seconds.into());
        (after, Change::Status(self.status.clone()))
    }
}

impl Record {
    /// A record that has not been inserted yet.
    pub(crate) fn new(resource: Resource) -> Record {
        Record {
            sequence: 0,
            resource,
            transitions: VecDeque::new(),
            repeated: Vec::new(),
            replicas: Vec::new(),
            stale: None,
        }
    }

    pub(crate) fn id(&self) -> &str {
        text(&self.resource.spec, "/id")
    }

    pub(crate) fn name(&self) -> &str {
        text(&self.resource.spec, "/name")
    }

    pub(crate) fn organization(&self) -> &str {
        text(&self.resource.spec, "/organizationId")
    }

    /// What the record is looked up by: its name, or the deployment of a hot-load.
    fn key(&self) -> String {
        match text(&self.resource.spec, "/deploymentId") {
            "" => name_key(self.organization(), self.name()),
            deployment => deployment.to_owned(),
        }
    }

    pub(crate) fn status(&self, kind: Kind) -> &str {
        let status = self.resource.status.get(kind.status_member());
        status.and_then(Value::as_str).unwrap_or_default()
    }
}

/// The records of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Record>", into = "Vec<Record>")]
pub(crate) struct Collection {
    /// By sequence, so oldest first.
    records: BTreeMap<u64, Record>,
    sequences: HashMap<String, u64>,
    /// The sequences by what records are looked up by.
    keys: HashMap<String, BTreeSet<u64>>,
}

impl TryFrom<Vec<Record>> for Collection {
    type Error = String;

    fn try_from(records: Vec<Record>) -> Result<Collection, String> {
        let mut collection = Collection::default();
        for record in records {
            let (sequence, id) = (record.sequence, record.id().to_owned());
            if collection.records.contains_key(&sequence) || collection.get(&id).is_some() {
                return Err(format!("the sequence {sequence} or id {id:?} is repeated"));
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
    /// The record with this id, whoever owns it.
    pub(crate) fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(self.sequences.get(id)?)
    }

    /// An organization's records, oldest first.
    pub(crate) fn owned(&self, organization: &str) -> impl DoubleEndedIterator<Item = &Record> {
        self.iter()
            .filter(move |record| record.organization() == organization)
    }

    /// All records, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.values()
    }

    /// An organization's record with this name.
    pub(crate) fn named(&self, organization: &str, name: &str) -> Option<&Record> {
        self.with_key(&name_key(organization, name)).next()
    }

    /// The hot-loads of this deployment, oldest first.
    pub(crate) fn of_deployment(&self, id: &str) -> impl DoubleEndedIterator<Item = &Record> {
        self.with_key(id)
    }

    fn with_key(&self, key: &str) -> impl DoubleEndedIterator<Item = &Record> {
        let sequences = self.keys.get(key).into_iter().flatten();
        sequences.filter_map(|sequence| self.records.get(sequence))
    }

    fn insert(&mut self, record: Record) {
        self.remove(record.id());
        let sequence = record.sequence;
        self.sequences.insert(record.id().to_owned(), sequence);
        self.keys.entry(record.key()).or_default().insert(sequence);
        self.records.insert(sequence, record);
    }

    fn remove(&mut self, id: &str) {
        let sequence = self.sequences.remove(id);
        let Some(record) = sequence.and_then(|sequence| self.records.remove(&sequence)) else {
            return;
        };
        if let Entry::Occupied(mut entry) = self.keys.entry(record.key()) {
            entry.get_mut().remove(&record.sequence);
            if entry.get().is_empty() {
                entry.remove();
            }
        }
    }
}

fn name_key(organization: &str, name: &str) -> String {
    format!("{organization}\0{name}")
}

/// Everything that a fake stores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Store {
    gateways: Collection,
    deployments: Collection,
    capacity_claims: Collection,
    hot_loads: Collection,
    /// Whether anything may have changed since it was saved.
    #[serde(skip)]
    pub(crate) is_changed: bool,
}

impl Store {
    pub(crate) fn of(&self, kind: Kind) -> &Collection {
        match kind {
            Kind::Gateway => &self.gateways,
            Kind::Deployment => &self.deployments,
            Kind::CapacityClaim => &self.capacity_claims,
            Kind::HotLoad => &self.hot_loads,
        }
    }

    fn of_mut(&mut self, kind: Kind) -> &mut Collection {
        self.is_changed = true;
        match kind {
            Kind::Gateway => &mut self.gateways,
            Kind::Deployment => &mut self.deployments,
            Kind::CapacityClaim => &mut self.capacity_claims,
            Kind::HotLoad => &mut self.hot_loads,
        }
    }

    /// The record with this id, whoever owns it. Its id, name and owner must not change: see
    /// [`put`](Store::put).
    pub(crate) fn get_mut(&mut self, kind: Kind, id: &str) -> Option<&mut Record> {
        let sequence = *self.of(kind).sequences.get(id)?;
        self.of_mut(kind).records.get_mut(&sequence)
    }

    /// Inserts a record: in place of the one with its id, or as the newest.
    pub(crate) fn put(&mut self, kind: Kind, mut record: Record) {
        record.sequence = match self.of(kind).get(record.id()) {
            Some(replaced) => replaced.sequence,
            None => {
                let newest = Kind::ALL.map(|kind| self.of(kind).records.keys().next_back());
                let newest = newest.into_iter().flatten().max();
                newest.map_or(0, |last| last + 1)
            }
        };
        self.of_mut(kind).insert(record);
    }

    pub(crate) fn remove(&mut self, kind: Kind, id: &str) {
        self.of_mut(kind).remove(id);
    }

    /// The ids of the records that have changes due by `now`.
    pub(crate) fn due(&self, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, u64, Kind, String)> {
        let due = |kind: Kind| {
            self.of(kind).iter().filter_map(move |record| {
                let due = record.transitions.front()?.due;
                (due <= now).then(|| (due, record.sequence, kind, record.id().to_owned()))
            })
        };
        Kind::ALL.into_iter().flat_map(due).collect()
    }

    /// A record's next change, taken from it.
    pub(crate) fn take_next(&mut self, kind: Kind, id: &str) -> Option<Transition> {
        self.of(kind).get(id)?.transitions.front()?;
        self.get_mut(kind, id)?.transitions.pop_front()
    }
}
