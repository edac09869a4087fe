//! Whose credentials a gateway accepts.

use crate::raw::Secret;
use crate::raw::types;

/// Whose credentials a gateway accepts.
///
/// ```
/// use coreweave_inference::{GatewayAuth, WandbAuth};
///
/// let core_weave = GatewayAuth::CoreWeave;
/// let wandb = GatewayAuth::WeightsAndBiases(WandbAuth::new().usage_reports(true));
/// assert_ne!(core_weave, wandb);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum GatewayAuth {
    /// CoreWeave API access tokens.
    CoreWeave,
    /// Weights & Biases credentials.
    WeightsAndBiases(WandbAuth),
    /// A choice that this version does not know; the [raw](crate::Resource::raw) spec has it.
    ///
    /// In an update it keeps what the gateway has. A create with it sends no choice.
    Other,
}

impl GatewayAuth {
    pub(super) fn from_members(
        core_weave: Option<&types::CoreWeaveAuth>,
        weights_and_biases: Option<&types::WeightsAndBiasesAuth>,
    ) -> Self {
        match (core_weave, weights_and_biases) {
            (Some(_), None) => Self::CoreWeave,
            (None, Some(raw)) => Self::WeightsAndBiases(WandbAuth::from_raw(raw.clone())),
            _ => Self::Other,
        }
    }

    /// The two members that the API has for this choice.
    pub(super) fn into_members(
        self,
    ) -> (
        Option<types::CoreWeaveAuth>,
        Option<types::WeightsAndBiasesAuth>,
    ) {
        match self {
            Self::CoreWeave => (Some(types::CoreWeaveAuth::default()), None),
            Self::WeightsAndBiases(wandb) => (None, Some(wandb.raw)),
            Self::Other => (None, None),
        }
    }
}

/// How a gateway verifies credentials with Weights & Biases.
///
/// The API never returns the key. So an update of a gateway that has such a configuration must set the key again, or say
/// that it may be [dropped](Self::without_api_key).
///
/// ```
/// use coreweave_inference::WandbAuth;
///
/// let wandb = WandbAuth::new().server("https://wandb.example.com", "a secret key").rate_limiting(true);
/// assert_eq!(wandb.server_url(), Some("https://wandb.example.com"));
/// assert!(!format!("{wandb:?}").contains("a secret key"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WandbAuth {
    raw: types::WeightsAndBiasesAuth,
    may_drop_api_key: bool,
}

impl WandbAuth {
    /// The shared service, without usage reports and rate limiting.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wraps the generated type.
    pub fn from_raw(raw: types::WeightsAndBiasesAuth) -> Self {
        Self {
            raw,
            may_drop_api_key: false,
        }
    }

    /// The generated type.
    pub fn raw(&self) -> &types::WeightsAndBiasesAuth {
        &self.raw
    }

    /// The server to verify credentials with, and the organization's API key for it.
    pub fn server(self, url: impl Into<String>, api_key: impl Into<Secret>) -> Self {
        let mut auth = self.api_key(api_key);
        auth.raw.server_url = Some(url.into());
        auth
    }

    /// The organization's API key.
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.raw.api_key = Some(api_key.into());
        self
    }

    /// Lets an update drop the key.
    pub fn without_api_key(mut self) -> Self {
        self.raw.api_key = None;
        self.may_drop_api_key = true;
        self
    }

    /// Whether the gateway reports usage to Weights & Biases.
    pub fn usage_reports(mut self, enabled: bool) -> Self {
        self.raw.enable_usage_reports = Some(enabled);
        self
    }

    /// Whether Weights & Biases limits the request rate.
    pub fn rate_limiting(mut self, enabled: bool) -> Self {
        self.raw.enable_rate_limiting = Some(enabled);
        self
    }

    /// The server, unless it is the shared one.
    pub fn server_url(&self) -> Option<&str> {
        self.raw.server_url.as_deref().filter(|url| !url.is_empty())
    }

    /// Returns true if an update with this would drop the API key and the caller has not allowed it.
    pub(super) fn lacks_api_key(&self) -> bool {
        let key = self.raw.api_key.as_ref();
        !self.may_drop_api_key && key.is_none_or(|key| key.expose().is_empty())
    }
}
