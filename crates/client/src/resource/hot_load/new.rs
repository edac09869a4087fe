//! A hot-load that is yet to be started.

use crate::ids::DeploymentId;
use crate::raw::types::{self, ChecksumFormat, CompressionFormat, PromptCachePolicy, SnapshotType};
use crate::resource::kind;
use crate::resource::new::NewResource;
use crate::validate::Check;

/// A hot-load that is yet to be started.
///
/// ```
/// use coreweave_inference::{DeploymentId, NewHotLoad};
///
/// # let deployment = DeploymentId::random();
/// let whole = NewHotLoad::full(&deployment, "step-100");
/// let delta = NewHotLoad::incremental(&deployment, "step-101", "step-100");
/// assert!(whole.check().is_ok() && delta.check().is_ok());
/// ```
pub type NewHotLoad = NewResource<kind::HotLoad>;

impl NewResource<kind::HotLoad> {
    /// Loads a snapshot that holds all weights.
    ///
    /// ```
    /// # use coreweave_inference::{DeploymentId, NewHotLoad};
    /// let load = NewHotLoad::full(DeploymentId::random(), "step-100");
    /// # let _ = load;
    /// ```
    pub fn full(deployment: impl Into<DeploymentId>, identity: impl Into<String>) -> Self {
        Self::from_raw(types::CreateHotLoadRequest {
            deployment_id: deployment.into().into_string(),
            identity: identity.into(),
            type_: SnapshotType::Full,
            ..Default::default()
        })
    }

    /// Loads a snapshot that holds what changed since a previous one.
    ///
    /// It is taken to be compressed with Zstandard and checked with Adler-32, the only formats there are so far; see
    /// [`formats`](Self::formats).
    ///
    /// ```
    /// # use coreweave_inference::{DeploymentId, NewHotLoad};
    /// let load = NewHotLoad::incremental(DeploymentId::random(), "step-101", "step-100");
    /// # let _ = load;
    /// ```
    pub fn incremental(
        deployment: impl Into<DeploymentId>,
        identity: impl Into<String>,
        previous: impl Into<String>,
    ) -> Self {
        let mut new = Self::full(deployment, identity)
            .formats(CompressionFormat::Zstd, ChecksumFormat::Adler32);
        new.body.type_ = SnapshotType::Incremental;
        new.metadata().previous_snapshot_identity = previous.into();
        new
    }

    /// How the data of an incremental snapshot is compressed and checked.
    ///
    /// ```
    /// use coreweave_inference::{ChecksumFormat, CompressionFormat};
    ///
    /// # fn f(delta: coreweave_inference::NewHotLoad) {
    /// let delta = delta.formats(CompressionFormat::Zstd, ChecksumFormat::Adler32);
    /// # let _ = delta; }
    /// ```
    pub fn formats(mut self, compression: CompressionFormat, checksum: ChecksumFormat) -> Self {
        let metadata = self.metadata();
        metadata.compression_format = Some(compression);
        metadata.checksum_format = Some(checksum);
        self
    }

    /// What becomes of the prompt caches when the weights change.
    ///
    /// ```
    /// use coreweave_inference::PromptCachePolicy;
    ///
    /// # fn f(load: coreweave_inference::NewHotLoad) {
    /// let load = load.prompt_cache(PromptCachePolicy::Preserve);
    /// # let _ = load; }
    /// ```
    pub fn prompt_cache(mut self, policy: PromptCachePolicy) -> Self {
        self.body.prompt_cache_policy = Some(policy);
        self
    }

    fn metadata(&mut self) -> &mut types::IncrementalSnapshotMetadata {
        self.body
            .incremental_snapshot_metadata
            .get_or_insert_default()
    }
}

pub(super) fn check(body: &types::CreateHotLoadRequest, check: &mut Check) {
    check.uuid("hotLoadId", body.hot_load_id.as_deref());
    check.filled("deploymentId", &body.deployment_id);
    check.identity("identity", &body.identity);
    check.that(
        body.type_ != SnapshotType::Unspecified,
        "type",
        "must be set",
    );
    match &body.incremental_snapshot_metadata {
        Some(metadata) => {
            let field = "incrementalSnapshotMetadata.previousSnapshotIdentity";
            check.identity(field, &metadata.previous_snapshot_identity);
        }
        None => {
            let whole = body.type_ != SnapshotType::Incremental;
            check.that(
                whole,
                "incrementalSnapshotMetadata",
                "must be set for an incremental snapshot",
            );
        }
    }
}
