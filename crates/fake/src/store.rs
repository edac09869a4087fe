//! The stored resources.

use std::collections::{BTreeMap, HashMap, VecDeque};
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

    /// The record with this id, whoever owns it.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Record> {
        self.records.get_mut(self.sequences.get(id)?)
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

    fn insert(&mut self, record: Record) {
        self.sequences
            .insert(record.id().to_owned(), record.sequence);
        self.records.insert(record.sequence, record);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(sequence) = self.sequences.remove(id) {
            self.records.remove(&sequence);
        }
    }
}

/// Everything that a fake stores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Store {
    gateways: Collection,
    deployments: Collection,
    capacity_claims: Collection,
    hot_loads: Collection,
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

    pub(crate) fn of_mut(&mut self, kind: Kind) -> &mut Collection {
        match kind {
            Kind::Gateway => &mut self.gateways,
            Kind::Deployment => &mut self.deployments,
            Kind::CapacityClaim => &mut self.capacity_claims,
            Kind::HotLoad => &mut self.hot_loads,
        }
    }

    /// Inserts a record: in place of the one with its id, or as the newest.
    pub(crate) fn put(&mut self, kind: Kind, mut record: Record) {
        record.sequence = match self.of(kind).get(record.id()) {
            Some(replaced) => replaced.sequence,
            None => {
                let newest = Kind::ALL.map(|kind| self.of(kind).records.keys().next_back());
                newest
                    .into_iter()
                    .flatten()
                    .max()
                    .map_or(0, |last| last + 1)
            }
        };
        self.of_mut(kind).insert(record);
    }

    /// The next change that is due by `now`, taken from its record.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>) -> Option<(Kind, String, Transition)> {
        let due = |kind: Kind| {
            self.of(kind).iter().filter_map(move |record| {
                let due = record.transitions.front()?.due;
                (due <= now).then(|| (due, record.sequence, kind, record.id()))
            })
        };
        let (_, _, kind, id) = Kind::ALL.into_iter().flat_map(due).min()?;
        let id = id.to_owned();
        let transition = self.take_next(kind, &id)?;
        Some((kind, id, transition))
    }

    /// A record's next change, taken from it.
    pub(crate) fn take_next(&mut self, kind: Kind, id: &str) -> Option<Transition> {
        self.of_mut(kind).get_mut(id)?.transitions.pop_front()
    }
}
