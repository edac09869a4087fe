//! Requests without sockets.

use std::time::Duration;

use coreweave_inference_fake::{Clock, FakeServer, Fault, Operation};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::support::{gateway, uuid};

/// Sends a request and returns the status and body of the response.
async fn send(fake: &FakeServer, method: Method, path: &str, body: Value) -> (u16, Value) {
    let response = fake.handle(request(method, path, &body)).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(response.body()).unwrap())
}

fn request(method: Method, path: &str, body: &Value) -> Request<bytes::Bytes> {
    Request::builder()
        .method(method)
        .uri(format!("/v1alpha1/inference{path}"))
        .header("authorization", "Bearer any")
        .header("content-type", "application/json")
        .body(body.to_string().into())
        .unwrap()
}

#[tokio::test]
async fn a_fake_without_a_socket_keeps_state() {
    let fake = FakeServer::builder().build();
    let body = gateway("chat");
    let (status, created) = send(&fake, Method::POST, "/gateways", body).await;
    assert_eq!(status, 200);
    let path = format!(
        "/gateways/{}",
        created["gateway"]["spec"]["id"].as_str().unwrap()
    );
    let (_, found) = send(&fake, Method::GET, &path, Value::Null).await;
    assert_eq!(found["gateway"]["status"]["status"], "STATUS_READY");
    assert_eq!(fake.count(Operation::GetGateway), 1);
    let (status, error) = send(&fake, Method::GET, "/gateways/x", Value::Null).await;
    assert_eq!((status, &error["code"]), (404, &json!(5)));
    assert_eq!(fake.url(), "http://127.0.0.1:0");
    let large = json!({"name": "x".repeat(1024 * 1024)});
    assert_eq!(send(&fake, Method::POST, "/gateways", large).await.0, 413);
    assert_eq!(
        fake.shutdown().await["gateways"][0]["resource"]["spec"]["name"],
        "chat"
    );
}

#[tokio::test(start_paused = true)]
async fn faults_apply_without_a_socket_and_under_paused_time() {
    let fake = FakeServer::builder().build();
    let list = || request(Method::GET, "/gateways", &Value::Null);
    for fault in [Fault::reset_before_effect(), Fault::truncate()] {
        fake.fault(fault.once());
        fake.handle(list()).await.unwrap_err();
    }
    fake.fault(Fault::status(503).html().once());
    let page = fake.handle(list()).await.unwrap();
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (503, &"text/html".parse().unwrap())
    );
    let before = tokio::time::Instant::now();
    fake.fault(Fault::delay(Duration::from_secs(3600)).once());
    fake.fault(Fault::slow_body(Duration::from_secs(60)).once());
    for _ in 0..2 {
        assert_eq!(fake.handle(list()).await.unwrap().status(), 200);
    }
    let expected = Duration::from_secs(3600 + 4 * 60);
    assert!(before.elapsed() >= expected, "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_scaled_clock_follows_paused_time() {
    let fake = FakeServer::builder().clock(Clock::real()).build();
    let body = json!({"id": uuid(1), "name": "chat", "coreWeaveAuth": {}, "pathBasedRouting": {}});
    send(&fake, Method::POST, "/gateways", body).await;
    let path = format!("/gateways/{}", uuid(1));
    let status = async || {
        let (_, found) = send(&fake, Method::GET, &path, Value::Null).await;
        found["gateway"]["status"]["status"].clone()
    };
    tokio::time::sleep(Duration::from_secs(179)).await;
    assert_eq!(status().await, "STATUS_CREATING");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(status().await, "STATUS_READY");
}
