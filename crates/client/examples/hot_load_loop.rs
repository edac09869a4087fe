//! Serve a model while it is trained: load a full snapshot, then deltas, and a new full one before the chain is full.
//!
//! The trainer can be stopped anywhere and load the same snapshot again: what is served already is not loaded twice.

use std::time::Duration;

use coreweave_inference::{Backoff, Client, DeploymentId, Error, HotLoad, NewHotLoad, reason};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

/// Deltas per full snapshot: at most `HotLoad::MAX_DELTAS`, and 63 where replicas start in between. Few load faster.
pub const DELTAS: usize = 3;

/// Loads a snapshot that is in the bucket: in full, and the changes since the last one.
pub async fn load(
    client: &Client,
    deployment: &DeploymentId,
    identity: &str,
) -> Result<HotLoad, Error> {
    let hot_loads = client.hot_loads();
    loop {
        let current = hot_loads.current(deployment).await?;
        let new = match &current {
            Some(load) if load.identity() == identity => {
                return hot_loads.wait_complete(load.id()).await;
            }
            Some(load) if load.delta_count() < DELTAS => {
                NewHotLoad::incremental(deployment, identity, load.identity())
            }
            _ => NewHotLoad::full(deployment, identity),
        };
        let create = hot_loads.create(new);
        let create = create.if_current(current.as_ref().map(HotLoad::identity));
        match create.after_active().await {
            // The hot-load that was active has replaced the snapshot.
            Err(error) if error.is(reason::NOT_CURRENT) => {}
            load => return hot_loads.wait_complete(load?.id()).await,
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeServer::start().await?;
    let hot_load = json!({"bucket": "snapshots", "pathPrefix": "runs/7"});
    let deployment = fake.seed_deployment(json!({"spec": {"name": "policy", "hotLoad": hot_load}}));
    let deployment = deployment?.parse()?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .build()?;
    for step in 1..=10 {
        let load = load(&client, &deployment, &format!("step-{step}")).await?;
        println!("{load}: {} deltas in its chain", load.delta_count());
    }
    Ok(())
}
