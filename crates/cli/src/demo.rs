//! The embedded account of `--demo`.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use coreweave_inference::{Backoff, Client, ClientBuilder, NewHotLoad};
use coreweave_inference_fake::{Clock, FakeServer, SeedError};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// How much faster than the service the demo runs: a deployment is ready after 40 seconds instead of 20 minutes.
const SPEED: f64 = 30.0;

/// The deployment that a training run keeps loading snapshots into.
const TRAINED: &str = "d0000000-0000-4000-8000-000000000004";

/// A running fake with a seeded account in motion.
pub(crate) struct Demo {
    fake: FakeServer,
}

impl Demo {
    pub(crate) async fn start() -> Result<Self, Failure> {
        let fake = FakeServer::builder()
            .clock(Clock::scaled(SPEED))
            .seed(7)
            .data_plane()
            .start()
            .await
            .map_err(|error| Failure::usage(format!("cannot start the demo: {error}")))?;
        seed(&fake).map_err(Failure::usage)?;
        let demo = Self { fake };
        tokio::spawn(train(demo.client_builder().build()?));
        Ok(demo)
    }

    /// A builder for clients of the demo.
    pub(crate) fn client_builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(self.fake.url())
            .token(self.fake.token())
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.fake.clock().now()
    }
}

/// Loads snapshots into one deployment for as long as the program runs: a full one, then deltas.
async fn train(client: Client) {
    let mut previous: Option<String> = None;
    for step in (110..).step_by(10) {
        let identity = format!("step-{step}");
        let new = match &previous {
            Some(previous) if step % 100 != 0 => {
                NewHotLoad::incremental(TRAINED, identity.as_str(), previous.as_str())
            }
            _ => NewHotLoad::full(TRAINED, identity.as_str()),
        };
        // What goes wrong in the demo shows in the demo.
        if let Ok(load) = client.hot_loads().create(new).await {
            let _ = client
                .hot_loads()
                .wait_complete(load.id())
                .poll_backoff(Backoff::constant(Duration::from_millis(500)))
                .await;
            previous = Some(identity);
        }
        tokio::time::sleep(Duration::from_secs(4)).await;
    }
}

/// Seeds the account of `demo.json`: as the fake takes it, with the age of each resource in minutes.
fn seed(fake: &FakeServer) -> Result<(), SeedError> {
    let account: HashMap<String, Vec<Map<String, Value>>> =
        serde_json::from_str(include_str!("demo.json")).unwrap_or_default();
    for kind in ["gateways", "deployments", "capacityClaims", "hotLoads"] {
        for mut resource in account.get(kind).cloned().unwrap_or_default() {
            let minutes = resource
                .remove("minutes")
                .and_then(|minutes| minutes.as_i64());
            let minutes = minutes.unwrap_or_default();
            let ago = |minutes| (fake.clock().now() - TimeDelta::minutes(minutes)).to_rfc3339();
            if let Some(Value::Object(status)) = resource.get_mut("status") {
                status.insert("createdAt".to_owned(), ago(minutes).into());
                status.insert("updatedAt".to_owned(), ago(minutes / 3).into());
            }
            match kind {
                "gateways" => fake.seed_gateway(resource)?,
                "deployments" => fake.seed_deployment(resource)?,
                "capacityClaims" => fake.seed_capacity_claim(resource)?,
                _ => fake.seed_hot_load(resource)?,
            };
        }
    }
    Ok(())
}
