//! Roll out a new version of a model: shift traffic in steps, and back if the new deployment is not ready.

use std::error::Error;
use std::time::Duration;

use coreweave_inference::{Backoff, Client, DeploymentId};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

const STEPS: [u32; 4] = [5, 25, 50, 100];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
    let seed = |name: &str, weight: u32| {
        fake.seed_deployment(json!({"spec": {
            "name": name, "gatewayIds": [gateway], "model": {"name": "llama"}, "traffic": {"weight": weight},
        }}))
    };
    let stable: DeploymentId = seed("llama-stable", 100)?.parse()?;
    let canary: DeploymentId = seed("llama-canary", 0)?.parse()?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .build()?;

    for share in STEPS {
        // Both deployments serve the model `llama`; each gets the share of requests that its weight says.
        set_weight(&client, &canary, share).await?;
        set_weight(&client, &stable, 100 - share).await?;
        let deployment = client.deployments().get(&canary).await?;
        // A real rollout also checks error rates and latencies here, and waits.
        if !deployment.is_ready() {
            println!("{deployment} is not healthy: rolling back");
            set_weight(&client, &stable, 100).await?;
            set_weight(&client, &canary, 0).await?;
            return Err("the canary failed".into());
        }
        println!("{} gets {share}% of the requests", deployment.name());
    }
    // The old deployment stays for a quick way back, without replicas.
    let update = client
        .deployments()
        .update(&stable, |spec| spec.disabled = Some(true));
    println!("{} is disabled", update.await?.name());
    Ok(())
}

async fn set_weight(client: &Client, id: &DeploymentId, weight: u32) -> Result<(), Box<dyn Error>> {
    let update = client
        .deployments()
        .update(id, |spec| spec.traffic.weight = Some(weight));
    update.and_wait().await?;
    Ok(())
}
