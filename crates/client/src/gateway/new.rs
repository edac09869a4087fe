//! Gateways to create.

use super::{Gateway, GatewayAuth, Routing};
use crate::raw::types::{self, EdgeProxyMode};
use crate::resource::new_resource;

new_resource! {
    /// The request for a new gateway.
    ///
    /// ```
    /// use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    ///
    /// let gateway = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody)
    ///     .additional_dns(["chat.example.com"]);
    /// assert_eq!(gateway.raw().zones, ["US-EAST-04A"]);
    /// ```
    NewGateway(CreateGatewayRequest), id: Gateway
}

impl NewGateway {
    /// Asks for a gateway in one of the zones that [`parameters`](crate::Api::parameters) lists.
    pub fn new(
        name: impl Into<String>,
        zone: impl Into<String>,
        auth: GatewayAuth,
        routing: Routing,
    ) -> Self {
        let (core_weave_auth, weights_and_biases_auth) = auth.into_members();
        let (body_based_routing, header_based_routing, path_based_routing) = routing.into_members();
        Self::from(types::CreateGatewayRequest {
            name: name.into(),
            zones: vec![zone.into()],
            core_weave_auth,
            weights_and_biases_auth,
            body_based_routing,
            header_based_routing,
            path_based_routing,
            ..Default::default()
        })
    }

    /// Replaces the zone by these; none at all means every zone.
    pub fn zones(mut self, zones: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.raw.zones = zones.into_iter().map(Into::into).collect();
        self
    }

    /// Sets further DNS names of the endpoint. An update can add names, and not remove them.
    pub fn additional_dns(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.endpoint().additional_dns = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the CIDR ranges that requests may come from. By default they may come from anywhere.
    pub fn allowed_source_ip_ranges(
        mut self,
        ranges: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.endpoint().allowed_source_ip_ranges = ranges.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how requests reach the gateway. By default through the managed proxy.
    pub fn edge_proxy_mode(mut self, mode: EdgeProxyMode) -> Self {
        self.endpoint().edge_proxy_mode = Some(mode);
        self
    }

    fn endpoint(&mut self) -> &mut types::EndpointConfiguration {
        self.raw.endpoint_configuration.get_or_insert_default()
    }
}
