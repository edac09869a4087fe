//! Capacity claims.

use serde_json::Value;

use crate::catalog;
use crate::json::{at, set, text, texts};
use crate::validation::Violations;

/// The capacity type that creates take, and the others: the service refuses them by their numbers.
const MANAGED: &str = "CAPACITY_TYPE_MANAGED";

/// Checks the rules that a claim's message does not express.
pub(super) fn check(spec: &Value, is_create: bool, violations: &mut Violations) {
    violations.check_label("name", text(spec, "/name"));
    let capacity_type = text(spec, "/resources/capacityType");
    if is_create && !["", MANAGED].contains(&capacity_type) {
        violations.add("resources.capacityType", "must not be in list [0, 1, 2]");
    }
    let zones = texts(spec, "/resources/zones");
    let known = catalog::zones();
    for zone in &zones {
        violations.check_known("resources.zones", zone, &known);
    }
    let instance = text(spec, "/resources/instanceId");
    let types = catalog::instance_types(&zones);
    if !instance.is_empty() && !types.is_empty() && !types.contains(&instance) {
        let description = format!("{instance:?} is in none of the zones");
        violations.add("resources.instanceId", description);
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
