//! Roll out a new version of a model: shift traffic in steps, and back if the new deployment fails.
//!
//! The rollout can be stopped at any line and run again, because all that it knows is in the account.

use std::time::Duration;

use coreweave_inference::{Client, DeploymentId, Error, Model, NewDeployment, Resources};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

/// Moves the traffic of a model from a deployment to a new one, which has to stay ready for `bake` after each step.
pub async fn roll_out(
    client: &Client,
    stable: &DeploymentId,
    new: NewDeployment,
    bake: Duration,
) -> Result<(), Error> {
    let deployments = client.deployments();
    if deployments.get(stable).await?.is_disabled() {
        return Ok(());
    }
    // The same id in each run, so that there is one canary at most.
    let canary = &DeploymentId::from_name(&new.raw().name);
    let model = new.raw().model.name.clone();
    if deployments.get_opt(canary).await?.is_none() {
        deployments.create(new.weight(0).id(canary)).await?;
    }
    let shift = async {
        let ready = deployments.wait_ready(canary).fail_on_error().await?;
        // An earlier run may have come to a later step.
        for share in [5, 25, 50, 100] {
            if share >= ready.weight() {
                let shift = [(canary, share), (stable, 100 - share)];
                let shift = deployments.shift_traffic(&model, shift).and_wait();
                shift.fail_on_error().await?;
                let bake = deployments.wait_ready(canary).stable_for(bake);
                println!("{share}%: {}", bake.fail_on_error().await?);
            }
        }
        Ok(())
    };
    if let Err(error) = shift.await {
        let back = [(stable, 100), (canary, 0)];
        match deployments.shift_traffic(&model, back).await {
            // A canary that has failed for good, or is being deleted, takes no updates.
            Err(e) if e.is_failed_precondition() && e.resource_id() == Some(canary.as_str()) => {}
            shifted => drop(shifted?),
        }
        deployments.delete(canary).and_wait().await?;
        return Err(error);
    }
    // The old deployment stays for a quick way back, without replicas.
    let disable = deployments.update(stable, |spec| spec.disabled = Some(true));
    disable.await.map(drop)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeServer::start().await?;
    let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
    let stable =
        json!({"spec": {"name": "llama-1", "gatewayIds": [gateway], "model": {"name": "llama"}}});
    let stable = fake.seed_deployment(stable)?.parse()?;
    let client = Client::builder().base_url(fake.url()).token(fake.token());
    let client = client.build()?;

    let model = Model::new("llama", "models", "llama/2");
    let gpus = Resources::new("gb200-4x", 4);
    let new = NewDeployment::new("llama-2", [gateway], "dynamo-vllm", gpus, model, 1..=2);
    // A real rollout bakes for minutes, and checks error rates and latencies, too.
    roll_out(&client, &stable, new, Duration::from_millis(50)).await?;
    for deployment in client.deployments().list().await? {
        println!("{deployment}: weight {}", deployment.weight());
    }
    Ok(())
}
