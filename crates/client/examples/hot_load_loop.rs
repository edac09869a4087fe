//! Serve a model while it is trained: load a full snapshot, then deltas, and a new full one before the chain is full.

use std::error::Error;
use std::time::Duration;

use coreweave_inference::{Backoff, Client, HotLoad, NewHotLoad};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

/// Deltas per full snapshot. Loading a long chain takes a replica that starts longer; at most `HotLoad::MAX_DELTAS`.
const DELTAS: usize = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    let gateway = fake.seed_gateway(json!({"spec": {"name": "rollouts"}}))?;
    let deployment = fake.seed_deployment(json!({"spec": {
        "name": "policy",
        "gatewayIds": [gateway],
        "hotLoad": {"bucket": "snapshots", "pathPrefix": "runs/7"},
    }}))?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .build()?;

    let mut latest: Option<HotLoad> = None;
    for step in 1..=10 {
        // The trainer has written the snapshot to the bucket under this name.
        let identity = format!("step-{step}");
        let new = match &latest {
            Some(load) if load.delta_count() < DELTAS => {
                NewHotLoad::incremental(&deployment, &identity, load.identity())
            }
            _ => NewHotLoad::full(&deployment, &identity),
        };
        // A deployment has one hot-load at a time: wait for the active one, if any.
        let load = client.hot_loads().create(new).after_active().await?;
        let load = client.hot_loads().wait_complete(load.id()).await?;
        println!(
            "{identity} is served: {:?}, {} deltas in its chain",
            load.snapshot_type(),
            load.delta_count()
        );
        latest = Some(load);
    }
    Ok(())
}
