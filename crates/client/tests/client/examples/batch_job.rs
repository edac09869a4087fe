//! The batch job of the examples.

use std::time::Duration;

use coreweave_inference::{Client, DeploymentId, Model, NewDeployment, Resources};
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;

use super::killed;
use crate::fake::{self, client};

#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/batch_job.rs"]
mod example;

const TIMEOUT: Duration = Duration::from_secs(3600);

/// A deployment for each name.
fn batch(fake: &FakeServer, names: &[&str]) -> Vec<NewDeployment> {
    let gateway = fake
        .seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    let new = |name: &&str| {
        let model = Model::new("llama", "models", *name);
        let gpus = Resources::new("gb200-4x", 4);
        NewDeployment::new(*name, [&gateway], "dynamo-vllm", gpus, model, 1..=1)
    };
    names.iter().map(new).collect()
}

/// Waits until the deployments of the batch are gone, and returns the names of those that are left.
async fn left(client: &Client, names: &[&str]) -> Vec<String> {
    let deployments = client.deployments();
    for name in names {
        let id = DeploymentId::from_name(name);
        deployments.wait_deleted(id).await.unwrap();
    }
    let left = deployments.list().await.unwrap();
    left.iter().map(|it| it.name().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_batch_job_says_of_each_deployment_what_became_of_it_and_deletes_what_it_created() {
    let names = ["ready", "failed", "broken", "slow", "taken"];
    let (fake, client) = fake::in_process();
    fake.seed_deployment(json!({"spec": {"name": "taken"}}))
        .unwrap();
    for (name, status) in [
        ("failed", "STATUS_FAILED"),
        ("broken", "STATUS_ERROR"),
        ("slow", "STATUS_CREATING"),
    ] {
        let outcome = Fault::outcome([status]).on(Operation::CreateDeployment);
        fake.fault(outcome.on_id(DeploymentId::from_name(name).as_str()));
    }
    let report = example::run(&client, batch(&fake, &names), TIMEOUT).await;
    let id = |name| DeploymentId::from_name(name).to_string();
    let expected = [
        ("deployment taken".to_owned(), "ALREADY_EXISTS"),
        (format!("ready ({}, STATUS_READY)", id("ready")), ""),
        (
            format!("failed ({}, STATUS_FAILED)", id("failed")),
            "Ready=False (Failed)",
        ),
        (
            format!("broken ({}, STATUS_ERROR)", id("broken")),
            "Ready=Unknown (Error)",
        ),
        (
            format!("slow ({}, STATUS_CREATING)", id("slow")),
            "Ready=False (Creating)",
        ),
    ];
    assert_eq!(report.len(), expected.len(), "{report:#?}");
    for (line, (resource, why)) in report.iter().zip(expected) {
        assert!(line.contains(&resource) && line.contains(why), "{line}");
    }
    assert_eq!(left(&client, &names[..4]).await, ["taken"]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_job_that_is_killed_at_any_request_leaves_nothing_when_it_is_run_again() {
    let names = ["a", "b", "c"];
    for requests in 1.. {
        let (fake, another) = fake::in_process();
        let batch = batch(&fake, &names);
        let run =
            async |transport| example::run(&client(&fake, transport), batch.clone(), TIMEOUT).await;
        let first = killed::at(requests, fake.transport(), run).await;
        let is_deleting = fake.count(Operation::DeleteDeployment) > 0;
        let second = example::run(&another, batch.clone(), TIMEOUT).await;
        let is_ready = |line: &String| line.contains("STATUS_READY");
        let complete = |report: &[String]| report.len() == 3 && report.iter().all(is_ready);
        assert!(
            is_deleting || complete(&second),
            "after {requests} requests: {second:#?}"
        );
        assert!(
            left(&another, &names).await.is_empty(),
            "after {requests} requests"
        );
        if let Some(report) = first {
            assert!(complete(&report), "{report:#?}");
            return;
        }
    }
}
