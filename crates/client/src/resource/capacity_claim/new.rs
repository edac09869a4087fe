//! A capacity claim that is yet to be created.

use crate::raw::types::{self, CapacityType};
use crate::resource::kind;
use crate::resource::new::NewResource;
use crate::validate::Check;

/// A capacity claim that is yet to be created.
///
/// ```
/// use coreweave_inference::{CapacityType, NewCapacityClaim};
///
/// let claim = NewCapacityClaim::new("gb200-4x", 2, ["US-EAST-04A"], CapacityType::Customer).name("evenings");
/// assert!(claim.check().is_ok());
/// ```
pub type NewCapacityClaim = NewResource<kind::CapacityClaim>;

impl NewResource<kind::CapacityClaim> {
    /// A claim on so many instances of a type, in any of these zones, the first being preferred.
    ///
    /// ```
    /// # use coreweave_inference::{CapacityType, NewCapacityClaim};
    /// let claim = NewCapacityClaim::new("gb200-4x", 2, ["US-EAST-04A", "US-WEST-04A"], CapacityType::Customer);
    /// # let _ = claim;
    /// ```
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

    /// The claim's name.
    ///
    /// ```
    /// # fn f(new: coreweave_inference::NewCapacityClaim) {
    /// let new = new.name("evenings");
    /// # let _ = new; }
    /// ```
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }
}

pub(super) fn check_new(body: &types::CreateCapacityClaimRequest, check: &mut Check) {
    check.uuid("id", body.id.as_deref());
    if let Some(name) = &body.name {
        check.filled("name", name);
    }
    check_resources(&body.resources, check);
    // An old claim may still be of this type, so that an update may have to send it back.
    let current = body.resources.capacity_type != CapacityType::Serverless;
    check.that(
        current,
        "resources.capacityType",
        "CAPACITY_TYPE_SERVERLESS is refused; use CAPACITY_TYPE_MANAGED",
    );
}

pub(super) fn check_resources(resources: &types::CapacityClaimResources, check: &mut Check) {
    check.filled("resources.instanceId", &resources.instance_id);
    check.within(
        "resources.instanceCount",
        resources.instance_count,
        1..=u32::MAX,
    );
    check.that(
        !resources.zones.is_empty(),
        "resources.zones",
        "must name at least one zone",
    );
    let named = resources.zones.iter().all(|zone| !zone.trim().is_empty());
    check.that(named, "resources.zones", "must not hold an empty zone");
    let set = resources.capacity_type != CapacityType::Unspecified;
    check.that(set, "resources.capacityType", "must be set");
}
