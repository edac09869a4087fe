//! Serve a model while it is trained: load a full snapshot, then deltas, and a new full one before the chain is full.

use std::error::Error;
use std::time::Duration;

use coreweave_inference::{Backoff, Client, HotLoad, NewHotLoad, reason};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

/// Deltas per full snapshot: at most `HotLoad::MAX_DELTAS`, and 63 where replicas start in between. Few load faster.
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

    let hot_loads = client.hot_loads();
    for step in 1..=10 {
        // The trainer has written the snapshot to the bucket under this name, and the deltas since the last one.
        let identity = format!("step-{step}");
        let load = loop {
            // What is served, also if the trainer was restarted in between.
            let current = hot_loads.current(&deployment).await?;
            let new = match &current {
                Some(load) if load.delta_count() < DELTAS => {
                    NewHotLoad::incremental(&deployment, &identity, load.identity())
                }
                _ => NewHotLoad::full(&deployment, &identity),
            };
            let create = hot_loads.create(new);
            let create = create.if_current(current.as_ref().map(HotLoad::identity));
            match create.after_active().await {
                // The hot-load that was active has replaced the snapshot.
                Err(error) if error.is(reason::NOT_CURRENT) => {}
                load => break load?,
            }
        };
        let load = hot_loads.wait_complete(load.id()).await?;
        println!(
            "{identity} is served: {:?}, {} deltas in its chain",
            load.snapshot_type(),
            load.delta_count()
        );
    }
    Ok(())
}
