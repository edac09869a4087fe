//! What is no operation, and bodies that are none.

use reqwest::Method;
use serde_json::json;

use crate::support::{Api, answer, gateway, uuid};

#[tokio::test]
async fn a_path_that_no_operation_has_is_not_found() {
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
        api.get(path).await.refused(404, 5);
    }
    answer(api.http.get(format!("{}/", api.fake.url())))
        .await
        .refused(404, 5);
}

#[tokio::test]
async fn a_wrong_method_is_not_allowed() {
    let api = Api::new().await;
    for (method, path, allow) in [
        (Method::PUT, "/gateways", "GET, POST"),
        (Method::POST, "/gateways/parameters", "GET"),
        (Method::DELETE, "/gateways/parameters", "GET"),
        (Method::OPTIONS, "/deployments/x", "GET, PATCH, DELETE"),
        (Method::GET, "/hotLoads/x:cancel", "POST"),
        (Method::DELETE, "/hotLoads/x/replicas", "GET"),
    ] {
        let refusal = answer(api.request(method, path)).await;
        refusal.refused(405, 12);
        assert_eq!(refusal.headers["allow"], allow);
    }
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_not_found() {
    let api = Api::new().await;
    for id in ["x", "%00", "%2e%2e", "a%2Fb", "%ff", "{id}"] {
        api.get(&format!("/gateways/{id}")).await.refused(404, 5);
        api.delete(&format!("/capacityclaims/{id}"))
            .await
            .refused(404, 5);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_invalid() {
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
        answer(request).await.invalid(&[""]);
    }
    let deep = "[".repeat(100_000);
    let request = api
        .request(Method::POST, "/gateways")
        .header("content-type", json)
        .body(deep);
    answer(request).await.invalid(&[""]);
}

#[tokio::test]
async fn a_body_of_another_type_is_invalid() {
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
        answer(request.body(body.clone()))
            .await
            .invalid(&["Content-Type"]);
    }
    answer(api.request(Method::POST, "/gateways").body(body.clone()))
        .await
        .invalid(&["Content-Type"]);
    let request = api.request(Method::POST, "/gateways");
    answer(
        request
            .header("content-type", "application/JSON; charset=utf-8")
            .body(body),
    )
    .await
    .ok();
}

#[tokio::test]
async fn a_body_beyond_a_mebibyte_is_too_large() {
    let api = Api::new().await;
    let mut body = gateway("chat");
    body["padding"] = json!("x".repeat(1024 * 1024));
    api.post("/gateways", &body).await.refused(413, 3);
    body["padding"] = json!("x".repeat(1024 * 1000));
    api.post("/gateways", &body).await.ok();
}

#[tokio::test]
async fn every_reply_has_an_id_that_errors_repeat() {
    let api = Api::new().await;
    let found = api.get("/gateways").await;
    assert_eq!(found.headers["x-request-id"].len(), 36);
    let missing = api.get(&format!("/gateways/{}", uuid(1))).await;
    let id = missing.headers["x-request-id"].to_str().unwrap();
    assert_eq!(missing.detail("RequestInfo")["requestId"], id);
    assert_ne!(found.headers["x-request-id"], id);
}

#[tokio::test]
async fn an_unknown_parameter_is_ignored() {
    let api = Api::new().await;
    let answer = api.get("/gateways?nonsense=%zz&&=&updatedafter=x").await;
    assert_eq!(answer.body, json!({"items": []}));
    // It is answered, but it is not in the document.
    api.fake.clear_requests();
}
