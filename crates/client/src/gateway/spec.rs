//! The part of a gateway that an update can change.

use std::ops::{Deref, DerefMut};

use super::{GatewayAuth, Routing};
use crate::raw::types;
use crate::resource::wrapper;

wrapper! {
    /// The full spec of a gateway, for updates: the generated request type, with setters for what is one of several members.
    ///
    /// [`Api::update`](crate::Api::update) passes it to the change function. What is not changed is sent back as it was read,
    /// members that this version does not know included.
    ///
    /// ```no_run
    /// use coreweave_inference::{Client, Routing};
    ///
    /// # async fn example(client: Client, id: coreweave_inference::GatewayId) -> Result<(), coreweave_inference::Error> {
    /// client.gateways().update(&id, |gateway| gateway.set_routing(Routing::Path)).await?;
    /// client.gateways().update(&id, |gateway| gateway.zones.push("US-WEST-04B".into())).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Default)]
    GatewaySpec(UpdateGatewayRequest)
}

impl GatewaySpec {
    /// Returns whose credentials the gateway accepts.
    pub fn auth(&self) -> GatewayAuth {
        GatewayAuth::from_members(
            self.core_weave_auth.as_ref(),
            self.weights_and_biases_auth.as_ref(),
        )
    }

    /// Sets whose credentials the gateway accepts. [`GatewayAuth::Other`] changes nothing.
    pub fn set_auth(&mut self, auth: GatewayAuth) {
        // A choice that stays keeps its unknown members.
        if auth != self.auth() && auth != GatewayAuth::Other {
            (self.core_weave_auth, self.weights_and_biases_auth) = auth.into_members();
        }
    }

    /// Returns how the gateway finds the model that a request is for.
    pub fn routing(&self) -> Routing {
        Routing::from_members(
            self.body_based_routing.as_ref(),
            self.header_based_routing.as_ref(),
            self.path_based_routing.as_ref(),
        )
    }

    /// Sets how the gateway finds the model that a request is for. [`Routing::Other`] changes nothing.
    pub fn set_routing(&mut self, routing: Routing) {
        if routing != self.routing() && routing != Routing::Other {
            (
                self.body_based_routing,
                self.header_based_routing,
                self.path_based_routing,
            ) = routing.into_members();
        }
    }

    /// Returns the options of the endpoint, to change them.
    pub fn endpoint(&mut self) -> &mut types::EndpointConfiguration {
        self.endpoint_configuration.get_or_insert_default()
    }
}

impl Deref for GatewaySpec {
    type Target = types::UpdateGatewayRequest;

    fn deref(&self) -> &Self::Target {
        &self.raw
    }
}

impl DerefMut for GatewaySpec {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::WandbAuth;
    use serde_json::json;

    fn spec(json: serde_json::Value) -> GatewaySpec {
        serde_json::from_value(json).unwrap()
    }

    fn sent(spec: GatewaySpec) -> serde_json::Value {
        serde_json::to_value(spec).unwrap()
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
        changed.set_auth(GatewayAuth::WeightsAndBiases(
            WandbAuth::new().usage_reports(true),
        ));
        changed.set_routing(Routing::Header("X-Model".into()));
        let ranges = &mut changed.endpoint().allowed_source_ip_ranges;
        ranges.push("192.0.2.0/24".into());
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
        assert_eq!(changed.routing(), Routing::Other);
        changed.set_routing(Routing::OpenAiBody);
        assert_eq!(
            sent(changed)["bodyBasedRouting"],
            json!({"apiType": "API_TYPE_OPENAI"})
        );
    }

    #[test]
    fn a_choice_that_stays_keeps_its_unknown_members() {
        let json = json!({"id": "1", "name": "n", "coreWeaveAuth": {"new": 1}, "pathBasedRouting": {"new": 2}});
        let mut same = spec(json.clone());
        same.set_auth(GatewayAuth::CoreWeave);
        same.set_routing(Routing::Path);
        assert_eq!(sent(same), json);
    }
}
