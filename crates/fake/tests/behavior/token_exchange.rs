//! The exchange of OIDC tokens of service accounts.

use std::time::Duration;

use coreweave_inference_fake::{Clock, FakeServer, Fault, Operation};
use serde_json::{Value, json};

use crate::support::{Api, Response, gateway, send, start};

/// A fake that accepts an OIDC token of one service account.
async fn api() -> Api {
    let builder = FakeServer::builder()
        .clock(Clock::manual(start()))
        .organization("org-a")
        .service_account("ci", "oidc-1");
    Api::with(builder).await
}

async fn exchange(api: &Api, body: Value) -> Response {
    let url = format!("{}{}", api.fake.url(), Operation::ExchangeToken.path());
    send(api.http.post(url).json(&body)).await
}

fn request(oidc_token: &str) -> Value {
    json!({"oidcToken": oidc_token, "serviceAccountUid": "ci", "durationSeconds": "3600"})
}

#[tokio::test]
async fn an_issued_token_is_accepted_until_it_expires() {
    let mut api = api().await;
    let issued = exchange(&api, request("oidc-1")).await;
    assert_eq!(issued.status, 200);
    assert_eq!(issued.body["expireTime"], "2026-01-01T01:00:00Z");
    let token = issued.body["bearerToken"].as_str().unwrap().to_owned();
    api.get("/gateways").await.assert_error(401, 16);
    api.token = token;
    let created = api.post("/gateways", &gateway("chat")).await.ok();
    assert_eq!(created["spec"]["organizationId"], "org-a");
    api.fake.clock().advance(Duration::from_secs(3599));
    api.get("/gateways").await.ok();
    api.fake.clock().advance(Duration::from_secs(1));
    let expired = api.get("/gateways").await;
    assert!(expired.assert_error(401, 16).contains("expired"));
    let again = exchange(&api, request("oidc-1")).await.body;
    assert_ne!(again["bearerToken"], api.token);
    assert_eq!(api.fake.count(Operation::ExchangeToken), 2);
}

#[tokio::test]
async fn an_unknown_oidc_token_or_account_is_unauthenticated() {
    let api = api().await;
    let mut other_account = request("oidc-1");
    other_account["serviceAccountUid"] = json!("other");
    for body in [request("oidc-2"), other_account] {
        let refused = exchange(&api, body).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.body["code"], "unauthenticated");
    }
}

#[tokio::test]
async fn the_request_is_protobuf_json() {
    let api = api().await;
    let snake =
        json!({"oidc_token": "oidc-1", "service_account_uid": "ci", "duration_seconds": 60});
    let issued = exchange(&api, snake).await;
    assert_eq!(issued.body["expireTime"], "2026-01-01T00:01:00Z");
    let without_duration = json!({"oidcToken": "oidc-1", "serviceAccountUid": "ci"});
    let issued = exchange(&api, without_duration).await;
    assert_eq!(issued.body["expireTime"], "2026-01-01T01:00:00Z");
    for (body, problem) in [
        (
            json!({"serviceAccountUid": "ci"}),
            "oidc_token: is required",
        ),
        (
            json!({"oidcToken": "oidc-1"}),
            "service_account_uid: is required",
        ),
        (
            json!({"oidcToken": "oidc-1", "serviceAccountUid": "ci", "durationSeconds": "-1"}),
            "duration_seconds: must be greater than or equal to 0",
        ),
        (
            json!({"durationSeconds": "an hour"}),
            "invalid value for the field durationSeconds",
        ),
    ] {
        let refused = exchange(&api, body).await;
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (400, &json!("invalid_argument"))
        );
        let message = refused.body["message"].as_str().unwrap();
        assert!(message.contains(problem), "{message}");
    }
}

#[tokio::test]
async fn faults_apply_to_the_exchange() {
    let api = api().await;
    for (fault, status) in [
        (Fault::status(503).connect(), 503),
        (Fault::status(503).html(), 503),
        (Fault::merge_patch(json!({"bearerToken": null})), 200),
    ] {
        api.fake.fault(fault.on(Operation::ExchangeToken).once());
        let response = exchange(&api, request("oidc-1")).await;
        assert_eq!(response.status, status);
        assert!(response.body.get("bearerToken").is_none());
    }
    let named = Fault::status(500).on("exchange_token".parse().unwrap());
    api.fake.fault(named);
    assert_eq!(exchange(&api, request("oidc-1")).await.status, 500);
}

#[tokio::test]
async fn every_exchange_succeeds_while_nothing_is_configured() {
    let mut api = Api::new().await;
    let issued = exchange(&api, request("anything")).await;
    api.token = issued.body["bearerToken"].as_str().unwrap().to_owned();
    api.get("/gateways").await.ok();
    api.fake.clock().advance(Duration::from_secs(3600));
    api.get("/gateways").await.assert_error(401, 16);
    api.token = "any other".to_owned();
    api.get("/gateways").await.ok();
}
