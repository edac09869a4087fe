//! Capacity claims to create.

use super::kind;
use crate::raw::types::{self, CapacityType};
use crate::resource::NewResource;

/// The request for a new capacity claim.
///
/// ```
/// use coreweave_inference::{CapacityType, NewCapacityClaim};
///
/// let claim = NewCapacityClaim::new("gb200-4x", 2, ["US-EAST-04A"], CapacityType::Managed).name("evenings");
/// assert_eq!(claim.raw().resources.instance_count, 2);
/// ```
pub type NewCapacityClaim = NewResource<kind::CapacityClaim>;

impl NewResource<kind::CapacityClaim> {
    /// A number of instances of a type in these zones; [`parameters`](crate::Api::parameters) lists what there is.
    pub fn new(
        instance_type: impl Into<String>,
        count: u32,
        zones: impl IntoIterator<Item = impl Into<String>>,
        capacity_type: CapacityType,
    ) -> Self {
        Self::from_raw(types::CreateCapacityClaimRequest {
            resources: types::CapacityClaimResources {
                instance_id: instance_type.into(),
                instance_count: count,
                zones: zones.into_iter().map(Into::into).collect(),
                capacity_type,
                ..Default::default()
            },
            ..Default::default()
        })
    }

    /// The name. By default the service chooses one.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }
}
