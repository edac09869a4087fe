//! The generated client against the typed mocks, over a socket: the complete request, query parameters, the mocks' matchers,
//! and errors. What every operation sends and decodes, and most matchers, are tested through the wrapper, in `operations`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use coreweave_inference_api::mocks::MockServerExt;
use coreweave_inference_api::{Client, ErrorKind, HttpTransport, OPERATIONS, params::*, types::*};
use httpmock::MockServer;
use serde_json::{Value, json};

use crate::common::recorded::{Recorded, Recorder};
use crate::common::samples::*;

fn client(server: &MockServer) -> Client {
    client_of(&server.base_url())
}

fn client_of(base_url: &str) -> Client {
    let transport = HttpTransport::new(crate::common::http_client());
    Client::new(base_url, Arc::new(transport)).unwrap()
}

/// Asserts that a request consists of `line`, `body` and the headers they need, and of nothing else.
fn assert_request(recorded: &Recorded, line: &str, body: &Value) {
    assert_eq!(recorded.line, line);
    assert_eq!(&recorded.json(), body);
    // The transport under test adds nothing, so every other header (an `api-version`, say) is one too many.
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

/// One test a row: what the mock matches, the call, the complete request and the response.
macro_rules! operations {
    ($(
        $test:ident: $operation:ident {
            $line:literal,
            match |$when:ident| $matching:expr,
            call |$client:ident| $call:expr,
            body $body:expr,
            response $response:expr,
        }
    )*) => {
        $(
            #[tokio::test]
            async fn $test() {
                let server = MockServer::start_async().await;
                let recorder = Recorder::default();
                let expected = $response;
                let mock = server.$operation(|$when, then| {
                    recorder.watch($matching.into_inner());
                    then.ok(&expected);
                });
                let $client = client(&server);
                let response = $call.await;
                mock.assert_async().await;
                let response = response.unwrap();
                assert_eq!(response.status(), 200);
                assert_eq!(response.into_inner(), expected);
                assert_request(&recorder.take(), $line, &$body);
            }
        )*
    };
}

operations! {
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
        response UpdateDeploymentResponse {
            deployment: Some(deployment()),
            ..Default::default()
        },
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
        response CreateGatewayResponse {
            gateway: Some(gateway()),
            ..Default::default()
        },
    }
    list_hot_loads_of_a_deployment_from_a_page_on: list_hot_loads {
        "GET /v1alpha1/inference/hotLoads?maxPageSize=-1&pageToken=next%2F1%2B%3D&parentDeploymentId=2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22",
        match |when| when.max_page_size(-1).page_token("next/1+=").parent_deployment_id(DEPLOYMENT),
        call |client| client.list_hot_loads(&ListHotLoadsParams {
            max_page_size: Some(-1),
            page_token: Some("next/1+=".into()),
            parent_deployment_id: Some(DEPLOYMENT.into()),
            ..Default::default()
        }),
        body Value::Null,
        response ListHotLoadsResponse::default(),
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

type Call<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// The calls of all operations with an id in their path, without their results.
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

/// The declared success is 200. An error keeps everything of any other response: a refusal, a proxy's page, a bare status.
#[tokio::test]
async fn an_error_keeps_the_complete_response() {
    let refusal = serde_json::to_string(&refusal()).unwrap();
    let bodies = [
        (201, "application/json", "{\"gateway\": {}}"),
        (204, "application/json", ""),
        (304, "text/plain", ""),
        (404, "application/json", "{\"code\": \"not_found\"}"),
        (409, "application/json", &refusal),
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
        let kind = match status {
            ..300 => ErrorKind::Decode,
            _ => ErrorKind::Api,
        };
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.headers().unwrap()["content-type"], content_type);
        assert_eq!(error.headers().unwrap()["x-request-id"], "req-1");
        assert_eq!(error.body(), body.as_bytes());
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_declared_json_is_an_error() {
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

/// A mock for an id matches what the client sends for it, and nothing similar.
#[tokio::test]
async fn mocks_match_ids_as_they_are_sent() {
    for (expected, sent, matches) in [
        ("a/b c?d#e%f:g", "a/b c?d#e%f:g", true),
        ("a.b", "a.b", true),
        ("a.b", "axb", false),
    ] {
        let server = MockServer::start_async().await;
        server.get_gateway(|when, then| {
            when.id(expected);
            then.ok(&GetGatewayResponse::default());
        });
        let response = client(&server).get_gateway(sent).await;
        assert_eq!(response.is_ok(), matches, "{expected} and {sent}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_a_connect_error() {
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = client_of(&format!("http://{address}"));
    let error = client.get_gateway_parameters().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let source = std::error::Error::source(&error).unwrap();
    let http = source.downcast_ref::<reqwest::Error>().unwrap();
    assert!(http.is_connect(), "{http:?}");
}
