//! What new capacity claims accept.

use super::CapacityClaim;
use crate::api::Api;
use crate::call::{self, Call};
use crate::raw::{self, types};
use crate::resource::{sorted, wrapper};

wrapper! {
    /// What new capacity claims accept, as returned by `client.capacity_claims().parameters()`.
    CapacityClaimParameters(GetCapacityClaimParametersResponse)
}

impl CapacityClaimParameters {
    /// Returns the zones, sorted.
    pub fn zones(&self) -> Vec<&str> {
        sorted(self.raw.zone_instance_types.keys())
    }

    /// Returns the instance types in a zone.
    pub fn instance_types(&self, zone: &str) -> &[String] {
        let types = self.raw.zone_instance_types.get(zone);
        types.map_or(&[], |found| &found.instance_types)
    }
}

impl Api<CapacityClaim> {
    /// Fetches what new capacity claims accept: zones and the instance types in them.
    pub fn parameters(&self) -> Call<'static, raw::Call, CapacityClaimParameters> {
        let call = raw::Call::get_capacity_claim_parameters();
        Call::new(
            self.context(),
            call,
            call::message::<types::GetCapacityClaimParametersResponse, _>,
        )
    }
}
