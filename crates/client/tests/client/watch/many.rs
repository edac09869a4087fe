//! A watch of many resources, with the fake under paused time.

use std::time::Duration;

use coreweave_inference::{
    Deployment, GatewayAuth, GatewayId, Model, NewDeployment, NewGateway, Resources, Routing,
    WatchEvent, WatchStream,
};
use tokio::time::timeout;

use crate::fake::in_process;

#[tokio::test(start_paused = true)]
async fn a_watch_sees_many_deployments_become_ready_and_one_deleted() {
    let (_fake, client) = in_process();
    let auth = GatewayAuth::CoreWeave;
    let new = NewGateway::new("chat", "US-EAST-04A", auth, Routing::OpenAiBody);
    let gateway = client.gateways().create(new).and_wait().await.unwrap();
    let deployments = client.deployments();
    let mut events = deployments.watch().stream();
    let mut ids = Vec::new();
    for n in 0..20 {
        let new = new_deployment(&format!("llama-{n}"), gateway.id());
        ids.push(deployments.create(new).await.unwrap().id().clone());
    }
    let added = seen(&mut events, 20, |event| {
        matches!(event, WatchEvent::Added(_))
    })
    .await;
    assert_eq!(added.len(), 20);
    let is_ready = |event: &WatchEvent<Deployment>| matches!(event, WatchEvent::Modified(deployment) if deployment.is_ready());
    seen(&mut events, 20, is_ready).await;
    deployments.delete(&ids[0]).await.unwrap();
    let deleted = seen(&mut events, 1, |event| {
        matches!(event, WatchEvent::Deleted(_))
    })
    .await;
    assert!(matches!(&deleted[0], WatchEvent::Deleted(last) if *last.id() == ids[0]));
}

/// Reads until this many events match, and returns those.
async fn seen(
    events: &mut WatchStream<Deployment>,
    count: usize,
    matches: impl Fn(&WatchEvent<Deployment>) -> bool,
) -> Vec<WatchEvent<Deployment>> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let event = timeout(Duration::from_secs(7200), events.next()).await;
        let event = event.expect("no event for two hours").unwrap().unwrap();
        if matches(&event) {
            seen.push(event);
        }
    }
    seen
}

fn new_deployment(name: &str, gateway: &GatewayId) -> NewDeployment {
    let resources = Resources::new("gb200-4x", 4);
    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    NewDeployment::new(name, [gateway], "dynamo-vllm", resources, model, 1..=4)
}
