//! Paths, methods, and request bodies.

use reqwest::Method;
use serde_json::json;

use crate::support::{Api, gateway, send, uuid};

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let api = Api::new().await;
    for path in [
        "",
        "/",
        "/gateway",
        "/gateways/",
        "/gateways/a/b",
        "/hotloads",
        "/hotLoads/a:stop/b",
    ] {
        api.get(path).await.assert_error(404, 5);
    }
    send(api.http.get(format!("{}/", api.fake.url())))
        .await
        .assert_error(404, 5);
}

#[tokio::test]
async fn an_unsupported_method_is_not_allowed() {
    let api = Api::new().await;
    for (method, path, allow) in [
        (Method::PUT, "/gateways", "GET, POST"),
        (Method::POST, "/gateways/parameters", "GET"),
        (Method::DELETE, "/gateways/parameters", "GET"),
        (Method::OPTIONS, "/deployments/x", "GET, PATCH, DELETE"),
        (Method::GET, "/hotLoads/x:cancel", "POST"),
        (Method::DELETE, "/hotLoads/x/replicas", "GET"),
    ] {
        let error = send(api.request(method, path)).await;
        error.assert_error(405, 12);
        assert_eq!(error.headers["allow"], allow);
    }
}

#[tokio::test]
async fn an_id_that_is_not_a_uuid_is_not_found() {
    let api = Api::new().await;
    for id in ["x", "%00", "%2e%2e", "a%2Fb", "%ff", "{id}"] {
        api.get(&format!("/gateways/{id}"))
            .await
            .assert_error(404, 5);
        api.delete(&format!("/capacityclaims/{id}"))
            .await
            .assert_error(404, 5);
    }
}

#[tokio::test]
async fn a_body_must_be_a_json_object() {
    let api = Api::new().await;
    let json = "application/json";
    for body in [
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{\"a\": 1}}",
        "\u{0}",
    ] {
        let request = api
            .request(Method::POST, "/gateways")
            .header("content-type", json)
            .body(body);
        let response = send(request).await;
        let message = response.assert_error(400, 3);
        assert!(!message.starts_with(':'), "{message}");
    }
    let deep = "[".repeat(100_000);
    let request = api
        .request(Method::POST, "/gateways")
        .header("content-type", json)
        .body(deep);
    send(request).await.assert_error(400, 3);
}

#[tokio::test]
async fn the_content_type_must_be_json() {
    let api = Api::new().await;
    let body = gateway("chat").to_string();
    for content_type in [
        "text/plain",
        "application/jsonp",
        "application/x-www-form-urlencoded",
    ] {
        let request = api
            .request(Method::POST, "/gateways")
            .header("content-type", content_type);
        send(request.body(body.clone())).await.assert_error(400, 3);
    }
    send(api.request(Method::POST, "/gateways").body(body.clone()))
        .await
        .assert_error(400, 3);
    let request = api.request(Method::POST, "/gateways");
    send(
        request
            .header("content-type", "application/JSON; charset=utf-8")
            .body(body),
    )
    .await
    .ok();
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_too_large() {
    let api = Api::new().await;
    let mut body = gateway("chat");
    body["padding"] = json!("x".repeat(1024 * 1024));
    api.post("/gateways", &body).await.assert_error(413, 3);
    body["padding"] = json!("x".repeat(1024 * 1000));
    api.post("/gateways", &body).await.ok();
}

#[tokio::test]
async fn a_client_that_sends_far_too_much_gets_its_response() {
    let api = Api::new().await;
    let body = json!({"padding": "x".repeat(16 * 1024 * 1024)});
    api.post("/gateways", &body).await.assert_error(413, 3);
    api.get("/gateways").await.ok();
}

#[tokio::test]
async fn every_response_has_a_request_id_which_errors_repeat() {
    let api = Api::new().await;
    let found = api.get("/gateways").await;
    assert_eq!(found.headers["x-request-id"].len(), 36);
    let missing = api.get(&format!("/gateways/{}", uuid(1))).await;
    let id = missing.headers["x-request-id"].to_str().unwrap();
    assert_eq!(missing.detail("RequestInfo")["requestId"], id);
    assert_ne!(found.headers["x-request-id"], id);
}

#[tokio::test]
async fn an_unknown_query_parameter_is_ignored() {
    let api = Api::new().await;
    let response = api.get("/gateways?nonsense=%zz&&=&updatedafter=x").await;
    assert_eq!(response.body, json!({"items": []}));
    // The request does not conform to openapi.yaml.
    api.fake.clear_requests();
}
