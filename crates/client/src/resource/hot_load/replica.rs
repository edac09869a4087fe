//! One replica of a deployment, as a hot-load sees it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::raw::types::{self, HotLoadReplicaState};

/// One replica of a deployment, and how far a hot-load has come on it.
///
/// As JSON it is what the API sends.
///
/// ```
/// use coreweave_inference::HotLoadReplica;
///
/// let json = r#"{"name": "r-0", "zone": "US-EAST-04A", "state": "READY", "currentSnapshotIdentity": "step-100"}"#;
/// let replica: HotLoadReplica = serde_json::from_str(json)?;
/// assert!(replica.serves("step-100"));
/// assert_eq!(replica.to_string(), "r-0 in US-EAST-04A: READY, serves step-100");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HotLoadReplica(types::HotLoadReplica);

impl HotLoadReplica {
    /// The replica's name.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// println!("{} in {}", replica.name(), replica.zone());
    /// # }
    /// ```
    pub fn name(&self) -> &str {
        self.0.name.as_deref().unwrap_or_default()
    }

    /// The zone that it runs in.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// let nearby = replica.zone() == "US-EAST-04A";
    /// # let _ = nearby; }
    /// ```
    pub fn zone(&self) -> &str {
        self.0.zone.as_deref().unwrap_or_default()
    }

    /// How far it has come.
    ///
    /// ```no_run
    /// use coreweave_inference::HotLoadReplicaState;
    ///
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// let busy = *replica.state() == HotLoadReplicaState::Updating;
    /// # let _ = busy; }
    /// ```
    pub fn state(&self) -> &HotLoadReplicaState {
        self.0
            .state
            .as_ref()
            .unwrap_or(&HotLoadReplicaState::Unspecified)
    }

    /// The snapshot that it serves at present.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// println!("serves {}", replica.current_identity().unwrap_or("nothing"));
    /// # }
    /// ```
    pub fn current_identity(&self) -> Option<&str> {
        self.0
            .current_snapshot_identity
            .as_deref()
            .filter(|identity| !identity.is_empty())
    }

    /// Whether it is ready and serves this snapshot.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, load: coreweave_inference::HotLoad)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let replicas = client.hot_loads().replicas(load.id()).await?;
    /// let done = replicas.iter().all(|replica| replica.serves(load.identity()));
    /// # let _ = done; Ok(()) }
    /// ```
    pub fn serves(&self, identity: &str) -> bool {
        *self.state() == HotLoadReplicaState::Ready && self.current_identity() == Some(identity)
    }

    /// What went wrong on it, if something did.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// if let Some(reason) = replica.error_reason() {
    ///     eprintln!("{}: {reason}", replica.name());
    /// }
    /// # }
    /// ```
    pub fn error_reason(&self) -> Option<&str> {
        self.0
            .error_reason
            .as_deref()
            .filter(|reason| !reason.is_empty())
    }

    /// When its state last changed.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// let since = replica.transitioned_at();
    /// # let _ = since; }
    /// ```
    pub fn transitioned_at(&self) -> Option<DateTime<Utc>> {
        self.0.transitioned_at
    }

    /// The generated type that this wraps.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// let finished = replica.raw().finished_at;
    /// # let _ = finished; }
    /// ```
    pub fn raw(&self) -> &types::HotLoadReplica {
        &self.0
    }

    /// Gives up the generated type that this wraps.
    ///
    /// ```no_run
    /// # fn f(replica: coreweave_inference::HotLoadReplica) {
    /// let raw: coreweave_inference::raw::types::HotLoadReplica = replica.into_raw();
    /// # let _ = raw; }
    /// ```
    pub fn into_raw(self) -> types::HotLoadReplica {
        self.0
    }
}

impl From<types::HotLoadReplica> for HotLoadReplica {
    fn from(raw: types::HotLoadReplica) -> Self {
        Self(raw)
    }
}

impl fmt::Display for HotLoadReplica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}: {}", self.name(), self.zone(), self.state())?;
        if let Some(identity) = self.current_identity() {
            write!(f, ", serves {identity}")?;
        }
        if let Some(reason) = self.error_reason() {
            write!(f, " ({reason})")?;
        }
        Ok(())
    }
}
