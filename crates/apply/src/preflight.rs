//! Comparing a plan with what the service offers.

use coreweave_inference::{
    CapacityClaimParameters, Client, DeploymentParameters, Error, GatewayParameters,
};
use serde_json::Value;

use crate::kind::Kind;
use crate::manifest::{Manifest, ManifestResource};
use crate::plan::{Action, Change, Plan};
use crate::problem::Problem;
use crate::schema::suggest;

/// What the service offers to new resources. An empty list means that it does not say.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// The offer for gateways, if it was asked for.
    pub gateways: Option<GatewayParameters>,
    /// The offer for deployments, if it was asked for.
    pub deployments: Option<DeploymentParameters>,
    /// The offer for capacity claims, if it was asked for.
    pub capacity_claims: Option<CapacityClaimParameters>,
}

impl Parameters {
    /// Asks for the parameters of the kinds that change.
    ///
    /// # Errors
    /// If a request fails.
    pub async fn fetch(client: &Client, plan: &Plan) -> Result<Self, Error> {
        let changes = |kind| {
            plan.changes
                .iter()
                .any(|change| change.kind == kind && is_checked(change))
        };
        let mut parameters = Self::default();
        if changes(Kind::Gateway) {
            parameters.gateways = Some(client.gateways().parameters().await?);
        }
        if changes(Kind::Deployment) {
            parameters.deployments = Some(client.deployments().parameters().await?);
        }
        if changes(Kind::CapacityClaim) {
            parameters.capacity_claims = Some(client.capacity_claims().parameters().await?);
        }
        Ok(parameters)
    }

    /// Finds every value that the service does not offer, among the members that change.
    pub fn check(&self, manifest: &Manifest, plan: &Plan) -> Vec<Problem> {
        let mut check = Check {
            problems: Vec::new(),
        };
        for change in plan.changes.iter().filter(|change| is_checked(change)) {
            let described = |resource: &&ManifestResource| {
                resource.kind == change.kind && resource.name == change.name
            };
            let Some(resource) = manifest.resources.iter().find(described) else {
                continue;
            };
            match change.kind {
                Kind::Gateway => self.gateway(&mut check, resource, change),
                Kind::Deployment => self.deployment(&mut check, resource, change),
                Kind::CapacityClaim => self.capacity_claim(&mut check, resource, change),
            }
        }
        check.problems
    }

    fn gateway(&self, check: &mut Check, resource: &ManifestResource, change: &Change) {
        if let Some(offer) = &self.gateways {
            check.offered(resource, change, "zones", offer.zones());
        }
    }

    fn deployment(&self, check: &mut Check, resource: &ManifestResource, change: &Change) {
        let Some(offer) = &self.deployments else {
            return;
        };
        let engine = change
            .spec
            .get("runtime")
            .and_then(|runtime| runtime.get("engine"));
        let engine = engine.and_then(Value::as_str).unwrap_or_default();
        check.offered(resource, change, "runtime.engine", &offer.engines());
        check.offered(resource, change, "runtime.version", offer.versions(engine));
        check.offered(
            resource,
            change,
            "runtime.engineConfig",
            offer.config_keys(engine),
        );
        check.offered(
            resource,
            change,
            "runtime.engineEnv",
            offer.env_names(engine),
        );
        check.offered(
            resource,
            change,
            "resources.instanceType",
            offer.instance_types(),
        );
    }

    fn capacity_claim(&self, check: &mut Check, resource: &ManifestResource, change: &Change) {
        let Some(offer) = &self.capacity_claims else {
            return;
        };
        let zones = offer.zones();
        check.offered(resource, change, "resources.zones", &zones);
        let wanted = texts(change, "resources.zones");
        let types: Vec<_> = zones
            .into_iter()
            .filter(|zone| {
                wanted
                    .iter()
                    .any(|wanted| wanted.eq_ignore_ascii_case(zone))
            })
            .flat_map(|zone| offer.instance_types(zone))
            .collect();
        check.offered(resource, change, "resources.instanceId", &types);
    }
}

fn is_checked(change: &Change) -> bool {
    !matches!(change.action, Action::Unchanged | Action::Delete)
}

struct Check {
    problems: Vec<Problem>,
}

impl Check {
    /// Reports the values at a path that are not among those on offer.
    fn offered(
        &mut self,
        resource: &ManifestResource,
        change: &Change,
        path: &str,
        offered: &[impl AsRef<str>],
    ) {
        let changes = |path: &str| match &change.action {
            Action::Update(members) => members
                .iter()
                .any(|member| member.path == path || member.path.starts_with(&format!("{path}."))),
            _ => true,
        };
        if offered.is_empty() || !changes(path) {
            return;
        }
        let offered = || offered.iter().map(AsRef::as_ref);
        for value in texts(change, path) {
            if offered().any(|offered| offered.eq_ignore_ascii_case(value)) {
                continue;
            }
            let message = format!("`{path}`: {value} is not offered");
            let problem = Problem::new(Some(resource.location_of(path)), message);
            self.problems.push(match suggest(value, offered()) {
                None => problem.help(format!(
                    "choose from {}",
                    offered().collect::<Vec<_>>().join(", ")
                )),
                suggestion => problem.suggest(suggestion),
            });
        }
    }
}

/// The strings at a path: a text, the items of a list, or the keys of a map.
fn texts<'a>(change: &'a Change, path: &str) -> Vec<&'a str> {
    let mut names = path.split('.');
    let first = names.next().and_then(|name| change.spec.get(name));
    match names
        .try_fold(first, |value, name| Some(value?.get(name)))
        .flatten()
    {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::Object(entries)) => entries.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}
