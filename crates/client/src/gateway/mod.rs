//! Gateways, the endpoints for inference requests.

mod auth;
mod endpoint;
pub(crate) mod kind;
mod new;
mod parameters;
mod routing;
mod spec;

pub use auth::{GatewayAuth, WandbAuth};
pub use new::NewGateway;
pub use parameters::GatewayParameters;
pub use routing::Routing;
pub use spec::GatewaySpec;

use crate::api::Api;
use crate::client::Client;
use crate::raw::types;
use crate::resource::{Id, Resource};

/// A gateway: an endpoint for inference requests, which authenticates them and routes them to deployments.
pub type Gateway = Resource<kind::Gateway>;

/// The id of a gateway.
pub type GatewayId = Id<kind::Gateway>;

impl Client {
    /// The operations on gateways.
    pub fn gateways(&self) -> Api<kind::Gateway> {
        Api::new(self.clone())
    }
}

impl Resource<kind::Gateway> {
    /// The URLs of the gateway. Empty until it is ready.
    pub fn endpoints(&self) -> &[String] {
        let status = self.raw().status.as_ref();
        status.map_or(&[], |status| &status.endpoints)
    }

    /// The zones that the gateway runs in.
    pub fn zones(&self) -> &[String] {
        self.spec_ref().map_or(&[], |spec| &spec.zones)
    }

    /// Whose credentials the gateway accepts.
    pub fn auth(&self) -> GatewayAuth {
        self.spec_ref().map_or(GatewayAuth::Other, |spec| {
            GatewayAuth::from_members(
                spec.core_weave_auth.as_ref(),
                spec.weights_and_biases_auth.as_ref(),
            )
        })
    }

    /// How the gateway finds the model that a request is for.
    pub fn routing(&self) -> Routing {
        self.spec_ref().map_or(Routing::Other, |spec| {
            Routing::from_members(
                spec.body_based_routing.as_ref(),
                spec.header_based_routing.as_ref(),
                spec.path_based_routing.as_ref(),
            )
        })
    }

    fn spec_ref(&self) -> Option<&types::GatewaySpec> {
        self.raw().spec.as_ref()
    }
}
