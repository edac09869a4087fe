//! What new deployments accept.

use super::kind;
use crate::api::{Api, Request};
use crate::gateway::GatewayId;
use crate::raw;
use crate::raw::params::GetDeploymentParametersParams;
use crate::raw::types;
use crate::resource::wrapper;

wrapper! {
    /// What new deployments accept, as returned by `client.deployments().parameters()`.
    DeploymentParameters(types::GetDeploymentParametersResponse)
}

impl DeploymentParameters {
    /// The inference engines, sorted. Empty means that the service does not say.
    pub fn engines(&self) -> Vec<&str> {
        let versions = self.runtime().map(|runtime| &runtime.runtime_versions);
        let mut engines: Vec<_> = versions
            .into_iter()
            .flat_map(|versions| versions.keys().map(String::as_str))
            .collect();
        engines.sort_unstable();
        engines
    }

    /// The versions of an engine.
    pub fn versions(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.runtime_versions.get(engine))
            .map_or(&[], |found| &found.versions)
    }

    /// The configuration keys of an engine.
    pub fn config_keys(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.runtime_config_options.get(engine))
            .map_or(&[], |found| &found.allowed_keys)
    }

    /// The environment variables of an engine.
    pub fn env_names(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.engine_env_options.get(engine))
            .map_or(&[], |found| &found.allowed_names)
    }

    /// The instance types.
    pub fn instance_types(&self) -> &[String] {
        let resources = self.0.resource_parameters.as_ref();
        resources.map_or(&[], |resources| &resources.instance_types)
    }

    /// The gateways that all of this is for.
    pub fn gateway_ids(&self) -> impl Iterator<Item = GatewayId> {
        self.0.gateway_ids.iter().map(GatewayId::from)
    }

    fn runtime(&self) -> Option<&types::RuntimeParameters> {
        self.0.runtime_parameters.as_ref()
    }
}

impl Api<kind::Deployment> {
    /// Fetches what new deployments accept: engines, their versions and settings, and instance types.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.deployments().parameters().await?;
    /// for engine in parameters.engines() {
    ///     println!("{engine}: {}", parameters.versions(engine).join(", "));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn parameters(&self) -> Request<'static, DeploymentParameters> {
        self.parameters_for(Vec::<GatewayId>::new())
    }

    /// Fetches what new deployments behind these gateways accept.
    pub fn parameters_for(
        &self,
        gateways: impl IntoIterator<Item = impl Into<GatewayId>>,
    ) -> Request<'static, DeploymentParameters> {
        let ids = gateways.into_iter().map(|id| id.into().into_string());
        let params = GetDeploymentParametersParams {
            gateway_ids: ids.collect(),
            ..Default::default()
        };
        self.request(|context| async move {
            let call = |client: raw::Client| async move {
                client.get_deployment_parameters_with(&params).await
            };
            let response = context.send(None, call).await?;
            Ok(DeploymentParameters::from(response.into_inner()))
        })
    }
}
