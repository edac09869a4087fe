//! What new resources can be asked for with.

use crate::raw::types;

/// What new gateways can be asked for with.
#[derive(Clone, Debug, PartialEq)]
pub struct GatewayParameters(types::GetGatewayParametersResponse);

impl GatewayParameters {
    /// The zones that a gateway can run in.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.gateways().parameters().await?;
    /// let zone = parameters.zones().first();
    /// # let _ = zone; Ok(()) }
    /// ```
    pub fn zones(&self) -> &[String] {
        &self.0.zones
    }
}

/// What new deployments can be asked for with.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentParameters(types::GetDeploymentParametersResponse);

impl DeploymentParameters {
    /// The inference engines on offer, in alphabetical order.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.deployments().parameters().await?;
    /// for engine in parameters.engines() {
    ///     println!("{engine}: {}", parameters.versions(engine).join(", "));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn engines(&self) -> Vec<&str> {
        let mut engines: Vec<_> = self
            .runtime()
            .into_iter()
            .flat_map(|runtime| runtime.runtime_versions.keys())
            .map(String::as_str)
            .collect();
        engines.sort_unstable();
        engines
    }

    /// The versions of an engine.
    ///
    /// ```no_run
    /// # fn f(parameters: coreweave_inference::DeploymentParameters) {
    /// let newest = parameters.versions("vllm").last();
    /// # let _ = newest; }
    /// ```
    pub fn versions(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.runtime_versions.get(engine))
            .map_or(&[], |found| &found.versions)
    }

    /// The settings that an engine takes.
    ///
    /// ```no_run
    /// # fn f(parameters: coreweave_inference::DeploymentParameters) {
    /// let settable = parameters.config_keys("vllm").iter().any(|key| key == "max-model-len");
    /// # let _ = settable; }
    /// ```
    pub fn config_keys(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.runtime_config_options.get(engine))
            .map_or(&[], |found| &found.allowed_keys)
    }

    /// The environment variables that an engine takes.
    ///
    /// ```no_run
    /// # fn f(parameters: coreweave_inference::DeploymentParameters) {
    /// println!("{:?}", parameters.env_names("vllm"));
    /// # }
    /// ```
    pub fn env_names(&self, engine: &str) -> &[String] {
        self.runtime()
            .and_then(|runtime| runtime.engine_env_options.get(engine))
            .map_or(&[], |found| &found.allowed_names)
    }

    /// The instance types on offer.
    ///
    /// ```no_run
    /// # fn f(parameters: coreweave_inference::DeploymentParameters) {
    /// println!("{}", parameters.instance_types().join("\n"));
    /// # }
    /// ```
    pub fn instance_types(&self) -> &[String] {
        self.0
            .resource_parameters
            .as_ref()
            .map_or(&[], |resources| &resources.instance_types)
    }

    /// The gateways that deployments can be attached to.
    ///
    /// ```no_run
    /// # fn f(parameters: coreweave_inference::DeploymentParameters) {
    /// for id in parameters.gateway_ids() {
    ///     println!("{id}");
    /// }
    /// # }
    /// ```
    pub fn gateway_ids(&self) -> impl Iterator<Item = crate::ids::GatewayId> {
        self.0.gateway_ids.iter().map(crate::ids::GatewayId::from)
    }

    fn runtime(&self) -> Option<&types::RuntimeParameters> {
        self.0.runtime_parameters.as_ref()
    }
}

/// What new capacity claims can be asked for with.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityClaimParameters(types::GetCapacityClaimParametersResponse);

impl CapacityClaimParameters {
    /// The zones that capacity can be claimed in, in alphabetical order.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let parameters = client.capacity_claims().parameters().await?;
    /// for zone in parameters.zones() {
    ///     println!("{zone}: {}", parameters.instance_types(zone).join(", "));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn zones(&self) -> Vec<&str> {
        let mut zones: Vec<_> = self
            .0
            .zone_instance_types
            .keys()
            .map(String::as_str)
            .collect();
        zones.sort_unstable();
        zones
    }

    /// The instance types that a zone has.
    ///
    /// ```no_run
    /// # fn f(parameters: coreweave_inference::CapacityClaimParameters) {
    /// let there = parameters.instance_types("US-EAST-04A").iter().any(|kind| kind == "gb200-4x");
    /// # let _ = there; }
    /// ```
    pub fn instance_types(&self, zone: &str) -> &[String] {
        self.0
            .zone_instance_types
            .get(zone)
            .map_or(&[], |found| &found.instance_types)
    }
}

/// What is the same for all three: each is a reply, and gives it.
macro_rules! reply {
    ($view:ident, $raw:ident) => {
        impl $view {
            /// The generated type of the reply.
            ///
            /// ```
            #[doc = concat!("use coreweave_inference::{", stringify!($view), ", raw::types::", stringify!($raw), "};")]
            ///
            #[doc = concat!("let raw = ", stringify!($raw), "::default();")]
            #[doc = concat!("let parameters = ", stringify!($view), "::from(raw);")]
            /// assert!(parameters.raw().extra.is_empty()); // no members that this version doesn't know
            /// ```
            pub fn raw(&self) -> &types::$raw {
                &self.0
            }

            /// Gives up the generated type of the reply.
            ///
            /// ```
            #[doc = concat!("use coreweave_inference::{", stringify!($view), ", raw::types::", stringify!($raw), "};")]
            ///
            #[doc = concat!("let raw = ", stringify!($raw), "::default();")]
            #[doc = concat!("let parameters = ", stringify!($view), "::from(raw.clone());")]
            /// assert_eq!(parameters.into_raw(), raw);
            /// ```
            pub fn into_raw(self) -> types::$raw {
                self.0
            }
        }

        impl From<types::$raw> for $view {
            fn from(raw: types::$raw) -> Self {
                Self(raw)
            }
        }
    };
}

reply!(GatewayParameters, GetGatewayParametersResponse);
reply!(DeploymentParameters, GetDeploymentParametersResponse);
reply!(CapacityClaimParameters, GetCapacityClaimParametersResponse);
