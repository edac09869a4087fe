//! Deployments, the models that are served.

pub(crate) mod kind;
mod new;
mod parameters;

use std::ops::RangeInclusive;

pub use new::{Gpus, Model, NewDeployment};
pub use parameters::DeploymentParameters;

use crate::api::wait::Until;
use crate::api::{Api, List, Wait, Watch, conditions};
use crate::client::Client;
use crate::gateway::GatewayId;
use crate::raw::types;
use crate::resource::kind::Kind;
use crate::resource::{Id, Resource};

/// A deployment: a model that an engine serves through gateways, on a number of replicas.
pub type Deployment = Resource<kind::Deployment>;

/// The id of a deployment.
pub type DeploymentId = Id<kind::Deployment>;

/// The full spec of a deployment, for updates: the generated request type, with members that this version does not know
/// in `extra`.
pub type DeploymentSpec = types::UpdateDeploymentRequest;

impl Client {
    /// The operations on deployments.
    pub fn deployments(&self) -> Api<kind::Deployment> {
        Api::new(self.clone())
    }
}

impl Api<kind::Deployment> {
    /// Waits until the resources of a deployment exist: until the condition `ResourcesApplied` is true.
    ///
    /// That is before it is ready, which takes capacity, and the end for a disabled deployment, which never is.
    pub fn wait_applied(&self, id: impl Into<DeploymentId>) -> Wait<'static, kind::Deployment> {
        let until = Until::new(id.into(), conditions::is_applied(), "to be applied");
        Wait::new(self.context(), until, kind::Deployment::POLL.timeout)
    }
}

impl List<kind::Deployment> {
    /// Only deployments of this gateway.
    pub fn gateway(mut self, id: impl Into<GatewayId>) -> Self {
        self.params.parent_gateway_id = Some(id.into().into_string());
        self
    }
}

impl Watch<kind::Deployment> {
    /// Only deployments of this gateway. One that leaves the gateway counts as deleted.
    pub fn gateway(mut self, id: impl Into<GatewayId>) -> Self {
        self.list.params.parent_gateway_id = Some(id.into().into_string());
        self
    }
}

impl Resource<kind::Deployment> {
    /// The gateways that send requests to the deployment.
    pub fn gateway_ids(&self) -> impl Iterator<Item = GatewayId> {
        let ids = self.spec_ref().map_or(&[][..], |spec| &spec.gateway_ids);
        ids.iter().map(GatewayId::from)
    }

    /// The name that requests use for the model.
    pub fn model_name(&self) -> &str {
        let model = self.spec_ref().and_then(|spec| spec.model.as_ref());
        model.map_or("", |model| &model.name)
    }

    /// The inference engine.
    pub fn engine(&self) -> &str {
        self.runtime().map_or("", |runtime| &runtime.engine)
    }

    /// The version of the engine.
    pub fn engine_version(&self) -> Option<&str> {
        let version = self.runtime()?.version.as_deref();
        version.filter(|version| !version.is_empty())
    }

    /// The instance type.
    pub fn instance_type(&self) -> &str {
        self.resources()
            .map_or("", |resources| &resources.instance_type)
    }

    /// The number of GPUs per replica.
    pub fn gpu_count(&self) -> u32 {
        self.resources().map_or(0, |resources| resources.gpu_count)
    }

    /// The minimum and the maximum number of replicas.
    pub fn replicas(&self) -> RangeInclusive<u32> {
        let autoscaling = self.spec_ref().and_then(|spec| spec.autoscaling.as_ref());
        autoscaling.map_or(0..=0, |autoscaling| autoscaling.min..=autoscaling.max)
    }

    /// The weight of the deployment among those that serve the same model name.
    pub fn weight(&self) -> u32 {
        let traffic = self.spec_ref().and_then(|spec| spec.traffic.as_ref());
        traffic.and_then(|traffic| traffic.weight).unwrap_or(0)
    }

    /// Whether the deployment is disabled.
    pub fn is_disabled(&self) -> bool {
        let disabled = self.spec_ref().and_then(|spec| spec.disabled);
        disabled.unwrap_or(false)
    }

    /// Whether the deployment was created with hot-loading.
    pub fn can_hot_load(&self) -> bool {
        self.spec_ref().is_some_and(|spec| spec.hot_load.is_some())
    }

    fn spec_ref(&self) -> Option<&types::DeploymentSpec> {
        self.raw().spec.as_ref()
    }

    fn runtime(&self) -> Option<&types::DeploymentRuntime> {
        self.spec_ref()?.runtime.as_ref()
    }

    fn resources(&self) -> Option<&types::DeploymentResources> {
        self.spec_ref()?.resources.as_ref()
    }
}
