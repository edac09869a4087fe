//! The lifecycle of every kind, through the wrapper against the fake: over HTTP, and over TLS with a custom root certificate.
//! Every operation is called, and all requests and responses are checked against openapi.yaml.

use std::time::Duration;

use coreweave_inference::reqwest::Certificate;
use coreweave_inference::{
    Backoff, CapacityType, Client, ClientBuilder, Error, GatewayAuth, Gpus, HotLoadState, Model,
    NewCapacityClaim, NewDeployment, NewGateway, NewHotLoad, ResourceStatus, Routing,
};
use coreweave_inference_fake::{FakeServer, Operation};
use serde_json::json;

use crate::common::conformance::assert_conforms;

/// With the fake's instant clock, a resource advances with every poll.
const AT_ONCE: Duration = Duration::from_millis(1);

fn client(fake: &FakeServer) -> ClientBuilder {
    Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .no_retries()
        .poll_backoff(Backoff::constant(AT_ONCE))
}

async fn story(client: &Client) -> Result<(), Error> {
    let claimable = client.capacity_claims().parameters().await?;
    let zone = claimable.zones()[0].to_owned();
    assert!(
        client
            .gateways()
            .parameters()
            .await?
            .zones()
            .contains(&zone)
    );

    let auth = GatewayAuth::CoreWeave;
    let gateway = NewGateway::new("story", &zone, auth, Routing::OpenAiBody);
    let gateway = client.gateways().create(gateway).await?;
    assert_eq!(gateway.status(), &ResourceStatus::Creating);
    assert_eq!(gateway.openai_base_url(), None);
    let gateway = client.gateways().wait_ready(gateway.id()).await?;
    let url = format!("https://api.{}.gw.cwinference.com/v1", gateway.id());
    assert_eq!(gateway.openai_base_url(), Some(url));

    let offered = client.deployments().parameters_for([gateway.id()]).await?;
    assert!(offered.gateway_ids().eq([gateway.id().clone()]));
    let instance_type = &offered.instance_types()[0];
    assert!(claimable.instance_types(&zone).contains(instance_type));

    let claim =
        NewCapacityClaim::new(instance_type, 2, [&zone], CapacityType::Managed).name("story");
    let claim = client.capacity_claims().create(claim).await?;
    let claim = client.capacity_claims().wait_ready(claim.id()).await?;
    assert_eq!(
        (claim.allocated_instances(), claim.pending_instances()),
        (2, 0)
    );

    let gpus = Gpus::new(instance_type, 8);
    let model = Model::new("story-model", "weights", "story/1");
    let deployment = NewDeployment::new("story", [gateway.id()], "dynamo-vllm", gpus, model, 2..=4)
        .hot_load("deltas", "story/");
    let deployment = client.deployments().create(deployment).await?;
    let mut seen = Vec::new();
    let deployment = client
        .deployments()
        .wait_ready(deployment.id())
        .on_progress(|deployment| seen.push(deployment.status().clone()))
        .await?;
    assert_eq!(seen.last(), Some(&ResourceStatus::Ready));
    assert_eq!(
        deployment.engine_version(),
        offered.versions("dynamo-vllm").last().map(String::as_str)
    );

    hot_load(client, deployment.id().as_str()).await?;

    let updated = client
        .deployments()
        .update(deployment.id(), |spec| spec.autoscaling.max = 8)
        .await?;
    assert_eq!(updated.status(), &ResourceStatus::Updating);
    let updated = client.deployments().wait_ready(deployment.id()).await?;
    assert_eq!(updated.replicas(), 2..=8);
    assert!(
        updated.can_hot_load(),
        "what an update can't send must not be lost by it"
    );
    let renamed = client
        .gateways()
        .update(gateway.id(), |spec| {
            spec.additional_dns = vec!["story.example".into()]
        })
        .await?;
    assert_eq!(renamed.name(), "story");
    let gateway = client.gateways().wait_ready(gateway.id()).await?;
    assert_eq!(gateway.endpoints()[1], "https://story.example");
    client
        .capacity_claims()
        .update(claim.id(), |spec| spec.resources.instance_count = 3)
        .await?;
    let claim = client.capacity_claims().wait_ready(claim.id()).await?;
    assert_eq!((claim.name(), claim.allocated_instances()), ("story", 3));

    let names = |found: Vec<String>| assert_eq!(found, ["story"]);
    names(
        client
            .gateways()
            .list()
            .await?
            .iter()
            .map(|gateway| gateway.name().to_owned())
            .collect(),
    );
    names(
        client
            .capacity_claims()
            .list()
            .await?
            .iter()
            .map(|claim| claim.name().to_owned())
            .collect(),
    );
    let behind = client.deployments().list().gateway(gateway.id()).await?;
    names(
        behind
            .iter()
            .map(|deployment| deployment.name().to_owned())
            .collect(),
    );

    let refused = client.gateways().delete(gateway.id()).await.unwrap_err();
    assert!(refused.is_gateway_in_use(), "{refused}");
    client
        .deployments()
        .delete_and_wait(deployment.id())
        .await?;
    client.gateways().delete_and_wait(gateway.id()).await?;
    client.capacity_claims().delete_and_wait(claim.id()).await?;
    let gone = client.gateways().get(gateway.id()).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

async fn hot_load(client: &Client, deployment: &str) -> Result<(), Error> {
    let full = client
        .hot_loads()
        .create(NewHotLoad::full(deployment, "step-1"))
        .await?;
    let blocked = client
        .deployments()
        .update(deployment, |spec| spec.autoscaling.max += 1)
        .await
        .unwrap_err();
    assert!(blocked.is_hot_load_in_progress(), "{blocked}");
    let cancelled = client.hot_loads().cancel(full.id()).await.unwrap_err();
    assert!(cancelled.is_unimplemented(), "{cancelled}");
    client.hot_loads().wait_complete(full.id()).await?;

    let delta = NewHotLoad::incremental(deployment, "step-2", "step-1");
    let delta = client.hot_loads().create(delta).await?;
    let delta = client.hot_loads().wait_complete(delta.id()).await?;
    assert_eq!(delta.state(), &HotLoadState::Completed);
    assert_eq!(delta.snapshot_chain().len(), 2);
    let replicas = client.hot_loads().replicas(delta.id()).page_size(1).await?;
    assert_eq!(replicas.len(), 2);
    assert!(replicas.iter().all(|replica| replica.serves("step-2")));
    let loads = client
        .hot_loads()
        .list()
        .deployment(deployment)
        .page_size(1)
        .await?;
    let identities: Vec<_> = loads.iter().map(|load| load.identity()).collect();
    assert_eq!(identities, ["step-2", "step-1"]);
    Ok(())
}

/// Asserts that nothing is left, that every operation was called, and that all traffic conforms to openapi.yaml.
async fn assert_told(fake: FakeServer) {
    for operation in Operation::ALL {
        assert!(fake.count(*operation) > 0, "{operation} took no part");
    }
    assert_conforms(&fake);
    let nothing = json!({"gateways": [], "deployments": [], "capacityClaims": [], "hotLoads": []});
    assert_eq!(fake.shutdown().await, nothing);
}

#[tokio::test]
async fn over_http() {
    let fake = FakeServer::start().await.unwrap();
    story(&client(&fake).build().unwrap()).await.unwrap();
    assert_told(fake).await;
}

async fn tls() -> (FakeServer, Certificate) {
    let fake = FakeServer::builder().tls().start().await.unwrap();
    let certificate = Certificate::from_pem(fake.certificate().unwrap().as_bytes()).unwrap();
    (fake, certificate)
}

#[tokio::test]
async fn over_tls_with_a_custom_root_certificate() {
    let (fake, authority) = tls().await;
    let client = client(&fake).reqwest_builder(|http| http.tls_certs_only([authority]));
    story(&client.build().unwrap()).await.unwrap();
    assert_told(fake).await;
}

/// A server with an unknown certificate receives no request, and no token.
#[tokio::test]
async fn refused_without_the_authority() {
    let (fake, _) = tls().await;
    let (_other, another) = tls().await;
    let strangers = [
        client(&fake),
        client(&fake).reqwest_builder(|http| http.tls_certs_only([another])),
        client(&fake).base_url(fake.url().replace("https", "http")),
    ];
    for stranger in strangers {
        let error = story(&stranger.build().unwrap()).await.unwrap_err();
        assert!(error.is_transport() && error.status().is_none(), "{error}");
        assert!(
            !format!("{error} {error:?}").contains(fake.token()),
            "{error:?}"
        );
    }
    assert!(fake.requests().is_empty());
}
