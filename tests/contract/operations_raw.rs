//! The generated client against the typed mocks, over a socket: what each operation sends, to the last header, and what
//! it makes of the answer.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use coreweave_inference_api::mocks::MockServerExt;
use coreweave_inference_api::{
    Client, Error, ErrorKind, HttpTransport, OPERATIONS, Response, params::*, types::*,
};
use httpmock::MockServer;
use serde_json::{Value, json};

use crate::common::recorded::{Recorded, Recorder};
use crate::common::samples::{self, *};

fn client(server: &MockServer) -> Client {
    client_of(&server.base_url())
}

fn client_of(base_url: &str) -> Client {
    let transport = HttpTransport::new(crate::common::http_client());
    Client::new(base_url, Arc::new(transport)).unwrap()
}

/// The whole request is what is asked for and nothing else.
fn assert_request(recorded: &Recorded, line: &str, body: &Value) {
    assert_eq!(recorded.line, line);
    assert_eq!(&recorded.json(), body);
    // The transport under test adds nothing, so every header beyond these (an `api-version`, say) is one too many.
    let expected: &[&str] = match body {
        Value::Null => &["accept"],
        _ => &["accept", "content-length", "content-type"],
    };
    assert_eq!(recorded.header_names(), expected);
    assert_eq!(recorded.header("accept"), Some("application/json"));
    if !body.is_null() {
        assert_eq!(recorded.header("content-type"), Some("application/json"));
    }
}

/// A refusal comes out whole: nothing of it was read, judged or lost on the way.
fn assert_refusal<T>(answer: Result<Response<T>, Error>) {
    let error = answer.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Status, 409)
    );
    assert_eq!(error.headers().unwrap()["content-type"], "application/json");
    assert_eq!(
        serde_json::from_slice::<Status>(error.body()).unwrap(),
        refusal()
    );
}

/// One row a call: the mock's own matchers, the call, the whole request, and the reply to send and to get back.
macro_rules! operations {
    ($(
        $test:ident: $operation:ident {
            $line:literal,
            match |$when:ident| $matching:expr,
            call |$client:ident| $call:expr,
            body $body:expr,
            reply $reply:expr,
        }
    )*) => {
        const TESTED: &[(&str, &str)] = &[$((stringify!($operation), $line)),*];

        $(
            mod $test {
                use super::*;

                #[tokio::test]
                async fn sends_and_decodes() {
                    let server = MockServer::start_async().await;
                    let recorder = Recorder::default();
                    let reply = $reply;
                    let mock = server.$operation(|$when, then| {
                        recorder.watch($matching.into_inner());
                        then.ok(&reply);
                    });
                    let $client = client(&server);
                    let answer = $call.await;
                    mock.assert_async().await;
                    let answer = answer.unwrap();
                    assert_eq!(answer.status(), 200);
                    assert_eq!(answer.into_inner(), reply);
                    assert_request(&recorder.take(), $line, &$body);
                }

                #[tokio::test]
                async fn hands_out_a_refusal_whole() {
                    let server = MockServer::start_async().await;
                    let mock = server.$operation(|_when, then| {
                        then.default_response(409, &refusal());
                    });
                    let $client = client(&server);
                    let answer = $call.await;
                    mock.assert_async().await;
                    assert_refusal(answer);
                }
            }
        )*
    };
}

operations! {
    list_capacity_claims: list_capacity_claims {
        "GET /v1alpha1/inference/capacityclaims",
        match |when| when.updated_after(None),
        call |client| client.list_capacity_claims(&ListCapacityClaimsParams::default()),
        body Value::Null,
        reply ListCapacityClaimsResponse {
            capacity_claims: vec![capacity_claim(), CapacityClaim::default()],
            ..Default::default()
        },
    }
    list_capacity_claims_modified_since: list_capacity_claims {
        "GET /v1alpha1/inference/capacityclaims?updatedAfter=2026-02-03T04%3A05%3A06.123456789Z",
        match |when| when.updated_after(&moment()),
        call |client| client.list_capacity_claims(&ListCapacityClaimsParams { updated_after: Some(moment()), ..Default::default() }),
        body Value::Null,
        reply ListCapacityClaimsResponse::default(),
    }
    create_capacity_claim: create_capacity_claim {
        "POST /v1alpha1/inference/capacityclaims",
        match |when| when.body(&new_capacity_claim()),
        call |client| client.create_capacity_claim(&new_capacity_claim()),
        body json!({
            "id": CLAIM,
            "name": "reserve",
            "resources": claimed_on_the_wire(),
        }),
        reply CreateCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
    }
    get_capacity_claim_parameters: get_capacity_claim_parameters {
        "GET /v1alpha1/inference/capacityclaims/parameters",
        match |when| when,
        call |client| client.get_capacity_claim_parameters(),
        body Value::Null,
        reply capacity_claim_parameters(),
    }
    get_capacity_claim: get_capacity_claim {
        "GET /v1alpha1/inference/capacityclaims/3d209c74-8e31-4d90-ac62-5f4e310b1c33",
        match |when| when.id(CLAIM),
        call |client| client.get_capacity_claim(CLAIM),
        body Value::Null,
        reply GetCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
    }
    update_capacity_claim: update_capacity_claim {
        "PATCH /v1alpha1/inference/capacityclaims/3d209c74-8e31-4d90-ac62-5f4e310b1c33",
        match |when| when.id(CLAIM).body(&changed_capacity_claim()),
        call |client| client.update_capacity_claim(CLAIM, &changed_capacity_claim()),
        body json!({"id": CLAIM, "resources": claimed_on_the_wire()}),
        reply UpdateCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
    }
    delete_capacity_claim: delete_capacity_claim {
        "DELETE /v1alpha1/inference/capacityclaims/3d209c74-8e31-4d90-ac62-5f4e310b1c33",
        match |when| when.id(CLAIM),
        call |client| client.delete_capacity_claim(CLAIM),
        body Value::Null,
        reply DeleteCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
    }
    list_deployments: list_deployments {
        "GET /v1alpha1/inference/deployments",
        match |when| when.parent_gateway_id(None).updated_after(None),
        call |client| client.list_deployments(&ListDeploymentsParams::default()),
        body Value::Null,
        reply ListDeploymentsResponse {
            items: vec![deployment(), Deployment::default()],
            ..Default::default()
        },
    }
    list_deployments_of_a_gateway_modified_since: list_deployments {
        "GET /v1alpha1/inference/deployments?parentGatewayId=1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11&updatedAfter=2026-02-03T04%3A05%3A06.123456789Z",
        match |when| when.parent_gateway_id(GATEWAY).updated_after(&moment()),
        call |client| client.list_deployments(&ListDeploymentsParams {
            parent_gateway_id: Some(GATEWAY.into()),
            updated_after: Some(moment()), ..Default::default() }),
        body Value::Null,
        reply ListDeploymentsResponse::default(),
    }
    create_deployment: create_deployment {
        "POST /v1alpha1/inference/deployments",
        match |when| when.body(&new_deployment()),
        call |client| client.create_deployment(&new_deployment()),
        body json!({
            "id": DEPLOYMENT,
            "name": "llama",
            "gatewayIds": [GATEWAY],
            "runtime": {
                "engine": "dynamo-vllm",
                "version": "0.9.1",
                "engineConfig": {"max-model-len": "8192"},
                "engineEnv": {"VLLM_LOGGING_LEVEL": "INFO"},
            },
            "resources": {"instanceType": "gb200-4x", "gpuCount": 4},
            "model": {"name": "meta/llama-3", "bucket": "weights", "path": "llama/3"},
            "autoscaling": {
                "min": 1,
                "max": 8,
                "priority": 500,
                "concurrency": 16,
                "capacityClasses": ["CAPACITY_CLASS_RESERVED", "CAPACITY_CLASS_ON_DEMAND"],
            },
            "traffic": {"weight": 100},
            "disabled": false,
            "hotLoad": {
                "bucket": "deltas",
                "pathPrefix": "llama/",
                "transitionMode": "TRANSITION_MODE_ASYNC",
            },
        }),
        reply CreateDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
    }
    get_deployment_parameters: get_deployment_parameters {
        "GET /v1alpha1/inference/deployments/parameters",
        match |when| when.gateway_ids(None),
        call |client| client.get_deployment_parameters(),
        body Value::Null,
        reply deployment_parameters(),
    }
    get_deployment_parameters_for_gateways: get_deployment_parameters {
        "GET /v1alpha1/inference/deployments/parameters?gatewayIds=one&gatewayIds=two",
        match |when| when.gateway_ids("one").gateway_ids("two"),
        call |client| client.get_deployment_parameters_with(&GetDeploymentParametersParams {
            gateway_ids: vec!["one".into(), "two".into()], ..Default::default() }),
        body Value::Null,
        reply deployment_parameters(),
    }
    get_deployment: get_deployment {
        "GET /v1alpha1/inference/deployments/2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        match |when| when.id(DEPLOYMENT),
        call |client| client.get_deployment(DEPLOYMENT),
        body Value::Null,
        reply GetDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
    }
    update_deployment: update_deployment {
        "PATCH /v1alpha1/inference/deployments/2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        match |when| when.id(DEPLOYMENT).body(&changed_deployment()),
        call |client| client.update_deployment(DEPLOYMENT, &changed_deployment()),
        body json!({
            "id": DEPLOYMENT,
            "name": "llama",
            "gatewayIds": [],
            "runtime": {"engine": "vllm"},
            "resources": {"instanceType": "gb200-4x", "gpuCount": 4},
            "model": {"name": "meta/llama-3", "bucket": "weights", "path": "llama/3"},
            "autoscaling": {"min": 1, "max": 1},
            "traffic": {},
        }),
        reply UpdateDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
    }
    delete_deployment: delete_deployment {
        "DELETE /v1alpha1/inference/deployments/2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        match |when| when.id(DEPLOYMENT),
        call |client| client.delete_deployment(DEPLOYMENT),
        body Value::Null,
        reply DeleteDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
    }
    list_gateways: list_gateways {
        "GET /v1alpha1/inference/gateways",
        match |when| when.updated_after(None),
        call |client| client.list_gateways(&ListGatewaysParams::default()),
        body Value::Null,
        reply ListGatewaysResponse {
            items: vec![gateway(), Gateway::default()],
            ..Default::default()
        },
    }
    list_gateways_modified_since: list_gateways {
        "GET /v1alpha1/inference/gateways?updatedAfter=2026-02-03T04%3A05%3A06.123456789Z",
        match |when| when.updated_after(&moment()),
        call |client| client.list_gateways(&ListGatewaysParams { updated_after: Some(moment()), ..Default::default() }),
        body Value::Null,
        reply ListGatewaysResponse::default(),
    }
    create_gateway: create_gateway {
        "POST /v1alpha1/inference/gateways",
        match |when| when.body(&new_gateway()),
        call |client| client.create_gateway(&new_gateway()),
        body json!({
            "id": GATEWAY,
            "name": "chat",
            "zones": ["US-EAST-04A"],
            "weightsAndBiasesAuth": {"apiKey": "key-1", "serverUrl": "https://wandb.example"},
            "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"},
            "endpointConfiguration": {"additionalDns": ["chat.example"]},
        }),
        reply CreateGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
    }
    get_gateway_parameters: get_gateway_parameters {
        "GET /v1alpha1/inference/gateways/parameters",
        match |when| when,
        call |client| client.get_gateway_parameters(),
        body Value::Null,
        reply GetGatewayParametersResponse {
            zones: vec!["US-EAST-04A".into(), "US-WEST-04A".into()],
            ..Default::default()
        },
    }
    get_gateway: get_gateway {
        "GET /v1alpha1/inference/gateways/1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11",
        match |when| when.id(GATEWAY),
        call |client| client.get_gateway(GATEWAY),
        body Value::Null,
        reply GetGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
    }
    update_gateway: update_gateway {
        "PATCH /v1alpha1/inference/gateways/1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11",
        match |when| when.id(GATEWAY).body(&changed_gateway()),
        call |client| client.update_gateway(GATEWAY, &changed_gateway()),
        body json!({
            "id": GATEWAY,
            "name": "chat",
            "coreWeaveAuth": {},
            "pathBasedRouting": {},
        }),
        reply UpdateGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
    }
    delete_gateway: delete_gateway {
        "DELETE /v1alpha1/inference/gateways/1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11",
        match |when| when.id(GATEWAY),
        call |client| client.delete_gateway(GATEWAY),
        body Value::Null,
        reply DeleteGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
    }
    list_hot_loads: list_hot_loads {
        "GET /v1alpha1/inference/hotLoads",
        match |when| when.max_page_size(None).page_token(None).parent_deployment_id(None),
        call |client| client.list_hot_loads(&ListHotLoadsParams::default()),
        body Value::Null,
        reply ListHotLoadsResponse {
            hot_loads: vec![samples::hot_load(), HotLoad::default()],
            next_page_token: Some("next/1+=".into()),
            ..Default::default()
        },
    }
    list_hot_loads_of_a_deployment_from_a_page_on: list_hot_loads {
        "GET /v1alpha1/inference/hotLoads?maxPageSize=-1&pageToken=next%2F1%2B%3D&parentDeploymentId=2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        match |when| when.max_page_size(-1).page_token("next/1+=").parent_deployment_id(DEPLOYMENT),
        call |client| client.list_hot_loads(&ListHotLoadsParams {
            max_page_size: Some(-1),
            page_token: Some("next/1+=".into()),
            parent_deployment_id: Some(DEPLOYMENT.into()), ..Default::default() }),
        body Value::Null,
        reply ListHotLoadsResponse::default(),
    }
    create_hot_load: create_hot_load {
        "POST /v1alpha1/inference/hotLoads",
        match |when| when.body(&new_hot_load()),
        call |client| client.create_hot_load(&new_hot_load()),
        body json!({
            "hotLoadId": HOT_LOAD,
            "deploymentId": DEPLOYMENT,
            "identity": "step-2",
            "type": "SNAPSHOT_TYPE_INCREMENTAL",
            "promptCachePolicy": "PROMPT_CACHE_POLICY_RESET_ALL",
            "incrementalSnapshotMetadata": {
                "previousSnapshotIdentity": "step-1",
                "compressionFormat": "COMPRESSION_FORMAT_ZSTD",
                "checksumFormat": "CHECKSUM_FORMAT_ADLER32",
            },
        }),
        reply CreateHotLoadResponse {
            hot_load: Some(samples::hot_load()),
            ..Default::default()
        },
    }
    get_hot_load: get_hot_load {
        "GET /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44",
        match |when| when.id(HOT_LOAD),
        call |client| client.get_hot_load(HOT_LOAD),
        body Value::Null,
        reply GetHotLoadResponse {
            hot_load: Some(samples::hot_load()),
            ..Default::default()
        },
    }
    list_hot_load_replicas: list_hot_load_replicas {
        "GET /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44/replicas",
        match |when| when.hot_load_id(HOT_LOAD).max_page_size(None).page_token(None),
        call |client| client.list_hot_load_replicas(HOT_LOAD, &ListHotLoadReplicasParams::default()),
        body Value::Null,
        reply ListHotLoadReplicasResponse {
            replicas: vec![replica(), HotLoadReplica::default()],
            next_page_token: Some("next".into()),
            ..Default::default()
        },
    }
    list_hot_load_replicas_from_a_page_on: list_hot_load_replicas {
        "GET /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44/replicas?maxPageSize=1000&pageToken=next",
        match |when| when.hot_load_id(HOT_LOAD).max_page_size(1000).page_token("next"),
        call |client| client.list_hot_load_replicas(HOT_LOAD, &ListHotLoadReplicasParams {
            max_page_size: Some(1000),
            page_token: Some("next".into()), ..Default::default() }),
        body Value::Null,
        reply ListHotLoadReplicasResponse::default(),
    }
    cancel_hot_load: cancel_hot_load {
        "POST /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44:cancel",
        match |when| when.id(HOT_LOAD).body(&CancelHotLoadRequest::default()),
        call |client| client.cancel_hot_load(HOT_LOAD, &CancelHotLoadRequest::default()),
        body json!({}),
        reply CancelHotLoadResponse {
            hot_load: Some(samples::hot_load()),
            ..Default::default()
        },
    }
}

fn new_capacity_claim() -> CreateCapacityClaimRequest {
    CreateCapacityClaimRequest {
        id: Some(CLAIM.into()),
        name: Some("reserve".into()),
        resources: claimed(),
        ..Default::default()
    }
}

fn changed_capacity_claim() -> UpdateCapacityClaimRequest {
    UpdateCapacityClaimRequest {
        id: CLAIM.into(),
        resources: claimed(),
        ..Default::default()
    }
}

fn claimed_on_the_wire() -> Value {
    json!({
        "instanceId": "gb200-4x",
        "instanceCount": 3,
        "zones": ["US-WEST-04A", "US-EAST-04A"],
        "capacityType": "CAPACITY_TYPE_CUSTOMER",
    })
}

fn new_deployment() -> CreateDeploymentRequest {
    CreateDeploymentRequest {
        id: Some(DEPLOYMENT.into()),
        name: "llama".into(),
        gateway_ids: vec![GATEWAY.into()],
        runtime: runtime(),
        resources: hardware(),
        model: model(),
        autoscaling: autoscaling(),
        traffic: traffic(),
        disabled: Some(false),
        hot_load: Some(hot_load_setup()),
        ..Default::default()
    }
}

/// What is required is sent even where it is empty; what is optional and not set is not.
fn changed_deployment() -> UpdateDeploymentRequest {
    UpdateDeploymentRequest {
        id: DEPLOYMENT.into(),
        name: "llama".into(),
        runtime: DeploymentRuntime {
            engine: "vllm".into(),
            ..Default::default()
        },
        resources: hardware(),
        model: model(),
        autoscaling: DeploymentAutoscaling {
            min: 1,
            max: 1,
            ..Default::default()
        },
        ..Default::default()
    }
}

fn new_gateway() -> CreateGatewayRequest {
    CreateGatewayRequest {
        id: Some(GATEWAY.into()),
        name: "chat".into(),
        zones: vec!["US-EAST-04A".into()],
        weights_and_biases_auth: Some(WeightsAndBiasesAuth {
            api_key: Some("key-1".into()),
            server_url: Some("https://wandb.example".into()),
            ..Default::default()
        }),
        body_based_routing: Some(BodyBasedRouting {
            api_type: ApiType::Openai,
            ..Default::default()
        }),
        endpoint_configuration: Some(EndpointConfiguration {
            additional_dns: vec!["chat.example".into()],
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn changed_gateway() -> UpdateGatewayRequest {
    UpdateGatewayRequest {
        id: GATEWAY.into(),
        name: "chat".into(),
        core_weave_auth: Some(CoreWeaveAuth::default()),
        path_based_routing: Some(PathBasedRouting::default()),
        ..Default::default()
    }
}

fn new_hot_load() -> CreateHotLoadRequest {
    CreateHotLoadRequest {
        hot_load_id: Some(HOT_LOAD.into()),
        deployment_id: DEPLOYMENT.into(),
        identity: "step-2".into(),
        type_: SnapshotType::Incremental,
        prompt_cache_policy: Some(PromptCachePolicy::ResetAll),
        incremental_snapshot_metadata: Some(delta()),
        ..Default::default()
    }
}

/// The table above leaves nothing out, and its request lines are the operations' own.
#[test]
fn every_operation_is_tested() {
    let tested: BTreeSet<_> = TESTED.iter().map(|(name, _)| *name).collect();
    let all: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(tested, all);
    assert_eq!(all.len(), 23);
    for (name, line) in TESTED {
        let operation = coreweave_inference_api::Operation::named(name).unwrap();
        let (before, after) = operation
            .path
            .split_once('{')
            .unwrap_or((operation.path, ""));
        let after = after.split_once('}').map_or("", |(_, after)| after);
        let path = line.split_once('?').map_or(*line, |(path, _)| path);
        assert!(
            path.starts_with(&format!("{} {before}", operation.method)),
            "{line}"
        );
        assert!(path.ends_with(after), "{line}");
    }
}

type Call<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Every call that has an id in its path, its answer dropped.
macro_rules! calls_with_an_id {
    ($client:ident, $id:ident, $($call:expr,)*) => {
        [$(Box::pin(async { drop($call.await); }) as Call<'_>),*]
    };
}

#[tokio::test]
async fn an_id_stays_one_path_segment() {
    let server = MockServer::start_async().await;
    let recorder = Recorder::default();
    server.mock(|when, then| {
        recorder.watch(when);
        then.status(404);
    });
    let client = client(&server);
    let id = "a/b c?d#e%f:g\u{fc}";
    let calls = calls_with_an_id![
        client,
        id,
        client.get_capacity_claim(id),
        client.update_capacity_claim(id, &UpdateCapacityClaimRequest::default()),
        client.delete_capacity_claim(id),
        client.get_deployment(id),
        client.update_deployment(id, &UpdateDeploymentRequest::default()),
        client.delete_deployment(id),
        client.get_gateway(id),
        client.update_gateway(id, &UpdateGatewayRequest::default()),
        client.delete_gateway(id),
        client.get_hot_load(id),
        client.list_hot_load_replicas(id, &ListHotLoadReplicasParams::default()),
        client.cancel_hot_load(id, &CancelHotLoadRequest::default()),
    ];
    let with_an_id = OPERATIONS
        .iter()
        .filter(|operation| operation.path.contains('{'));
    assert_eq!(calls.len(), with_an_id.count());
    for call in calls {
        call.await;
        let line = recorder.take().line;
        let segments = line.split('/').collect::<Vec<_>>();
        let id = segments[4].strip_suffix(":cancel").unwrap_or(segments[4]);
        assert_eq!(id, "a%2Fb%20c%3Fd%23e%25f:g%C3%BC", "{line}");
    }
}

/// Only a 200 is an answer. Another success, a proxy's page and a bare status come out whole as well.
#[tokio::test]
async fn whatever_is_not_200_is_handed_out_as_it_came() {
    let bodies = [
        (201, "application/json", "{\"gateway\": {}}"),
        (204, "application/json", ""),
        (304, "text/plain", ""),
        (404, "application/json", "{\"code\": \"not_found\"}"),
        (429, "text/plain", "slow down"),
        (500, "application/json", "{\"code\": 13, \"message\":"),
        (502, "text/html", "<html><h1>Bad gateway</h1></html>"),
    ];
    for (status, content_type, body) in bodies {
        let server = MockServer::start_async().await;
        server.get_gateway(|_when, then| {
            let _ = then
                .into_inner()
                .status(status)
                .header("content-type", content_type)
                .header("x-request-id", "req-1")
                .body(body);
        });
        let error = client(&server).get_gateway(GATEWAY).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.headers().unwrap()["content-type"], content_type);
        assert_eq!(error.headers().unwrap()["x-request-id"], "req-1");
        assert_eq!(error.body(), body.as_bytes());
    }
}

/// A 200 that is not the declared JSON is an error, never a default.
#[tokio::test]
async fn a_200_that_is_not_the_reply_is_an_error() {
    for body in [
        "",
        "<html></html>",
        "[]",
        "{\"gateway\": 1}",
        "{\"gateway\": {",
    ] {
        let server = MockServer::start_async().await;
        server.get_gateway(|_when, then| {
            let _ = then.into_inner().status(200).body(body);
        });
        let error = client(&server).get_gateway(GATEWAY).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.body()),
            (ErrorKind::Decode, body.as_bytes())
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connect_error() {
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = client_of(&format!("http://{address}"));
    let error = client.get_gateway_parameters().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let http = error.get_ref().downcast_ref::<reqwest::Error>().unwrap();
    assert!(http.is_connect(), "{http:?}");
}
