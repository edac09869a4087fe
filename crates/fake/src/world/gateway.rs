//! Gateways.

use serde_json::{Value, json};

use super::{Call, World, chosen_id, same_id};
use crate::catalogue;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::rules::{Fields, Rules};
use crate::state::Object;

/// The most deployments that a refused deletion names.
const NAMED_DEPLOYMENTS: usize = 5;

pub(super) fn parameters() -> Value {
    json!({"zones": catalogue::zones()})
}

/// The rules that creates and updates share.
fn check_spec<'a>(body: &Fields<'a>) -> Option<&'a str> {
    let name = body.required_text("name");
    let zones = body.texts("zones");
    if zones.len() > 1 {
        body.violation("zones", "a gateway has one zone");
    }
    for zone in zones.iter().filter(|zone| !catalogue::has_zone(zone)) {
        body.violation(
            "zones",
            format!("{zone:?} is not one of {}", catalogue::zones().join(", ")),
        );
    }
    body.exactly_one("auth", &["coreWeaveAuth", "weightsAndBiasesAuth"]);
    body.message("coreWeaveAuth");
    if let Some(auth) = body.message("weightsAndBiasesAuth") {
        let key = auth.text("apiKey");
        if auth.text("serverUrl").is_some() && key.is_none() {
            auth.violation("apiKey", "is required when serverUrl is set");
        }
        auth.flag("enableUsageReports");
        auth.flag("enableRateLimiting");
    }
    body.exactly_one(
        "routing",
        &["bodyBasedRouting", "headerBasedRouting", "pathBasedRouting"],
    );
    if let Some(routing) = body.message("bodyBasedRouting") {
        routing.required_choice("apiType", &["API_TYPE_OPENAI"]);
    }
    if let Some(routing) = body.message("headerBasedRouting")
        && let Some(name) = routing.required_text("headerName")
        && name.chars().count() > 100
    {
        routing.violation("headerName", "must have 1 to 100 characters");
    }
    body.message("pathBasedRouting");
    if let Some(endpoint) = body.message("endpointConfiguration") {
        endpoint.texts("additionalDns");
        endpoint.texts("allowedSourceIpRanges");
    }
    name
}

/// The spec as stored: a gateway without a zone gets the first one.
fn with_zone(mut spec: Object) -> Object {
    let has_zone = spec
        .get("zones")
        .and_then(Value::as_array)
        .is_some_and(|zones| !zones.is_empty());
    if !has_zone {
        let first = catalogue::zones().into_iter().take(1).collect::<Vec<_>>();
        spec.insert("zones".to_owned(), json!(first));
    }
    spec
}

impl World {
    pub(super) fn create_gateway(&mut self, call: Call) -> Result<Value, Failure> {
        let rules = Rules::default();
        let body = rules.body(&call.body);
        let id = chosen_id(&body, "id");
        let name = check_spec(&body);
        rules.verdict()?;
        let id = self.claim_identity(Kind::Gateway, &call.organization, id, name)?;
        let steps = self.arrival(Kind::Gateway, self.durations.gateway_create, call.outcome);
        let spec = with_zone(call.body);
        self.admit(
            Kind::Gateway,
            &call.organization,
            &id,
            spec,
            "STATUS_CREATING",
            steps,
        )
    }

    pub(super) fn update_gateway(&mut self, call: Call) -> Result<Value, Failure> {
        let gateway = self.owned(Kind::Gateway, &call.organization, &call.id)?;
        let id = gateway.id().to_owned();
        let rules = Rules::default();
        let body = rules.body(&call.body);
        same_id(&body, &call.id);
        if check_spec(&body).is_some_and(|name| name != gateway.name()) {
            body.violation("name", format!("cannot change; it is {:?}", gateway.name()));
        }
        rules.verdict()?;
        self.refuse_unchangeable(Kind::Gateway, &id)?;
        let spec = with_zone(call.body);
        let after = self.durations.gateway_update;
        self.replace_spec(Kind::Gateway, &id, spec, &[], after, call.outcome)
    }

    /// Deletes a gateway that no deployment uses, not even one on its way out.
    pub(super) fn delete_gateway(&mut self, call: &Call) -> Result<Value, Failure> {
        let id = self
            .owned(Kind::Gateway, &call.organization, &call.id)?
            .id()
            .to_owned();
        let users: Vec<String> = self
            .state
            .of(Kind::Deployment)
            .iter()
            .filter(|deployment| deployment.spec_texts("gatewayIds").contains(&id.as_str()))
            .map(|deployment| deployment.id().to_owned())
            .collect();
        if users.is_empty() {
            return self.delete(Kind::Gateway, call, self.durations.gateway_delete);
        }
        let named = users
            .iter()
            .take(NAMED_DEPLOYMENTS)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        for user in &users {
            self.look(Kind::Deployment, user);
        }
        let description = format!("{} deployments still use the gateway: {named}", users.len());
        Err(Failure::precondition("GATEWAY_IN_USE", &id, &description))
    }
}
