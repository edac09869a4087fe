//! Faults.

use std::error::Error as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use coreweave_inference_fake::{Fault, Operation};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Response, but, claim, gateway, hot_load, send, uuid};

/// Lists the gateways under a fault.
async fn list(api: &Api, fault: Fault) -> Response {
    api.fake.fault(fault.once());
    api.get("/gateways").await
}

/// Lists the gateways, and returns the client's error with its causes.
async fn broken(api: &Api) -> String {
    let response = api.request(Method::GET, "/gateways").send().await;
    let error = match response {
        Err(error) => error,
        Ok(response) => response.bytes().await.unwrap_err(),
    };
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes += &format!(": {cause}");
        source = cause.source();
    }
    causes
}

#[tokio::test]
async fn an_error_status_replaces_the_operation() {
    let api = Api::new().await;
    api.fake
        .fault(Fault::status(503).on(Operation::CreateGateway).times(2));
    let body = gateway("chat");
    api.get("/gateways").await.ok();
    for _ in 0..2 {
        let message = api.post("/gateways", &body).await;
        assert!(
            message
                .assert_error(503, 14)
                .contains("Service Unavailable")
        );
    }
    api.post("/gateways", &body).await.ok();
}

#[tokio::test]
async fn an_error_status_may_come_after_the_effect() {
    let api = Api::new().await;
    api.fake.fault(Fault::status(504).after_effect().once());
    let body = gateway("chat");
    api.post("/gateways", &body).await.assert_error(504, 4);
    api.post("/gateways", &body).await.assert_error(409, 6);
}

#[tokio::test]
async fn an_error_may_say_when_to_retry() {
    let api = Api::new().await;
    let seconds = list(&api, Fault::status(429).retry_after_seconds(7)).await;
    seconds.assert_error(429, 8);
    assert_eq!(seconds.headers["retry-after"], "7");
    let date: DateTime<Utc> = "2026-01-01T00:00:30Z".parse().unwrap();
    let dated = list(&api, Fault::status(503).retry_after_date(date)).await;
    assert_eq!(
        dated.headers["retry-after"],
        "Thu, 01 Jan 2026 00:00:30 GMT"
    );
    let detailed = list(
        &api,
        Fault::status(503).retry_info(Duration::from_millis(1500)),
    )
    .await;
    assert_eq!(detailed.detail("RetryInfo")["retryDelay"], "1.5s");
    assert!(!detailed.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn an_error_has_one_of_five_body_formats() {
    let api = Api::new().await;
    let detail = json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "FULL"});
    let error = || Fault::status(503).message("no room").detail(detail.clone());

    let status = list(&api, error()).await;
    assert_eq!(
        status.body,
        json!({"code": 14, "message": "no room", "details": [detail]})
    );
    let connect = list(&api, error().connect()).await;
    assert_eq!(
        connect.body,
        json!({
            "code": "unavailable",
            "message": "no room",
            "details": [{"type": "google.rpc.ErrorInfo", "value": "", "debug": {"reason": "FULL"}}],
        })
    );
    for status in [404, 502] {
        let html = list(&api, Fault::status(status).html()).await;
        assert_eq!((html.status, html.body.is_string()), (status, true));
        assert_eq!(html.headers["content-type"], "text/html");
        assert!(html.body.as_str().unwrap().starts_with("<html>"));
    }
    let plain = list(&api, error().plain()).await;
    assert_eq!(plain.body, "no room");
    let empty = list(&api, error().empty()).await;
    assert_eq!((empty.status, empty.body), (503, json!("")));
    let coded = list(&api, Fault::status(412).code(9)).await;
    coded.assert_error(412, 9);
}

#[tokio::test]
async fn a_reset_before_the_effect_leaves_nothing() {
    let api = Api::new().await;
    api.fake.fault(Fault::reset_before_effect().once());
    let request = api
        .request(Method::POST, "/gateways")
        .json(&gateway("chat"));
    let error = request.send().await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    assert!(api.get("/gateways").await.names().is_empty());
}

#[tokio::test]
async fn a_reset_after_the_effect_leaves_the_resource() {
    let api = Api::new().await;
    api.fake.fault(
        Fault::reset_after_effect()
            .on(Operation::CreateGateway)
            .once(),
    );
    let request = api
        .request(Method::POST, "/gateways")
        .json(&gateway("chat"));
    request.send().await.unwrap_err();
    assert_eq!(api.get("/gateways").await.names(), ["chat"]);
    let requests = api.fake.requests();
    assert_eq!(requests[0].response_status, None);
    let fault = requests[0].fault.as_deref().unwrap();
    assert!(fault.contains(r#""effect":{"kind":"reset"}"#), "{fault}");
}

#[tokio::test]
async fn a_reset_sends_a_tcp_reset() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let api = Api::new().await;
    api.fake.fault(Fault::reset_before_effect().once());
    let mut stream = tokio::net::TcpStream::connect(api.fake.address())
        .await
        .unwrap();
    let request = "GET /v1alpha1/inference/gateways HTTP/1.1\r\nhost: fake\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_truncated_body_ends_early() {
    let api = Api::new().await;
    api.ready_gateway();
    api.fake.fault(Fault::truncate().once());
    let causes = broken(&api).await;
    assert!(
        causes.contains("end of file") || causes.contains("incomplete"),
        "{causes}"
    );
}

#[tokio::test]
async fn cut_json_is_a_complete_response_with_invalid_json() {
    let api = Api::new().await;
    let full = api.get("/gateways").await;
    assert!(full.body.is_object());
    let cut = list(&api, Fault::cut_json()).await;
    assert_eq!((cut.status, cut.body), (200, json!("{\"item")));
}

#[tokio::test]
async fn an_oversize_body_has_the_requested_size() {
    let api = Api::new().await;
    for (fault, declared) in [
        (Fault::oversize(3_000_000), None),
        (Fault::oversize_declared(3_000_000), Some(3_000_000)),
    ] {
        api.fake.fault(fault.once());
        let response = api.request(Method::GET, "/gateways").send().await.unwrap();
        assert_eq!(response.content_length(), declared);
        let body = response.bytes().await.unwrap();
        assert_eq!(body.len(), 3_000_000);
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(value, json!({"items": []}));
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_precedes_the_headers() {
    let api = Api::new().await;
    api.fake.fault(Fault::delay(Duration::from_secs(30)).once());
    let request = api
        .request(Method::GET, "/gateways")
        .timeout(Duration::from_secs(20));
    assert!(request.send().await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_follows_its_headers() {
    let api = Api::new().await;
    api.fake
        .fault(Fault::slow_body(Duration::from_secs(30)).once());
    let response = api.request(Method::GET, "/gateways").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let before = tokio::time::Instant::now();
    assert_eq!(
        response.json::<Value>().await.unwrap(),
        json!({"items": []})
    );
    assert!(before.elapsed() >= Duration::from_secs(120));
}

#[tokio::test]
async fn enum_values_may_be_unknown_or_numbers() {
    let api = Api::instant().await;
    api.ready_gateway();
    let unknown = list(&api, Fault::unknown_enums()).await;
    assert_eq!(
        unknown.body["items"][0]["status"]["status"],
        "STATUS_FROM_TOMORROW"
    );
    let routing = |response: &Response| {
        response.body["items"][0]["spec"]["bodyBasedRouting"]["apiType"].clone()
    };
    assert_eq!(routing(&unknown), "API_TYPE_FROM_TOMORROW");
    let integers = list(&api, Fault::integer_enums()).await;
    assert_eq!(integers.body["items"][0]["status"]["status"], 6);
    assert_eq!(routing(&integers), 1);
}

#[tokio::test]
async fn members_may_be_unknown_null_or_zero() {
    let api = Api::instant().await;
    api.create("/capacityclaims", &claim("gpus")).await;
    let gateway = api.ready_gateway();
    let path = format!("/gateways/{gateway}");
    let get = async |fault: Fault| {
        api.fake.fault(fault.once());
        api.get(&path).await.body["gateway"].clone()
    };
    let unknown = get(Fault::unknown_members()).await;
    assert!(unknown["fromTomorrow"].is_object() && unknown["spec"]["fromTomorrow"].is_object());
    let nulls = get(Fault::nulls()).await;
    assert_eq!(nulls["spec"].get("pathBasedRouting"), Some(&Value::Null));
    assert_eq!(
        nulls["spec"].get("endpointConfiguration"),
        Some(&Value::Null)
    );
    let zeros = get(Fault::zero_values()).await;
    assert_eq!(zeros["spec"].get("pathBasedRouting"), Some(&Value::Null));
    assert_eq!(zeros["spec"]["name"], "ready-gateway");
}

#[tokio::test]
async fn a_success_may_lack_its_resource() {
    let api = Api::new().await;
    api.fake.fault(Fault::without_resource().once());
    let created = api.post("/gateways", &gateway("chat")).await;
    assert_eq!((created.status, created.body), (200, json!({})));
    assert_eq!(api.get("/gateways").await.names(), ["chat"]);
}

#[tokio::test]
async fn a_redirect_has_a_location() {
    let api = Api::new().await;
    let redirected = list(&api, Fault::redirect("http://elsewhere.example/")).await;
    assert_eq!(redirected.status, 307);
    assert_eq!(redirected.headers["location"], "http://elsewhere.example/");
    let permanent = Fault::permanent_redirect("http://elsewhere.example/");
    assert_eq!(list(&api, permanent).await.status, 308);
}

#[tokio::test]
async fn a_fault_may_target_a_resource() {
    let api = Api::new().await;
    let [first, second] = ["first", "second"].map(|name| {
        let seed = json!({"spec": {"name": name}});
        api.fake.seed_gateway(seed).unwrap()
    });
    api.fake
        .fault(Fault::status(503).on_id(&first).on_id(uuid(7)));
    api.get(&format!("/gateways/{second}")).await.ok();
    api.get("/gateways").await.ok();
    for id in [first.clone(), first.to_uppercase()] {
        api.get(&format!("/gateways/{id}"))
            .await
            .assert_error(503, 14);
    }
    let chosen = |id: u32| but(gateway("third"), "/id", json!(uuid(id)));
    api.post("/gateways", &chosen(7))
        .await
        .assert_error(503, 14);
    api.post("/gateways", &chosen(8)).await.ok();
}

#[tokio::test]
async fn a_response_may_be_patched() {
    let api = Api::new().await;
    let id = api.ready_gateway();
    let missing = list(&api, Fault::merge_patch(json!({"items": null}))).await;
    assert_eq!(missing.body, json!({}));
    let renamed = list(&api, Fault::rename_member("items", "gateways")).await;
    assert_eq!(renamed.names(), ["ready-gateway"]);
    let path = format!("/gateways/{id}");
    let patch = json!({"gateway": {"status": {"status": "STATUS_PAUSED"}}});
    api.fake.fault(Fault::merge_patch(patch).once());
    assert_eq!(api.status(&path).await, "STATUS_PAUSED");
}

#[tokio::test]
async fn a_page_token_may_be_repeated() {
    let api = Api::new().await;
    for _ in 0..3 {
        api.fake.seed_hot_load(json!({})).unwrap();
    }
    let first = api.get("/hotLoads?maxPageSize=1").await.body;
    let token = first["nextPageToken"].as_str().unwrap();
    api.fake.fault(Fault::repeat_page_token());
    let second = api
        .get(&format!("/hotLoads?maxPageSize=1&pageToken={token}"))
        .await
        .body;
    assert_eq!(second["nextPageToken"], token);
    assert_ne!(second["hotLoads"], first["hotLoads"]);
}

#[tokio::test]
async fn an_error_may_echo_the_request() {
    let api = Api::new().await;
    let errors = || Fault::status(400).echo().once();
    for fault in [
        errors(),
        errors().connect(),
        errors().html(),
        errors().plain(),
    ] {
        api.fake.fault(fault);
        let response = api.post("/gateways", &gateway("my-gateway")).await;
        let text = response.body.to_string();
        assert!(
            text.contains(&api.token) && text.contains("my-gateway"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_quota_failure_is_an_error_with_a_detail() {
    let api = Api::new().await;
    let quota = json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"subject": "org-fake", "description": "too many gateways"}],
    });
    let refused = Fault::status(429)
        .detail(quota)
        .retry_after_seconds(u64::MAX);
    let refused = list(&api, refused).await;
    refused.assert_error(429, 8);
    assert!(refused.detail("QuotaFailure")["violations"].is_array());
    assert_eq!(refused.headers["retry-after"], "18446744073709551615");
}

#[tokio::test]
async fn an_outcome_applies_to_one_create() {
    let api = Api::new().await;
    let deployment = api.ready_deployment();
    let outcome = Fault::outcome(["HOT_LOAD_STATE_FAILED"]);
    api.fake
        .fault(outcome.on(Operation::CreateHotLoad).skip(1).once());
    let mut states = Vec::new();
    for identity in ["v1", "v2", "v3"] {
        let id = api
            .create("/hotLoads", &hot_load(&deployment, identity))
            .await;
        api.fake.clock().advance(Duration::from_secs(600));
        states.push(api.status(&format!("/hotLoads/{id}")).await);
    }
    let (completed, failed) = ("HOT_LOAD_STATE_COMPLETED", "HOT_LOAD_STATE_FAILED");
    assert_eq!(states, [completed, failed, completed]);
}

#[tokio::test]
async fn cleared_faults_no_longer_apply() {
    let api = Api::new().await;
    api.fake.fault(Fault::status(500));
    api.get("/gateways").await.assert_error(500, 13);
    api.fake.clear_faults();
    api.get("/gateways").await.ok();
}

#[tokio::test]
async fn faults_do_not_apply_to_unknown_paths() {
    let api = Api::new().await;
    api.fake.fault(Fault::status(500));
    send(api.request(Method::GET, "/nowhere"))
        .await
        .assert_error(404, 5);
}
