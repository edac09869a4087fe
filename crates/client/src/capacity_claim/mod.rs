//! Capacity claims, the instances that are reserved.

mod new;
mod parameters;

use std::time::Duration;

pub use new::NewCapacityClaim;
pub use parameters::CapacityClaimParameters;

use crate::api::Api;
use crate::client::Client;
use crate::raw::types::{self, CapacityType};
use crate::resource::{Describe, Id, managed, resource};

resource! {
    /// A capacity claim: a number of instances that are reserved for deployments.
    CapacityClaim(CapacityClaim), NewCapacityClaim, "capacity claim"
}

managed!(CapacityClaim, CapacityClaimSpec);

/// The id of a capacity claim.
pub type CapacityClaimId = Id<CapacityClaim>;

/// The full spec of a capacity claim, for updates: the generated request type.
///
/// The service changes the number of instances alone. It keeps the instance type, the zones and the capacity type.
pub type CapacityClaimSpec = types::UpdateCapacityClaimRequest;

impl Describe for CapacityClaim {
    const WAIT_TIMEOUT: Duration = Duration::from_secs(45 * 60);
}

impl Client {
    /// Returns the operations on capacity claims.
    pub fn capacity_claims(&self) -> Api<CapacityClaim> {
        Api::new(self.clone())
    }
}

impl CapacityClaim {
    /// Returns the instance type.
    pub fn instance_type(&self) -> &str {
        self.resources()
            .map_or("", |resources| &resources.instance_id)
    }

    /// Returns the number of instances that are claimed.
    pub fn instance_count(&self) -> u32 {
        self.resources()
            .map_or(0, |resources| resources.instance_count)
    }

    /// Returns the zones that instances may be in.
    pub fn zones(&self) -> &[String] {
        self.resources().map_or(&[], |resources| &resources.zones)
    }

    /// Returns where the capacity comes from.
    pub fn capacity_type(&self) -> &CapacityType {
        self.resources()
            .map_or(&CapacityType::Unspecified, |resources| {
                &resources.capacity_type
            })
    }

    /// Returns the number of instances that are allocated.
    pub fn allocated_instances(&self) -> u32 {
        let status = self.raw().status.as_ref();
        status
            .and_then(|status| status.allocated_instances)
            .unwrap_or(0)
    }

    /// Returns the number of instances that are still to be allocated.
    pub fn pending_instances(&self) -> u32 {
        let status = self.raw().status.as_ref();
        status
            .and_then(|status| status.pending_instances)
            .unwrap_or(0)
    }

    fn resources(&self) -> Option<&types::CapacityClaimResources> {
        self.raw().spec.as_ref()?.resources.as_ref()
    }
}
