//! The part of a gateway that an update can change.

use serde::{Deserialize, Serialize};

use super::setup::Setup;
use super::{GatewayAuth, Routing};
use crate::raw::types;
use crate::validate::Check;

/// The complete spec of a gateway, to be changed and sent back.
///
/// [`Handle::update`](crate::Handle::update) hands one out. What isn't touched goes back as it came, what this version
/// doesn't know included.
///
/// ```no_run
/// use coreweave_inference::{Client, Routing};
///
/// # async fn f(client: Client, id: coreweave_inference::GatewayId) -> Result<(), coreweave_inference::Error> {
/// client.gateways().update(id, |spec| spec.routing = Routing::Path).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "types::UpdateGatewayRequest",
    into = "types::UpdateGatewayRequest"
)]
#[non_exhaustive]
pub struct GatewaySpec {
    /// The name. It is here to be read: the API refuses to change it, and so does this crate before anything is sent.
    pub name: String,
    /// The zones, of which there is one today.
    pub zones: Vec<String>,
    /// Whose credentials the gateway takes.
    pub auth: GatewayAuth,
    /// How it finds the model that a request is for.
    pub routing: Routing,
    /// Further DNS names for the endpoint.
    pub additional_dns: Vec<String>,
    /// The only source addresses that the endpoint answers, as CIDR ranges. Empty means all.
    pub allowed_source_ip_ranges: Vec<String>,
    /// What this was made from: it tells what was changed, and holds what has no field here.
    origin: types::UpdateGatewayRequest,
}

impl GatewaySpec {
    /// Takes the generated request type.
    ///
    /// ```
    /// use coreweave_inference::{GatewaySpec, raw::types};
    ///
    /// let raw = types::UpdateGatewayRequest { name: "chat".into(), ..Default::default() };
    /// assert_eq!(GatewaySpec::from_raw(raw).name, "chat");
    /// ```
    pub fn from_raw(raw: types::UpdateGatewayRequest) -> Self {
        let (additional_dns, allowed_source_ip_ranges) = raw
            .endpoint_configuration
            .as_ref()
            .map_or_else(Default::default, |endpoint| {
                (
                    endpoint.additional_dns.clone(),
                    endpoint.allowed_source_ip_ranges.clone(),
                )
            });
        Self {
            name: raw.name.clone(),
            zones: raw.zones.clone(),
            auth: auth(&raw),
            routing: routing(&raw),
            additional_dns,
            allowed_source_ip_ranges,
            origin: raw,
        }
    }

    /// Gives the generated request type.
    ///
    /// ```
    /// use coreweave_inference::{GatewayAuth, GatewaySpec, raw::types};
    ///
    /// let mut spec = GatewaySpec::from_raw(types::UpdateGatewayRequest::default());
    /// spec.auth = GatewayAuth::CoreWeave;
    /// assert!(spec.into_raw().core_weave_auth.is_some());
    /// ```
    pub fn into_raw(self) -> types::UpdateGatewayRequest {
        let mut raw = self.origin;
        // Only what was changed is made anew: what stays keeps members that this version doesn't know.
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
        let configured =
            !self.additional_dns.is_empty() || !self.allowed_source_ip_ranges.is_empty();
        if configured || raw.endpoint_configuration.is_some() {
            let endpoint = raw.endpoint_configuration.get_or_insert_default();
            endpoint.additional_dns = self.additional_dns;
            endpoint.allowed_source_ip_ranges = self.allowed_source_ip_ranges;
        }
        raw.name = self.name;
        raw.zones = self.zones;
        raw
    }

    pub(super) fn id(&mut self) -> &mut String {
        &mut self.origin.id
    }

    pub(super) fn check(&self, check: &mut Check) {
        Setup {
            name: &self.name,
            zones: &self.zones,
            auth: &self.auth,
            routing: &self.routing,
        }
        .check(check);
    }

    /// The name that the gateway is known to have.
    pub(super) fn known_name(&self) -> &str {
        &self.origin.name
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
    GatewayAuth::of(
        raw.core_weave_auth.as_ref(),
        raw.weights_and_biases_auth.as_ref(),
    )
}

fn routing(raw: &types::UpdateGatewayRequest) -> Routing {
    Routing::of(
        raw.body_based_routing.as_ref(),
        raw.header_based_routing.as_ref(),
        raw.path_based_routing.as_ref(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec(json: serde_json::Value) -> GatewaySpec {
        GatewaySpec::from_raw(serde_json::from_value(json).unwrap())
    }

    fn sent(spec: GatewaySpec) -> serde_json::Value {
        serde_json::to_value(spec.into_raw()).unwrap()
    }

    #[test]
    fn what_is_not_touched_goes_back_as_it_came() {
        for json in [
            json!({"id": "1", "name": "n", "zones": ["A"], "coreWeaveAuth": {"new": 1}, "pathBasedRouting": {"new": [2]},
                "endpointConfiguration": {"additionalDns": ["d"], "new": true}, "new": {"deep": null}}),
            json!({"id": "1", "name": "n", "oidcAuth": {"issuer": "i"}, "cookieRouting": {}}),
            json!({"id": "1", "name": "n", "weightsAndBiasesAuth": {"apiKey": "k", "serverUrl": "u", "new": 1},
                "bodyBasedRouting": {"apiType": "API_TYPE_NEW", "new": 1}, "endpointConfiguration": {}}),
            json!({"id": "1", "name": "n", "headerBasedRouting": {"headerName": "h", "new": 1}}),
        ] {
            assert_eq!(sent(spec(json.clone())), json);
        }
    }

    #[test]
    fn a_changed_choice_replaces_the_other_members() {
        let mut changed =
            spec(json!({"id": "1", "name": "n", "coreWeaveAuth": {}, "pathBasedRouting": {}}));
        changed.auth =
            GatewayAuth::WeightsAndBiases(super::super::WandbAuth::new().usage_reports(true));
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
    fn a_choice_without_a_name_can_be_left_for_one_that_has() {
        let mut changed =
            spec(json!({"id": "1", "name": "n", "bodyBasedRouting": {"apiType": "API_TYPE_NEW"}}));
        assert_eq!(changed.routing, Routing::Other);
        changed.routing = Routing::OpenAiBody;
        assert_eq!(
            sent(changed)["bodyBasedRouting"],
            json!({"apiType": "API_TYPE_OPENAI"})
        );
    }
}
