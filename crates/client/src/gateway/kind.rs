//! The description of gateways.

use std::time::Duration;

use super::GatewaySpec;
use crate::raw::types;
use crate::resource::kind::{
    Items, Kind, Managed, Metadata, Phase, PollDefaults, RawResult, Sealed, bind_kind,
    bind_managed, metadata, to_update,
};

/// The kind of [`Gateway`](crate::Gateway)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gateway {}

impl Sealed for Gateway {}

impl Kind for Gateway {
    const NOUN: &'static str = "gateway";
    type Raw = types::Gateway;
    type Create = types::CreateGatewayRequest;

    const MEMBER: &'static str = "gateway";
    const UNIQUE_NAMES: bool = true;
    const POLL: PollDefaults = PollDefaults {
        timeout: Duration::from_secs(600),
        interval: Duration::from_secs(5),
    };

    bind_kind!(gateway, get_gateway: GET_GATEWAY, create_gateway: CREATE_GATEWAY);

    fn metadata(raw: &types::Gateway) -> Metadata<'_> {
        metadata!(raw, name: name, state: status: ResourceStatus)
    }

    fn last_status(raw: &types::Gateway) -> Option<types::ResourceStatus> {
        Self::status(raw).cloned()
    }

    fn phase(raw: &types::Gateway) -> Phase {
        Phase::new(Self::status(raw))
    }

    fn create_id(body: &mut types::CreateGatewayRequest) -> &mut Option<String> {
        &mut body.id
    }
}

impl Managed for Gateway {
    type Spec = GatewaySpec;

    bind_managed!(
        gateway,
        items,
        list_gateways(ListGatewaysParams): LIST_GATEWAYS,
        update_gateway: UPDATE_GATEWAY,
        delete_gateway: DELETE_GATEWAY
    );

    fn to_update(raw: &types::Gateway) -> Result<GatewaySpec, serde_json::Error> {
        to_update(&raw.spec, &["organizationId"]).map(GatewaySpec::from_raw)
    }

    fn spec_id(spec: &mut GatewaySpec) -> &mut String {
        spec.id()
    }

    fn data_loss(spec: &GatewaySpec) -> Option<(&'static str, &'static str)> {
        spec.drops_api_key().then_some((
            "weightsAndBiasesAuth.apiKey",
            "the API never returns the key, so this update would drop it; set it with `WandbAuth::api_key`, or allow the \
             loss with `WandbAuth::without_api_key`",
        ))
    }
}
