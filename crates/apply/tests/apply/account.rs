//! The fake account that the other tests work on.

use std::time::Duration;

use coreweave_inference::{Backoff, Client};
use coreweave_inference_apply::{
    ApplyEvent, ApplyOptions, Error, Manifest, Plan, PlanOptions, apply, plan,
};
use coreweave_inference_fake::FakeServer;

pub(crate) const CHAT: &str = "
kind: Gateway
name: chat
zones: [US-EAST-04A]
coreWeaveAuth: {}
bodyBasedRouting: {apiType: API_TYPE_OPENAI}
---
kind: Deployment
name: llama
gateways: [chat]
runtime: {engine: vllm}
resources: {instanceType: gd-8xh100ib-i128, gpuCount: 8}
model: {name: llama-3, bucket: models, path: llama-3}
autoscaling: {min: 1, max: 4}
traffic: {weight: 100}
---
kind: CapacityClaim
name: reserve
resources: {capacityType: CAPACITY_TYPE_MANAGED, instanceCount: 2, instanceId: gb200-4x, zones: [US-EAST-04A]}
";

pub(crate) struct Account {
    pub(crate) fake: FakeServer,
    pub(crate) client: Client,
}

impl Account {
    pub(crate) async fn empty() -> Self {
        let fake = FakeServer::start().await.unwrap();
        let client = Client::builder()
            .base_url(fake.url())
            .token(fake.token())
            .poll_backoff(Backoff::constant(Duration::from_millis(1)))
            .build()
            .unwrap();
        Self { fake, client }
    }

    /// An account in which everything of [`CHAT`] exists.
    pub(crate) async fn with_chat() -> Self {
        let account = Self::empty().await;
        account.apply(CHAT).await;
        account
    }

    pub(crate) async fn plan(&self, text: &str) -> Result<Plan, Error> {
        plan(&self.client, &manifest(text), PlanOptions::default()).await
    }

    /// The planned actions, as `update gateway chat`.
    pub(crate) async fn actions(&self, text: &str) -> Vec<String> {
        actions(&self.plan(text).await.unwrap())
    }

    pub(crate) async fn problems(&self, text: &str) -> String {
        match self.plan(text).await {
            Err(Error::Manifest(problems)) => problems.to_string(),
            other => panic!("expected problems, got {other:?}"),
        }
    }

    /// Applies a manifest with everything allowed, and returns what was sent.
    pub(crate) async fn apply(&self, text: &str) -> Vec<String> {
        let plan = self.plan(text).await.unwrap();
        let options = ApplyOptions {
            replace: true,
            delete: true,
            ..ApplyOptions::default()
        };
        self.fake.clear_requests();
        for event in self.events(plan, options).await {
            assert!(
                matches!(event.outcome, coreweave_inference_apply::Outcome::Accepted),
                "{event:?}"
            );
        }
        self.writes()
    }

    pub(crate) async fn events(&self, plan: Plan, options: ApplyOptions) -> Vec<ApplyEvent> {
        let mut applying = apply(&self.client, plan, options);
        let mut events = Vec::new();
        while let Some(event) = applying.next().await {
            events.push(event);
        }
        events
    }

    /// The writes since the log was cleared, as `POST /gateways`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let requests = self.fake.requests();
        let writes = requests.iter().filter(|request| request.method != "GET");
        writes
            .map(|request| {
                let path = request.path.trim_start_matches("/v1alpha1/inference");
                let path = path
                    .rsplit_once('/')
                    .filter(|(path, _)| !path.is_empty())
                    .map_or(path, |(path, _)| path);
                format!("{} {path}", request.method)
            })
            .collect()
    }
}

pub(crate) fn manifest(text: &str) -> Manifest {
    Manifest::parse("test.yaml", text).unwrap()
}

pub(crate) fn actions(plan: &Plan) -> Vec<String> {
    let changes = plan.changes.iter();
    changes
        .map(|change| format!("{} {} {}", change.action, change.kind, change.name))
        .collect()
}
