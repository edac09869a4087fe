//! Deployments, the models that are served.

mod new;
mod parameters;
mod traffic;

use std::ops::RangeInclusive;
use std::time::Duration;

pub use new::{Model, NewDeployment, Resources};
pub use parameters::DeploymentParameters;
pub use traffic::{Shift, ShiftTraffic};

use crate::api::Api;
use crate::call::Call;
use crate::client::Client;
use crate::gateway::{Gateway, GatewayId};
use crate::list::Filter;
use crate::raw::types;
use crate::resource::{Describe, Id, Internal, IntoId, managed, resource};
use crate::wait::{Wait, conditions};
use crate::watch::Watch;

resource! {
    /// A deployment: a model that an engine serves through gateways, on a number of replicas.
    Deployment(Deployment), NewDeployment, "deployment"
}

managed!(Deployment, DeploymentSpec);

/// The id of a deployment.
pub type DeploymentId = Id<Deployment>;

/// The full spec of a deployment, for updates: the generated request type, with members that this version does not know
/// in `extra`.
pub type DeploymentSpec = types::UpdateDeploymentRequest;

impl Describe for Deployment {
    const WAIT_TIMEOUT: Duration = Duration::from_secs(60 * 60);
    const POLL_INTERVAL: Duration = Duration::from_secs(10);

    fn is_switched_off(&self, _: Internal) -> bool {
        self.is_disabled()
    }

    fn scales_only(before: &DeploymentSpec, after: &DeploymentSpec, _: Internal) -> bool {
        let scaled = DeploymentSpec {
            autoscaling: after.autoscaling.clone(),
            traffic: after.traffic.clone(),
            ..before.clone()
        };
        scaled == *after
    }
}

impl Client {
    /// Returns the operations on deployments.
    pub fn deployments(&self) -> Api<Deployment> {
        Api::new(self.clone())
    }
}

impl Api<Deployment> {
    /// Waits until the resources of a deployment exist: until the condition `ResourcesApplied` is true.
    ///
    /// That is before it is ready, which takes capacity, and the end for a disabled deployment, which never is.
    pub fn wait_applied(&self, id: impl IntoId<Deployment>) -> Wait<'static, Deployment> {
        self.wait_for(id, conditions::is_applied(), "to be applied")
    }
}

impl Call<'static, Filter<Deployment>, Vec<Deployment>> {
    /// Selects deployments of this gateway.
    pub fn gateway(mut self, id: impl IntoId<Gateway>) -> Self {
        self.body
            .set_id(id, |params, id| params.parent_gateway_id = id);
        self
    }
}

impl Watch<Deployment> {
    /// Selects deployments of this gateway. One that leaves the gateway counts as deleted.
    pub fn gateway(mut self, id: impl IntoId<Gateway>) -> Self {
        let filter = &mut self.list.filter;
        filter.set_id(id, |params, id| params.parent_gateway_id = id);
        self
    }
}

impl Deployment {
    /// Returns the gateways that send requests to the deployment.
    pub fn gateway_ids(&self) -> impl Iterator<Item = GatewayId> {
        let ids = self.spec_ref().map_or(&[][..], |spec| &spec.gateway_ids);
        ids.iter().filter_map(|id| id.parse().ok())
    }

    /// Returns the name that requests use for the model.
    pub fn model_name(&self) -> &str {
        let model = self.spec_ref().and_then(|spec| spec.model.as_ref());
        model.map_or("", |model| &model.name)
    }

    /// Returns the inference engine.
    pub fn engine(&self) -> &str {
        self.runtime().map_or("", |runtime| &runtime.engine)
    }

    /// Returns the version of the engine.
    pub fn engine_version(&self) -> Option<&str> {
        let version = self.runtime()?.version.as_deref();
        version.filter(|version| !version.is_empty())
    }

    /// Returns the instance type.
    pub fn instance_type(&self) -> &str {
        self.resources()
            .map_or("", |resources| &resources.instance_type)
    }

    /// Returns the number of GPUs per replica.
    pub fn gpu_count(&self) -> u32 {
        self.resources().map_or(0, |resources| resources.gpu_count)
    }

    /// Returns the minimum and the maximum number of replicas.
    pub fn replicas(&self) -> RangeInclusive<u32> {
        let autoscaling = self.spec_ref().and_then(|spec| spec.autoscaling.as_ref());
        autoscaling.map_or(0..=0, |autoscaling| autoscaling.min..=autoscaling.max)
    }

    /// Returns the weight of the deployment among those that serve the same model name.
    pub fn weight(&self) -> u32 {
        let traffic = self.spec_ref().and_then(|spec| spec.traffic.as_ref());
        traffic.and_then(|traffic| traffic.weight).unwrap_or(0)
    }

    /// Returns whether the deployment is disabled.
    pub fn is_disabled(&self) -> bool {
        let disabled = self.spec_ref().and_then(|spec| spec.disabled);
        disabled.unwrap_or(false)
    }

    /// Returns whether the deployment was created with hot-loading.
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
