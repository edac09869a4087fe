//! Watches of many resources.

use std::time::Duration;

use coreweave_inference::{
    GatewayAuth, GatewayId, Model, NewDeployment, NewGateway, Resources, Routing, WatchEvent,
};

use crate::fake::start;

#[tokio::test]
async fn a_watch_sees_many_deployments_become_ready() {
    let (_fake, client) = start().await;
    let auth = GatewayAuth::CoreWeave;
    let new = NewGateway::new("chat", "US-EAST-04A", auth, Routing::OpenAiBody);
    let gateway = client.gateways().create(new).await.unwrap();
    client.gateways().wait_ready(gateway.id()).await.unwrap();
    let mut changes = client
        .deployments()
        .watch()
        .resync_interval(Duration::from_millis(50))
        .stream();
    let mut ids = Vec::new();
    for n in 0..20 {
        let new = new_deployment(&format!("llama-{n}"), gateway.id());
        ids.push(client.deployments().create(new).await.unwrap().id().clone());
    }
    client.deployments().wait_all_ready(&ids).await.unwrap();

    let mut added = 0;
    while added < 20 {
        added += usize::from(matches!(
            changes.next().await.unwrap().unwrap(),
            WatchEvent::Added(_)
        ));
    }
    client
        .deployments()
        .delete(&ids[0])
        .and_wait()
        .await
        .unwrap();
    loop {
        if let WatchEvent::Deleted(gone) = changes.try_next().await.unwrap().unwrap() {
            assert_eq!(gone.id(), &ids[0]);
            break;
        }
    }
}

fn new_deployment(name: &str, gateway: &GatewayId) -> NewDeployment {
    let gpus = Resources::new("gb200-4x", 4);
    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    NewDeployment::new(name, [gateway], "dynamo-vllm", gpus, model, 1..=4)
}
