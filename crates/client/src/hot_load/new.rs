//! Hot-loads to create.

use super::HotLoad;
use crate::deployment::{Deployment, DeploymentId};
use crate::raw::types::{self, ChecksumFormat, CompressionFormat, PromptCachePolicy, SnapshotType};
use crate::resource::{IntoId, id_text, new_resource};

new_resource! {
    /// The request for a new hot-load.
    ///
    /// ```
    /// use coreweave_inference::{DeploymentId, NewHotLoad};
    ///
    /// # let deployment = DeploymentId::random();
    /// let full = NewHotLoad::full(&deployment, "step-100");
    /// let delta = NewHotLoad::incremental(&deployment, "step-101", "step-100");
    /// assert_eq!(delta.previous_identity(), Some(full.identity()));
    /// assert_eq!(delta.deployment_id(), Some(deployment));
    /// ```
    NewHotLoad(CreateHotLoadRequest), hot_load_id: HotLoad
}

impl NewHotLoad {
    /// Loads a full snapshot: one that holds all weights.
    pub fn full(deployment: impl IntoId<Deployment>, identity: impl Into<String>) -> Self {
        Self::from(types::CreateHotLoadRequest {
            deployment_id: id_text(deployment),
            identity: identity.into(),
            type_: SnapshotType::Full,
            ..Default::default()
        })
    }

    /// Loads an incremental snapshot: one that holds the changes since `previous`.
    ///
    /// Its formats are Zstandard and Adler-32, which [`formats`](Self::formats) changes. `previous` was loaded into the
    /// deployment before, and its chain begins with a full snapshot. A chain of more than
    /// [`MAX_DELTAS`](crate::HotLoad::MAX_DELTAS) needs a full snapshot first, and one of more than 63 cannot be replayed
    /// by a replica that starts.
    pub fn incremental(
        deployment: impl IntoId<Deployment>,
        identity: impl Into<String>,
        previous: impl Into<String>,
    ) -> Self {
        let mut new = Self::full(deployment, identity)
            .formats(CompressionFormat::Zstd, ChecksumFormat::Adler32);
        new.raw.type_ = SnapshotType::Incremental;
        new.metadata().previous_snapshot_identity = previous.into();
        new
    }

    /// Sets the compression and the checksum of an incremental snapshot.
    pub fn formats(mut self, compression: CompressionFormat, checksum: ChecksumFormat) -> Self {
        let metadata = self.metadata();
        metadata.compression_format = Some(compression);
        metadata.checksum_format = Some(checksum);
        self
    }

    /// Sets what happens to the prompt caches when the weights change. By default they are preserved.
    pub fn prompt_cache(mut self, policy: PromptCachePolicy) -> Self {
        self.raw.prompt_cache_policy = Some(policy);
        self
    }

    /// Returns the deployment that the snapshot is loaded into.
    pub fn deployment_id(&self) -> Option<DeploymentId> {
        self.raw.deployment_id.parse().ok()
    }

    /// Returns the identity of the snapshot.
    pub fn identity(&self) -> &str {
        &self.raw.identity
    }

    /// Returns whether the snapshot is full or incremental.
    pub fn snapshot_type(&self) -> &SnapshotType {
        &self.raw.type_
    }

    /// Returns the identity of the snapshot that an incremental one follows.
    pub fn previous_identity(&self) -> Option<&str> {
        let metadata = self.raw.incremental_snapshot_metadata.as_ref()?;
        Some(&metadata.previous_snapshot_identity)
    }

    fn metadata(&mut self) -> &mut types::IncrementalSnapshotMetadata {
        self.raw
            .incremental_snapshot_metadata
            .get_or_insert_default()
    }
}
