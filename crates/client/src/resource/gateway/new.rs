//! A gateway that is yet to be created.

use super::setup::Setup;
use super::{GatewayAuth, Routing};
use crate::raw::types;
use crate::resource::kind;
use crate::resource::new::NewResource;
use crate::validate::Check;

/// A gateway that is yet to be created.
///
/// ```
/// use coreweave_inference::{GatewayAuth, NewGateway, Routing};
///
/// let gateway = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody)
///     .additional_dns(["chat.example.com"]);
/// assert!(gateway.check().is_ok());
/// ```
pub type NewGateway = NewResource<kind::Gateway>;

impl NewResource<kind::Gateway> {
    /// A gateway of this name in this zone.
    ///
    /// The zones on offer are what [`parameters`](crate::Handle::parameters) says.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    /// let gateway = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::Path);
    /// # let _ = gateway;
    /// ```
    pub fn new(
        name: impl Into<String>,
        zone: impl Into<String>,
        auth: GatewayAuth,
        routing: Routing,
    ) -> Self {
        let (core_weave_auth, weights_and_biases_auth) = auth.into_members();
        let (body_based_routing, header_based_routing, path_based_routing) = routing.into_members();
        Self::from_raw(types::CreateGatewayRequest {
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

    /// Further DNS names for the endpoint, which you point at it yourself.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    /// # let gateway = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::Path);
    /// let gateway = gateway.additional_dns(["chat.example.com"]);
    /// # let _ = gateway;
    /// ```
    pub fn additional_dns(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.endpoint().additional_dns = names.into_iter().map(Into::into).collect();
        self
    }

    /// The only source addresses that the endpoint answers, as CIDR ranges.
    ///
    /// ```
    /// # use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    /// # let gateway = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::Path);
    /// let gateway = gateway.allowed_source_ip_ranges(["192.0.2.0/24"]);
    /// # let _ = gateway;
    /// ```
    pub fn allowed_source_ip_ranges(
        mut self,
        ranges: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.endpoint().allowed_source_ip_ranges = ranges.into_iter().map(Into::into).collect();
        self
    }

    fn endpoint(&mut self) -> &mut types::EndpointConfiguration {
        self.body.endpoint_configuration.get_or_insert_default()
    }
}

pub(super) fn check(body: &types::CreateGatewayRequest, check: &mut Check) {
    let auth = GatewayAuth::of(
        body.core_weave_auth.as_ref(),
        body.weights_and_biases_auth.as_ref(),
    );
    let routing = Routing::of(
        body.body_based_routing.as_ref(),
        body.header_based_routing.as_ref(),
        body.path_based_routing.as_ref(),
    );
    check.uuid("id", body.id.as_deref());
    Setup {
        name: &body.name,
        zones: &body.zones,
        auth: &auth,
        routing: &routing,
    }
    .check(check);
    // A member that this version doesn't know may be the one that is missing here.
    if body.extra.is_empty() {
        let one = auth != GatewayAuth::Other;
        check.that(
            one,
            "coreWeaveAuth",
            "exactly one of `coreWeaveAuth` and `weightsAndBiasesAuth` must be set",
        );
        let other_body = body.body_based_routing.is_some()
            && body.header_based_routing.is_none()
            && body.path_based_routing.is_none();
        check.that(
            routing != Routing::Other || other_body,
            "bodyBasedRouting",
            "exactly one of `bodyBasedRouting`, `headerBasedRouting` and `pathBasedRouting` must be set",
        );
    }
}
