//! Hot-loads, new weights for running deployments.

mod after_active;
mod api;
mod complete;
mod create;
mod list;
mod new;
mod refusal;
mod replica;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use create::{CreateHotLoad, Start};
pub use new::NewHotLoad;
pub use replica::HotLoadReplica;

use crate::api::Api;
use crate::client::Client;
use crate::deployment::DeploymentId;
use crate::raw::types::{self, HotLoadState, SnapshotType};
use crate::resource::{Describe, Id, Internal, Phase, resource};

resource! {
    /// A hot-load: the replacement of a deployment's weights by those of a snapshot, while it serves.
    HotLoad(HotLoad), NewHotLoad, "hot-load"
}

/// The id of a hot-load.
pub type HotLoadId = Id<HotLoad>;

impl Describe for HotLoad {
    const WAIT_TIMEOUT: Duration = Duration::from_secs(60 * 60);
    const UNIQUE_NAMES: bool = false;

    fn phase(&self, _: Internal) -> Phase {
        match self.state() {
            HotLoadState::Completed => Phase::Ready,
            HotLoadState::Failed => Phase::Failed,
            HotLoadState::Canceled => Phase::Canceled,
            _ => Phase::Progressing,
        }
    }
}

impl Client {
    /// Returns the operations on hot-loads.
    pub fn hot_loads(&self) -> Api<HotLoad> {
        Api::new(self.clone())
    }
}

impl HotLoad {
    /// The number of deltas that a chain can hold before a full snapshot is needed.
    ///
    /// An engine that starts cold replays a chain of at most 64 entries: a full snapshot and 63 deltas. So a deployment
    /// whose replicas come and go needs a full snapshot after 63 deltas already.
    pub const MAX_DELTAS: usize = 128;

    /// Returns the deployment that the snapshot is loaded into.
    pub fn deployment_id(&self) -> Option<DeploymentId> {
        self.spec_ref()?.deployment_id.as_ref()?.parse().ok()
    }

    /// Returns the identity of the snapshot.
    pub fn identity(&self) -> &str {
        let identity = self.spec_ref().and_then(|spec| spec.identity.as_deref());
        identity.unwrap_or_default()
    }

    /// Returns the state.
    pub fn state(&self) -> &HotLoadState {
        let state = self.raw().status.as_ref().and_then(|s| s.state.as_ref());
        state.unwrap_or(&HotLoadState::Unspecified)
    }

    /// Returns whether the state is COMPLETED. [`wait_complete`](Api::wait_complete) also checks the replicas.
    pub fn is_complete(&self) -> bool {
        self.phase(Internal) == Phase::Ready
    }

    /// Returns whether the hot-load is over: completed, failed or canceled.
    pub fn is_finished(&self) -> bool {
        self.phase(Internal) != Phase::Progressing
    }

    /// Returns whether the snapshot is full or incremental.
    pub fn snapshot_type(&self) -> &SnapshotType {
        let kind = self.spec_ref().and_then(|spec| spec.type_.as_ref());
        kind.unwrap_or(&SnapshotType::Unspecified)
    }

    /// Returns the snapshots that the weights are made of, oldest first: a full one, and the deltas up to and including this one.
    pub fn snapshot_chain(&self) -> impl ExactSizeIterator<Item = SnapshotRef<'_>> {
        let chain = self.spec_ref().map_or(&[][..], |spec| &spec.snapshot_chain);
        chain.iter().map(SnapshotRef)
    }

    /// Returns the number of deltas in the [chain](Self::snapshot_chain), of at most [`MAX_DELTAS`](Self::MAX_DELTAS); a replica that starts replays
    /// at most 63.
    pub fn delta_count(&self) -> usize {
        self.snapshot_chain()
            .filter(|snapshot| *snapshot.snapshot_type() == SnapshotType::Incremental)
            .count()
    }

    /// Returns when the hot-load ended.
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
    /// Returns the identity of the snapshot.
    pub fn identity(self) -> &'a str {
        self.0.identity.as_deref().unwrap_or_default()
    }

    /// Returns whether the snapshot is full or incremental.
    pub fn snapshot_type(self) -> &'a SnapshotType {
        let kind = self.0.type_.as_ref();
        kind.unwrap_or(&SnapshotType::Unspecified)
    }

    /// Returns the hot-load that loaded the snapshot.
    pub fn hot_load_id(self) -> Option<HotLoadId> {
        self.0.hot_load_id.as_ref()?.parse().ok()
    }

    /// Returns the generated type.
    pub fn raw(self) -> &'a types::SnapshotRef {
        self.0
    }
}
