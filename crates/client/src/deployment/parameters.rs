//! What new deployments accept.

use super::Deployment;
use crate::api::Api;
use crate::call::{self, Call};
use crate::gateway::{Gateway, GatewayId};
use crate::raw::params::GetDeploymentParametersParams;
use crate::raw::{self, types};
use crate::resource::{IntoId, id_text, sorted, wrapper};

wrapper! {
    /// What new deployments accept, as returned by `client.deployments().parameters()`.
    DeploymentParameters(GetDeploymentParametersResponse)
}

impl DeploymentParameters {
    /// Returns the inference engines, sorted. Empty means that the service does not say.
    pub fn engines(&self) -> Vec<&str> {
        let versions = self.runtime().map(|runtime| &runtime.runtime_versions);
        versions.map_or_else(Vec::new, |versions| sorted(versions.keys()))
    }

    /// Returns the versions of an engine.
    pub fn versions(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.runtime_versions.get(engine))
            .map_or(&[], |found| &found.versions)
    }

    /// Returns the configuration keys of an engine.
    pub fn config_keys(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.runtime_config_options.get(engine))
            .map_or(&[], |found| &found.allowed_keys)
    }

    /// Returns the names of the environment variables of an engine.
    pub fn env_names(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.engine_env_options.get(engine))
            .map_or(&[], |found| &found.allowed_names)
    }

    /// Returns the instance types.
    pub fn instance_types(&self) -> &[String] {
        let resources = self.raw.resource_parameters.as_ref();
        resources.map_or(&[], |resources| &resources.instance_types)
    }

    /// Returns the gateways that all of this is for.
    pub fn gateway_ids(&self) -> impl Iterator<Item = GatewayId> {
        self.raw.gateway_ids.iter().filter_map(|id| id.parse().ok())
    }

    fn runtime(&self) -> Option<&types::RuntimeParameters> {
        self.raw.runtime_parameters.as_ref()
    }
}

impl Api<Deployment> {
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
    pub fn parameters(&self) -> Call<'static, raw::Call, DeploymentParameters> {
        self.parameters_for(Vec::<GatewayId>::new())
    }

    /// Fetches what new deployments behind these gateways accept.
    pub fn parameters_for(
        &self,
        gateways: impl IntoIterator<Item = impl IntoId<Gateway>>,
    ) -> Call<'static, raw::Call, DeploymentParameters> {
        let params = GetDeploymentParametersParams {
            gateway_ids: gateways.into_iter().map(id_text).collect(),
            ..Default::default()
        };
        let call = raw::Call::get_deployment_parameters_with(&params);
        Call::new(
            self.context(),
            call,
            call::message::<types::GetDeploymentParametersResponse, _>,
        )
    }
}
