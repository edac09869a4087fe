//! The canary rollout of the examples, stopped at each request.

use std::time::Duration;

use coreweave_inference::raw::{BoxFuture, Operation, Request, Response, Transport};
use coreweave_inference::{
    Backoff, Client, Deployment, DeploymentId, Error, GatewayId, Model, NewDeployment, Resources,
};
use coreweave_inference_fake::{self as fake, Clock, FakeServer, Fault};
use serde_json::json;

use super::killed;

#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/canary_rollout.rs"]
mod example;

const BAKE: Duration = Duration::from_secs(600);

/// An account with a stable deployment of the model `llama`.
struct Account {
    fake: FakeServer,
    gateway: GatewayId,
    stable: DeploymentId,
}

impl Account {
    fn new() -> Self {
        let fake = FakeServer::builder().clock(Clock::real()).build();
        let gateway = fake
            .seed_gateway(json!({"spec": {"name": "chat"}}))
            .unwrap();
        let stable = fake.seed_deployment(json!({"spec": {
            "name": "llama-1", "gatewayIds": [gateway], "model": {"name": "llama"}, "traffic": {"weight": 100},
        }}));
        Self {
            gateway: gateway.parse().unwrap(),
            stable: stable.unwrap().parse().unwrap(),
            fake,
        }
    }

    fn client(&self, transport: impl Transport + 'static) -> Client {
        Client::builder()
            .base_url(self.fake.url())
            .token(self.fake.token())
            .poll_backoff(Backoff::constant(BAKE / 2))
            .transport(transport)
            .build()
            .unwrap()
    }

    /// Runs the rollout in a process that is killed after this many requests. Returns nothing if it was.
    async fn roll_out(&self, requests: usize) -> Option<Result<(), Error>> {
        let transport = WithTraffic {
            transport: self.fake.transport(),
            observer: self.client(self.fake.transport()),
        };
        let (model, gpus) = (
            Model::new("llama", "models", "llama/2"),
            Resources::new("gb200-4x", 4),
        );
        let new = NewDeployment::new(
            "llama-2",
            [&self.gateway],
            "dynamo-vllm",
            gpus,
            model,
            1..=2,
        );
        killed::at(requests, transport, async |transport| {
            example::roll_out(&self.client(transport), &self.stable, new, BAKE).await
        })
        .await
    }

    /// The deployments: name, weight, whether they are enabled.
    async fn deployments(&self) -> Vec<(String, u32, bool)> {
        let client = self.client(self.fake.transport());
        let deployments = client.deployments().list().await.unwrap();
        let row = |d: &Deployment| (d.name().to_owned(), d.weight(), !d.is_disabled());
        let mut rows: Vec<_> = deployments.iter().map(row).collect();
        rows.sort();
        rows
    }
}

/// Asserts after each write that the model gets traffic.
#[derive(Debug)]
struct WithTraffic<T> {
    transport: T,
    observer: Client,
}

impl<T: Transport> Transport for WithTraffic<T> {
    fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            let response = self.transport.execute(request, operation).await;
            if !operation.is_read_only() {
                let deployments = self.observer.deployments().list().await.unwrap();
                let serving = deployments
                    .iter()
                    .filter(|d| d.is_ready() && !d.is_disabled());
                let weight: u32 = serving.map(Deployment::weight).sum();
                assert_ne!(weight, 0, "the model gets no traffic: {deployments:?}");
            }
            response
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollout_that_is_killed_at_any_request_ends_when_it_is_run_again() {
    for requests in 1.. {
        let account = Account::new();
        let is_killed = account.roll_out(requests).await.is_none();
        account.roll_out(usize::MAX).await.unwrap().unwrap();
        let expected = [
            ("llama-1".to_owned(), 0, false),
            ("llama-2".to_owned(), 100, true),
        ];
        assert_eq!(
            account.deployments().await,
            expected,
            "after {requests} requests"
        );
        if !is_killed {
            assert!(requests > 30);
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollout_of_a_deployment_that_breaks_is_rolled_back_wherever_it_was_killed() {
    let canary = DeploymentId::from_name("llama-2");
    let breaks = |status: &str| Fault::outcome([status]).on_id(canary.as_str());
    for fault in [
        Fault::outcome(["STATUS_FAILED"]).on(fake::Operation::CreateDeployment),
        // When it gets a quarter of the traffic.
        breaks("STATUS_ERROR")
            .on(fake::Operation::UpdateDeployment)
            .skip(1),
        breaks("STATUS_FAILED")
            .on(fake::Operation::UpdateDeployment)
            .skip(1),
    ] {
        for requests in 1.. {
            let account = Account::new();
            account.fake.fault(fault.clone());
            let is_killed = account.roll_out(requests).await.is_none();
            let error = account.roll_out(usize::MAX).await.unwrap().unwrap_err();
            assert!(error.is_wait_failed(), "{error}");
            let expected = [("llama-1".to_owned(), 100, true)];
            assert_eq!(
                account.deployments().await,
                expected,
                "after {requests} requests"
            );
            if !is_killed {
                break;
            }
        }
    }
}
