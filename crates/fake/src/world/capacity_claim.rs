//! Capacity claims.

use serde_json::{Value, json};

use super::{Call, World, chosen_id, same_id};
use crate::catalogue;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::rules::{Fields, Rules};
use crate::state::Object;

const CAPACITY_TYPES: &[&str] = &[
    "CAPACITY_TYPE_SERVERLESS",
    "CAPACITY_TYPE_CUSTOMER",
    "CAPACITY_TYPE_MANAGED",
];

pub(super) fn parameters() -> Value {
    json!({"zoneInstanceTypes": catalogue::zone_instance_types()})
}

/// The rules on the resources block.
fn check_resources(body: &Fields<'_>) {
    let Some(resources) = body.required_message("resources") else {
        return;
    };
    let instance = resources.required_text("instanceId");
    let count = resources.required_number("instanceCount");
    resources.in_range("instanceCount", count, 1..=u32::MAX);
    if resources.required_choice("capacityType", CAPACITY_TYPES) == Some("CAPACITY_TYPE_SERVERLESS")
    {
        resources.violation(
            "capacityType",
            "CAPACITY_TYPE_SERVERLESS is no longer accepted",
        );
    }
    let zones = resources.required_texts("zones");
    for zone in zones
        .iter()
        .filter(|zone| catalogue::instance_types(zone).is_none())
    {
        let known = catalogue::zones().join(", ");
        resources.violation("zones", format!("{zone:?} is not one of {known}"));
    }
    let mut types = zones
        .iter()
        .filter_map(|zone| catalogue::instance_types(zone))
        .flatten();
    if let Some(instance) = instance.filter(|_| !zones.is_empty())
        && !types.any(|kind| kind.eq_ignore_ascii_case(instance))
    {
        resources.violation(
            "instanceId",
            format!("{instance:?} is in none of the zones"),
        );
    }
}

/// Claims from before CAPACITY_TYPE_SERVERLESS was withdrawn read as MANAGED.
pub(super) fn show_as_managed(spec: &mut Object) {
    let kind = spec
        .get_mut("resources")
        .and_then(|resources| resources.get_mut("capacityType"));
    if let Some(kind) = kind.filter(|kind| **kind == "CAPACITY_TYPE_SERVERLESS") {
        *kind = json!("CAPACITY_TYPE_MANAGED");
    }
}

impl World {
    pub(super) fn create_capacity_claim(&mut self, call: Call) -> Result<Value, Failure> {
        let rules = Rules::default();
        let body = rules.body(&call.body);
        let id = chosen_id(&body, "id");
        let name = body.text("name");
        check_resources(&body);
        rules.verdict()?;
        let kind = Kind::CapacityClaim;
        let id = self.claim_identity(kind, &call.organization, id, name)?;
        let steps = self.arrival(kind, self.durations.capacity_claim_create, call.outcome);
        self.admit(
            kind,
            &call.organization,
            &id,
            call.body,
            "STATUS_CREATING",
            steps,
        )
    }

    pub(super) fn update_capacity_claim(&mut self, call: Call) -> Result<Value, Failure> {
        let kind = Kind::CapacityClaim;
        let id = self
            .owned(kind, &call.organization, &call.id)?
            .id()
            .to_owned();
        let rules = Rules::default();
        let body = rules.body(&call.body);
        same_id(&body, &call.id);
        check_resources(&body);
        rules.verdict()?;
        self.refuse_unchangeable(kind, &id)?;
        let after = self.durations.capacity_claim_update;
        self.replace_spec(kind, &id, call.body, &["name"], after, call.outcome)
    }
}
