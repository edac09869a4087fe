//! Deployments: models being served.

mod new;
mod rules;

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, Utc};

pub use new::{Gpus, Model, NewDeployment};

use super::facts::{Facts, LifeNames, Names, Patience, Stage};
use super::handle::Handle;
use super::kind::{self, Kind, Managed};
use super::parameters::DeploymentParameters;
use super::spec::editable;
use super::view::Resource;
use crate::error::Error;
use crate::ids::GatewayId;
use crate::lists::List;
use crate::raw::Operation;
use crate::raw::Response;
use crate::raw::types::{self, ResourceStatus};
use crate::request::{Request, Sender};
use crate::validate::Check;

/// A deployment: a model being served through one or more gateways.
pub type Deployment = Resource<kind::Deployment>;

/// The deployments of the account; see [`Client::deployments`](crate::Client::deployments).
pub type Deployments = Handle<kind::Deployment>;

/// The complete spec of a deployment, to be changed and sent back: the generated type of an update.
///
/// What the API requires is no `Option` here, so that `spec.autoscaling.max = 8` is all there is to a change.
pub type DeploymentSpec = types::UpdateDeploymentRequest;

impl Resource<kind::Deployment> {
    /// The gateways that send traffic to the deployment.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// for id in deployment.gateway_ids() {
    ///     println!("{}", client.gateways().get(id).await?);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn gateway_ids(&self) -> impl Iterator<Item = GatewayId> {
        self.raw()
            .spec
            .iter()
            .flat_map(|spec| spec.gateway_ids.iter().map(GatewayId::from))
    }

    /// The name by which requests ask for the model. Not to be confused with the deployment's own name.
    ///
    /// ```no_run
    /// # fn f(gateway: coreweave_inference::Gateway, deployment: coreweave_inference::Deployment) {
    /// let url = gateway.openai_base_url_for(deployment.model_name());
    /// # let _ = url; }
    /// ```
    pub fn model_name(&self) -> &str {
        self.raw()
            .spec
            .as_ref()
            .and_then(|spec| spec.model.as_ref())
            .map_or("", |model| &model.name)
    }

    /// The inference engine.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// println!("{} {}", deployment.engine(), deployment.engine_version().unwrap_or("latest"));
    /// # }
    /// ```
    pub fn engine(&self) -> &str {
        self.runtime().map_or("", |runtime| &runtime.engine)
    }

    /// The version of the engine, where one was asked for or picked.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// let pinned = deployment.engine_version().is_some();
    /// # let _ = pinned; }
    /// ```
    pub fn engine_version(&self) -> Option<&str> {
        self.runtime()?
            .version
            .as_deref()
            .filter(|version| !version.is_empty())
    }

    /// The instance type that replicas run on.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// println!("{} GPUs of {} each", deployment.gpu_count(), deployment.instance_type());
    /// # }
    /// ```
    pub fn instance_type(&self) -> &str {
        self.resources()
            .map_or("", |resources| &resources.instance_type)
    }

    /// The GPUs of each replica.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// let most = deployment.gpu_count() * deployment.replicas().end();
    /// # let _ = most; }
    /// ```
    pub fn gpu_count(&self) -> u32 {
        self.resources().map_or(0, |resources| resources.gpu_count)
    }

    /// The fewest and the most replicas.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// let range = deployment.replicas();
    /// println!("{} to {} replicas", range.start(), range.end());
    /// # }
    /// ```
    pub fn replicas(&self) -> RangeInclusive<u32> {
        let autoscaling = self
            .raw()
            .spec
            .as_ref()
            .and_then(|spec| spec.autoscaling.as_ref());
        autoscaling.map_or(0..=0, |autoscaling| autoscaling.min..=autoscaling.max)
    }

    /// The share of the model's traffic, relative to the other deployments of the model.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// let canary = deployment.weight() < 10;
    /// # let _ = canary; }
    /// ```
    pub fn weight(&self) -> u32 {
        let traffic = self
            .raw()
            .spec
            .as_ref()
            .and_then(|spec| spec.traffic.as_ref());
        traffic.and_then(|traffic| traffic.weight).unwrap_or(0)
    }

    /// Whether the deployment is switched off.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// if deployment.is_disabled() {
    ///     client.deployments().update(deployment.id(), |spec| spec.disabled = Some(false)).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_disabled(&self) -> bool {
        self.raw()
            .spec
            .as_ref()
            .and_then(|spec| spec.disabled)
            .unwrap_or(false)
    }

    /// Whether weights can be hot-loaded into the deployment.
    ///
    /// ```no_run
    /// # fn f(deployment: coreweave_inference::Deployment) {
    /// assert!(deployment.can_hot_load(), "create it with `NewDeployment::hot_load`");
    /// # }
    /// ```
    pub fn can_hot_load(&self) -> bool {
        self.raw()
            .spec
            .as_ref()
            .is_some_and(|spec| spec.hot_load.is_some())
    }

    fn runtime(&self) -> Option<&types::DeploymentRuntime> {
        self.raw().spec.as_ref()?.runtime.as_ref()
    }

    fn resources(&self) -> Option<&types::DeploymentResources> {
        self.raw().spec.as_ref()?.resources.as_ref()
    }
}

impl Handle<kind::Deployment> {
    /// What a new deployment can be asked for with: engines, their versions and settings, instance types.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.deployments().parameters().await?;
    /// println!("engines: {}", parameters.engines().join(", "));
    /// # Ok(()) }
    /// ```
    pub fn parameters(&self) -> Request<'static, DeploymentParameters> {
        self.parameters_at(Vec::new())
    }

    /// What a new deployment behind these gateways can be asked for with.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, gateway: coreweave_inference::Gateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.deployments().parameters_for([gateway.id()]).await?;
    /// println!("instance types: {}", parameters.instance_types().join(", "));
    /// # Ok(()) }
    /// ```
    pub fn parameters_for(
        &self,
        gateways: impl IntoIterator<Item = impl Into<GatewayId>>,
    ) -> Request<'static, DeploymentParameters> {
        self.parameters_at(
            gateways
                .into_iter()
                .map(|id| id.into().into_string())
                .collect(),
        )
    }

    fn parameters_at(&self, gateways: Vec<String>) -> Request<'static, DeploymentParameters> {
        Request::new(self.client.clone(), |sender| async move {
            let params = crate::raw::params::GetDeploymentParametersParams {
                gateway_ids: gateways,
                ..Default::default()
            };
            let call = |raw: crate::raw::Client| async move {
                raw.get_deployment_parameters_with(&params).await
            };
            sender
                .send(None, call)
                .await
                .map(|reply| DeploymentParameters::from(reply.into_inner()))
        })
    }
}

impl List<kind::Deployment> {
    /// Only the deployments of this gateway.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, gateway: coreweave_inference::Gateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let served = client.deployments().list().gateway(gateway.id()).await?;
    /// # let _ = served; Ok(()) }
    /// ```
    pub fn gateway(mut self, id: impl Into<GatewayId>) -> Self {
        self.filter = Some(id.into());
        self
    }
}

impl Kind for kind::Deployment {
    const NOUN: &'static str = "deployment";
    const NAMES: Names = Names {
        member: "deployment",
        get: Operation::GET_DEPLOYMENT,
        create: Operation::CREATE_DEPLOYMENT,
        unique_names: true,
    };
    const PATIENCE: Patience = Patience {
        ready: Duration::from_secs(3600),
        interval: Duration::from_secs(10),
    };

    type Raw = types::Deployment;
    type Create = types::CreateDeploymentRequest;

    fn facts(raw: &types::Deployment) -> Facts<'_> {
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

    fn stage(raw: &types::Deployment) -> Stage {
        Stage::of(Self::status(raw))
    }

    fn id_to_create(body: &mut types::CreateDeploymentRequest) -> &mut Option<String> {
        &mut body.id
    }

    fn answers_to(body: &types::CreateDeploymentRequest, raw: &types::Deployment) -> bool {
        Self::facts(raw).label == Some(body.name.as_str())
    }

    fn check(body: &types::CreateDeploymentRequest, check: &mut Check) {
        rules::check_new(body, check);
    }

    async fn get(sender: &Sender, id: &str) -> Result<Response<Option<types::Deployment>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.get_deployment(id).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.deployment))
    }

    async fn create(
        sender: &Sender,
        body: &types::CreateDeploymentRequest,
    ) -> Result<Response<Option<types::Deployment>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.create_deployment(body).await };
        Ok(sender
            .send(body.id.as_deref(), call)
            .await?
            .map(|reply| reply.deployment))
    }
}

impl Managed for kind::Deployment {
    const LIFE: LifeNames = LifeNames {
        list: Operation::LIST_DEPLOYMENTS,
        update: Operation::UPDATE_DEPLOYMENT,
        delete: Operation::DELETE_DEPLOYMENT,
    };

    type Spec = DeploymentSpec;
    type Filter = Option<GatewayId>;

    fn status(raw: &types::Deployment) -> Option<&ResourceStatus> {
        raw.status.as_ref()?.status.as_ref()
    }

    fn spec(raw: &types::Deployment) -> Result<DeploymentSpec, serde_json::Error> {
        editable(&raw.spec, &["organizationId", "hotLoad"])
    }

    fn spec_id(spec: &mut DeploymentSpec) -> &mut String {
        &mut spec.id
    }

    fn check_spec(spec: &DeploymentSpec, check: &mut Check) {
        rules::check_spec(spec, check);
    }

    fn check_fixed(_: Option<&DeploymentSpec>, spec: &DeploymentSpec, check: &mut Check) {
        let absent = !spec.extra.contains_key("hotLoad");
        check.that(
            absent,
            "hotLoad",
            "can only be set when a deployment is created",
        );
    }

    async fn list(
        sender: &Sender,
        gateway: &Option<GatewayId>,
        updated_after: Option<DateTime<Utc>>,
    ) -> Result<Response<Vec<types::Deployment>>, Error> {
        // An empty id would list the deployments of all gateways.
        let gateway = gateway
            .as_ref()
            .map(|id| id.for_path(Self::LIFE.list))
            .transpose()?;
        let params = crate::raw::params::ListDeploymentsParams {
            parent_gateway_id: gateway.map(str::to_owned),
            updated_after,
            ..Default::default()
        };
        let call = |raw: crate::raw::Client| async move { raw.list_deployments(&params).await };
        Ok(sender.send(None, call).await?.map(|reply| reply.items))
    }

    async fn update(
        sender: &Sender,
        id: &str,
        spec: DeploymentSpec,
    ) -> Result<Response<Option<types::Deployment>>, Error> {
        let body = &spec;
        let call = |raw: crate::raw::Client| async move { raw.update_deployment(id, body).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.deployment))
    }

    async fn delete(
        sender: &Sender,
        id: &str,
    ) -> Result<Response<Option<types::Deployment>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.delete_deployment(id).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.deployment))
    }
}
