//! Comparing a plan with the values that the service accepts.

use coreweave_inference::{
    CapacityClaimParameters, Client, DeploymentParameters, Error, GatewayParameters,
};
use futures_util::future::{OptionFuture, join3};
use serde_json::{Map, Value};

use crate::change::{Action, Change};
use crate::compare::at;
use crate::kind::Kind;
use crate::problem::Problem;
use crate::schema::suggest;

/// The values that the service accepts. An empty list means that every value may be accepted.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// The parameters of gateways, if they were fetched.
    pub gateways: Option<GatewayParameters>,
    /// The parameters of deployments, if they were fetched.
    pub deployments: Option<DeploymentParameters>,
    /// The parameters of capacity claims, if they were fetched.
    pub capacity_claims: Option<CapacityClaimParameters>,
}

impl Parameters {
    /// Fetches the parameters of these kinds.
    ///
    /// # Errors
    /// Returns an error if a request fails.
    pub async fn fetch(client: &Client, kinds: &[Kind]) -> Result<Self, Error> {
        let wanted = |kind| kinds.contains(&kind);
        let gateways = wanted(Kind::Gateway).then(|| client.gateways().parameters().into_future());
        let deployments =
            wanted(Kind::Deployment).then(|| client.deployments().parameters().into_future());
        let capacity_claims = wanted(Kind::CapacityClaim)
            .then(|| client.capacity_claims().parameters().into_future());
        let (gateways, deployments, capacity_claims) = join3(
            OptionFuture::from(gateways),
            OptionFuture::from(deployments),
            OptionFuture::from(capacity_claims),
        )
        .await;
        Ok(Self {
            gateways: gateways.transpose()?,
            deployments: deployments.transpose()?,
            capacity_claims: capacity_claims.transpose()?,
        })
    }

    /// Finds every value that the service does not offer, among the members that change.
    pub fn check(&self, changes: &[Change]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for change in changes.iter().filter(|change| is_checked(change)) {
            for (path, offered) in self.offers(change) {
                if offered.is_empty() || !touches(change, path) {
                    continue;
                }
                for value in strings(change, path) {
                    if offered
                        .iter()
                        .any(|offer| is_offer(change.kind, offer, value))
                    {
                        continue;
                    }
                    let message = format!("`{path}`: {value} is not offered");
                    let location = change.resource.as_ref().map(|r| r.location_of(path));
                    let problem = Problem::new(location, message);
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

/// Whether a value is the offered one. Creates of capacity claims compare with case.
fn is_offer(kind: Kind, offer: &str, value: &str) -> bool {
    match kind {
        Kind::CapacityClaim => offer == value,
        _ => offer.eq_ignore_ascii_case(value),
    }
}

/// Whether a change concerns the member at a path.
fn touches(change: &Change, path: &str) -> bool {
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
    match at(&change.spec, path) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::Object(entries)) => entries.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// What the API documents for the number at a path, if the number in a spec is something else.
///
/// The service decides, and its limits change without notice, so that this is worth a warning and no more.
pub(crate) fn documented_limit(path: &str, spec: &Map<String, Value>) -> Option<String> {
    let number = |path| at(spec, path).and_then(Value::as_u64);
    let value = number(path)?;
    let min = number("autoscaling.min").unwrap_or_default();
    let (is_within, limit) = match path {
        "autoscaling.concurrency" | "autoscaling.min" => (value >= 1, "at least 1".to_owned()),
        "autoscaling.max" => (value >= min, format!("at least `min`, {min}")),
        "autoscaling.priority" | "traffic.weight" => (value <= 1000, "at most 1000".to_owned()),
        "resources.gpuCount" => {
            let counts = [1, 2, 4, 8, 16];
            (counts.contains(&value), "1, 2, 4, 8 or 16".to_owned())
        }
        _ => return None,
    };
    (!is_within).then_some(limit)
}
