//! Creates whose responses are lost, and creates that conflict.

use coreweave_inference::{
    Client, DeploymentId, GatewayAuth, GatewayId, HotLoadId, Model, NewCapacityClaim,
    NewDeployment, NewGateway, NewHotLoad, Resources, Routing, raw, reason,
};
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;

use crate::fake::start;

fn chat() -> NewGateway {
    NewGateway::new(
        "chat",
        "US-EAST-04A",
        GatewayAuth::CoreWeave,
        Routing::OpenAiBody,
    )
}

fn lost(operation: Operation) -> Fault {
    Fault::reset_after_effect().on(operation).once()
}

fn count(fake: &FakeServer, kind: &str) -> usize {
    fake.state()[kind].as_array().unwrap().len()
}

async fn deployment_that_can_hot_load(fake: &FakeServer) -> DeploymentId {
    let gateway = fake
        .seed_gateway(json!({"spec": {"name": "chat", "zones": ["US-EAST-04A"]}}))
        .unwrap();
    let spec = json!({"name": "llama", "gatewayIds": [gateway], "runtime": {"engine": "dynamo-vllm"},
        "autoscaling": {"min": 1, "max": 1}, "hotLoad": {"bucket": "snapshots", "pathPrefix": "run"}});
    fake.seed_deployment(json!({"spec": spec}))
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn a_create_whose_response_is_lost_creates_one_resource() {
    let (fake, client) = start().await;
    fake.fault(lost(Operation::CreateGateway));
    let (store, _events) = client.gateways().watch().store();
    let gateway = client.gateways().create(chat()).await.unwrap();
    assert_eq!(gateway.name(), "chat");
    assert_eq!(store.get(gateway.id()).as_deref(), Some(&gateway));

    fake.fault(lost(Operation::CreateDeployment));
    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    let gpus = Resources::new("gb200-4x", 4);
    let new = NewDeployment::new("llama", [gateway.id()], "vllm", gpus, model, 1..=1);
    assert_eq!(
        client.deployments().create(new).await.unwrap().name(),
        "llama"
    );

    fake.fault(lost(Operation::CreateCapacityClaim));
    let new = NewCapacityClaim::new("gb200-4x", 1, ["US-EAST-04A"]);
    let claim = client
        .capacity_claims()
        .create(new.name("evenings"))
        .await
        .unwrap();

    let sent: Vec<_> = fake
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST")
        .collect();
    assert_eq!(sent.len(), 6, "each was tried twice");
    assert!(
        sent.chunks(2).all(|pair| pair[0].body == pair[1].body),
        "with the same body, id included"
    );
    assert_eq!(sent[5].body["id"], claim.id().as_str());
    assert_eq!(
        (
            count(&fake, "gateways"),
            count(&fake, "deployments"),
            count(&fake, "capacityClaims")
        ),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn a_hot_load_whose_response_is_lost_is_started_once() {
    let (fake, client) = start().await;
    let deployment = deployment_that_can_hot_load(&fake).await;
    fake.fault(lost(Operation::CreateHotLoad));
    let load = client
        .hot_loads()
        .create(NewHotLoad::full(&deployment, "step-1"))
        .await
        .unwrap();
    assert_eq!(load.identity(), "step-1");
    assert_eq!(
        (
            fake.count(Operation::CreateHotLoad),
            count(&fake, "hotLoads")
        ),
        (2, 1)
    );
}

/// The service may check for an active hot-load before it checks the id.
#[tokio::test]
async fn a_hot_load_in_progress_may_be_the_one_whose_response_was_lost() {
    let (fake, client) = start().await;
    let deployment = deployment_that_can_hot_load(&fake).await;
    let busy = || {
        Fault::status(400)
            .code(9)
            .message("a hot-load is already in progress")
            .on(Operation::CreateHotLoad)
    };
    fake.fault(lost(Operation::CreateHotLoad));
    fake.fault(busy().once());
    let load = client
        .hot_loads()
        .create(NewHotLoad::full(&deployment, "step-1"))
        .await
        .unwrap();
    assert_eq!(load.identity(), "step-1");

    fake.fault(busy().once());
    let another = client
        .hot_loads()
        .create(NewHotLoad::full(&deployment, "step-2"))
        .await
        .unwrap_err();
    assert!(another.is(reason::HOT_LOAD_IN_PROGRESS));
    assert_eq!(
        fake.count(Operation::GetHotLoad),
        1,
        "no response was lost, so no lookup is needed"
    );
}

#[tokio::test]
async fn a_name_conflict_differs_from_an_id_conflict() {
    let (fake, client) = start().await;
    let first = client.gateways().create(chat()).await.unwrap();

    let error = client.gateways().create(chat()).await.unwrap_err();
    assert!(error.is_already_exists());
    assert_eq!(error.reason(), Some(reason::NAME_TAKEN), "{error}");

    let other = NewGateway::new(
        "other",
        "US-EAST-04A",
        GatewayAuth::CoreWeave,
        Routing::OpenAiBody,
    );
    let error = client
        .gateways()
        .create(other.id(first.id()))
        .await
        .unwrap_err();
    assert_eq!(error.reason(), Some(reason::ID_TAKEN), "{error}");
    assert_eq!(count(&fake, "gateways"), 1);
}

#[tokio::test]
async fn a_name_conflict_is_detected_after_a_lost_response() {
    let (fake, client) = start().await;
    client.gateways().create(chat()).await.unwrap();
    fake.fault(Fault::status(503).on(Operation::CreateGateway).once());
    let error = client.gateways().create(chat()).await.unwrap_err();
    assert_eq!(
        (error.reason(), error.attempts()),
        (Some(reason::NAME_TAKEN), 2)
    );
}

#[tokio::test]
async fn a_create_with_an_id_is_idempotent() {
    let (fake, client) = start().await;
    let id = GatewayId::random();
    let new = || chat().id(&id).additional_dns(["chat.example.com"]);
    let first = client.gateways().create(new()).await.unwrap();
    let again = client.gateways().create(new()).await.unwrap();
    assert_eq!(first.id(), again.id());

    let different = client
        .gateways()
        .create(chat().id(&id).additional_dns(["other.example.com"]))
        .await
        .unwrap_err();
    assert_eq!(different.reason(), Some(reason::ID_TAKEN), "{different}");
    assert_eq!(count(&fake, "gateways"), 1);
}

#[tokio::test]
async fn a_hot_load_with_an_id_is_idempotent() {
    let (fake, client) = start().await;
    let deployment = deployment_that_can_hot_load(&fake).await;
    let id = HotLoadId::random();
    let create = |client: Client, identity: &'static str| {
        let new = NewHotLoad::full(&deployment, identity).id(&id);
        async move { client.hot_loads().create(new).await }
    };
    create(client.clone(), "step-1").await.unwrap();
    client.hot_loads().wait_complete(&id).await.unwrap();
    assert_eq!(create(client.clone(), "step-1").await.unwrap().id(), &id);
    assert_eq!(
        create(client, "step-2").await.unwrap_err().reason(),
        Some(reason::ID_TAKEN)
    );
}

#[tokio::test]
async fn a_failed_lookup_leaves_the_error_of_the_create() {
    let (fake, client) = start().await;
    client.gateways().create(chat()).await.unwrap();
    fake.fault(Fault::status(403).on(Operation::GetGateway));
    let error = client.gateways().create(chat()).await.unwrap_err();
    assert!(error.is_already_exists());
    assert_eq!(
        (error.reason(), error.operation()),
        (None, Some(raw::Operation::CREATE_GATEWAY))
    );
}

#[tokio::test]
async fn a_different_resource_with_the_same_id_and_name_is_a_conflict() {
    let (fake, client) = start().await;
    let id = GatewayId::random();
    let by_path = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::Path);
    client.gateways().create(by_path.id(&id)).await.unwrap();

    fake.fault(Fault::status(429).on(Operation::CreateGateway).once());
    let error = client.gateways().create(chat().id(&id)).await.unwrap_err();
    assert_eq!(error.reason(), Some(reason::ID_TAKEN), "{error}");
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn an_empty_id_is_made_up() {
    let (_fake, client) = start().await;
    let created = client.gateways().create(chat().id("")).await.unwrap();
    assert!(!created.id().as_str().is_empty());
}
