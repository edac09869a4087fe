//! Capacity claims to create.

use super::CapacityClaim;
use crate::raw::types::{self, CapacityType};
use crate::resource::new_resource;

new_resource! {
    /// The request for a new capacity claim.
    ///
    /// ```
    /// use coreweave_inference::NewCapacityClaim;
    ///
    /// let claim = NewCapacityClaim::new("gb200-4x", 2, ["US-EAST-04A"]).name("evenings");
    /// assert_eq!(claim.raw().resources.instance_count, 2);
    /// ```
    NewCapacityClaim(CreateCapacityClaimRequest), id: CapacityClaim
}

impl NewCapacityClaim {
    /// Claims a number of instances of a type in these zones; [`parameters`](crate::Api::parameters) lists what there is.
    ///
    /// Send zones and instance types as `parameters` returns them. The [capacity type](Self::capacity_type) is MANAGED.
    pub fn new(
        instance_type: impl Into<String>,
        count: u32,
        zones: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::from(types::CreateCapacityClaimRequest {
            resources: types::CapacityClaimResources {
                instance_id: instance_type.into(),
                instance_count: count,
                zones: zones.into_iter().map(Into::into).collect(),
                capacity_type: CapacityType::Managed,
                ..Default::default()
            },
            ..Default::default()
        })
    }

    /// Sets the capacity type. Since August 2026 the service accepts MANAGED alone, the default.
    pub fn capacity_type(mut self, capacity_type: CapacityType) -> Self {
        self.raw.resources.capacity_type = capacity_type;
        self
    }

    /// Sets the name. By default the service chooses one.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.raw.name = Some(name.into());
        self
    }
}
