//! Test a program against the fake: seed resources, inject faults, check the requests.

use std::error::Error;

use coreweave_inference::Client;
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;

/// The program under test: scales every deployment of a model.
async fn scale(
    client: &Client,
    model: &str,
    max: u32,
) -> Result<usize, coreweave_inference::Error> {
    let mut scaled = 0;
    for deployment in client.deployments().list().await? {
        if deployment.model_name() == model {
            let update = client
                .deployments()
                .update(deployment.id(), |spec| spec.autoscaling.max = max);
            update.await?;
            scaled += 1;
        }
    }
    Ok(scaled)
}

// In a test: `#[tokio::test] async fn scales_through_an_outage()`.
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    for (name, model) in [("a", "llama"), ("b", "llama"), ("c", "qwen")] {
        fake.seed_deployment(json!({"spec": {"name": name, "model": {"name": model}}}))?;
    }
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .build()?;

    // The first update is applied, but its response is lost.
    fake.fault(
        Fault::reset_after_effect()
            .on(Operation::UpdateDeployment)
            .once(),
    );
    assert_eq!(scale(&client, "llama", 7).await?, 2);

    let deployments = client.deployments().list().await?;
    let scaled = deployments.iter().filter(|d| *d.replicas().end() == 7);
    assert_eq!(scaled.count(), 2);
    assert!(fake.count(Operation::UpdateDeployment) >= 2);
    println!("{} requests, all as expected", fake.requests().len());
    Ok(())
}
