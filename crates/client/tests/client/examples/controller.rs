//! The controller of the examples.

use std::time::Duration;

use coreweave_inference::{Controller, Deployment, Error};
use coreweave_inference_fake::Operation;
use serde_json::json;
use tokio::time::sleep;

use crate::fake;

#[allow(dead_code, unreachable_pub)]
#[path = "../../../examples/controller.rs"]
mod example;

#[tokio::test(start_paused = true)]
async fn a_controller_keeps_deployments_at_their_scale_whatever_others_do() {
    let (fake, client) = fake::in_process();
    let seed = |name| {
        fake.seed_deployment(json!({"spec": {"name": name}}))
            .unwrap()
    };
    let (llama, other) = (seed("llama"), seed("other"));
    let minutes = |n: u64| Duration::from_secs(60 * n);

    let controller = Controller::new(client.deployments().watch());
    let controller = controller.graceful_shutdown_on(sleep(minutes(20)));
    let on_error = |deployment: &Deployment, error: &Error| panic!("{deployment}: {error}");
    let run = controller.run(|observed| example::reconcile(&client, observed), on_error);
    let others = async {
        sleep(minutes(10)).await;
        // A client of its own, so that the controller has to find out.
        let deployments = fake::client(&fake, fake.transport()).deployments();
        for id in [&llama, &other] {
            deployments
                .update(id, |spec| spec.autoscaling.max = 2)
                .await
                .unwrap();
        }
    };
    tokio::join!(run, others).0.unwrap();

    let max = async |id| *client.deployments().get(id).await.unwrap().replicas().end();
    assert_eq!((max(&llama).await, max(&other).await), (8, 2));
    assert_eq!(fake.count(Operation::UpdateDeployment), 4);
}
