//! The control endpoint.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Response, gateway, send, start};

async fn control(api: &Api, method: Method, path: &str, body: &Value) -> Response {
    let url = format!("{}/__fake/{path}", api.fake.url());
    let request = api.http.request(method, url);
    // Like curl, without a JSON content type.
    let request = if body.is_null() {
        request
    } else {
        request.body(body.to_string())
    };
    let response = send(request).await;
    assert!([200, 400].contains(&response.status), "{response:?}");
    response
}

#[tokio::test]
async fn faults_are_added_listed_and_cleared() {
    let api = Api::new().await;
    let fault = json!({
        "on": ["list_gateways"], "times": 2,
        "effect": {"kind": "status", "status": 503, "retryAfterSeconds": 2},
    });
    control(&api, Method::POST, "faults", &fault).await;
    let refused = api.get("/gateways").await;
    refused.assert_error(503, 14);
    assert_eq!(refused.headers["retry-after"], "2");
    let listed = control(&api, Method::GET, "faults", &Value::Null)
        .await
        .body;
    assert_eq!(listed["faults"][0]["times"], 1);
    control(&api, Method::DELETE, "faults", &Value::Null).await;
    api.get("/gateways").await.ok();
}

#[tokio::test]
async fn a_fault_may_target_a_resource() {
    let api = Api::new().await;
    let id = api.ready_gateway();
    let other = api.create("/gateways", &gateway("chat")).await;
    let fault = json!({"onIds": [id], "effect": {"kind": "status", "status": 404, "body": "html"}});
    control(&api, Method::POST, "faults", &fault).await;
    let failed = api.get(&format!("/gateways/{id}")).await;
    assert_eq!((failed.status, failed.body.is_string()), (404, true));
    api.get(&format!("/gateways/{other}")).await.ok();
}

#[tokio::test]
async fn every_fault_has_a_json_form() {
    let api = Api::new().await;
    for effect in [
        json!({"kind": "status", "status": 502, "body": "html", "echo": true}),
        json!({"kind": "status", "status": 503, "body": "connect", "code": 8, "message": "m", "details": []}),
        json!({"kind": "status", "status": 503, "body": "plain", "retryAfterDate": "2026-01-01T00:00:00Z"}),
        json!({"kind": "delay", "millis": 1}),
        json!({"kind": "slowBody", "millis": 1}),
        json!({"kind": "reset"}),
        json!({"kind": "truncate"}),
        json!({"kind": "cutJson"}),
        json!({"kind": "oversize", "bytes": 1}),
        json!({"kind": "unknownEnums"}),
        json!({"kind": "integerEnums"}),
        json!({"kind": "unknownMembers"}),
        json!({"kind": "nulls"}),
        json!({"kind": "zeroValues"}),
        json!({"kind": "withoutResource"}),
        json!({"kind": "redirect", "location": "http://elsewhere.example/"}),
        json!({"kind": "redirect", "location": "http://elsewhere.example/", "status": 308}),
        json!({"kind": "mergePatch", "patch": {"items": null}}),
        json!({"kind": "renameMember", "from": "items", "to": "gateways"}),
        json!({"kind": "repeatPageToken"}),
        json!({"kind": "keepUnknownMembers"}),
        json!({"kind": "staleReads", "reads": 2}),
        json!({"kind": "outcome", "statuses": ["STATUS_FAILED"]}),
    ] {
        let fault = json!({"effect": effect, "skip": 1, "onIds": ["x"], "probability": 0.5, "afterEffect": true});
        let response = control(&api, Method::POST, "faults", &fault).await;
        assert_eq!(response.status, 200, "{}", response.body);
    }
}

#[tokio::test]
async fn an_invalid_fault_is_rejected_with_the_reason() {
    let api = Api::new().await;
    for (fault, problem) in [
        (
            json!({"on": ["get_gate"], "effect": {"kind": "reset"}}),
            "unknown operation \"get_gate\"",
        ),
        (json!({"effect": {"kind": "explode"}}), "unknown variant"),
        (
            json!({"effect": {"kind": "status", "status": 50}}),
            "50 is not the status of a response",
        ),
        (
            json!({"effect": {"kind": "reset"}, "probability": 10}),
            "the probability 10 is not between 0 and 1",
        ),
        (
            json!({"effect": {"kind": "reset"}, "time": 1}),
            "unknown field `time`",
        ),
        (
            json!({"effect": {"kind": "status", "status": 503, "retryAfter": 1}}),
            "unknown field `retryAfter`",
        ),
    ] {
        let response = control(&api, Method::POST, "faults", &fault).await;
        assert_eq!(response.status, 400);
        assert!(
            response.body["error"].as_str().unwrap().contains(problem),
            "{}",
            response.body
        );
    }
}

#[tokio::test]
async fn the_log_is_read_and_cleared() {
    let api = Api::new().await;
    api.get("/gateways").await.ok();
    let log = control(&api, Method::GET, "requests", &Value::Null)
        .await
        .body;
    assert_eq!(
        log["requests"].as_array().unwrap().len(),
        1,
        "control requests are not in it"
    );
    assert_eq!(log["requests"][0]["operation"], "list_gateways");
    assert_eq!(log["requests"][0]["responseStatus"], 200);
    control(&api, Method::DELETE, "requests", &Value::Null).await;
    assert!(api.fake.requests().is_empty());
}

#[tokio::test]
async fn the_state_is_dumped_seeded_and_loaded() {
    let api = Api::new().await;
    let empty = control(&api, Method::GET, "state", &Value::Null).await.body;
    let seed = json!({"kind": "gateway", "resource": {"spec": gateway("chat")}});
    let id = control(&api, Method::POST, "seed", &seed).await.body["id"].clone();
    let seeded = api
        .get(&format!("/gateways/{}", id.as_str().unwrap()))
        .await
        .ok();
    assert_eq!(seeded["spec"]["name"], "chat");
    control(&api, Method::PUT, "state", &empty).await;
    assert!(api.get("/gateways").await.names().is_empty());
    let refused = control(&api, Method::PUT, "state", &json!({"gates": []})).await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn a_state_of_any_size_loads_again() {
    let api = Api::new().await;
    let long = "x".repeat(1024 * 1024);
    for number in 0..4 {
        let spec = json!({"name": format!("chat-{number}"), "padding": long});
        api.fake.seed_gateway(json!({"spec": spec})).unwrap();
    }
    let saved = control(&api, Method::GET, "state", &Value::Null).await.body;
    assert!(saved.to_string().len() > 4 * 1024 * 1024);
    let loaded = control(&api, Method::PUT, "state", &saved).await;
    assert_eq!(loaded.status, 200, "{}", loaded.body);
    assert_eq!(api.get("/gateways").await.names().len(), 4);
}

#[tokio::test]
async fn the_clock_is_read_and_advanced() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let now = control(&api, Method::GET, "clock", &Value::Null).await.body["now"].clone();
    assert_eq!(now, json!(start()));
    control(
        &api,
        Method::POST,
        "clock/advance",
        &json!({"seconds": 180}),
    )
    .await;
    assert_eq!(api.status(&format!("/gateways/{id}")).await, "STATUS_READY");
    let refused = control(&api, Method::POST, "clock/advance", &json!({"seconds": -1})).await;
    assert_eq!(refused.status, 400);
}
