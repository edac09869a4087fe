//! Whose credentials a gateway accepts.

use crate::raw::Secret;
use crate::raw::types;
use crate::resource::wrapper;

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
    /// A choice that this version does not know; the [raw](crate::Gateway::raw) spec has it.
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
            (None, Some(raw)) => Self::WeightsAndBiases(raw.clone().into()),
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

wrapper! {
    /// How a gateway verifies credentials with Weights & Biases.
    ///
    /// The API never returns the key. So an update of a gateway that has such a configuration must set the key again, or say
    /// that it may be [dropped](Self::without_api_key).
    ///
    /// ```
    /// use coreweave_inference::WandbAuth;
    ///
    /// let wandb = WandbAuth::new().server("https://wandb.example.com", "a secret key").rate_limiting(true);
    /// assert_eq!(wandb.raw().server_url.as_deref(), Some("https://wandb.example.com"));
    /// assert!(!format!("{wandb:?}").contains("a secret key"));
    /// ```
    #[derive(Default)]
    WandbAuth(WeightsAndBiasesAuth)
}

impl WandbAuth {
    /// Verifies with the shared service, without usage reports and rate limiting.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the server to verify credentials with, and the organization's API key for it.
    pub fn server(self, url: impl Into<String>, api_key: impl Into<Secret>) -> Self {
        let mut auth = self.api_key(api_key);
        auth.raw.server_url = Some(url.into());
        auth
    }

    /// Sets the organization's API key.
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.raw.api_key = Some(api_key.into());
        self
    }

    /// Lets an update drop the key.
    pub fn without_api_key(self) -> Self {
        self.api_key("")
    }

    /// Sets whether the gateway reports usage to Weights & Biases.
    pub fn usage_reports(mut self, enabled: bool) -> Self {
        self.raw.enable_usage_reports = Some(enabled);
        self
    }

    /// Sets whether Weights & Biases limits the request rate.
    pub fn rate_limiting(mut self, enabled: bool) -> Self {
        self.raw.enable_rate_limiting = Some(enabled);
        self
    }
}

/// Checks that an update does not drop the key of a configuration that the gateway has, because it never received it. An
/// empty key says that it may be dropped, and is not sent.
pub(super) fn keep_api_key(
    before: Option<&types::UpdateGatewayRequest>,
    after: &mut types::UpdateGatewayRequest,
) -> Result<(), (&'static str, &'static str)> {
    let had_config = {
        let before = before.unwrap_or(after).weights_and_biases_auth.as_ref();
        before.is_some_and(|config| *config != types::WeightsAndBiasesAuth::default())
    };
    let Some(config) = &mut after.weights_and_biases_auth else {
        return Ok(());
    };
    match &config.api_key {
        None if had_config => Err((
            "weightsAndBiasesAuth.apiKey",
            "the API never returns the key, so this update would drop it; set it with `WandbAuth::api_key`, or allow the \
             loss with `WandbAuth::without_api_key`",
        )),
        Some(key) if key.expose().is_empty() => {
            config.api_key = None;
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::GatewaySpec;
    use serde_json::json;

    fn spec(auth: serde_json::Value) -> GatewaySpec {
        let spec = json!({"id": "1", "name": "n", "weightsAndBiasesAuth": auth});
        serde_json::from_value(spec).unwrap()
    }

    fn drops_key(before: &GatewaySpec, after: &GatewaySpec) -> bool {
        keep_api_key(Some(before), &mut after.clone()).is_err()
    }

    #[test]
    fn an_update_that_would_drop_the_api_key_is_refused() {
        let configured = json!({"serverUrl": "https://w", "enableUsageReports": true});
        for (config, drops) in [
            (json!({}), false),
            (json!({"apiKey": "k"}), false),
            (json!({"enableRateLimiting": true}), true),
            (configured.clone(), true),
        ] {
            let mut spec = spec(config.clone());
            assert_eq!(drops_key(&spec, &spec), drops, "{config}");
            assert_eq!(keep_api_key(None, &mut spec).is_err(), drops, "{config}");
        }
        let before = spec(configured.clone());
        let with = |change: fn(WandbAuth) -> WandbAuth| {
            let mut after = before.clone();
            let GatewayAuth::WeightsAndBiases(auth) = before.auth() else {
                unreachable!()
            };
            after.set_auth(GatewayAuth::WeightsAndBiases(change(auth)));
            after
        };
        assert!(!drops_key(&before, &with(|auth| auth.api_key("new"))));
        assert!(!drops_key(&before, &with(WandbAuth::without_api_key)));
        let mut switched = before.clone();
        switched.set_auth(GatewayAuth::CoreWeave);
        assert!(!drops_key(&before, &switched));
        // The shared service needs no key.
        assert!(!drops_key(&switched, &before));
    }

    #[test]
    fn a_key_that_may_be_dropped_is_not_sent() {
        let mut after = spec(json!({"serverUrl": "https://w"}));
        after.set_auth(GatewayAuth::WeightsAndBiases(
            WandbAuth::new().without_api_key(),
        ));
        keep_api_key(None, &mut after).unwrap();
        assert_eq!(
            after.weights_and_biases_auth,
            Some(types::WeightsAndBiasesAuth::default())
        );
    }
}
