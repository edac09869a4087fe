//! Hot-loads, new weights for running deployments.

mod after_active;
mod api;
mod complete;
pub(crate) mod kind;
mod list;
mod new;
mod replica;

use chrono::{DateTime, Utc};

pub use api::CreateHotLoad;
pub use new::NewHotLoad;
pub use replica::HotLoadReplica;

use crate::api::Api;
use crate::client::Client;
use crate::deployment::DeploymentId;
use crate::raw::types::{self, HotLoadState, SnapshotType};
use crate::resource::kind::Phase;
use crate::resource::{Id, Resource};

/// A hot-load: the replacement of a deployment's weights by those of a snapshot, while it serves.
pub type HotLoad = Resource<kind::HotLoad>;

/// The id of a hot-load.
pub type HotLoadId = Id<kind::HotLoad>;

impl Client {
    /// The operations on hot-loads.
    pub fn hot_loads(&self) -> Api<kind::HotLoad> {
        Api::new(self.clone())
    }
}

impl Resource<kind::HotLoad> {
    /// The number of deltas that a chain can hold before a full snapshot is needed.
    pub const MAX_DELTAS: usize = 128;

    /// The deployment that the snapshot is loaded into.
    pub fn deployment_id(&self) -> DeploymentId {
        let id = self.spec_ref().and_then(|spec| spec.deployment_id.as_ref());
        id.map_or_else(|| DeploymentId::from(""), DeploymentId::from)
    }

    /// The identity of the snapshot.
    pub fn identity(&self) -> &str {
        let identity = self.spec_ref().and_then(|spec| spec.identity.as_deref());
        identity.unwrap_or_default()
    }

    /// The state.
    pub fn state(&self) -> &HotLoadState {
        let state = self.raw().status.as_ref().and_then(|s| s.state.as_ref());
        state.unwrap_or(&HotLoadState::Unspecified)
    }

    /// Whether the state is COMPLETED. [`wait_complete`](Api::wait_complete) also checks the replicas.
    pub fn is_complete(&self) -> bool {
        self.phase() == Phase::Ready
    }

    /// Whether the hot-load is over: completed, failed or canceled.
    pub fn is_finished(&self) -> bool {
        self.phase() != Phase::Progressing
    }

    /// Whether the snapshot is full or incremental.
    pub fn snapshot_type(&self) -> &SnapshotType {
        let kind = self.spec_ref().and_then(|spec| spec.type_.as_ref());
        kind.unwrap_or(&SnapshotType::Unspecified)
    }

    /// The snapshots that the weights are made of, oldest first: a full one, and the deltas up to and including this one.
    pub fn snapshot_chain(&self) -> impl ExactSizeIterator<Item = SnapshotRef<'_>> {
        let chain = self.spec_ref().map_or(&[][..], |spec| &spec.snapshot_chain);
        chain.iter().map(SnapshotRef)
    }

    /// The number of deltas in the [chain](Self::snapshot_chain), of at most [`MAX_DELTAS`](Self::MAX_DELTAS).
    pub fn delta_count(&self) -> usize {
        self.snapshot_chain()
            .filter(|snapshot| *snapshot.snapshot_type() == SnapshotType::Incremental)
            .count()
    }

    /// When the hot-load ended.
    pub fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.raw().status.as_ref()?.finished_at
    }

    fn spec_ref(&self) -> Option<&types::HotLoadSpec> {
        self.raw().spec.as_ref()
    }
}

/// A snapshot in the chain of a hot-load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SnapshotRef<'a>(&'a types::SnapshotRef);

impl<'a> SnapshotRef<'a> {
    /// The identity of the snapshot.
    pub fn identity(self) -> &'a str {
        self.0.identity.as_deref().unwrap_or_default()
    }

    /// Whether the snapshot is full or incremental.
    pub fn snapshot_type(self) -> &'a SnapshotType {
        let kind = self.0.type_.as_ref();
        kind.unwrap_or(&SnapshotType::Unspecified)
    }

    /// The hot-load that loaded the snapshot.
    pub fn hot_load_id(self) -> Option<HotLoadId> {
        let id = self.0.hot_load_id.as_deref();
        id.filter(|id| !id.is_empty()).map(HotLoadId::from)
    }

    /// The generated type.
    pub fn raw(self) -> &'a types::SnapshotRef {
        self.0
    }
}

#[cfg(test)]
mod tests;
