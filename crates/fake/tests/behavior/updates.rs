//! What follows after an update.

use std::time::Duration;

use coreweave_inference_fake::Fault;
use serde_json::{Value, json};

use crate::support::{Api, but, claim, deployment, gateway, minutes};

/// What a resource shows: its status, its update time since the start of the clock, and the status
/// of its condition `ResourcesApplied`.
async fn shown(api: &Api, path: &str) -> (String, String, String) {
    let status = api.get(path).await.ok()["status"].clone();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let conditions = status["conditions"].as_array().unwrap().iter();
    let mut applied = conditions.filter(|condition| condition["type"] == "ResourcesApplied");
    let applied = applied
        .next()
        .map_or(Value::Null, |it| it["status"].clone());
    let updated_at = text(&status["updatedAt"]).replace("2026-01-01T", "");
    (text(&status["status"]), updated_at, text(&applied))
}

/// A deployment's path, and the body of an update that changes nothing.
async fn deployed(api: &Api) -> (String, Value) {
    let gateway = api.ready_gateway();
    let body = deployment("chat", &gateway);
    let id = api.create("/deployments", &body).await;
    api.fake.clock().advance(minutes(20));
    let path = format!("/deployments/{id}");
    assert_eq!(api.status(&path).await, "STATUS_READY");
    (path, but(body, "/id", json!(id)))
}

#[tokio::test]
async fn a_rollout_shows_after_a_poll() {
    let api = Api::new().await;
    let (path, body) = deployed(&api).await;
    let body = but(body, "/runtime/version", json!("0.9.2"));
    let accepted = api.patch(&path, &body).await.ok();
    assert_eq!(accepted["status"]["status"], "STATUS_READY");
    assert_eq!(accepted["spec"]["runtime"]["version"], "0.9.2");
    for (millis, expected) in [
        (0, ("STATUS_READY", "00:20:00Z", "True")),
        // A condition moves, which says nothing about the rollout.
        (2500, ("STATUS_READY", "00:20:02.500Z", "True")),
        (2499, ("STATUS_READY", "00:20:02.500Z", "True")),
        (1, ("STATUS_UPDATING", "00:20:05Z", "-")),
        (60_000, ("STATUS_UPDATING", "00:21:05Z", "True")),
        (539_999, ("STATUS_UPDATING", "00:21:05Z", "True")),
        (1, ("STATUS_READY", "00:30:05Z", "True")),
    ] {
        api.fake.clock().advance(Duration::from_millis(millis));
        let (status, updated_at, applied) = shown(&api, &path).await;
        assert_eq!((&*status, &*updated_at, &*applied), expected);
    }
}

#[tokio::test]
async fn a_change_of_scale_never_leaves_ready() {
    let api = Api::new().await;
    let (path, body) = deployed(&api).await;
    for (pointer, value) in [
        ("/autoscaling", json!({"min": 2, "max": 9})),
        ("/traffic", json!({"weight": 7})),
    ] {
        let accepted = api
            .patch(&path, &but(body.clone(), pointer, value.clone()))
            .await
            .ok();
        assert_eq!(accepted["spec"].pointer(pointer), Some(&value));
        let before = shown(&api, &path).await.1;
        for seconds in [0, 1, 2, 3, 4, 5, 60, 600] {
            api.fake.clock().advance(Duration::from_secs(seconds));
            assert_eq!(api.status(&path).await, "STATUS_READY");
        }
        assert_ne!(shown(&api, &path).await.1, before, "a condition has moved");
    }
}

#[tokio::test]
async fn an_update_without_a_change_rolls_nothing_out() {
    let api = Api::new().await;
    let (path, body) = deployed(&api).await;
    let claim = api.create("/capacityclaims", &claim("gpus")).await;
    let gateway = api.create("/gateways", &gateway("chat")).await;
    api.fake.clock().advance(minutes(10));
    let claim = format!("/capacityclaims/{claim}");
    let gateway = format!("/gateways/{gateway}");
    for path in [&path, &claim, &gateway] {
        let mut spec = api.get(path).await.ok()["spec"].clone();
        if path == &claim {
            spec = json!({"id": spec["id"], "resources": spec["resources"]});
        }
        api.patch(path, &spec).await.ok();
        for _ in 0..10 {
            api.fake.clock().advance(Duration::from_secs(1));
            assert_eq!(api.status(path).await, "STATUS_READY");
        }
    }
    // With an outcome it does.
    api.fake.fault(Fault::outcome(["STATUS_ERROR"]).once());
    api.patch(&path, &body).await.ok();
    api.fake.clock().advance(Duration::from_secs(5));
    assert_eq!(api.status(&path).await, "STATUS_UPDATING");
    api.fake.clock().advance(minutes(10));
    assert_eq!(api.status(&path).await, "STATUS_ERROR");
}

#[tokio::test]
async fn each_read_shows_the_next_step_under_an_instant_clock() {
    let api = Api::instant().await;
    let (path, body) = deployed(&api).await;
    let rollout = but(body.clone(), "/runtime/version", json!("0.9.2"));
    let scale = but(rollout.clone(), "/autoscaling/max", json!(9));
    for (body, expected) in [
        (&rollout, ["READY", "UPDATING", "READY"]),
        (&scale, ["READY", "READY", "READY"]),
    ] {
        api.patch(&path, body).await.ok();
        for status in expected {
            assert_eq!(api.status(&path).await, format!("STATUS_{status}"));
        }
    }
}

#[tokio::test]
async fn a_resource_being_created_stays_so_until_the_new_spec_is_ready() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let body = deployment("chat", &gateway);
    let id = api.create("/deployments", &body).await;
    let path = format!("/deployments/{id}");
    api.fake.clock().advance(minutes(19));
    let body = but(body, "/id", json!(id));
    api.patch(&path, &but(body.clone(), "/autoscaling/max", json!(9)))
        .await
        .ok();
    api.fake.clock().advance(minutes(1));
    assert_eq!(api.status(&path).await, "STATUS_READY");

    let body = deployment("talk", &gateway);
    let id = api.create("/deployments", &body).await;
    let path = format!("/deployments/{id}");
    api.fake.clock().advance(minutes(19));
    let body = but(body, "/id", json!(id));
    let body = but(body, "/runtime/version", json!("0.9.2"));
    api.patch(&path, &body).await.ok();
    api.fake.clock().advance(minutes(20));
    assert_eq!(api.status(&path).await, "STATUS_CREATING");
    api.fake.clock().advance(minutes(1));
    assert_eq!(api.status(&path).await, "STATUS_READY");
}

#[tokio::test]
async fn a_disabled_deployment_goes_back_to_creating() {
    let api = Api::new().await;
    let (path, body) = deployed(&api).await;
    api.patch(&path, &but(body.clone(), "/disabled", json!(true)))
        .await
        .ok();
    let status = async || {
        let (status, _, applied) = shown(&api, &path).await;
        (status, applied)
    };
    let pair = |status: &str, applied: &str| (format!("STATUS_{status}"), applied.to_owned());
    assert_eq!(status().await, pair("READY", "True"));
    api.fake.clock().advance(Duration::from_secs(5));
    assert_eq!(status().await, pair("CREATING", "-"));
    api.fake.clock().advance(minutes(600));
    assert_eq!(status().await, pair("CREATING", "True"));
    api.patch(&path, &body).await.ok();
    api.fake.clock().advance(minutes(21));
    assert_eq!(status().await, pair("READY", "True"));
}

#[tokio::test]
async fn a_resource_can_be_deleted_in_any_live_status_and_again() {
    for kind in ["gateways", "deployments", "capacityclaims"] {
        for status in [
            "CREATING", "UPDATING", "READY", "ERROR", "FAILED", "DELETING",
        ] {
            let api = Api::new().await;
            let resource = json!({"status": {"status": format!("STATUS_{status}")}});
            let id = match kind {
                "gateways" => api.fake.seed_gateway(resource),
                "deployments" => api.fake.seed_deployment(resource),
                _ => api.fake.seed_capacity_claim(resource),
            };
            let path = format!("/{kind}/{}", id.unwrap());
            let first = api.delete(&path).await.ok();
            assert_eq!(
                first["status"]["status"], "STATUS_DELETING",
                "{kind} {status}"
            );
            assert_eq!(api.delete(&path).await.ok(), first);
        }
    }
}
