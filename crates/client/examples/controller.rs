//! Keep deployments at the scale that a program wants, whatever others do to them.

use coreweave_inference::{Action, Client, Controller, Deployment, Error, Observed};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

/// The maximum of replicas that a deployment should have.
fn goal(deployment: &Deployment) -> u32 {
    match deployment.name() {
        "llama" => 8,
        "qwen" => 3,
        _ => *deployment.replicas().end(),
    }
}

fn is_reached(deployment: &Deployment) -> bool {
    *deployment.replicas().end() == goal(deployment)
}

/// Brings a deployment to its scale.
pub async fn reconcile(client: &Client, observed: Observed<Deployment>) -> Result<Action, Error> {
    if let Observed::Exists(deployment) = observed
        && !is_reached(&deployment)
    {
        let max = goal(&deployment);
        let deployments = client.deployments();
        let update = deployments.update(deployment.id(), |spec| spec.autoscaling.max = max);
        println!("{deployment}: {:?}", update.await?.replicas());
    }
    Ok(Action::await_change())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeServer::start().await?;
    let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
    for name in ["llama", "qwen", "other"] {
        fake.seed_deployment(json!({"spec": {"name": name, "gatewayIds": [gateway]}}))?;
    }
    let client = Client::builder().base_url(fake.url()).token(fake.token());
    let client = client.build()?;

    let controller = Controller::new(client.deployments().watch());
    let mut store = controller.store();
    // A service would end on a signal: tokio::signal::ctrl_c().
    let done = async move {
        store.wait_until_ready().await;
        while store.find(|deployment| !is_reached(deployment)).is_some() {
            store.changed().await;
        }
    };
    let controller = controller.graceful_shutdown_on(done);
    let on_error = |deployment: &Deployment, error: &Error| eprintln!("{deployment}: {error}");
    controller
        .run(|observed| reconcile(&client, observed), on_error)
        .await?;
    Ok(())
}
