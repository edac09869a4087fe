//! What the data plane knows of gateways and deployments.

use serde_json::Value;

use super::{Service, canonical};
use crate::json::{at, text, texts};
use crate::kind::Kind;
use crate::store::Record;

/// A gateway that serves.
pub(crate) struct ServingGateway {
    pub(crate) id: String,
    pub(crate) organization: String,
    pub(crate) spec: Value,
}

impl Service {
    /// Whether the fake serves the models of its gateways.
    pub(crate) fn has_data_plane(&self) -> bool {
        self.data_plane.is_some()
    }

    /// The gateway with this id, if it serves: once it was ready, until it is gone.
    pub(crate) fn serving_gateway(&mut self, id: &str) -> Option<ServingGateway> {
        self.settle();
        let gateway = self.store.of(Kind::Gateway).get(&canonical(id))?;
        gateway.resource.status.get("endpoints")?;
        Some(ServingGateway {
            id: gateway.id().to_owned(),
            organization: gateway.organization().to_owned(),
            spec: gateway.resource.spec.clone(),
        })
    }

    /// The names of the models that a gateway serves, in alphabetical order.
    pub(crate) fn models(&self, gateway: &str) -> Vec<String> {
        let mut models: Vec<_> = self.ready(gateway).map(model).map(str::to_owned).collect();
        models.sort_unstable();
        models.dedup();
        models
    }

    /// The name of the deployment that serves the next request for a model; none if no deployment
    /// of the model is ready. Over time, each gets as many requests as its weight says.
    pub(crate) fn next_deployment(&mut self, gateway: &str, wanted: &str) -> Option<String> {
        let ready = self.ready(gateway).filter(|record| model(record) == wanted);
        let weigh = |record: &Record| {
            let weight = at(&record.resource.spec, "/traffic/weight").as_i64();
            (
                record.id().to_owned(),
                record.name().to_owned(),
                weight.unwrap_or(0),
            )
        };
        let mut ready: Vec<_> = ready.map(weigh).collect();
        if ready.iter().all(|(.., weight)| *weight == 0) {
            ready.iter_mut().for_each(|(.., weight)| *weight = 1);
        }
        let total: i64 = ready.iter().map(|(.., weight)| weight).sum();
        let mut next: Option<(&str, &str, i64)> = None;
        for (id, name, weight) in &ready {
            let share = self.ahead.entry(id.clone()).or_default();
            *share += weight;
            if *weight > 0 && next.is_none_or(|(.., most)| *share > most) {
                next = Some((id, name, *share));
            }
        }
        let Some((id, name, _)) = next else {
            self.poll_models(gateway, wanted);
            return None;
        };
        *self.ahead.entry(id.to_owned()).or_default() -= total;
        Some(name.to_owned())
    }

    fn ready(&self, gateway: &str) -> impl Iterator<Item = &Record> {
        self.behind(gateway)
            .filter(|record| record.status(Kind::Deployment) == "STATUS_READY")
    }

    fn behind(&self, gateway: &str) -> impl Iterator<Item = &Record> {
        let deployments = self.store.of(Kind::Deployment).iter();
        deployments
            .filter(move |record| texts(&record.resource.spec, "/gatewayIds").contains(&gateway))
    }

    /// Under an instant clock, moves the deployments of a refused model to their next status.
    fn poll_models(&mut self, gateway: &str, wanted: &str) {
        let refused = self
            .behind(gateway)
            .filter(|record| model(record) == wanted);
        let ids: Vec<_> = refused.map(|record| record.id().to_owned()).collect();
        for id in ids {
            self.poll(Kind::Deployment, &id);
        }
    }
}

fn model(deployment: &Record) -> &str {
    text(&deployment.resource.spec, "/model/name")
}
