//! What new gateways accept.

use super::kind;
use crate::api::{Api, Request};
use crate::raw;
use crate::raw::types;
use crate::resource::wrapper;

wrapper! {
    /// What new gateways accept, as returned by `client.gateways().parameters()`.
    GatewayParameters(types::GetGatewayParametersResponse)
}

impl GatewayParameters {
    /// The zones that a gateway can run in.
    pub fn zones(&self) -> &[String] {
        &self.0.zones
    }
}

impl Api<kind::Gateway> {
    /// Fetches what new gateways accept: the zones.
    pub fn parameters(&self) -> Request<'static, GatewayParameters> {
        self.request(|context| async move {
            let call = |client: raw::Client| async move { client.get_gateway_parameters().await };
            let response = context.send(None, call).await?;
            Ok(GatewayParameters::from(response.into_inner()))
        })
    }
}
