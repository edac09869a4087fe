//! Gateways.

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::catalog;
use crate::error::ApiError;
use crate::json::{at, set, text, texts};
use crate::kind::Kind;
use crate::service::Service;
use crate::store::Record;
use crate::validation::Violations;

/// The ways to authenticate and to route, of which a gateway has one each.
pub(super) const AUTH: [&str; 2] = ["coreWeaveAuth", "weightsAndBiasesAuth"];
pub(super) const ROUTING: [&str; 3] =
    ["bodyBasedRouting", "headerBasedRouting", "pathBasedRouting"];

const MAX_NAME: usize = 38;
const MAX_HEADER_NAME: usize = 100;
const MAX_SOURCE_RANGES: usize = 50;

/// How many deployments a refused deletion names.
const NAMED_DEPLOYMENTS: usize = 5;

/// Checks the rules that a gateway's message does not express.
pub(super) fn check(spec: &Value, violations: &mut Violations) {
    if text(spec, "/name").chars().count() > MAX_NAME {
        violations.add("name", format!("must be at most {MAX_NAME} characters"));
    }
    let zones = texts(spec, "/zones");
    // A gateway created without zones shows all of them, so its own spec must be valid.
    if zones.len() > 1 && !catalog::are_all_zones(&zones) {
        violations.add("zones", "must be one zone, or all of them");
    }
    let known = catalog::zones();
    for zone in zones {
        if !known.iter().any(|name| name.eq_ignore_ascii_case(zone)) {
            violations.check_known("zones", zone, &known);
        }
    }
    violations.check_exactly_one("auth", spec, &AUTH);
    violations.check_exactly_one("routing", spec, &ROUTING);
    let header = text(spec, "/headerBasedRouting/headerName");
    if header.chars().count() > MAX_HEADER_NAME {
        let description = format!("must be at most {MAX_HEADER_NAME} characters");
        violations.add("headerBasedRouting.headerName", description);
    }
    let field = "endpointConfiguration.allowedSourceIpRanges";
    let ranges = texts(spec, "/endpointConfiguration/allowedSourceIpRanges");
    if ranges.len() > MAX_SOURCE_RANGES {
        violations.add(
            field,
            format!("must contain no more than {MAX_SOURCE_RANGES} item(s)"),
        );
    }
    for range in ranges {
        if range.parse::<IpNet>().is_err() {
            violations.add(field, format!("{range:?} is not a CIDR range"));
        }
    }
}

/// Completes a spec that a request gives: no zones means all, and the W&B key is not kept, since
/// the service never returns it.
pub(super) fn complete(spec: &mut Value) {
    if texts(spec, "/zones").is_empty() {
        set(spec, "zones", json!(catalog::zones()));
    }
    if let Some(Value::Object(auth)) = spec.get_mut("weightsAndBiasesAuth") {
        auth.remove("apiKey");
    }
}

/// Carries over what an update does not reset: the endpoint configuration if the update sets none
/// of its members, and the DNS names in any case.
pub(super) fn carry_over(old: &Value, spec: &mut Value) {
    let Some(old) = old.get("endpointConfiguration") else {
        return;
    };
    let is_unset = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let merged = match at(spec, "/endpointConfiguration") {
        Value::Object(new) if !new.values().all(is_unset) => {
            let mut names = texts(old, "/additionalDns");
            for name in texts(spec, "/endpointConfiguration/additionalDns") {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let mut merged = new.clone();
            if !names.is_empty() {
                merged.insert("additionalDns".to_owned(), json!(names));
            }
            Value::Object(merged)
        }
        _ => old.clone(),
    };
    set(spec, "endpointConfiguration", merged);
}

/// The URLs at which a gateway serves: the service's, or below the URL of the fake's data plane.
pub(super) fn endpoints(record: &Record, data_plane: Option<&str>) -> Value {
    let id = record.id();
    let own = match data_plane {
        Some(url) => format!("{url}/gateways/{id}"),
        None => format!("https://api.{id}.gw.cwinference.com"),
    };
    let names = texts(
        &record.resource.spec,
        "/endpointConfiguration/additionalDns",
    );
    let additional = names.into_iter().map(|name| format!("https://{name}"));
    std::iter::once(own).chain(additional).collect()
}

impl Service {
    /// Lets the gateways of a loaded state serve at the URL of this fake.
    pub(super) fn refresh_endpoints(&mut self) {
        let gateways = self.store.of(Kind::Gateway).iter();
        let ids: Vec<_> = gateways.map(|record| record.id().to_owned()).collect();
        let Some(url) = self.data_plane.as_deref() else {
            return;
        };
        for id in ids {
            if let Some(record) = self.store.get_mut(Kind::Gateway, &id)
                && record.resource.status.get("endpoints").is_some()
            {
                let endpoints = endpoints(record, Some(url));
                set(&mut record.resource.status, "endpoints", endpoints);
            }
        }
    }

    /// Refuses to delete a gateway that deployments use, those being deleted included.
    pub(super) fn refuse_gateway_in_use(&mut self, id: &str) -> Result<(), ApiError> {
        let deployments = self.store.of(Kind::Deployment).iter();
        let users: Vec<String> = deployments
            .filter(|record| texts(&record.resource.spec, "/gatewayIds").contains(&id))
            .map(|record| record.id().to_owned())
            .collect();
        if users.is_empty() {
            return Ok(());
        }
        for user in &users {
            self.poll(Kind::Deployment, user);
        }
        let named: Vec<_> = users.iter().take(NAMED_DEPLOYMENTS).cloned().collect();
        let (count, named) = (users.len(), named.join(", "));
        let description = format!("the gateway is used by {count} deployments: {named}");
        Err(ApiError::precondition("GATEWAY_IN_USE", id, description))
    }
}
