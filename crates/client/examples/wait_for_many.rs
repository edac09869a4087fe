//! Wait until many deployments are ready, with one list request per poll.

use std::error::Error;
use std::time::Duration;

use coreweave_inference::{Backoff, Client};
use coreweave_inference_fake::{Clock, FakeServer, Operation};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // 10,000 times as fast as the service.
    let fake = FakeServer::builder()
        .clock(Clock::scaled(10_000.0))
        .start()
        .await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .build()?;
    let mut ids = Vec::new();
    for number in 1..=20 {
        let deployment = json!({
            "spec": {"name": format!("worker-{number}")},
            "status": {"status": "STATUS_CREATING"},
            "resume": true,
        });
        ids.push(fake.seed_deployment(deployment)?);
    }

    let wait = client
        .deployments()
        .wait_all_ready(&ids)
        .timeout(Duration::from_secs(60))
        .poll_backoff(Backoff::constant(Duration::from_millis(50)));
    // `.await` returns when all are ready; a stream reports each of them and continues after failures.
    let mut deployments = wait.stream();
    while let Some(deployment) = deployments.next().await {
        match deployment {
            Ok(deployment) => println!("ready: {}", deployment.name()),
            Err(error) => eprintln!("{error}"),
        }
    }
    println!("{} list requests", fake.count(Operation::ListDeployments));
    Ok(())
}
