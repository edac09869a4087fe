//! The request log.

use coreweave_inference_fake::{FakeServer, Operation};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, gateway, send, uuid};

#[tokio::test]
async fn a_record_has_the_request_and_the_response_without_secrets() {
    let api = Api::new().await;
    let body = gateway("chat");
    let request = api
        .request(Method::POST, "/gateways?x=1")
        .header("x-note", "hello");
    let created = send(request.header("cookie", "secret").json(&body)).await;
    let record = &api.fake.requests()[0];
    assert_eq!(record.operation, Some(Operation::CreateGateway));
    assert_eq!(
        (record.method.as_str(), record.path.as_str()),
        ("POST", "/v1alpha1/inference/gateways")
    );
    assert_eq!(record.query.as_deref(), Some("x=1"));
    assert_eq!(record.body, body);
    assert_eq!(record.response_status, Some(200));
    assert_eq!(record.response_body, created.body);
    assert_eq!(record.request_id, created.headers["x-request-id"]);
    assert_eq!(record.header("x-note"), Some("hello"));
    for secret in ["authorization", "cookie"] {
        assert_eq!(record.header(secret), Some("[redacted]"));
    }
    assert!(!format!("{record:?}").contains(&api.token));
    api.fake.clear_requests();
}

#[tokio::test]
async fn a_record_of_an_unknown_path_has_no_operation() {
    let api = Api::new().await;
    send(api.request(Method::POST, "/nowhere").body("not json"))
        .await
        .assert_error(404, 5);
    let record = &api.fake.requests()[0];
    assert_eq!(record.operation, None);
    assert_eq!(record.body, json!("not json"));
}

#[tokio::test]
async fn counts_include_requests_that_left_the_log() {
    let api = Api::with(FakeServer::builder().request_log(2)).await;
    for number in 0..5 {
        api.get(&format!("/gateways/{}", uuid(number)))
            .await
            .assert_error(404, 5);
    }
    let requests = api.fake.requests();
    let paths: Vec<_> = requests
        .iter()
        .map(|record| record.path.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(paths, [uuid(3), uuid(4)]);
    assert_eq!(api.fake.count(Operation::GetGateway), 5);
    assert_eq!(api.fake.count(Operation::ListGateways), 0);
    api.fake.clear_requests();
    assert_eq!(api.fake.count(Operation::GetGateway), 0);
}

#[tokio::test]
async fn the_log_is_limited_in_bytes() {
    let api = Api::new().await;
    let mut body = gateway("chat");
    body["padding"] = json!("x".repeat(1000 * 1024));
    for _ in 0..40 {
        let refused = api.post("/deployments", &body).await;
        refused.assert_error(400, 3);
    }
    let kept = api.fake.requests().len();
    assert!((30..=33).contains(&kept), "{kept}");
}

#[tokio::test]
async fn an_observer_is_called_with_each_request() {
    let (seen, seeing) = std::sync::mpsc::channel();
    let builder = FakeServer::builder().on_request(move |record| {
        seen.send((record.operation, record.body.clone())).unwrap();
    });
    let api = Api::with(builder).await;
    api.get("/gateways").await.ok();
    assert_eq!(
        seeing.recv().unwrap(),
        (Some(Operation::ListGateways), Value::Null)
    );
}
