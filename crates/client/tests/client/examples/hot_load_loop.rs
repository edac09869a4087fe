//! The hot-loads of a trainer, as in the examples, stopped at each request.

use std::cell::Cell;

use coreweave_inference::{Client, DeploymentId, HotLoad};
use serde_json::json;

use super::killed;
use crate::fake::{self, client};

#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/hot_load_loop.rs"]
mod example;

const STEPS: usize = 5;

/// Loads the snapshots from this step on, and keeps the step.
async fn train(client: &Client, deployment: &DeploymentId, step: &Cell<usize>) {
    while step.get() <= STEPS {
        let identity = format!("step-{}", step.get());
        let load = example::load(client, deployment, &identity).await.unwrap();
        assert_eq!(load.identity(), identity);
        step.set(step.get() + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_trainer_that_is_killed_at_any_request_loads_each_snapshot_once() {
    for requests in 1.. {
        let (fake, another) = fake::in_process();
        let deployment =
            json!({"spec": {"name": "policy", "hotLoad": {"bucket": "b", "pathPrefix": "p"}}});
        let deployment = fake.seed_deployment(deployment).unwrap().parse().unwrap();
        let step = Cell::new(1);
        let run = async |transport| train(&client(&fake, transport), &deployment, &step).await;
        let is_killed = killed::at(requests, fake.transport(), run).await.is_none();
        train(&another, &deployment, &step).await;

        let mut loads = another.hot_loads().list().await.unwrap();
        loads.reverse();
        let chain = |load: &HotLoad| (load.identity().to_owned(), load.delta_count());
        let chains: Vec<_> = loads.iter().map(chain).collect();
        let expected = |step| (format!("step-{step}"), (step - 1) % (example::DELTAS + 1));
        let expected: Vec<_> = (1..=STEPS).map(expected).collect();
        assert_eq!(chains, expected, "after {requests} requests");
        if !is_killed {
            return;
        }
    }
}
