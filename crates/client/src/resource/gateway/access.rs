//! Who may use a gateway, and how it finds the model that a request is for.

use std::fmt;

use crate::raw::Secret;
use crate::raw::types::{self, ApiType};

/// Whose credentials a gateway takes from those who send it inference requests.
///
/// ```
/// use coreweave_inference::{GatewayAuth, WandbAuth};
///
/// let ours = GatewayAuth::CoreWeave;
/// let wandb = GatewayAuth::WeightsAndBiases(WandbAuth::new().usage_reports(true));
/// assert_ne!(ours, wandb);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum GatewayAuth {
    /// The CoreWeave access tokens that this API takes, too.
    CoreWeave,
    /// Weights & Biases credentials.
    WeightsAndBiases(WandbAuth),
    /// Something that this version has no name for; the [raw](crate::Resource::raw) spec holds it.
    ///
    /// In an update it means that the gateway keeps what it has. A new gateway can't be asked for with it.
    Other,
}

impl GatewayAuth {
    pub(super) fn of(
        core_weave: Option<&types::CoreWeaveAuth>,
        weights_and_biases: Option<&types::WeightsAndBiasesAuth>,
    ) -> Self {
        match (core_weave, weights_and_biases) {
            (Some(_), None) => Self::CoreWeave,
            (None, Some(raw)) => Self::WeightsAndBiases(WandbAuth(raw.clone())),
            _ => Self::Other,
        }
    }

    /// The pair of members that the API has instead, of which it takes one.
    pub(super) fn into_members(
        self,
    ) -> (
        Option<types::CoreWeaveAuth>,
        Option<types::WeightsAndBiasesAuth>,
    ) {
        match self {
            Self::CoreWeave => (Some(types::CoreWeaveAuth::default()), None),
            Self::WeightsAndBiases(wandb) => (None, Some(wandb.0)),
            Self::Other => (None, None),
        }
    }
}

/// How a gateway checks credentials with Weights & Biases.
///
/// ```
/// use coreweave_inference::WandbAuth;
///
/// let wandb = WandbAuth::new().server("https://wandb.example.com", "a secret key").rate_limiting(true);
/// assert_eq!(wandb.server_url(), Some("https://wandb.example.com"));
/// assert!(!format!("{wandb:?}").contains("a secret key"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WandbAuth(types::WeightsAndBiasesAuth);

impl WandbAuth {
    /// The shared service, without reports and limits.
    ///
    /// ```
    /// # use coreweave_inference::WandbAuth;
    /// assert_eq!(WandbAuth::new().server_url(), None);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the generated type.
    ///
    /// ```
    /// # use coreweave_inference::{WandbAuth, raw::types};
    /// let raw = types::WeightsAndBiasesAuth { enable_rate_limiting: Some(true), ..Default::default() };
    /// assert_eq!(WandbAuth::from_raw(raw), WandbAuth::new().rate_limiting(true));
    /// ```
    pub fn from_raw(raw: types::WeightsAndBiasesAuth) -> Self {
        Self(raw)
    }

    /// The generated type.
    ///
    /// ```
    /// # use coreweave_inference::WandbAuth;
    /// assert_eq!(WandbAuth::new().usage_reports(true).raw().enable_usage_reports, Some(true));
    /// ```
    pub fn raw(&self) -> &types::WeightsAndBiasesAuth {
        &self.0
    }

    /// The server to check credentials with, and the organization's API key there. One can't go without the other.
    ///
    /// ```
    /// # use coreweave_inference::WandbAuth;
    /// let wandb = WandbAuth::new().server("https://wandb.example.com", std::env::var("WANDB_KEY").unwrap_or_default());
    /// # let _ = wandb;
    /// ```
    pub fn server(mut self, url: impl Into<String>, api_key: impl Into<Secret>) -> Self {
        self.0.server_url = Some(url.into());
        self.0.api_key = Some(api_key.into());
        self
    }

    /// Whether the gateway reports usage to Weights & Biases.
    ///
    /// ```
    /// # use coreweave_inference::WandbAuth;
    /// let wandb = WandbAuth::new().usage_reports(true);
    /// # let _ = wandb;
    /// ```
    pub fn usage_reports(mut self, on: bool) -> Self {
        self.0.enable_usage_reports = Some(on);
        self
    }

    /// Whether Weights & Biases limits the rate of requests.
    ///
    /// ```
    /// # use coreweave_inference::WandbAuth;
    /// let wandb = WandbAuth::new().rate_limiting(true);
    /// # let _ = wandb;
    /// ```
    pub fn rate_limiting(mut self, on: bool) -> Self {
        self.0.enable_rate_limiting = Some(on);
        self
    }

    /// The server, where it isn't the shared one.
    ///
    /// ```
    /// # use coreweave_inference::WandbAuth;
    /// assert!(WandbAuth::new().server_url().is_none());
    /// ```
    pub fn server_url(&self) -> Option<&str> {
        self.0.server_url.as_deref().filter(|url| !url.is_empty())
    }

    pub(super) fn has_key(&self) -> bool {
        self.0
            .api_key
            .as_ref()
            .is_some_and(|key| !key.expose().is_empty())
    }
}

/// How a gateway finds the model that an inference request is for.
///
/// ```
/// use coreweave_inference::Routing;
///
/// assert_eq!(Routing::Header("X-Model".into()).to_string(), "header X-Model");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Routing {
    /// By the member `model` of the body, as OpenAI's API has it.
    OpenAiBody,
    /// By the request header of this name.
    Header(String),
    /// By the first segment of the path.
    Path,
    /// Something that this version has no name for; the [raw](crate::Resource::raw) spec holds it.
    ///
    /// In an update it means that the gateway keeps what it has. A new gateway can't be asked for with it.
    Other,
}

impl Routing {
    pub(super) fn of(
        body: Option<&types::BodyBasedRouting>,
        header: Option<&types::HeaderBasedRouting>,
        path: Option<&types::PathBasedRouting>,
    ) -> Self {
        match (body, header, path) {
            (Some(body), None, None) if body.api_type == ApiType::Openai => Self::OpenAiBody,
            (None, Some(header), None) => Self::Header(header.header_name.clone()),
            (None, None, Some(_)) => Self::Path,
            _ => Self::Other,
        }
    }

    /// The three members that the API has instead, of which it takes one.
    pub(super) fn into_members(
        self,
    ) -> (
        Option<types::BodyBasedRouting>,
        Option<types::HeaderBasedRouting>,
        Option<types::PathBasedRouting>,
    ) {
        match self {
            Self::OpenAiBody => {
                let body = types::BodyBasedRouting {
                    api_type: ApiType::Openai,
                    ..Default::default()
                };
                (Some(body), None, None)
            }
            Self::Header(header_name) => {
                let header = types::HeaderBasedRouting {
                    header_name,
                    ..Default::default()
                };
                (None, Some(header), None)
            }
            Self::Path => (None, None, Some(types::PathBasedRouting::default())),
            Self::Other => (None, None, None),
        }
    }
}

impl fmt::Display for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenAiBody => f.write_str("OpenAI body"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Path => f.write_str("path"),
            Self::Other => f.write_str("other"),
        }
    }
}
