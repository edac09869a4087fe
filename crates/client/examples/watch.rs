//! Watch gateways and keep them in a local store.

use std::error::Error;
use std::time::Duration;

use coreweave_inference::{Backoff, Client, GatewayAuth, NewGateway, Routing, WatchEvent};
use coreweave_inference_fake::{Clock, FakeServer};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // 1,000 times as fast as the service.
    let clock = Clock::scaled(1_000.0);
    let fake = FakeServer::builder().clock(clock).start().await?;
    fake.seed_gateway(json!({"spec": {"name": "existing"}}))?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .build()?;

    let watch = client.gateways().watch();
    let (store, mut events) = watch
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .resync_interval(Duration::from_millis(50))
        .store();
    while let Some(event) = events.next().await {
        match event {
            Ok(WatchEvent::Added(gateway)) => println!("added    {gateway}"),
            Ok(WatchEvent::InitDone) => {
                println!("in sync  {} gateways", store.len());
                let (auth, routing) = (GatewayAuth::CoreWeave, Routing::OpenAiBody);
                let new = NewGateway::new("new", "US-EAST-04A", auth, routing);
                client.gateways().create(new).await?;
            }
            Ok(WatchEvent::Modified(gateway)) => {
                println!("modified {gateway}");
                if gateway.is_ready() && gateway.name() == "new" {
                    client.gateways().delete(gateway.id()).await?;
                }
            }
            Ok(WatchEvent::Deleted(gateway)) => {
                println!("deleted  {gateway}");
                break;
            }
            // The watch continues after errors.
            Err(error) => eprintln!("{error}"),
        }
    }
    for gateway in store.state() {
        println!("left     {gateway}");
    }
    Ok(())
}
