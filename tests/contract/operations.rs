//! The wrapper against the typed mocks, over a socket: the complete request of each operation, the decoded response, and the
//! error.

use std::collections::BTreeSet;

use coreweave_inference::error::Code;
use coreweave_inference::raw::mocks::MockServerExt;
use coreweave_inference::raw::{OPERATIONS, types::*};
use coreweave_inference::{
    Client, Error, ErrorKind, GatewayAuth, GatewaySpec, Model, NewCapacityClaim, NewDeployment,
    NewGateway, NewHotLoad, Resources, Routing, WandbAuth,
};
use futures_util::TryStreamExt;
use httpmock::MockServer;
use serde_json::{Value, json};

use crate::common::recorded::{Recorded, Recorder};
use crate::common::samples::*;

const TOKEN: &str = "token-0123";

fn client(server: &MockServer) -> Client {
    Client::builder()
        .base_url(server.base_url())
        .token(TOKEN)
        .build()
        .unwrap()
}

/// Asserts that a request consists of `line`, `body` and the expected headers, and of nothing else.
fn assert_request(recorded: &Recorded, line: &str, body: &Value) {
    assert_eq!(recorded.line, line);
    assert_eq!(&recorded.json(), body);
    let expected: &[&str] = match body {
        Value::Null => &["accept", "authorization", "user-agent"],
        _ => &[
            "accept",
            "authorization",
            "content-length",
            "content-type",
            "user-agent",
        ],
    };
    assert_eq!(recorded.header_names(), expected);
    assert_eq!(recorded.header("accept"), Some("application/json"));
    assert_eq!(recorded.header("authorization"), Some("Bearer token-0123"));
    if !body.is_null() {
        assert_eq!(recorded.header("content-type"), Some("application/json"));
    }
    let user_agent = recorded.header("user-agent").unwrap();
    assert!(
        user_agent.starts_with("coreweave-inference-rust/"),
        "{user_agent}"
    );
}

/// Asserts that an error contains everything that the API returned, and no secret.
fn assert_refusal(error: &Error, operation: &str, line: &str, body: &Value) {
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.operation().unwrap().name, operation);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(error.code(), Some(Code::FailedPrecondition));
    assert!(error.is_failed_precondition() && !error.is_transient());
    assert_eq!(error.message(), "a hot-load is already in progress");
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(error.attempts(), 1);
    let path = line.split('?').next().unwrap();
    let named = [GATEWAY, DEPLOYMENT, CLAIM, HOT_LOAD]
        .into_iter()
        .find(|id| path.contains(id) || body["id"] == *id || body["hotLoadId"] == *id);
    assert_eq!(error.resource_id(), named);
    let (display, debug) = (error.to_string(), format!("{error:?}"));
    assert!(
        display.contains("FAILED_PRECONDITION") && display.contains("HTTP 400"),
        "{display}"
    );
    assert!(!display.contains('\n'), "{display}");
    for text in [display, debug] {
        assert!(!text.contains(TOKEN) && !text.contains("key-1"), "{text}");
    }
}

/// Two tests a row: what the mock matches besides the operation, the call, the complete request, the response, and what the
/// caller gets of it.
macro_rules! operations {
    ($(
        $test:ident: $operation:ident {
            $line:literal,
            $(match |$when:ident| $matching:expr,)?
            call |$client:ident| $call:expr,
            body $body:expr,
            reply $reply:expr,
            gives |$got:ident| $given:expr,
            $expected:expr,
        }
    )*) => {
        const TESTED: &[&str] = &[$(stringify!($operation)),*];

        $(
            mod $test {
                use super::*;

                #[tokio::test]
                async fn sends_and_decodes() {
                    let server = MockServer::start_async().await;
                    let recorder = Recorder::default();
                    let mock = server.$operation(|when, then| {
                        $(let when = {
                            let $when = when;
                            $matching
                        };)?
                        recorder.watch(when.into_inner());
                        then.ok(&$reply);
                    });
                    let $client = client(&server);
                    let $got = $call.await.unwrap();
                    assert_eq!($given, $expected);
                    mock.assert_async().await;
                    assert_request(&recorder.take(), $line, &$body);
                }

                #[tokio::test]
                async fn returns_the_error() {
                    let server = MockServer::start_async().await;
                    let mock = server.$operation(|_when, then| {
                        then.default_response(400, &refusal());
                    });
                    let $client = client(&server);
                    let error = $call.await.unwrap_err();
                    mock.assert_async().await;
                    assert_refusal(&error, stringify!($operation), $line, &$body);
                }
            }
        )*
    };
}

operations! {
    list_capacity_claims: list_capacity_claims {
        "GET /v1alpha1/inference/capacityclaims",
        call |client| client.capacity_claims().list(),
        body Value::Null,
        reply ListCapacityClaimsResponse {
            capacity_claims: vec![capacity_claim()],
            ..Default::default()
        },
        gives |got| got.into_iter().map(|claim| claim.into_raw()).collect::<Vec<_>>(),
        [capacity_claim()],
    }
    list_capacity_claims_modified_since: list_capacity_claims {
        "GET /v1alpha1/inference/capacityclaims?updatedAfter=2026-02-03T04%3A05%3A06.123456789Z",
        match |when| when.updated_after(&moment()),
        call |client| client.capacity_claims().list().updated_after(moment()),
        body Value::Null,
        reply ListCapacityClaimsResponse::default(),
        gives |got| got.len(),
        0,
    }
    create_capacity_claim: create_capacity_claim {
        "POST /v1alpha1/inference/capacityclaims",
        call |client| client.capacity_claims().create(new_capacity_claim()),
        body json!({"id": CLAIM, "name": "reserve", "resources": claimed_on_the_wire()}),
        reply CreateCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        capacity_claim(),
    }
    get_capacity_claim_parameters: get_capacity_claim_parameters {
        "GET /v1alpha1/inference/capacityclaims/parameters",
        call |client| client.capacity_claims().parameters(),
        body Value::Null,
        reply capacity_claim_parameters(),
        gives |got| (got.zones().len(), got.instance_types("US-WEST-04A").len(), got.into_raw()),
        (1, 2, capacity_claim_parameters()),
    }
    get_capacity_claim: get_capacity_claim {
        "GET /v1alpha1/inference/capacityclaims/3d209c74-8e31-4d90-ac62-5f4e310b1c33",
        call |client| client.capacity_claims().get(CLAIM),
        body Value::Null,
        reply GetCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
        gives |got| (got.id().to_string(), got.name().to_owned(), got.pending_instances(), got.into_raw()),
        (CLAIM.to_owned(), "reserve".to_owned(), 2, capacity_claim()),
    }
    replace_capacity_claim: update_capacity_claim {
        "PATCH /v1alpha1/inference/capacityclaims/3d209c74-8e31-4d90-ac62-5f4e310b1c33",
        call |client| client.capacity_claims().replace(CLAIM, UpdateCapacityClaimRequest {
            resources: claimed(),
            ..Default::default()
        }),
        body json!({"id": CLAIM, "resources": claimed_on_the_wire()}),
        reply UpdateCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        capacity_claim(),
    }
    delete_capacity_claim: delete_capacity_claim {
        "DELETE /v1alpha1/inference/capacityclaims/3d209c74-8e31-4d90-ac62-5f4e310b1c33",
        call |client| client.capacity_claims().delete(CLAIM),
        body Value::Null,
        reply DeleteCapacityClaimResponse {
            capacity_claim: Some(capacity_claim()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        capacity_claim(),
    }
    list_deployments: list_deployments {
        "GET /v1alpha1/inference/deployments",
        call |client| client.deployments().list(),
        body Value::Null,
        reply ListDeploymentsResponse {
            items: vec![deployment()],
            ..Default::default()
        },
        gives |got| got.into_iter().map(|deployment| deployment.into_raw()).collect::<Vec<_>>(),
        [deployment()],
    }
    list_deployments_of_a_gateway_modified_since: list_deployments {
        "GET /v1alpha1/inference/deployments?parentGatewayId=1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11&updatedAfter=2026-02-03T04%3A05%3A06.123456789Z",
        match |when| when.parent_gateway_id(GATEWAY).updated_after(&moment()),
        call |client| client.deployments().list().gateway(GATEWAY).updated_after(moment()),
        body Value::Null,
        reply ListDeploymentsResponse::default(),
        gives |got| got.len(),
        0,
    }
    create_deployment: create_deployment {
        "POST /v1alpha1/inference/deployments",
        call |client| client.deployments().create(new_deployment()),
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
            "disabled": true,
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
        gives |got| got.into_raw(),
        deployment(),
    }
    get_deployment_parameters: get_deployment_parameters {
        "GET /v1alpha1/inference/deployments/parameters",
        call |client| client.deployments().parameters(),
        body Value::Null,
        reply deployment_parameters(),
        gives |got| (got.engines().len(), got.versions("vllm").len(), got.into_raw()),
        (1, 2, deployment_parameters()),
    }
    get_deployment_parameters_for_gateways: get_deployment_parameters {
        "GET /v1alpha1/inference/deployments/parameters?gatewayIds=one&gatewayIds=two",
        match |when| when.gateway_ids("one").gateway_ids("two"),
        call |client| client.deployments().parameters_for(["one", "two"]),
        body Value::Null,
        reply deployment_parameters(),
        gives |got| got.into_raw(),
        deployment_parameters(),
    }
    get_deployment: get_deployment {
        "GET /v1alpha1/inference/deployments/2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        call |client| client.deployments().get(DEPLOYMENT),
        body Value::Null,
        reply GetDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
        gives |got| (got.id().to_string(), got.replicas(), got.is_disabled(), got.into_raw()),
        (DEPLOYMENT.to_owned(), 1..=8, true, deployment()),
    }
    replace_deployment: update_deployment {
        "PATCH /v1alpha1/inference/deployments/2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        call |client| client.deployments().replace(DEPLOYMENT, UpdateDeploymentRequest {
            id: DEPLOYMENT.into(),
            name: "llama".into(),
            gateway_ids: vec![GATEWAY.into()],
            runtime: DeploymentRuntime { engine: "vllm".into(), ..Default::default() },
            resources: hardware(),
            model: model(),
            autoscaling: DeploymentAutoscaling { min: 1, max: 1, ..Default::default() },
            ..Default::default()
        }),
        body json!({
            "id": DEPLOYMENT,
            "name": "llama",
            "gatewayIds": [GATEWAY],
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
        gives |got| got.into_raw(),
        deployment(),
    }
    delete_deployment: delete_deployment {
        "DELETE /v1alpha1/inference/deployments/2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        call |client| client.deployments().delete(DEPLOYMENT),
        body Value::Null,
        reply DeleteDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        deployment(),
    }
    list_gateways: list_gateways {
        "GET /v1alpha1/inference/gateways",
        call |client| client.gateways().list(),
        body Value::Null,
        reply ListGatewaysResponse {
            items: vec![gateway()],
            ..Default::default()
        },
        gives |got| got.into_iter().map(|gateway| gateway.into_raw()).collect::<Vec<_>>(),
        [gateway()],
    }
    list_gateways_modified_since: list_gateways {
        "GET /v1alpha1/inference/gateways?updatedAfter=2026-02-03T04%3A05%3A06.123456789Z",
        match |when| when.updated_after(&moment()),
        call |client| client.gateways().list().updated_after(moment()),
        body Value::Null,
        reply ListGatewaysResponse::default(),
        gives |got| got.len(),
        0,
    }
    create_gateway: create_gateway {
        "POST /v1alpha1/inference/gateways",
        call |client| client.gateways().create(new_gateway()),
        body json!({
            "id": GATEWAY,
            "name": "chat",
            "zones": ["US-EAST-04A"],
            "weightsAndBiasesAuth": {
                "apiKey": "key-1",
                "serverUrl": "https://wandb.example",
                "enableUsageReports": true,
            },
            "headerBasedRouting": {"headerName": "x-model"},
            "endpointConfiguration": {
                "additionalDns": ["chat.example"],
                "allowedSourceIpRanges": ["192.0.2.0/24"],
            },
        }),
        reply CreateGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        gateway(),
    }
    get_gateway_parameters: get_gateway_parameters {
        "GET /v1alpha1/inference/gateways/parameters",
        call |client| client.gateways().parameters(),
        body Value::Null,
        reply GetGatewayParametersResponse {
            zones: vec!["US-EAST-04A".into(), "US-WEST-04A".into()],
            ..Default::default()
        },
        gives |got| got.zones().to_vec(),
        ["US-EAST-04A", "US-WEST-04A"],
    }
    get_gateway: get_gateway {
        "GET /v1alpha1/inference/gateways/1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11",
        match |when| when.id(GATEWAY),
        call |client| client.gateways().get(GATEWAY),
        body Value::Null,
        reply GetGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
        gives |got| (got.id().to_string(), got.status().clone(), got.routing(), got.into_raw()),
        (GATEWAY.to_owned(), ResourceStatus::Ready, Routing::Header("x-model".into()), gateway()),
    }
    replace_gateway: update_gateway {
        "PATCH /v1alpha1/inference/gateways/1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11",
        call |client| client.gateways().replace(GATEWAY, GatewaySpec::from(UpdateGatewayRequest {
            name: "chat".into(),
            zones: vec!["US-EAST-04A".into()],
            core_weave_auth: Some(CoreWeaveAuth::default()),
            path_based_routing: Some(PathBasedRouting::default()),
            ..Default::default()
        })),
        body json!({
            "id": GATEWAY,
            "name": "chat",
            "zones": ["US-EAST-04A"],
            "coreWeaveAuth": {},
            "pathBasedRouting": {},
        }),
        reply UpdateGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        gateway(),
    }
    delete_gateway: delete_gateway {
        "DELETE /v1alpha1/inference/gateways/1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11",
        call |client| client.gateways().delete(GATEWAY),
        body Value::Null,
        reply DeleteGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        gateway(),
    }
    list_hot_loads: list_hot_loads {
        "GET /v1alpha1/inference/hotLoads",
        call |client| client.hot_loads().list(),
        body Value::Null,
        reply ListHotLoadsResponse {
            hot_loads: vec![hot_load()],
            next_page_token: Some(String::new()),
            ..Default::default()
        },
        gives |got| got.into_iter().map(|load| load.into_raw()).collect::<Vec<_>>(),
        [hot_load()],
    }
    list_hot_loads_of_a_deployment_from_a_page_on: list_hot_loads {
        "GET /v1alpha1/inference/hotLoads?maxPageSize=2&pageToken=next%2F1%2B%3D&parentDeploymentId=2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        call |client| client.hot_loads().list().deployment(DEPLOYMENT).page_size(2).page_token("next/1+="),
        body Value::Null,
        reply ListHotLoadsResponse::default(),
        gives |got| got.len(),
        0,
    }
    create_hot_load: create_hot_load {
        "POST /v1alpha1/inference/hotLoads",
        call |client| client.hot_loads().create(new_hot_load()),
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
            hot_load: Some(hot_load()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        hot_load(),
    }
    get_hot_load: get_hot_load {
        "GET /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44",
        call |client| client.hot_loads().get(HOT_LOAD),
        body Value::Null,
        reply GetHotLoadResponse {
            hot_load: Some(hot_load()),
            ..Default::default()
        },
        gives |got| (got.id().to_string(), got.identity().to_owned(), got.state().clone(), got.into_raw()),
        (HOT_LOAD.to_owned(), "step-2".to_owned(), HotLoadState::InProgress, hot_load()),
    }
    list_hot_load_replicas: list_hot_load_replicas {
        "GET /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44/replicas",
        call |client| client.hot_loads().replicas(HOT_LOAD),
        body Value::Null,
        reply ListHotLoadReplicasResponse {
            replicas: vec![replica()],
            ..Default::default()
        },
        gives |got| got.into_iter().map(|replica| replica.into_raw()).collect::<Vec<_>>(),
        [replica()],
    }
    list_hot_load_replicas_from_a_page_on: list_hot_load_replicas {
        "GET /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44/replicas?maxPageSize=1000&pageToken=next",
        match |when| when.hot_load_id(HOT_LOAD).max_page_size(1000).page_token("next"),
        call |client| client.hot_loads().replicas(HOT_LOAD).page_size(1000).page_token("next"),
        body Value::Null,
        reply ListHotLoadReplicasResponse::default(),
        gives |got| got.len(),
        0,
    }
    cancel_hot_load: cancel_hot_load {
        "POST /v1alpha1/inference/hotLoads/4e31ad85-9f42-4ea1-bd73-605f421c2d44:cancel",
        match |when| when.id(HOT_LOAD).body(&CancelHotLoadRequest::default()),
        call |client| client.hot_loads().cancel(HOT_LOAD),
        body json!({}),
        reply CancelHotLoadResponse {
            hot_load: Some(hot_load()),
            ..Default::default()
        },
        gives |got| got.into_raw(),
        hot_load(),
    }
}

fn new_capacity_claim() -> NewCapacityClaim {
    NewCapacityClaim::new("gb200-4x", 3, ["US-WEST-04A", "US-EAST-04A"])
        .name("reserve")
        .id(CLAIM)
}

fn claimed_on_the_wire() -> Value {
    json!({
        "instanceId": "gb200-4x",
        "instanceCount": 3,
        "zones": ["US-WEST-04A", "US-EAST-04A"],
        "capacityType": "CAPACITY_TYPE_MANAGED",
    })
}

fn new_deployment() -> NewDeployment {
    let gpus = Resources::new("gb200-4x", 4);
    let model = Model::new("meta/llama-3", "weights", "llama/3");
    NewDeployment::new("llama", [GATEWAY], "dynamo-vllm", gpus, model, 1..=8)
        .engine_version("0.9.1")
        .engine_config("max-model-len", "8192")
        .engine_env("VLLM_LOGGING_LEVEL", "INFO")
        .priority(500)
        .concurrency(16)
        .capacity_classes([CapacityClass::Reserved, CapacityClass::OnDemand])
        .weight(100)
        .disabled()
        .hot_load("deltas", "llama/")
        .id(DEPLOYMENT)
}

fn new_gateway() -> NewGateway {
    let auth = WandbAuth::new()
        .server("https://wandb.example", "key-1")
        .usage_reports(true);
    let routing = Routing::Header("x-model".into());
    NewGateway::new(
        "chat",
        "US-EAST-04A",
        GatewayAuth::WeightsAndBiases(auth),
        routing,
    )
    .additional_dns(["chat.example"])
    .allowed_source_ip_ranges(["192.0.2.0/24"])
    .id(GATEWAY)
}

fn new_hot_load() -> NewHotLoad {
    NewHotLoad::incremental(DEPLOYMENT, "step-2", "step-1")
        .prompt_cache(PromptCachePolicy::ResetAll)
        .id(HOT_LOAD)
}

#[test]
fn every_operation_is_tested() {
    let tested: BTreeSet<_> = TESTED.iter().copied().collect();
    let all: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(tested, all);
}

/// The next page is requested with the token of the previous one, and the same query.
#[tokio::test]
async fn a_stream_follows_the_pages() {
    let server = MockServer::start_async().await;
    let first = server.list_hot_loads(|when, then| {
        when.parent_deployment_id(DEPLOYMENT)
            .max_page_size(1)
            .page_token(None);
        then.ok(&ListHotLoadsResponse {
            hot_loads: vec![hot_load()],
            next_page_token: Some("2".into()),
            ..Default::default()
        });
    });
    let second = server.list_hot_loads(|when, then| {
        when.parent_deployment_id(DEPLOYMENT)
            .max_page_size(1)
            .page_token("2");
        then.ok(&ListHotLoadsResponse {
            hot_loads: vec![hot_load()],
            ..Default::default()
        });
    });
    let client = client(&server);
    let loads = client
        .hot_loads()
        .list()
        .deployment(DEPLOYMENT)
        .page_size(1)
        .stream();
    assert_eq!(loads.try_collect::<Vec<_>>().await.unwrap().len(), 2);
    first.assert_async().await;
    second.assert_async().await;
}
