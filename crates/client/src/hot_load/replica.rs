//! The replicas that a hot-load concerns.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::raw::types::{self, HotLoadReplicaState};
use crate::resource::wrapper;

wrapper! {
    /// A replica of a deployment, and its progress in a hot-load.
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
    HotLoadReplica(HotLoadReplica)
}

impl HotLoadReplica {
    /// Returns the name.
    pub fn name(&self) -> &str {
        self.raw.name.as_deref().unwrap_or_default()
    }

    /// Returns the zone.
    pub fn zone(&self) -> &str {
        self.raw.zone.as_deref().unwrap_or_default()
    }

    /// Returns the state.
    pub fn state(&self) -> &HotLoadReplicaState {
        let state = self.raw.state.as_ref();
        state.unwrap_or(&HotLoadReplicaState::Unspecified)
    }

    /// Returns the identity of the snapshot that the replica serves now.
    pub fn current_identity(&self) -> Option<&str> {
        let identity = self.raw.current_snapshot_identity.as_deref();
        identity.filter(|identity| !identity.is_empty())
    }

    /// Returns whether the replica is READY and serves this snapshot.
    pub fn serves(&self, identity: &str) -> bool {
        *self.state() == HotLoadReplicaState::Ready && self.current_identity() == Some(identity)
    }

    /// Returns what went wrong on the replica.
    pub fn error_reason(&self) -> Option<&str> {
        let reason = self.raw.error_reason.as_deref();
        reason.filter(|reason| !reason.is_empty())
    }

    /// Returns when the state last changed.
    pub fn transitioned_at(&self) -> Option<DateTime<Utc>> {
        self.raw.transitioned_at
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
