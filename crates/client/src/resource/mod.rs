//! Resources, their ids, and the traits that describe their kinds.

mod condition;
mod id;
pub(crate) mod kind;
mod new;
mod wrapper;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use condition::Condition;
pub use id::{Id, InvalidId};
pub use new::NewResource;
pub(crate) use wrapper::wrapper;

use crate::error::{Error, ErrorKind};
use crate::raw::types::ResourceStatus;
use kind::{Kind, Managed, Phase};

/// A resource as the API returned it: its id, spec and status.
///
/// [`Gateway`](crate::Gateway), [`Deployment`](crate::Deployment), [`CapacityClaim`](crate::CapacityClaim) and
/// [`HotLoad`](crate::HotLoad) are this type for their kind. Accessors return a default for members that the API left
/// out; [`raw`](Self::raw) tells the difference. A resource serializes to the API's JSON.
///
/// ```
/// use coreweave_inference::Gateway;
///
/// let json = r#"{"spec": {"id": "5f0c", "name": "chat"}, "status": {"status": "STATUS_READY"}}"#;
/// let gateway: Gateway = serde_json::from_str(json)?;
/// assert_eq!(gateway.id(), &"5f0c");
/// assert!(gateway.is_ready());
/// assert_eq!(gateway.to_string(), "chat (5f0c, STATUS_READY)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Resource<K: Kind> {
    id: Id<K>,
    raw: K::Raw,
}

impl<K: Kind> Resource<K> {
    /// Wraps the generated type.
    ///
    /// # Errors
    /// If the resource has no id.
    pub fn from_raw(raw: K::Raw) -> Result<Self, Error> {
        match K::metadata(&raw).id {
            Some(id) if !id.is_empty() => Ok(Self {
                id: Id::from(id),
                raw,
            }),
            _ => Err(Error::new(
                ErrorKind::Protocol,
                format!("the {} has no `spec.id`", K::NOUN),
            )),
        }
    }

    /// The id.
    pub fn id(&self) -> &Id<K> {
        &self.id
    }

    /// When the resource was created.
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        K::metadata(&self.raw).created_at
    }

    /// When the resource last changed.
    pub fn updated_at(&self) -> Option<DateTime<Utc>> {
        K::metadata(&self.raw).updated_at
    }

    /// The conditions, which explain the status.
    pub fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        K::metadata(&self.raw).conditions.iter().map(Condition::new)
    }

    /// The first condition of this type.
    pub fn condition(&self, kind: &str) -> Option<Condition<'_>> {
        self.conditions().find(|condition| condition.kind() == kind)
    }

    /// Whether a condition of this type is true, in every zone that reports it.
    pub fn has_condition(&self, kind: &str) -> bool {
        let mut of_type = self
            .conditions()
            .filter(|condition| condition.kind() == kind);
        of_type.next().is_some_and(Condition::is_true) && of_type.all(Condition::is_true)
    }

    /// The generated type.
    pub fn raw(&self) -> &K::Raw {
        &self.raw
    }

    /// Unwraps the generated type.
    pub fn into_raw(self) -> K::Raw {
        self.raw
    }

    /// The status or state as text, for messages about any kind.
    pub(crate) fn state_name(&self) -> &str {
        K::metadata(&self.raw).state
    }

    pub(crate) fn phase(&self) -> Phase {
        K::phase(&self.raw)
    }
}

impl<K: Managed> Resource<K> {
    /// The name.
    pub fn name(&self) -> &str {
        K::metadata(&self.raw).name.unwrap_or_default()
    }

    /// The status.
    pub fn status(&self) -> &ResourceStatus {
        K::status(&self.raw).unwrap_or(&ResourceStatus::Unspecified)
    }

    /// Whether the status is READY.
    pub fn is_ready(&self) -> bool {
        self.phase() == Phase::Ready
    }

    /// The spec in the form that [`Api::replace`](crate::Api::replace) takes, with every member that was read.
    ///
    /// # Errors
    /// If the spec does not fit an update request.
    pub fn spec(&self) -> Result<K::Spec, Error> {
        let mut spec = K::to_update(&self.raw).map_err(|cause| {
            Error::new(
                ErrorKind::Decode,
                format!("the spec of the {} does not fit an update request", K::NOUN),
            )
            .with_operation(K::UPDATE)
            .with_resource_id(self.id.as_str())
            .with_source(cause)
        })?;
        *K::spec_id(&mut spec) = self.id.as_str().to_owned();
        Ok(spec)
    }
}

impl<K: Kind> fmt::Display for Resource<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metadata = K::metadata(&self.raw);
        if let Some(name) = metadata.name {
            write!(f, "{name} ")?;
        }
        write!(f, "({}, {})", self.id, metadata.state)
    }
}

impl<K: Kind> Serialize for Resource<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Resource<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_raw(K::Raw::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
