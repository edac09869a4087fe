//! Gateways: where inference requests come in.

mod access;
mod endpoint;
mod new;
mod setup;
mod spec;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use access::{GatewayAuth, Routing, WandbAuth};
pub use new::NewGateway;
pub use spec::GatewaySpec;

use super::facts::{Facts, LifeNames, Names, Patience, Stage};
use super::handle::Handle;
use super::kind::{self, Kind, Managed};
use super::parameters::GatewayParameters;
use super::spec::editable;
use super::view::Resource;
use crate::error::Error;
use crate::raw::Operation;
use crate::raw::Response;
use crate::raw::types::{self, ResourceStatus};
use crate::request::{Request, Sender};
use crate::validate::Check;

/// A gateway: the endpoint that inference requests come in at, with the way it authenticates and routes them.
pub type Gateway = Resource<kind::Gateway>;

/// The gateways of the account; see [`Client::gateways`](crate::Client::gateways).
pub type Gateways = Handle<kind::Gateway>;

impl Resource<kind::Gateway> {
    /// The URLs that the gateway answers at. Empty until it is ready.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// for url in gateway.endpoints() {
    ///     println!("{url}");
    /// }
    /// # }
    /// ```
    pub fn endpoints(&self) -> &[String] {
        self.raw()
            .status
            .as_ref()
            .map_or(&[], |status| &status.endpoints)
    }

    /// The zones that the gateway runs in, of which there is one today.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// println!("in {}", gateway.zones().join(", "));
    /// # }
    /// ```
    pub fn zones(&self) -> &[String] {
        self.raw().spec.as_ref().map_or(&[], |spec| &spec.zones)
    }

    /// Whose credentials the gateway takes.
    ///
    /// ```no_run
    /// use coreweave_inference::GatewayAuth;
    ///
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// let open_to_us = gateway.auth() == GatewayAuth::CoreWeave;
    /// # let _ = open_to_us; }
    /// ```
    pub fn auth(&self) -> GatewayAuth {
        self.raw().spec.as_ref().map_or(GatewayAuth::Other, |spec| {
            GatewayAuth::of(
                spec.core_weave_auth.as_ref(),
                spec.weights_and_biases_auth.as_ref(),
            )
        })
    }

    /// How the gateway finds the model that a request is for.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway) {
    /// println!("routes by {}", gateway.routing());
    /// # }
    /// ```
    pub fn routing(&self) -> Routing {
        self.raw().spec.as_ref().map_or(Routing::Other, |spec| {
            Routing::of(
                spec.body_based_routing.as_ref(),
                spec.header_based_routing.as_ref(),
                spec.path_based_routing.as_ref(),
            )
        })
    }
}

impl Handle<kind::Gateway> {
    /// What a new gateway can be asked for with: the zones.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.gateways().parameters().await?;
    /// println!("zones: {}", parameters.zones().join(", "));
    /// # Ok(()) }
    /// ```
    pub fn parameters(&self) -> Request<'static, GatewayParameters> {
        Request::new(self.client.clone(), |sender| async move {
            let call = |raw: crate::raw::Client| async move { raw.get_gateway_parameters().await };
            sender
                .send(None, call)
                .await
                .map(|reply| GatewayParameters::from(reply.into_inner()))
        })
    }
}

impl Kind for kind::Gateway {
    const NOUN: &'static str = "gateway";
    const NAMES: Names = Names {
        member: "gateway",
        get: Operation::GET_GATEWAY,
        create: Operation::CREATE_GATEWAY,
        unique_names: true,
    };
    const PATIENCE: Patience = Patience {
        ready: Duration::from_secs(600),
        interval: Duration::from_secs(5),
    };

    type Raw = types::Gateway;
    type Create = types::CreateGatewayRequest;

    fn facts(raw: &types::Gateway) -> Facts<'_> {
        let (spec, status) = (raw.spec.as_ref(), raw.status.as_ref());
        Facts {
            id: spec.and_then(|spec| spec.id.as_deref()),
            label: spec.and_then(|spec| spec.name.as_deref()),
            state: Self::status(raw)
                .unwrap_or(&ResourceStatus::Unspecified)
                .as_str(),
            conditions: status.map_or(&[], |status| &status.conditions),
            created_at: status.and_then(|status| status.created_at),
            updated_at: status.and_then(|status| status.updated_at),
        }
    }

    fn stage(raw: &types::Gateway) -> Stage {
        Stage::of(Self::status(raw))
    }

    fn id_to_create(body: &mut types::CreateGatewayRequest) -> &mut Option<String> {
        &mut body.id
    }

    fn answers_to(body: &types::CreateGatewayRequest, raw: &types::Gateway) -> bool {
        Self::facts(raw).label == Some(body.name.as_str())
    }

    fn check(body: &types::CreateGatewayRequest, check: &mut Check) {
        new::check(body, check);
    }

    async fn get(sender: &Sender, id: &str) -> Result<Response<Option<types::Gateway>>, Error> {
        Ok(sender
            .send(Some(id), |raw| async move { raw.get_gateway(id).await })
            .await?
            .map(|reply| reply.gateway))
    }

    async fn create(
        sender: &Sender,
        body: &types::CreateGatewayRequest,
    ) -> Result<Response<Option<types::Gateway>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.create_gateway(body).await };
        Ok(sender
            .send(body.id.as_deref(), call)
            .await?
            .map(|reply| reply.gateway))
    }
}

impl Managed for kind::Gateway {
    const LIFE: LifeNames = LifeNames {
        list: Operation::LIST_GATEWAYS,
        update: Operation::UPDATE_GATEWAY,
        delete: Operation::DELETE_GATEWAY,
    };

    type Spec = GatewaySpec;
    type Filter = ();

    fn status(raw: &types::Gateway) -> Option<&ResourceStatus> {
        raw.status.as_ref()?.status.as_ref()
    }

    fn spec(raw: &types::Gateway) -> Result<GatewaySpec, serde_json::Error> {
        editable(&raw.spec, &["organizationId"]).map(GatewaySpec::from_raw)
    }

    fn spec_id(spec: &mut GatewaySpec) -> &mut String {
        spec.id()
    }

    fn check_spec(spec: &GatewaySpec, check: &mut Check) {
        spec.check(check);
    }

    fn check_fixed(before: Option<&GatewaySpec>, spec: &GatewaySpec, check: &mut Check) {
        let name = before.unwrap_or(spec).known_name();
        let same = spec.name == name;
        check.that(
            same,
            "name",
            format_args!("a gateway's name can't change; it is {name:?}"),
        );
    }

    async fn list(
        sender: &Sender,
        (): &(),
        updated_after: Option<DateTime<Utc>>,
    ) -> Result<Response<Vec<types::Gateway>>, Error> {
        let call = |raw: crate::raw::Client| async move {
            let params = crate::raw::params::ListGatewaysParams {
                updated_after,
                ..Default::default()
            };
            raw.list_gateways(&params).await
        };
        Ok(sender.send(None, call).await?.map(|reply| reply.items))
    }

    async fn update(
        sender: &Sender,
        id: &str,
        spec: GatewaySpec,
    ) -> Result<Response<Option<types::Gateway>>, Error> {
        let body = &spec.into_raw();
        let call = |raw: crate::raw::Client| async move { raw.update_gateway(id, body).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.gateway))
    }

    async fn delete(sender: &Sender, id: &str) -> Result<Response<Option<types::Gateway>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.delete_gateway(id).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.gateway))
    }
}
