//! The lifecycle of every kind, through the wrapper against the fake: over HTTP, and over TLS with a custom root certificate.
//! Every operation is called, and all requests and responses are checked against openapi.yaml.

use std::time::Duration;

use chrono::DateTime;
use coreweave_inference::reqwest::Certificate;
use coreweave_inference::types::{HotLoadReplicaState, HotLoadState, ResourceStatus};
use coreweave_inference::{
    Backoff, Client, ClientBuilder, Deployment, DeploymentId, Error, GatewayAuth, GatewayId,
    HotLoad, HotLoadId, Model, NewCapacityClaim, NewDeployment, NewGateway, NewHotLoad, Resources,
    Routing, reason,
};
use coreweave_inference_fake::{FakeServer, Operation};
use serde_json::json;

use crate::common::conformance::assert_conforms;

/// With the fake's instant clock, a resource advances with every poll.
const POLL_DELAY: Duration = Duration::from_millis(1);

fn client(fake: &FakeServer) -> ClientBuilder {
    Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .no_retries()
        .poll_backoff(Backoff::constant(POLL_DELAY))
}

/// Creates, reads, updates and deletes one resource of each kind.
async fn lifecycle(client: &Client) -> Result<(), Error> {
    let claimable = client.capacity_claims().parameters().await?;
    let zones = client.gateways().parameters().await?;
    let zone = zones.zones()[0].clone();
    assert!(claimable.zones().contains(&zone.as_str()));

    let auth = GatewayAuth::CoreWeave;
    let gateway = NewGateway::new("chat", &zone, auth, Routing::OpenAiBody);
    let gateway = client.gateways().create(gateway).await?;
    assert_eq!(gateway.status(), &ResourceStatus::Creating);
    assert_eq!(gateway.zones(), &zones.zones()[..1]);
    assert_eq!(gateway.openai_base_url(), None);
    let gateway = client.gateways().wait_ready(gateway.id()).await?;
    let url = format!("https://api.{}.gw.cwinference.com/v1", gateway.id());
    assert_eq!(gateway.openai_base_url(), Some(url));

    let offered = client.deployments().parameters_for([gateway.id()]).await?;
    assert!(offered.gateway_ids().eq([gateway.id().clone()]));
    assert!(offered.engines().contains(&"dynamo-vllm"));
    assert!(offered.instance_types().contains(&"gb200-4x".to_owned()));
    assert!(
        claimable
            .instance_types(&zone)
            .contains(&"gb200-4x".to_owned())
    );

    let claim = NewCapacityClaim::new("gb200-4x", 2, [&zone]).name("chat");
    let claim = client.capacity_claims().create(claim).await?;
    let claim = client.capacity_claims().wait_ready(claim.id()).await?;
    assert_eq!(
        (claim.allocated_instances(), claim.pending_instances()),
        (2, 0)
    );

    let deployment = ready_deployment(client, gateway.id()).await?;
    assert_eq!(
        deployment.engine_version(),
        offered.versions("dynamo-vllm").last().map(String::as_str)
    );
    hot_loads(client, deployment.id()).await?;
    lists(client, gateway.id()).await?;

    let updated = client
        .deployments()
        .update(deployment.id(), |spec| spec.autoscaling.max = 8)
        .await?;
    assert_eq!(
        updated.status(),
        &ResourceStatus::Ready,
        "a change of the scale alone"
    );
    assert_eq!(updated.replicas(), 2..=8);
    let updated = client.deployments().wait_ready(deployment.id()).await?;
    assert_eq!(updated.replicas(), 2..=8);
    assert!(
        updated.can_hot_load(),
        "an update must keep the members that it can't send"
    );
    let updated = client
        .gateways()
        .update(gateway.id(), |spec| {
            spec.set_routing(Routing::Path);
            spec.endpoint().additional_dns = vec!["chat.example".into()];
        })
        .await?;
    assert_eq!((updated.name(), updated.routing()), ("chat", Routing::Path));
    // Until the service notices the update, the gateway reads as ready.
    let unnoticed = client.gateways().get(gateway.id()).await?;
    assert_eq!(unnoticed.status(), &ResourceStatus::Ready);
    let updated = client.gateways().wait_ready(gateway.id()).await?;
    assert_eq!(updated.endpoints()[1], "https://chat.example");
    client
        .capacity_claims()
        .update(claim.id(), |spec| spec.resources.instance_count = 3)
        .await?;
    let unnoticed = client.capacity_claims().get(claim.id()).await?;
    assert_eq!(unnoticed.status(), &ResourceStatus::Ready);
    let updated = client.capacity_claims().wait_ready(claim.id()).await?;
    assert_eq!((updated.name(), updated.allocated_instances()), ("chat", 3));
    let mut spec = updated.to_spec();
    spec.resources.instance_count = 4;
    let replaced = client.capacity_claims().replace(claim.id(), spec).await?;
    assert_eq!(replaced.instance_count(), 4);

    let refused = client.gateways().delete(gateway.id()).await.unwrap_err();
    assert!(refused.is(reason::GATEWAY_IN_USE), "{refused}");
    let deleted = client.deployments().delete(deployment.id()).await?;
    assert_eq!(deleted.status(), &ResourceStatus::Deleting);
    client.gateways().delete(gateway.id()).and_wait().await?;
    client.deployments().wait_deleted(deployment.id()).await?;
    client
        .capacity_claims()
        .delete(claim.id())
        .and_wait()
        .await?;
    let missing = client.gateways().get(gateway.id()).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing}");
    Ok(())
}

async fn ready_deployment(client: &Client, gateway: &GatewayId) -> Result<Deployment, Error> {
    let gpus = Resources::new("gb200-4x", 8);
    let model = Model::new("llama-3-8b", "weights", "llama/3-8b");
    let new = NewDeployment::new("chat", [gateway], "dynamo-vllm", gpus, model, 2..=4)
        .hot_load("deltas", "llama/");
    let deployment = client.deployments().create(new).await?;
    let mut statuses = Vec::new();
    client
        .deployments()
        .wait_ready(deployment.id())
        .on_progress(|deployment| statuses.push(deployment.status().clone()))
        .await?;
    assert_eq!(statuses.last(), Some(&ResourceStatus::Ready));

    let deployment = client.deployments().get(deployment.id()).await?;
    assert!(deployment.gateway_ids().eq([gateway.clone()]));
    assert_eq!(deployment.replicas(), 2..=4);
    assert_eq!((deployment.gpu_count(), deployment.weight()), (8, 100));
    assert!(deployment.can_hot_load() && !deployment.is_disabled());
    Ok(deployment)
}

async fn hot_loads(client: &Client, deployment: &DeploymentId) -> Result<(), Error> {
    let full = NewHotLoad::full(deployment, "step-1");
    let full = client.hot_loads().create(full).await?;
    assert_eq!(
        (full.deployment_id(), full.identity()),
        (Some(deployment.clone()), "step-1")
    );
    let blocked = client
        .deployments()
        .update(deployment, |spec| spec.autoscaling.max += 1)
        .await
        .unwrap_err();
    assert!(blocked.is(reason::HOT_LOAD_IN_PROGRESS), "{blocked}");
    let canceled = client.hot_loads().cancel(full.id()).await.unwrap_err();
    assert!(canceled.is_unimplemented(), "{canceled}");
    assert_serves(client, full.id(), "step-1").await?;

    let delta = NewHotLoad::incremental(deployment, "step-2", "step-1");
    let delta = client.hot_loads().create(delta).await?;
    let delta = assert_serves(client, delta.id(), "step-2").await?;
    assert_eq!(delta.snapshot_chain().len(), 2);
    let newest_first = client
        .hot_loads()
        .list()
        .deployment(deployment)
        .page_size(1)
        .await?;
    let identities: Vec<_> = newest_first.iter().map(|load| load.identity()).collect();
    assert_eq!(identities, ["step-2", "step-1"]);
    Ok(())
}

/// Waits until a hot-load is complete, and asserts that both replicas serve it.
async fn assert_serves(client: &Client, id: &HotLoadId, identity: &str) -> Result<HotLoad, Error> {
    let load = client.hot_loads().wait_complete(id).await?;
    assert_eq!(load.state(), &HotLoadState::Completed);
    let replicas = client.hot_loads().replicas(id).page_size(1).await?;
    assert_eq!(replicas.len(), 2);
    for replica in replicas {
        assert_eq!(replica.state(), &HotLoadReplicaState::Ready);
        assert!(replica.serves(identity));
    }
    Ok(load)
}

/// Asserts that the resources are found by list, filter and name.
async fn lists(client: &Client, gateway: &GatewayId) -> Result<(), Error> {
    let deployments = client.deployments();
    let gateways = client.gateways().list().await?;
    let recent = client
        .gateways()
        .list()
        .updated_after(DateTime::UNIX_EPOCH)
        .await?;
    let claims = client.capacity_claims().list().await?;
    let of_gateway = deployments.list().gateway(gateway).await?;
    assert!(gateways.iter().map(|gateway| gateway.name()).eq(["chat"]));
    assert!(recent.iter().map(|gateway| gateway.id()).eq([gateway]));
    assert!(claims.iter().map(|claim| claim.name()).eq(["chat"]));
    assert!(of_gateway.iter().map(|found| found.name()).eq(["chat"]));
    let of_another = deployments.list().gateway(GatewayId::random()).await?;
    assert!(of_another.is_empty());

    let claim = client.capacity_claims().find_by_name("chat").await?;
    assert_eq!(claim.unwrap().id(), claims[0].id());
    assert!(deployments.find_by_name("nobody").await?.is_none());
    Ok(())
}

/// Asserts that nothing is left, that every operation was called, and that all traffic conforms to openapi.yaml.
async fn assert_complete(fake: FakeServer) {
    for operation in Operation::ALL {
        assert!(fake.count(*operation) > 0, "{operation} was not called");
    }
    assert_conforms(&fake);
    let mut state = fake.shutdown().await;
    state["clock"].take();
    let nothing = json!({"clock": null, "gateways": [], "deployments": [], "capacityClaims": [], "hotLoads": []});
    assert_eq!(state, nothing);
}

#[tokio::test]
async fn over_http() {
    let fake = FakeServer::start().await.unwrap();
    lifecycle(&client(&fake).build().unwrap()).await.unwrap();
    assert_complete(fake).await;
}

async fn tls() -> (FakeServer, Certificate) {
    let fake = FakeServer::builder().tls().start().await.unwrap();
    let certificate = Certificate::from_pem(fake.certificate().unwrap().as_bytes()).unwrap();
    (fake, certificate)
}

#[tokio::test]
async fn over_tls_with_a_custom_root_certificate() {
    let (fake, root) = tls().await;
    let client = client(&fake).reqwest_builder(|http| http.tls_certs_only([root]));
    lifecycle(&client.build().unwrap()).await.unwrap();
    assert_complete(fake).await;
}

/// A server whose certificate is not trusted receives no request, and no token.
#[tokio::test]
async fn an_untrusted_certificate_is_refused() {
    let (fake, _) = tls().await;
    let (_other_fake, other_root) = tls().await;
    let untrusting = [
        client(&fake),
        client(&fake).reqwest_builder(|http| http.tls_certs_only([other_root])),
        client(&fake).base_url(fake.url().replace("https", "http")),
    ];
    for builder in untrusting {
        let error = lifecycle(&builder.build().unwrap()).await.unwrap_err();
        assert!(error.is_transport() && error.status().is_none(), "{error}");
        assert!(
            !format!("{error} {error:?}").contains(fake.token()),
            "{error:?}"
        );
    }
    assert!(fake.requests().is_empty());
}
