//! Updates, which lose nothing.

use coreweave_inference::{
    DeploymentId, DeploymentSpec, GatewayAuth, GatewaySpec, Routing, WandbAuth, raw, raw::types,
    reason,
};
use coreweave_inference_fake::{FakeServer, Operation};
use serde_json::{Value, json};

use crate::fake::start;
use crate::in_memory::{error as refusal, ok, play};

/// The body of the only update that was sent.
fn sent(fake: &FakeServer) -> Value {
    let updates: Vec<_> = fake
        .requests()
        .into_iter()
        .filter(|request| request.method == "PATCH")
        .collect();
    assert_eq!(updates.len(), 1);
    updates[0].body.clone()
}

fn deployment() -> Value {
    json!({
        "id": "9c5b94b1-35ad-49bb-b118-8e8fc24abf80",
        "name": "llama",
        "gatewayIds": ["5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11"],
        "runtime": {"engine": "dynamo-vllm", "version": "0.6.1", "engineConfig": {"dtype": "auto"}, "newTuning": {"deep": [1, {"x": null}]}},
        "resources": {"instanceType": "gb200-4x", "gpuCount": 4, "newTopology": "ring"},
        "model": {"name": "llama-3-8b", "bucket": "models", "path": "llama", "newDigest": "abc"},
        "autoscaling": {"min": 1, "max": 4, "capacityClasses": ["CAPACITY_CLASS_NEW"], "newSignal": true},
        "traffic": {"weight": 10, "newMirror": 0.5},
        "hotLoad": {"bucket": "snapshots", "pathPrefix": "run"},
        "disabled": true,
        "newPolicy": {"kind": "canary", "steps": [1, 2]},
    })
}

#[tokio::test]
async fn an_update_sends_back_unknown_members() {
    let (fake, client) = start().await;
    let id = fake.seed_deployment(json!({"spec": deployment()})).unwrap();
    let read = client.deployments().get(&id).await.unwrap().into_raw();
    assert!(
        read.spec.unwrap().organization_id.is_some(),
        "the service sets it, and an update leaves it out"
    );
    let _ = client
        .deployments()
        .update(&id, |spec| spec.autoscaling.max = 8)
        .await;
    let mut expected = deployment();
    expected["autoscaling"]["max"] = json!(8);
    assert_eq!(sent(&fake), expected);
}

#[tokio::test]
async fn a_spec_that_was_read_can_be_sent_back_unchanged() {
    let (fake, client) = start().await;
    let id = fake.seed_deployment(json!({"spec": deployment()})).unwrap();
    let spec = client.deployments().get(&id).await.unwrap().to_spec();
    let _ = client.deployments().replace(&id, spec).await;
    assert_eq!(sent(&fake), deployment());
}

/// The service never returns the key, so an update that did not set it would drop it.
#[tokio::test]
async fn an_update_that_would_drop_the_api_key_is_not_sent() {
    let (fake, client) = start().await;
    let spec = json!({"name": "chat", "zones": ["US-EAST-04A"], "newMember": {"a": [1]},
        "weightsAndBiasesAuth": {"serverUrl": "https://wandb.test", "newFlag": true},
        "bodyBasedRouting": {"apiType": "API_TYPE_NEW", "newOption": 1},
        "endpointConfiguration": {"additionalDns": ["a.test"], "newTls": {"min": "1.3"}}});
    let id = fake.seed_gateway(json!({"spec": spec})).unwrap();
    let gateways = client.gateways();
    let add_dns = |spec: &mut GatewaySpec| spec.endpoint().additional_dns.push("b.test".into());
    let read = gateways.get(&id).await.unwrap().to_spec();
    let with_auth = |change: fn(WandbAuth) -> WandbAuth| {
        let mut spec = read.clone();
        add_dns(&mut spec);
        if let GatewayAuth::WeightsAndBiases(auth) = spec.auth() {
            spec.set_auth(GatewayAuth::WeightsAndBiases(change(auth)));
        }
        spec
    };
    let without_id = types::UpdateGatewayRequest {
        id: String::new(),
        ..(*read).clone()
    };
    let without_id = GatewaySpec::from(without_id);
    for refused in [
        gateways.update(&id, add_dns).await.unwrap_err(),
        gateways.replace(&id, read.clone()).await.unwrap_err(),
        gateways.replace(&id, without_id).await.unwrap_err(),
    ] {
        let violation = refused.field_violations().next().unwrap();
        assert_eq!(violation.field, "weightsAndBiasesAuth.apiKey");
        assert!(refused.is_invalid_argument());
    }
    assert_eq!(fake.count(Operation::UpdateGateway), 0);

    let mut expected = spec.clone();
    expected["id"] = json!(id);
    expected["endpointConfiguration"]["additionalDns"] = json!(["a.test", "b.test"]);
    expected["weightsAndBiasesAuth"]["apiKey"] = json!("planted-secret");
    let keyed = with_auth(|auth| auth.api_key("planted-secret"));
    let _ = gateways.replace(&id, keyed).await;
    assert_eq!(sent(&fake), expected);

    let keyless = with_auth(WandbAuth::without_api_key);
    let _ = gateways.replace(&id, keyless).await;
    let requests = fake.requests();
    let body = &requests.last().unwrap().body["weightsAndBiasesAuth"];
    assert_eq!(
        body,
        &json!({"serverUrl": "https://wandb.test", "newFlag": true})
    );
}

#[tokio::test]
async fn a_changed_choice_replaces_its_alternative() {
    let (fake, client) = start().await;
    let spec = json!({"name": "chat", "zones": ["US-EAST-04A"], "coreWeaveAuth": {}, "pathBasedRouting": {}});
    let id = fake.seed_gateway(json!({"spec": spec})).unwrap();
    let changed = client
        .gateways()
        .update(&id, |spec| {
            spec.set_auth(GatewayAuth::WeightsAndBiases(
                WandbAuth::new().usage_reports(true),
            ));
            spec.set_routing(Routing::Header("X-Model".into()));
        })
        .await
        .unwrap();
    assert_eq!(changed.routing(), Routing::Header("X-Model".into()));
    let body = sent(&fake);
    assert_eq!(
        body["weightsAndBiasesAuth"],
        json!({"enableUsageReports": true})
    );
    assert!(body.get("coreWeaveAuth").is_none() && body.get("pathBasedRouting").is_none());
}

#[tokio::test]
async fn a_spec_of_another_resource_is_not_sent() {
    let (fake, client) = start().await;
    let id = DeploymentId::try_from(fake.seed_deployment(json!({"spec": deployment()})).unwrap())
        .unwrap();
    let other = types::UpdateDeploymentRequest {
        id: "other".into(),
        ..Default::default()
    };
    for refused in [
        client
            .deployments()
            .update(&id, |spec| spec.id = "other".into())
            .await
            .unwrap_err(),
        client.deployments().replace(&id, other).await.unwrap_err(),
    ] {
        assert!(refused.is_invalid_argument());
        assert_eq!(refused.field_violations().next().unwrap().field, "id");
        assert_eq!(refused.operation(), Some(raw::Operation::UPDATE_DEPLOYMENT));
        assert_eq!(refused.resource_id(), Some(id.as_str()));
    }
    assert_eq!(fake.count(Operation::UpdateDeployment), 0);
}

#[tokio::test]
async fn the_service_validates_the_spec() {
    let (fake, client) = start().await;
    let id = fake.seed_deployment(json!({"spec": deployment()})).unwrap();
    let refused = client
        .deployments()
        .update(&id, |spec| spec.traffic.weight = Some(1001))
        .await
        .unwrap_err();
    assert!(refused.is_invalid_argument() && refused.status().is_some());
    assert_eq!(fake.count(Operation::UpdateDeployment), 1);
}

#[tokio::test]
async fn a_change_can_borrow() {
    let (fake, client) = start().await;
    let id = fake.seed_deployment(json!({"spec": deployment()})).unwrap();
    let wanted = String::from("0.6.2");
    let mut before = None;
    let _ = client
        .deployments()
        .update(&id, |spec| {
            before = spec.runtime.version.replace(wanted.clone())
        })
        .await;
    assert_eq!(before.as_deref(), Some("0.6.1"));
    assert_eq!(sent(&fake)["runtime"]["version"], json!(wanted));
}

#[tokio::test]
async fn a_refused_update_says_if_the_resource_has_failed_for_good() {
    for (status, reason) in [
        ("STATUS_FAILED", Some(reason::FAILED)),
        ("STATUS_DELETING", Some(reason::DELETING)),
        ("STATUS_READY", None),
    ] {
        let (client, _) = play(move |request| match request.starts_with("PATCH") {
            true => refusal(412, "not in this state"),
            false => ok(json!({"deployment": {"spec": {"id": "d"}, "status": {"status": status}}})),
        });
        let scale = |spec: &mut DeploymentSpec| spec.autoscaling.max = 8;
        let error = client.deployments().update("d", scale).await.unwrap_err();
        assert!(error.is_failed_precondition(), "{error}");
        assert_eq!(error.reason(), reason);
        let last = error.last_status().map(|status| status.as_str());
        assert_eq!(last, reason.map(|_| status));
    }
}

#[tokio::test]
async fn a_refusal_does_not_quote_the_environment_of_an_engine() {
    let secret = "planted-s3cret";
    let (client, _) = play(move |request| match request.starts_with("PATCH") {
        true => refusal(
            400,
            &format!("runtime.engine_env[KEY]: {secret} is not allowed"),
        ),
        false => ok(json!({"deployment": {"spec": {"id": "d", "name": "llama"}}})),
    });
    let update = client.deployments().update("d", |spec| {
        let env = &mut spec.runtime.engine_env;
        env.insert("KEY".to_owned(), secret.into());
    });
    let said = update.await.unwrap_err().to_string();
    assert!(said.contains("[redacted] is not allowed"), "{said}");
}
