//! Unusual and invalid responses.

use coreweave_inference::types::ResourceStatus;
use coreweave_inference::{
    CapacityClaim, Deployment, ErrorKind, Gateway, GatewayAuth, GatewayId, HotLoad, Model,
    NewCapacityClaim, NewDeployment, NewGateway, Resources, Routing,
};
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::{Value, json};

use crate::fake::start;

/// One of each, all ready.
struct Ids {
    gateway: String,
    deployment: String,
    claim: String,
    load: String,
}

fn seed(fake: &FakeServer) -> Ids {
    let spec = json!({"name": "chat", "zones": ["US-EAST-04A"], "coreWeaveAuth": {}, "pathBasedRouting": {}});
    let gateway = fake.seed_gateway(json!({"spec": spec})).unwrap();
    let spec = json!({"name": "llama", "gatewayIds": [gateway], "runtime": {"engine": "dynamo-vllm"},
        "resources": {"instanceType": "gb200-4x", "gpuCount": 4}, "model": {"name": "llama", "bucket": "models", "path": "llama"},
        "autoscaling": {"min": 1, "max": 1}, "traffic": {"weight": 1}, "hotLoad": {"bucket": "snapshots"}});
    let deployment = fake.seed_deployment(json!({"spec": spec})).unwrap();
    let resources = json!({"instanceId": "gb200-4x", "instanceCount": 1, "zones": ["US-EAST-04A"], "capacityType": "CAPACITY_TYPE_MANAGED"});
    let claim = fake
        .seed_capacity_claim(json!({"spec": {"name": "evenings", "resources": resources}}))
        .unwrap();
    let spec =
        json!({"deploymentId": deployment, "identity": "step-1", "type": "SNAPSHOT_TYPE_FULL"});
    let load = fake.seed_hot_load(json!({"spec": spec})).unwrap();
    Ids {
        gateway,
        deployment,
        claim,
        load,
    }
}

#[tokio::test]
async fn a_response_without_its_resource_is_an_error() {
    let (fake, client) = start().await;
    let ids = seed(&fake);
    fake.fault(Fault::without_resource());
    let (gateways, deployments, claims, loads) = (
        client.gateways(),
        client.deployments(),
        client.capacity_claims(),
        client.hot_loads(),
    );
    let new_gateway =
        || NewGateway::new("new", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::Path);
    let model = || Model::new("llama", "models", "llama");
    let new_deployment = || {
        NewDeployment::new(
            "new",
            [ids.gateway.parse::<GatewayId>().unwrap()],
            "vllm",
            Resources::new("gb200-4x", 4),
            model(),
            1..=1,
        )
    };
    let new_claim = || NewCapacityClaim::new("gb200-4x", 1, ["US-EAST-04A"]);
    let replace_gateway = serde_json::from_value(
        json!({"name": "chat", "zones": ["US-EAST-04A"], "coreWeaveAuth": {}, "pathBasedRouting": {}}),
    );
    let replace_gateway: coreweave_inference::GatewaySpec = replace_gateway.unwrap();
    let errors = [
        (gateways.get(&ids.gateway).await.err(), "gateway"),
        (gateways.create(new_gateway()).await.err(), "gateway"),
        (
            gateways.replace(&ids.gateway, replace_gateway).await.err(),
            "gateway",
        ),
        (deployments.get(&ids.deployment).await.err(), "deployment"),
        (
            deployments.create(new_deployment()).await.err(),
            "deployment",
        ),
        (
            deployments.delete(&ids.deployment).await.err(),
            "deployment",
        ),
        (claims.get(&ids.claim).await.err(), "capacityClaim"),
        (claims.create(new_claim()).await.err(), "capacityClaim"),
        (claims.delete(&ids.claim).await.err(), "capacityClaim"),
        (loads.get(&ids.load).await.err(), "hotLoad"),
    ];
    for (error, member) in errors {
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert!(
            error.to_string().contains(&format!("`{member}`")),
            "{error}"
        );
        assert!(error.operation().is_some() && error.resource_id().is_some());
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn unusual_responses_decode() {
    let oddities = [
        Fault::unknown_enums as fn() -> Fault,
        Fault::integer_enums,
        Fault::unknown_members,
        Fault::nulls,
        Fault::zero_values,
    ];
    for oddity in oddities {
        let (fake, client) = start().await;
        let ids = seed(&fake);
        fake.fault(oddity());
        assert_eq!(
            client.gateways().get(&ids.gateway).await.unwrap().name(),
            "chat"
        );
        assert_eq!(
            client
                .deployments()
                .get(&ids.deployment)
                .await
                .unwrap()
                .model_name(),
            "llama"
        );
        assert_eq!(
            client
                .capacity_claims()
                .get(&ids.claim)
                .await
                .unwrap()
                .instance_count(),
            1
        );
        assert_eq!(
            client.hot_loads().get(&ids.load).await.unwrap().identity(),
            "step-1"
        );
        assert_eq!(client.gateways().list().await.unwrap().len(), 1);
        assert_eq!(client.hot_loads().list().await.unwrap().len(), 1);
        client.hot_loads().replicas(&ids.load).await.unwrap();
        client.deployments().parameters().await.unwrap();
    }
}

#[tokio::test]
async fn an_unknown_status_is_kept_and_is_neither_ready_nor_failed() {
    let (fake, client) = start().await;
    let status = json!({"status": "STATUS_HIBERNATING"});
    let id = fake
        .seed_gateway(json!({"spec": {"name": "chat"}, "status": status}))
        .unwrap();
    let gateway = client.gateways().get(&id).await.unwrap();
    assert_eq!(gateway.status().to_string(), "STATUS_HIBERNATING");
    assert!(matches!(gateway.status(), ResourceStatus::Unrecognized(_)) && !gateway.is_ready());
    let error = client
        .gateways()
        .wait_ready(&id)
        .timeout(std::time::Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.last_status(), Some(gateway.status()));
}

/// The JSON of a view is the API's, both ways.
#[tokio::test]
async fn resources_serialize_to_the_json_of_the_api() {
    let (fake, client) = start().await;
    let ids = seed(&fake);
    let gateway = client.gateways().get(&ids.gateway).await.unwrap();
    let deployment = client.deployments().get(&ids.deployment).await.unwrap();
    let claim = client.capacity_claims().get(&ids.claim).await.unwrap();
    let load = client.hot_loads().get(&ids.load).await.unwrap();
    let sent = |operation: Operation, member: &str| -> Value {
        let request = fake
            .requests()
            .into_iter()
            .find(|request| request.operation == Some(operation))
            .unwrap();
        request.response_body[member].clone()
    };
    let json = [
        (
            serde_json::to_value(&gateway).unwrap(),
            sent(Operation::GetGateway, "gateway"),
        ),
        (
            serde_json::to_value(&deployment).unwrap(),
            sent(Operation::GetDeployment, "deployment"),
        ),
        (
            serde_json::to_value(&claim).unwrap(),
            sent(Operation::GetCapacityClaim, "capacityClaim"),
        ),
        (
            serde_json::to_value(&load).unwrap(),
            sent(Operation::GetHotLoad, "hotLoad"),
        ),
    ];
    for (view, reply) in &json {
        assert_eq!(view, reply);
    }
    let [gateways, deployments, claims, loads] = json.map(|(view, _)| view);
    assert_eq!(
        serde_json::from_value::<Gateway>(gateways).unwrap(),
        gateway
    );
    assert_eq!(
        serde_json::from_value::<Deployment>(deployments).unwrap(),
        deployment
    );
    assert_eq!(
        serde_json::from_value::<CapacityClaim>(claims).unwrap(),
        claim
    );
    assert_eq!(serde_json::from_value::<HotLoad>(loads).unwrap(), load);
    let nameless =
        serde_json::from_value::<Gateway>(json!({"spec": {"name": "chat"}})).unwrap_err();
    assert!(
        nameless
            .to_string()
            .contains("the gateway `chat` has no `spec.id`"),
        "{nameless}"
    );
}

#[tokio::test]
async fn resources_display_on_one_line() {
    let (fake, client) = start().await;
    let ids = seed(&fake);
    let gateway = client.gateways().get(&ids.gateway).await.unwrap();
    assert_eq!(
        gateway.to_string(),
        format!("chat ({}, STATUS_READY)", ids.gateway)
    );
    let load = client.hot_loads().get(&ids.load).await.unwrap();
    assert_eq!(
        load.to_string(),
        format!("step-1 ({}, HOT_LOAD_STATE_COMPLETED)", ids.load)
    );
}

#[tokio::test]
async fn secrets_are_not_displayed() {
    let (fake, client) = start().await;
    let secret = "planted-wandb-key";
    let auth = json!({"apiKey": secret, "serverUrl": "https://wandb.test"});
    let spec = json!({"name": "chat", "weightsAndBiasesAuth": auth, "pathBasedRouting": {}});
    let id = fake.seed_gateway(json!({"spec": spec})).unwrap();
    let gateway = client.gateways().get(&id).await.unwrap();
    let spec = gateway.to_spec();
    let refused = client
        .gateways()
        .update(&id, |spec| spec.name = "other".into())
        .await
        .unwrap_err();
    let changes: Vec<_> = {
        use futures_util::StreamExt;
        client.gateways().watch().stream().take(1).collect().await
    };
    let shown = format!(
        "{gateway:?} {gateway} {spec:?} {:?} {refused:?} {refused} {changes:?} {:?}",
        gateway.auth(),
        client.gateways().replace(&id, gateway.to_spec())
    );
    assert!(!shown.contains(secret), "{shown}");
}
