//! The embedded account of `--demo`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use coreweave_inference::{Backoff, Client, ClientBuilder, NewHotLoad};
use coreweave_inference_fake::{Clock, FakeServer, SeedError};
use serde_json::{Value, json};

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
            .start()
            .await?;
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

fn seed(fake: &FakeServer) -> Result<(), SeedError> {
    let ago =
        |minutes: i64| (fake.clock().now() - chrono::TimeDelta::minutes(minutes)).to_rfc3339();
    let status = |status: &str, minutes: i64| json!({"status": status, "createdAt": ago(minutes), "updatedAt": ago(minutes / 3)});
    let gateway = |n: u32| format!("a0000000-0000-4000-8000-00000000000{n}");
    let deployment = |n: u32| format!("d0000000-0000-4000-8000-00000000000{n}");
    let after = |seconds: u32, status: &str| json!({"afterSeconds": seconds, "status": status});

    for (n, name, zone, minutes) in [
        (1, "chat", "US-EAST-04A", 40_000),
        (2, "batch", "US-WEST-04A", 9000),
    ] {
        fake.seed_gateway(json!({
            "spec": {"id": gateway(n), "name": name, "zones": [zone]},
            "status": status("STATUS_READY", minutes),
        }))?;
    }
    fake.seed_gateway(json!({
        "spec": {"id": gateway(3), "name": "eu", "zones": ["EU-SOUTH-04A"], "pathBasedRouting": {}},
        "status": status("STATUS_UPDATING", 3),
        "transitions": [after(240, "STATUS_READY"), after(900, "STATUS_UPDATING")],
        "repeat": true,
    }))?;

    let spec = |n: u32,
                name: &str,
                gateway_number: u32,
                model: &str,
                (min, max): (u32, u32),
                weight: u32| {
        let mut spec = json!({
            "id": deployment(n), "name": name, "gatewayIds": [gateway(gateway_number)],
            "model": {"name": model, "bucket": "models", "path": model},
            "autoscaling": {"min": min, "max": max}, "traffic": {"weight": weight},
        });
        if let (true, Some(spec)) = (deployment(n) == TRAINED, spec.as_object_mut()) {
            spec.insert(
                "hotLoad".to_owned(),
                json!({"bucket": "weights", "pathPrefix": "runs"}),
            );
        }
        spec
    };
    let steady = |spec: Value, minutes: i64| json!({"spec": spec, "status": status("STATUS_READY", minutes)});
    fake.seed_deployment(steady(
        spec(1, "llama-3-70b", 1, "llama-3", (4, 16), 900),
        30_000,
    ))?;
    fake.seed_deployment(json!({
        "spec": spec(2, "llama-3-70b-canary", 1, "llama-3", (1, 2), 100),
        "status": status("STATUS_CREATING", 2),
        "transitions": [after(400, "STATUS_READY"), after(1200, "STATUS_UPDATING"), after(300, "STATUS_READY")],
        "repeat": true,
    }))?;
    fake.seed_deployment(json!({
        "spec": spec(3, "mixtral", 2, "mixtral", (2, 8), 100),
        "status": status("STATUS_ERROR", 7000),
        "transitions": [
            after(300, "STATUS_UPDATING"),
            after(200, "STATUS_READY"),
            after(500, "STATUS_ERROR")
        ],
        "repeat": true,
    }))?;
    fake.seed_deployment(steady(spec(4, "policy", 2, "policy", (4, 4), 100), 600))?;
    fake.seed_deployment(json!({
        "spec": spec(5, "qwen-eu", 3, "qwen-3", (1, 4), 100),
        "status": status("STATUS_FAILED", 90),
    }))?;

    for (name, instance, count, zone, state) in [
        ("reserve-east", "gb200-4x", 8, "US-EAST-04A", "STATUS_READY"),
        (
            "reserve-west",
            "gb300-4x",
            4,
            "US-WEST-04A",
            "STATUS_CREATING",
        ),
    ] {
        let motion = match state {
            "STATUS_READY" => json!([]),
            _ => json!([after(700, "STATUS_READY"), after(700, "STATUS_UPDATING")]),
        };
        fake.seed_capacity_claim(json!({
            "spec": {"name": name, "resources": {"instanceId": instance, "instanceCount": count, "zones": [zone]}},
            "status": status(state, 20_000),
            "transitions": motion,
            "repeat": true,
        }))?;
    }
    fake.seed_hot_load(json!({
        "spec": {"deploymentId": TRAINED, "identity": "step-100", "type": "SNAPSHOT_TYPE_FULL"},
        "status": {"createdAt": ago(30), "updatedAt": ago(28), "finishedAt": ago(28)},
    }))?;
    Ok(())
}
