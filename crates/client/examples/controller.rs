//! Keep deployments at the scale that a map says, whatever others do to them.

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use coreweave_inference::{
    Action, Backoff, Client, Controller, Deployment, DeploymentSpec, Observed,
};
use coreweave_inference_fake::FakeServer;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
    for name in ["llama", "qwen", "other"] {
        fake.seed_deployment(json!({"spec": {"name": name, "gatewayIds": [gateway]}}))?;
    }
    let client = Client::builder().base_url(fake.url()).token(fake.token());
    let client = client
        .poll_backoff(Backoff::constant(Duration::from_millis(10)))
        .build()?;
    let scale = HashMap::from([("llama", 8), ("qwen", 3)]);

    let controller = Controller::new(client.deployments().watch());
    // A service would end on a signal: tokio::signal::ctrl_c().
    let (mut store, goal) = (controller.store(), scale.clone());
    let reached = async move {
        let is_reached = |deployment: &Deployment| {
            let max = goal.get(deployment.name());
            max.is_none_or(|max| deployment.replicas().end() == max)
        };
        while store.is_empty() || store.find(|deployment| !is_reached(deployment)).is_some() {
            store.changed().await;
        }
    };
    let reconcile = async |observed: Observed<Deployment>| {
        match observed {
            Observed::Exists(deployment) => {
                if let Some(&max) = scale.get(deployment.name()) {
                    let update = |spec: &mut DeploymentSpec| spec.autoscaling.max = max;
                    client.deployments().update(deployment.id(), update).await?;
                }
            }
            Observed::Deleted(deployment) => println!("{deployment} is gone"),
        }
        Ok::<_, coreweave_inference::Error>(Action::await_change())
    };
    controller
        .graceful_shutdown_on(reached)
        .run(reconcile, |deployment, error| {
            eprintln!("{deployment}: {error}")
        })
        .await?;
    for deployment in client.deployments().list().await? {
        println!("{deployment}: {:?}", deployment.replicas());
    }
    Ok(())
}
