//! Comparing a plan with the values that the service accepts.

use coreweave_inference::{
    CapacityClaimParameters, Client, DeploymentParameters, Error, GatewayParameters,
};
use serde_json::Value;

use crate::kind::Kind;
use crate::manifest::Manifest;
use crate::plan::{Action, Change, Plan};
use crate::problem::Problem;
use crate::schema::suggest;

/// The values that the service accepts. An empty list means that every value may be accepted.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// The parameters of gateways, if any gateway changes.
    pub gateways: Option<GatewayParameters>,
    /// The parameters of deployments, if any deployment changes.
    pub deployments: Option<DeploymentParameters>,
    /// The parameters of capacity claims, if any claim changes.
    pub capacity_claims: Option<CapacityClaimParameters>,
}

impl Parameters {
    /// Fetches the parameters of the kinds that change.
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
        let mut problems = Vec::new();
        for change in plan.changes.iter().filter(|change| is_checked(change)) {
            let mut resources = manifest.resources.iter();
            let Some(resource) = resources.find(|r| r.kind == change.kind && r.name == change.name)
            else {
                continue;
            };
            for (path, offered) in self.offers(change) {
                if offered.is_empty() || !changes(change, path) {
                    continue;
                }
                let is_offered = |value: &&str| {
                    offered
                        .iter()
                        .any(|offer| offer.eq_ignore_ascii_case(value))
                };
                for value in strings(change, path)
                    .into_iter()
                    .filter(|value| !is_offered(value))
                {
                    let message = format!("`{path}`: {value} is not offered");
                    let problem = Problem::new(Some(resource.location_of(path)), message);
                    problems.push(match suggest(value, offered.iter().copied()) {
                        None => problem.help(format!("choose from {}", offered.join(", "))),
                        suggestion => problem.suggest(suggestion),
                    });
                }
            }
        }
        problems
    }

    /// The members for which the service offers certain values, with these values.
    fn offers(&self, change: &Change) -> Vec<(&'static str, Vec<&str>)> {
        match change.kind {
            Kind::Gateway => self
                .gateways
                .iter()
                .map(|offer| ("zones", strs(offer.zones())))
                .collect(),
            Kind::Deployment => {
                let Some(offer) = &self.deployments else {
                    return Vec::new();
                };
                let engine = strings(change, "runtime.engine")
                    .first()
                    .copied()
                    .unwrap_or_default();
                vec![
                    ("runtime.engine", offer.engines()),
                    ("runtime.version", strs(offer.versions(engine))),
                    ("runtime.engineConfig", strs(offer.config_keys(engine))),
                    ("runtime.engineEnv", strs(offer.env_names(engine))),
                    ("resources.instanceType", strs(offer.instance_types())),
                ]
            }
            Kind::CapacityClaim => {
                let Some(offer) = &self.capacity_claims else {
                    return Vec::new();
                };
                let wanted = strings(change, "resources.zones");
                let is_wanted = |zone: &&str| {
                    wanted
                        .iter()
                        .any(|wanted| wanted.eq_ignore_ascii_case(zone))
                };
                let zones = offer.zones();
                let types = zones.iter().copied().filter(is_wanted);
                let types = types
                    .flat_map(|zone| strs(offer.instance_types(zone)))
                    .collect();
                vec![("resources.zones", zones), ("resources.instanceId", types)]
            }
        }
    }
}

fn is_checked(change: &Change) -> bool {
    !matches!(change.action, Action::Unchanged | Action::Delete)
}

/// Whether a change concerns the member at a path.
fn changes(change: &Change, path: &str) -> bool {
    let concerns = |member: &str| {
        member
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    match &change.action {
        Action::Update(members) => members.iter().any(|member| concerns(&member.path)),
        _ => true,
    }
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// The strings at a path: a string, the items of a list, or the keys of a map.
fn strings<'a>(change: &'a Change, path: &str) -> Vec<&'a str> {
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
