//! The description of deployments.

use std::time::Duration;

use super::DeploymentSpec;
use crate::error::Error;
use crate::gateway::GatewayId;
use crate::raw::types;
use crate::resource::kind::{
    Items, Kind, Managed, Metadata, Phase, PollDefaults, RawResult, Sealed, bind_kind,
    bind_managed, metadata, to_update,
};

/// The kind of [`Deployment`](crate::Deployment)s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deployment {}

impl Sealed for Deployment {}

impl Kind for Deployment {
    const NOUN: &'static str = "deployment";
    type Raw = types::Deployment;
    type Create = types::CreateDeploymentRequest;

    const MEMBER: &'static str = "deployment";
    const UNIQUE_NAMES: bool = true;
    const POLL: PollDefaults = PollDefaults {
        timeout: Duration::from_secs(3600),
        interval: Duration::from_secs(10),
    };

    bind_kind!(deployment, get_deployment: GET_DEPLOYMENT, create_deployment: CREATE_DEPLOYMENT);

    fn metadata(raw: &types::Deployment) -> Metadata<'_> {
        metadata!(raw, name: name, state: status: ResourceStatus)
    }

    fn last_status(raw: &types::Deployment) -> Option<types::ResourceStatus> {
        Self::status(raw).cloned()
    }

    fn phase(raw: &types::Deployment) -> Phase {
        Phase::new(Self::status(raw))
    }

    fn never_ready(raw: &types::Deployment) -> Option<&'static str> {
        let disabled = raw.spec.as_ref().and_then(|spec| spec.disabled);
        disabled.unwrap_or(false).then_some(
            "is disabled and does not become ready; enable it by setting `disabled` to false, or wait with \
             `wait_applied`",
        )
    }

    fn create_id(body: &mut types::CreateDeploymentRequest) -> &mut Option<String> {
        &mut body.id
    }
}

impl Managed for Deployment {
    type Spec = DeploymentSpec;

    bind_managed!(
        deployment,
        items,
        list_deployments(ListDeploymentsParams): LIST_DEPLOYMENTS,
        update_deployment: UPDATE_DEPLOYMENT,
        delete_deployment: DELETE_DEPLOYMENT
    );

    fn to_update(raw: &types::Deployment) -> Result<DeploymentSpec, serde_json::Error> {
        to_update(&raw.spec, &["organizationId"])
    }

    fn spec_id(spec: &mut DeploymentSpec) -> &mut String {
        &mut spec.id
    }

    fn check_params(params: &Self::Params) -> Result<(), Error> {
        // An empty id would select the deployments of all gateways.
        match &params.parent_gateway_id {
            Some(id) => GatewayId::from(id).for_path(Self::LIST).map(drop),
            None => Ok(()),
        }
    }
}
