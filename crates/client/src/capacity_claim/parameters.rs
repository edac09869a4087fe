//! What new capacity claims accept.

use super::kind;
use crate::api::{Api, Request};
use crate::raw;
use crate::raw::types;
use crate::resource::wrapper;

wrapper! {
    /// What new capacity claims accept, as returned by `client.capacity_claims().parameters()`.
    CapacityClaimParameters(types::GetCapacityClaimParametersResponse)
}

impl CapacityClaimParameters {
    /// The zones, sorted.
    pub fn zones(&self) -> Vec<&str> {
        let zones = self.0.zone_instance_types.keys();
        let mut zones: Vec<_> = zones.map(String::as_str).collect();
        zones.sort_unstable();
        zones
    }

    /// The instance types in a zone.
    pub fn instance_types(&self, zone: &str) -> &[String] {
        let types = self.0.zone_instance_types.get(zone);
        types.map_or(&[], |found| &found.instance_types)
    }
}

impl Api<kind::CapacityClaim> {
    /// Fetches what new capacity claims accept: zones and the instance types in them.
    pub fn parameters(&self) -> Request<'static, CapacityClaimParameters> {
        self.request(|context| async move {
            let call =
                |client: raw::Client| async move { client.get_capacity_claim_parameters().await };
            let response = context.send(None, call).await?;
            Ok(CapacityClaimParameters::from(response.into_inner()))
        })
    }
}
