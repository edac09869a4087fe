//! What the data plane knows of gateways and deployments.

use std::collections::BTreeSet;

use super::{Service, canonical};
use crate::json::{at, text, texts};
use crate::kind::Kind;
use crate::store::Record;

impl Service {
    /// Whether the fake serves the models of its gateways.
    pub(crate) fn has_data_plane(&self) -> bool {
        self.data_plane.is_some()
    }

    /// The gateway with this id, if it serves: once it was ready, until it is gone.
    pub(crate) fn serving_gateway(&mut self, id: &str) -> Option<Record> {
        self.settle();
        let gateway = self.store.of(Kind::Gateway).get(&canonical(id))?;
        gateway.resource.status.get("endpoints")?;
        Some(gateway.clone())
    }

    /// The names of the models that a gateway serves.
    pub(crate) fn models(&self, gateway: &str) -> BTreeSet<String> {
        let ready = self.behind(gateway).filter(is_ready);
        ready.map(model).map(str::to_owned).collect()
    }

    /// The name of the deployment that serves the next request for a model; none if no deployment
    /// of the model is ready. Over time, each gets as many requests as its weight says.
    pub(crate) fn next_deployment(&mut self, gateway: &str, wanted: &str) -> Option<String> {
        let deployments = self.behind(gateway);
        let deployments = deployments.filter(|record| model(record) == wanted);
        let (mut ready, others): (Vec<_>, Vec<_>) =
            deployments.cloned().partition(|it| is_ready(&it));
        for record in others.iter().filter(|_| ready.is_empty()) {
            self.poll(Kind::Deployment, record.id());
        }
        if ready.iter().any(|record| weight(record) > 0) {
            ready.retain(|record| weight(record) > 0);
        }
        let shares = ready.iter().map(|record| weight(record).max(1));
        let total: i64 = shares.clone().sum();
        for (record, share) in ready.iter().zip(shares) {
            *self.due.entry(record.id().to_owned()).or_default() += share;
        }
        let next = ready
            .iter()
            .max_by_key(|record| self.due.get(record.id()))?;
        *self.due.entry(next.id().to_owned()).or_default() -= total;
        Some(next.name().to_owned())
    }

    fn behind(&self, gateway: &str) -> impl Iterator<Item = &Record> {
        let deployments = self.store.of(Kind::Deployment).iter();
        deployments
            .filter(move |record| texts(&record.resource.spec, "/gatewayIds").contains(&gateway))
    }
}

fn is_ready(deployment: &&Record) -> bool {
    deployment.status(Kind::Deployment) == "STATUS_READY"
}

fn model(deployment: &Record) -> &str {
    text(&deployment.resource.spec, "/model/name")
}

fn weight(deployment: &Record) -> i64 {
    let weight = at(&deployment.resource.spec, "/traffic/weight");
    weight.as_i64().unwrap_or_default()
}
