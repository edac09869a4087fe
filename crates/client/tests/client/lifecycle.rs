//! The lifecycle of each kind of resource.

use std::time::Duration;

use coreweave_inference::{
    CapacityType, Client, DeploymentId, GatewayAuth, GatewayId, Gpus, HotLoadReplicaState,
    HotLoadState, Model, NewCapacityClaim, NewDeployment, NewGateway, NewHotLoad, ResourceStatus,
    Routing, WatchEvent,
};
use coreweave_inference_fake::{FakeServer, Operation};
use futures_util::{StreamExt, TryStreamExt};

use crate::fake::start;

const SOON: Duration = Duration::from_millis(1);

fn new_gateway(name: &str) -> NewGateway {
    NewGateway::new(
        name,
        "US-EAST-04A",
        GatewayAuth::CoreWeave,
        Routing::OpenAiBody,
    )
}

fn new_deployment(name: &str, gateway: &GatewayId) -> NewDeployment {
    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    NewDeployment::new(
        name,
        [gateway],
        "dynamo-vllm",
        Gpus::new("gb200-4x", 4),
        model,
        1..=4,
    )
    .hot_load("my-snapshots", "run-7")
}

async fn ready_deployment(client: &Client, gateway: &GatewayId) -> DeploymentId {
    let deployment = client
        .deployments()
        .create(new_deployment("llama", gateway))
        .await
        .unwrap();
    client
        .deployments()
        .wait_ready(deployment.id())
        .await
        .unwrap()
        .id()
        .clone()
}

#[tokio::test]
async fn every_operation_is_reachable() {
    let (fake, client) = start().await;
    everything(&client).await;
    let missed: Vec<_> = Operation::ALL
        .iter()
        .filter(|operation| fake.count(**operation) == 0)
        .collect();
    assert!(missed.is_empty(), "never called: {missed:?}");
}

/// Takes one resource of each kind through every operation.
async fn everything(client: &Client) {
    let zones = client.gateways().parameters().await.unwrap();
    let gateway = client.gateways().create(new_gateway("chat")).await.unwrap();
    assert_eq!(gateway.status(), &ResourceStatus::Creating);
    assert_eq!(gateway.zones(), &zones.zones()[..1]);
    let gateway = client.gateways().wait_ready(gateway.id()).await.unwrap();
    let url = format!("https://api.{}.gw.cwinference.com/v1", gateway.id());
    assert_eq!(gateway.openai_base_url(), Some(url));

    let offered = client
        .deployments()
        .parameters_for([gateway.id()])
        .await
        .unwrap();
    assert!(offered.engines().contains(&"dynamo-vllm"));
    assert!(offered.instance_types().contains(&"gb200-4x".to_owned()));
    let id = ready_deployment(client, gateway.id()).await;
    let deployment = client.deployments().get(&id).await.unwrap();
    assert_eq!(
        deployment.gateway_ids().collect::<Vec<_>>(),
        [gateway.id().clone()]
    );
    assert_eq!(
        (
            deployment.replicas(),
            deployment.gpu_count(),
            deployment.weight()
        ),
        (1..=4, 4, 100)
    );
    assert!(deployment.can_hot_load() && !deployment.is_disabled());

    let kinds = client.capacity_claims().parameters().await.unwrap();
    assert!(!kinds.instance_types("US-EAST-04A").is_empty());
    let claim = NewCapacityClaim::new("gb200-4x", 2, ["US-EAST-04A"], CapacityType::Customer)
        .name("evenings");
    let claim = client.capacity_claims().create(claim).await.unwrap();
    let claim = client
        .capacity_claims()
        .wait_ready(claim.id())
        .await
        .unwrap();
    assert_eq!(
        (claim.allocated_instances(), claim.pending_instances()),
        (2, 0)
    );

    let load = client
        .hot_loads()
        .create(NewHotLoad::full(&id, "step-1"))
        .await
        .unwrap();
    assert_eq!(
        (load.deployment_id(), load.identity()),
        (id.clone(), "step-1")
    );
    let canceled = client.hot_loads().cancel(load.id()).await.unwrap_err();
    assert!(canceled.is_unimplemented());
    let load = client.hot_loads().wait_complete(load.id()).await.unwrap();
    assert_eq!(load.state(), &HotLoadState::Completed);
    for replica in client.hot_loads().replicas(load.id()).await.unwrap() {
        assert_eq!(replica.state(), &HotLoadReplicaState::Ready);
        assert!(replica.serves("step-1"));
    }
    let delta = client
        .hot_loads()
        .create(NewHotLoad::incremental(&id, "step-2", "step-1"))
        .await
        .unwrap();
    client.hot_loads().wait_complete(delta.id()).await.unwrap();
    let newest_first: Vec<_> = client.hot_loads().list().deployment(&id).await.unwrap();
    assert_eq!(
        newest_first
            .iter()
            .map(|load| load.identity())
            .collect::<Vec<_>>(),
        ["step-2", "step-1"]
    );

    assert_eq!(client.gateways().list().await.unwrap().len(), 1);
    assert_eq!(
        client
            .deployments()
            .list()
            .gateway(gateway.id())
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(
        client
            .deployments()
            .list()
            .gateway(GatewayId::random())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        client
            .capacity_claims()
            .find_by_name("evenings")
            .await
            .unwrap()
            .unwrap()
            .id(),
        claim.id()
    );
    assert!(
        client
            .deployments()
            .find_by_name("nobody")
            .await
            .unwrap()
            .is_none()
    );
    let long_ago = chrono::DateTime::UNIX_EPOCH;
    assert_eq!(
        client
            .gateways()
            .list()
            .updated_after(long_ago)
            .await
            .unwrap()
            .len(),
        1
    );

    let changed = client
        .gateways()
        .update(gateway.id(), |spec| spec.routing = Routing::Path)
        .await
        .unwrap();
    assert_eq!(changed.routing(), Routing::Path);
    let changed = client
        .deployments()
        .update(&id, |spec| spec.autoscaling.max = 8)
        .await
        .unwrap();
    assert_eq!(changed.replicas(), 1..=8);
    let mut spec = claim.spec().unwrap();
    spec.resources.instance_count = 3;
    assert_eq!(
        client
            .capacity_claims()
            .replace(claim.id(), spec)
            .await
            .unwrap()
            .instance_count(),
        3
    );

    let held = client.gateways().delete(gateway.id()).await.unwrap_err();
    assert!(held.is_gateway_in_use(), "{held}");
    let gone = client.deployments().delete(&id).await.unwrap();
    assert_eq!(gone.status(), &ResourceStatus::Deleting);
    client
        .gateways()
        .delete_and_wait(gateway.id())
        .await
        .unwrap();
    client.deployments().wait_deleted(&id).await.unwrap();
    client
        .capacity_claims()
        .delete_and_wait(claim.id())
        .await
        .unwrap();
    assert!(
        client
            .gateways()
            .get(gateway.id())
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn a_watch_sees_many_deployments_become_ready() {
    let (_fake, client) = start().await;
    let gateway = client.gateways().create(new_gateway("chat")).await.unwrap();
    client.gateways().wait_ready(gateway.id()).await.unwrap();
    let mut changes = client
        .deployments()
        .watch()
        .resync_interval(50 * SOON)
        .stream();
    let mut ids = Vec::new();
    for n in 0..20 {
        let new = new_deployment(&format!("llama-{n}"), gateway.id());
        ids.push(client.deployments().create(new).await.unwrap().id().clone());
    }
    client.deployments().wait_all_ready(&ids).await.unwrap();

    let mut appeared = 0;
    while appeared < 20 {
        appeared += usize::from(matches!(
            changes.next().await.unwrap().unwrap(),
            WatchEvent::Added(_)
        ));
    }
    client.deployments().delete_and_wait(&ids[0]).await.unwrap();
    loop {
        if let WatchEvent::Deleted(gone) = changes.try_next().await.unwrap().unwrap() {
            assert_eq!(gone.id(), &ids[0]);
            break;
        }
    }
}

#[tokio::test]
async fn invalid_ids_are_not_sent() {
    let (fake, client) = start().await;
    for id in [
        "",
        ".",
        "..",
        "parameters",
        "a/b",
        "../gateways",
        "a?b",
        "a#b",
        "%2e%2e",
        "a b",
        "a\u{7f}",
        "x:cancel",
    ] {
        let refusals = [
            client.gateways().get(id).await.unwrap_err(),
            client.gateways().delete(id).await.unwrap_err(),
            client.gateways().update(id, |_| ()).await.unwrap_err(),
            client.gateways().wait_deleted(id).await.unwrap_err(),
            client.deployments().list().gateway(id).await.unwrap_err(),
            client.deployments().wait_all_ready([id]).await.unwrap_err(),
            client.hot_loads().get(id).await.unwrap_err(),
            client.hot_loads().cancel(id).await.unwrap_err(),
            client.hot_loads().replicas(id).await.unwrap_err(),
            client.hot_loads().list().deployment(id).await.unwrap_err(),
            client.hot_loads().wait_complete(id).await.unwrap_err(),
        ];
        for refused in refusals {
            assert!(refused.is_invalid_argument(), "{refused}");
            assert_eq!(refused.field_violations().next().unwrap().field, "id");
            assert_eq!(refused.attempts(), 0);
        }
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn pages_are_fetched_as_they_are_read() {
    let (fake, client) = start().await;
    let deployment = DeploymentId::random();
    for n in 0..5 {
        seed_hot_load(&fake, &deployment, n);
    }
    let list = || {
        client
            .hot_loads()
            .list()
            .deployment(&deployment)
            .page_size(2)
    };
    let mut items = list().stream();
    for read in 1..=5 {
        assert!(items.next().await.unwrap().is_ok());
        assert_eq!(
            fake.count(Operation::ListHotLoads),
            usize::div_ceil(read, 2)
        );
    }
    assert!(items.next().await.is_none());

    let pages: Vec<_> = list().pages().try_collect().await.unwrap();
    assert_eq!(
        pages
            .iter()
            .map(|page| page.items.len())
            .collect::<Vec<_>>(),
        [2, 2, 1]
    );
    let rest = list()
        .page_token(pages[0].next_page_token.clone().unwrap())
        .await
        .unwrap();
    assert_eq!(
        rest,
        [pages[1].items.clone(), pages[2].items.clone()].concat()
    );
    assert_eq!(list().await.unwrap().len(), 5);

    let foreign = client
        .hot_loads()
        .list()
        .page_token("foreign")
        .await
        .unwrap_err();
    assert!(foreign.is_invalid_argument());
}

fn seed_hot_load(fake: &FakeServer, deployment: &DeploymentId, n: usize) {
    let spec = serde_json::json!({"deploymentId": deployment, "identity": format!("step-{n}")});
    fake.seed_hot_load(serde_json::json!({"spec": spec}))
        .unwrap();
}
