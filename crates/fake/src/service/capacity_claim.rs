//! Capacity claims.

use serde_json::{Value, json};

use crate::catalog;
use crate::json::{at, set, text, texts};
use crate::validation::Violations;

/// Checks the rules that a claim's message does not express.
pub(super) fn check(spec: &Value, violations: &mut Violations) {
    violations.check_hostname_label("name", at(spec, "/name").as_str());
    if text(spec, "/resources/capacityType") == "CAPACITY_TYPE_SERVERLESS" {
        let description = "CAPACITY_TYPE_SERVERLESS is no longer accepted";
        violations.add("resources.capacityType", description);
    }
    let zones = texts(spec, "/resources/zones");
    catalog::check_zones("resources.zones", &zones, violations);
    let instance = text(spec, "/resources/instanceId");
    let types = catalog::instance_types(&zones);
    let is_offered = types
        .iter()
        .any(|known| known.eq_ignore_ascii_case(instance));
    if !instance.is_empty() && !types.is_empty() && !is_offered {
        let description = format!("{instance:?} is in none of the zones");
        violations.add("resources.instanceId", description);
    }
}

/// Claims from before CAPACITY_TYPE_SERVERLESS was withdrawn read as MANAGED.
pub(super) fn migrate(spec: &mut Value) {
    if let Some(capacity_type) = spec.pointer_mut("/resources/capacityType")
        && capacity_type == "CAPACITY_TYPE_SERVERLESS"
    {
        *capacity_type = json!("CAPACITY_TYPE_MANAGED");
    }
}

/// Counts a claim's instances: all of them once it is ready, and before that those it had.
pub(super) fn allocate(spec: &Value, status: &mut Value, is_ready: bool) {
    let wanted = spec.pointer("/resources/instanceCount");
    let wanted = wanted.and_then(Value::as_u64).unwrap_or(0);
    let held = at(status, "/allocatedInstances").as_u64().unwrap_or(0);
    let allocated = if is_ready { wanted } else { held.min(wanted) };
    set(status, "allocatedInstances", allocated);
    set(status, "pendingInstances", wanted - allocated);
}
