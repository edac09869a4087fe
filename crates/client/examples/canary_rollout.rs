//! Roll out a new version of a model: shift traffic in steps, and back if the new deployment fails.
//!
//! The rollout can be stopped at any line and run again, because all that it knows is in the account.

use std::time::Duration;

use coreweave_inference::{
    Backoff, Client, DeploymentId, Error, GatewayId, Model, NewDeployment, Resources,
};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

/// The percentages of the traffic that the new deployment gets, one after another.
const STEPS: [u32; 4] = [5, 25, 50, 100];

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
    let canary = DeploymentId::from_name(&new.raw().name);
    let model = new.raw().model.name.clone();
    if deployments.get_opt(&canary).await?.is_none() {
        deployments.create(new.weight(0).id(&canary)).await?;
    }
    if let Err(error) = shift(client, &model, stable, &canary, bake).await {
        roll_back(client, &model, stable, &canary).await?;
        return Err(error);
    }
    // The old deployment stays for a quick way back, without replicas.
    let disable = deployments.update(stable, |spec| spec.disabled = Some(true));
    disable.await.map(drop)
}

async fn shift(
    client: &Client,
    model: &str,
    stable: &DeploymentId,
    canary: &DeploymentId,
    bake: Duration,
) -> Result<(), Error> {
    let deployments = client.deployments();
    let ready = deployments.wait_ready(canary).fail_on_error().await?;
    // An earlier run may have come to a later step.
    for share in STEPS.into_iter().filter(|share| *share >= ready.weight()) {
        let weights = [(canary, share), (stable, 100 - share)];
        let shift = deployments.shift_traffic(model, weights).and_wait();
        shift.fail_on_error().await?;
        let baked = deployments.wait_ready(canary).stable_for(bake);
        baked.fail_on_error().await?;
        println!("{} gets {share}% of the requests", ready.name());
    }
    Ok(())
}

async fn roll_back(
    client: &Client,
    model: &str,
    stable: &DeploymentId,
    canary: &DeploymentId,
) -> Result<(), Error> {
    let deployments = client.deployments();
    let shift = deployments.shift_traffic(model, [(stable, 100), (canary, 0)]);
    match shift.await {
        // A canary that has failed for good takes no updates, but its deletion.
        Err(e) if e.is_failed_precondition() && e.resource_id() == Some(canary.as_str()) => {}
        shifted => drop(shifted?),
    }
    deployments.delete(canary).and_wait().await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeServer::start().await?;
    let gateway: GatewayId = fake
        .seed_gateway(json!({"spec": {"name": "chat"}}))?
        .parse()?;
    let stable = json!({"spec": {
        "name": "llama-1", "gatewayIds": [gateway], "model": {"name": "llama"}, "traffic": {"weight": 100},
    }});
    let stable: DeploymentId = fake.seed_deployment(stable)?.parse()?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .build()?;

    let (model, gpus) = (
        Model::new("llama", "models", "llama/2"),
        Resources::new("gb200-4x", 4),
    );
    let new = NewDeployment::new("llama-2", [&gateway], "dynamo-vllm", gpus, model, 1..=2);
    // A real rollout bakes for minutes, and checks error rates and latencies, too.
    roll_out(&client, &stable, new, Duration::from_millis(50)).await?;
    for deployment in client.deployments().list().await? {
        println!("{deployment}: weight {}", deployment.weight());
    }
    Ok(())
}
