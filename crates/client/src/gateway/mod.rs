//! Gateways, the endpoints for inference requests.

mod auth;
mod endpoint;
mod new;
mod parameters;
mod routing;
mod spec;

use std::time::Duration;

pub use auth::{GatewayAuth, WandbAuth};
pub use new::NewGateway;
pub use parameters::GatewayParameters;
pub use routing::Routing;
pub use spec::GatewaySpec;

use crate::api::Api;
use crate::client::Client;
use crate::raw::types;
use crate::resource::{Describe, Id, Internal, managed, resource};

resource! {
    /// A gateway: an endpoint for inference requests, which authenticates them and routes them to deployments.
    ///
    /// Accessors return a default for members that the API left out; [`raw`](Self::raw) tells the difference. A gateway
    /// serializes to the API's JSON.
    ///
    /// ```
    /// use coreweave_inference::Gateway;
    ///
    /// let json = r#"{"spec": {"id": "5f0c", "name": "chat"}, "status": {"status": "STATUS_READY"}}"#;
    /// let gateway: Gateway = serde_json::from_str(json)?;
    /// assert_eq!(gateway.id(), &"5f0c");
    /// assert!(gateway.is_ready());
    /// assert_eq!(gateway.to_string(), "chat (5f0c, STATUS_READY)");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Gateway(Gateway), NewGateway, "gateway"
}

managed!(Gateway, GatewaySpec);

/// The id of a gateway.
pub type GatewayId = Id<Gateway>;

impl Describe for Gateway {
    const WAIT_TIMEOUT: Duration = Duration::from_secs(10 * 60);

    fn prepare(
        before: Option<&types::UpdateGatewayRequest>,
        after: &mut types::UpdateGatewayRequest,
        _: Internal,
    ) -> Result<(), (&'static str, &'static str)> {
        auth::keep_api_key(before, after)
    }
}

impl Client {
    /// Returns the operations on gateways.
    pub fn gateways(&self) -> Api<Gateway> {
        Api::new(self.clone())
    }
}

impl Gateway {
    /// Returns the URLs of the gateway. Empty until it is ready.
    pub fn endpoints(&self) -> &[String] {
        let status = self.raw().status.as_ref();
        status.map_or(&[], |status| &status.endpoints)
    }

    /// Returns the zones that the gateway runs in.
    pub fn zones(&self) -> &[String] {
        self.spec_ref().map_or(&[], |spec| &spec.zones)
    }

    /// Returns whose credentials the gateway accepts.
    pub fn auth(&self) -> GatewayAuth {
        self.spec_ref().map_or(GatewayAuth::Other, |spec| {
            GatewayAuth::from_members(
                spec.core_weave_auth.as_ref(),
                spec.weights_and_biases_auth.as_ref(),
            )
        })
    }

    /// Returns how the gateway finds the model that a request is for.
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
