//! The description of capacity claims.

use std::time::Duration;

use super::CapacityClaimSpec;
use crate::raw::types;
use crate::resource::kind::{
    Items, Kind, Managed, Metadata, Phase, PollDefaults, RawResult, Sealed, bind_kind,
    bind_managed, metadata, to_update,
};

/// The kind of [`CapacityClaim`](crate::CapacityClaim)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CapacityClaim {}

impl Sealed for CapacityClaim {}

impl Kind for CapacityClaim {
    const NOUN: &'static str = "capacity claim";
    type Raw = types::CapacityClaim;
    type Create = types::CreateCapacityClaimRequest;

    const MEMBER: &'static str = "capacityClaim";
    const UNIQUE_NAMES: bool = true;
    const POLL: PollDefaults = PollDefaults {
        timeout: Duration::from_secs(45 * 60),
        interval: Duration::from_secs(5),
    };

    bind_kind!(capacity_claim, get_capacity_claim: GET_CAPACITY_CLAIM, create_capacity_claim: CREATE_CAPACITY_CLAIM);

    fn metadata(raw: &types::CapacityClaim) -> Metadata<'_> {
        metadata!(raw, name: name, state: status: ResourceStatus)
    }

    fn last_status(raw: &types::CapacityClaim) -> Option<types::ResourceStatus> {
        Self::status(raw).cloned()
    }

    fn phase(raw: &types::CapacityClaim) -> Phase {
        Phase::new(Self::status(raw))
    }

    fn create_id(body: &mut types::CreateCapacityClaimRequest) -> &mut Option<String> {
        &mut body.id
    }
}

impl Managed for CapacityClaim {
    type Spec = CapacityClaimSpec;

    bind_managed!(
        capacity_claim,
        capacity_claims,
        list_capacity_claims(ListCapacityClaimsParams): LIST_CAPACITY_CLAIMS,
        update_capacity_claim: UPDATE_CAPACITY_CLAIM,
        delete_capacity_claim: DELETE_CAPACITY_CLAIM
    );

    fn to_update(raw: &types::CapacityClaim) -> Result<CapacityClaimSpec, serde_json::Error> {
        to_update(&raw.spec, &["organizationId", "name"])
    }

    fn spec_id(spec: &mut CapacityClaimSpec) -> &mut String {
        &mut spec.id
    }
}
