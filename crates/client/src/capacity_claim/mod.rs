//! Capacity claims, the instances that are reserved.

pub(crate) mod kind;
mod new;
mod parameters;

pub use new::NewCapacityClaim;
pub use parameters::CapacityClaimParameters;

use crate::api::Api;
use crate::client::Client;
use crate::raw::types::{self, CapacityType};
use crate::resource::{Id, Resource};

/// A capacity claim: a number of instances that are reserved for deployments.
pub type CapacityClaim = Resource<kind::CapacityClaim>;

/// The id of a capacity claim.
pub type CapacityClaimId = Id<kind::CapacityClaim>;

/// The full spec of a capacity claim, for updates: the generated request type.
pub type CapacityClaimSpec = types::UpdateCapacityClaimRequest;

impl Client {
    /// The operations on capacity claims.
    pub fn capacity_claims(&self) -> Api<kind::CapacityClaim> {
        Api::new(self.clone())
    }
}

impl Resource<kind::CapacityClaim> {
    /// The instance type.
    pub fn instance_type(&self) -> &str {
        self.resources()
            .map_or("", |resources| &resources.instance_id)
    }

    /// The number of instances that are claimed.
    pub fn instance_count(&self) -> u32 {
        self.resources()
            .map_or(0, |resources| resources.instance_count)
    }

    /// The zones that instances may be in.
    pub fn zones(&self) -> &[String] {
        self.resources().map_or(&[], |resources| &resources.zones)
    }

    /// Where the capacity comes from.
    pub fn capacity_type(&self) -> &CapacityType {
        self.resources()
            .map_or(&CapacityType::Unspecified, |resources| {
                &resources.capacity_type
            })
    }

    /// The number of instances that are allocated.
    pub fn allocated_instances(&self) -> u32 {
        let status = self.raw().status.as_ref();
        status
            .and_then(|status| status.allocated_instances)
            .unwrap_or(0)
    }

    /// The number of instances that are still to be allocated.
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
