//! What new gateways accept.

use super::Gateway;
use crate::api::Api;
use crate::call::{self, Call};
use crate::raw::{self, types};
use crate::resource::wrapper;

wrapper! {
    /// What new gateways accept, as returned by `client.gateways().parameters()`.
    GatewayParameters(GetGatewayParametersResponse)
}

impl GatewayParameters {
    /// Returns the zones that a gateway can run in.
    pub fn zones(&self) -> &[String] {
        &self.raw.zones
    }
}

impl Api<Gateway> {
    /// Fetches what new gateways accept: the zones.
    pub fn parameters(&self) -> Call<'static, raw::Call, GatewayParameters> {
        let call = raw::Call::get_gateway_parameters();
        Call::new(
            self.context(),
            call,
            call::message::<types::GetGatewayParametersResponse, _>,
        )
    }
}
