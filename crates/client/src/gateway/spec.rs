//! The part of a gateway that an update can change.

use serde::{Deserialize, Serialize};

use super::{GatewayAuth, Routing};
use crate::raw::types::{self, EdgeProxyMode};

/// The full spec of a gateway, for updates.
///
/// [`Api::update`](crate::Api::update) passes it to the change function. What is not changed is sent back as it was read,
/// members that this version does not know included.
///
/// ```no_run
/// use coreweave_inference::{Client, Routing};
///
/// # async fn example(client: Client, id: coreweave_inference::GatewayId) -> Result<(), coreweave_inference::Error> {
/// client.gateways().update(id, |spec| spec.routing = Routing::Path).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "types::UpdateGatewayRequest",
    into = "types::UpdateGatewayRequest"
)]
#[non_exhaustive]
pub struct GatewaySpec {
    /// The name, which the service refuses to change.
    pub name: String,
    /// The zones; none means all.
    pub zones: Vec<String>,
    /// Whose credentials the gateway accepts.
    pub auth: GatewayAuth,
    /// How the gateway finds the model that a request is for.
    pub routing: Routing,
    /// Further DNS names of the endpoint.
    pub additional_dns: Vec<String>,
    /// The CIDR ranges that requests may come from; none means any.
    pub allowed_source_ip_ranges: Vec<String>,
    /// How requests reach the gateway.
    pub edge_proxy_mode: Option<EdgeProxyMode>,
    /// The request that this was made from, with the members that have no field here.
    origin: types::UpdateGatewayRequest,
}

impl GatewaySpec {
    /// Wraps the generated request type.
    pub fn from_raw(raw: types::UpdateGatewayRequest) -> Self {
        let endpoint = raw.endpoint_configuration.clone().unwrap_or_default();
        Self {
            name: raw.name.clone(),
            zones: raw.zones.clone(),
            auth: auth(&raw),
            routing: routing(&raw),
            additional_dns: endpoint.additional_dns,
            allowed_source_ip_ranges: endpoint.allowed_source_ip_ranges,
            edge_proxy_mode: endpoint.edge_proxy_mode,
            origin: raw,
        }
    }

    /// The generated request type.
    pub fn into_raw(self) -> types::UpdateGatewayRequest {
        let mut raw = self.origin;
        // Only what changed is rebuilt, so that the rest keeps its unknown members.
        if self.auth != auth(&raw) && self.auth != GatewayAuth::Other {
            (raw.core_weave_auth, raw.weights_and_biases_auth) = self.auth.into_members();
        }
        if self.routing != routing(&raw) && self.routing != Routing::Other {
            (
                raw.body_based_routing,
                raw.header_based_routing,
                raw.path_based_routing,
            ) = self.routing.into_members();
        }
        let configured = !self.additional_dns.is_empty()
            || !self.allowed_source_ip_ranges.is_empty()
            || self.edge_proxy_mode.is_some();
        if configured || raw.endpoint_configuration.is_some() {
            let endpoint = raw.endpoint_configuration.get_or_insert_default();
            endpoint.additional_dns = self.additional_dns;
            endpoint.allowed_source_ip_ranges = self.allowed_source_ip_ranges;
            endpoint.edge_proxy_mode = self.edge_proxy_mode;
        }
        raw.name = self.name;
        raw.zones = self.zones;
        raw
    }

    pub(super) fn id(&mut self) -> &mut String {
        &mut self.origin.id
    }

    /// Whether the gateway may have a Weights & Biases key that this spec lacks.
    pub(super) fn drops_api_key(&self) -> bool {
        let had_config = self
            .origin
            .weights_and_biases_auth
            .as_ref()
            .is_some_and(|config| *config != types::WeightsAndBiasesAuth::default());
        match &self.auth {
            GatewayAuth::WeightsAndBiases(auth) => had_config && auth.lacks_api_key(),
            _ => false,
        }
    }
}

impl From<types::UpdateGatewayRequest> for GatewaySpec {
    fn from(raw: types::UpdateGatewayRequest) -> Self {
        Self::from_raw(raw)
    }
}

impl From<GatewaySpec> for types::UpdateGatewayRequest {
    fn from(spec: GatewaySpec) -> Self {
        spec.into_raw()
    }
}

fn auth(raw: &types::UpdateGatewayRequest) -> GatewayAuth {
    GatewayAuth::from_members(
        raw.core_weave_auth.as_ref(),
        raw.weights_and_biases_auth.as_ref(),
    )
}

fn routing(raw: &types::UpdateGatewayRequest) -> Routing {
    Routing::from_members(
        raw.body_based_routing.as_ref(),
        raw.header_based_routing.as_ref(),
        raw.path_based_routing.as_ref(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::WandbAuth;
    use serde_json::json;

    fn spec(json: serde_json::Value) -> GatewaySpec {
        GatewaySpec::from_raw(serde_json::from_value(json).unwrap())
    }

    fn sent(spec: GatewaySpec) -> serde_json::Value {
        serde_json::to_value(spec.into_raw()).unwrap()
    }

    #[test]
    fn unchanged_members_are_sent_back_as_read() {
        for json in [
            json!({"id": "1", "name": "n", "zones": ["A"], "coreWeaveAuth": {"new": 1}, "pathBasedRouting": {"new": [2]},
                "endpointConfiguration": {"additionalDns": ["d"], "edgeProxyMode": "EDGE_PROXY_MODE_DIRECT", "new": true}, "new": {"deep": null}}),
            json!({"id": "1", "name": "n", "oidcAuth": {"issuer": "i"}, "cookieRouting": {}}),
            json!({"id": "1", "name": "n", "weightsAndBiasesAuth": {"apiKey": "k", "serverUrl": "u", "new": 1},
                "bodyBasedRouting": {"apiType": "API_TYPE_NEW", "new": 1}, "endpointConfiguration": {}}),
            json!({"id": "1", "name": "n", "headerBasedRouting": {"headerName": "h", "new": 1}}),
        ] {
            assert_eq!(sent(spec(json.clone())), json);
        }
    }

    #[test]
    fn a_changed_choice_replaces_its_alternatives() {
        let mut changed =
            spec(json!({"id": "1", "name": "n", "coreWeaveAuth": {}, "pathBasedRouting": {}}));
        changed.auth = GatewayAuth::WeightsAndBiases(WandbAuth::new().usage_reports(true));
        changed.routing = Routing::Header("X-Model".into());
        changed.allowed_source_ip_ranges.push("192.0.2.0/24".into());
        assert_eq!(
            sent(changed),
            json!({"id": "1", "name": "n", "weightsAndBiasesAuth": {"enableUsageReports": true},
                "headerBasedRouting": {"headerName": "X-Model"},
                "endpointConfiguration": {"allowedSourceIpRanges": ["192.0.2.0/24"]}})
        );
    }

    #[test]
    fn an_unknown_choice_can_be_changed() {
        let mut changed =
            spec(json!({"id": "1", "name": "n", "bodyBasedRouting": {"apiType": "API_TYPE_NEW"}}));
        assert_eq!(changed.routing, Routing::Other);
        changed.routing = Routing::OpenAiBody;
        assert_eq!(
            sent(changed)["bodyBasedRouting"],
            json!({"apiType": "API_TYPE_OPENAI"})
        );
    }

    #[test]
    fn an_update_that_would_drop_the_api_key_is_detected() {
        let wandb = |json: serde_json::Value| {
            spec(json!({"id": "1", "name": "n", "weightsAndBiasesAuth": json}))
        };
        let configured = json!({"serverUrl": "https://w", "enableUsageReports": true});
        for (config, drops) in [
            (json!({}), false),
            (json!({"apiKey": "k"}), false),
            (json!({"enableRateLimiting": true}), true),
            (configured.clone(), true),
        ] {
            assert_eq!(wandb(config.clone()).drops_api_key(), drops, "{config}");
        }
        let with = |change: fn(WandbAuth) -> WandbAuth| {
            let mut spec = wandb(configured.clone());
            let GatewayAuth::WeightsAndBiases(auth) = spec.auth.clone() else {
                unreachable!()
            };
            spec.auth = GatewayAuth::WeightsAndBiases(change(auth));
            spec
        };
        let keyed = with(|auth| auth.api_key("new"));
        assert!(!keyed.drops_api_key());
        assert_eq!(sent(keyed)["weightsAndBiasesAuth"]["apiKey"], "new");
        assert!(!with(WandbAuth::without_api_key).drops_api_key());
        let mut switched = wandb(configured.clone());
        switched.auth = GatewayAuth::CoreWeave;
        assert!(!switched.drops_api_key());
    }
}
