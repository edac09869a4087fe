//! The clocks.

use std::time::Duration;

use coreweave_inference_fake::{Clock, Durations, FakeServer};
use serde_json::json;

use crate::support::{Api, but, deployment, gateway, hot_deployment, hot_load, minutes, start};

#[tokio::test]
async fn a_manual_clock_moves_only_when_advanced() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    for _ in 0..3 {
        assert_eq!(api.status(&path).await, "STATUS_CREATING");
    }
    api.fake
        .clock()
        .advance(minutes(3) - Duration::from_nanos(1));
    assert_eq!(api.status(&path).await, "STATUS_CREATING");
    api.fake.clock().advance(Duration::from_nanos(1));
    assert_eq!(api.status(&path).await, "STATUS_READY");
}

#[tokio::test]
async fn due_changes_are_applied_in_order() {
    let api = Api::new().await;
    let gateway = api.create("/gateways", &gateway("chat")).await;
    let id = api
        .create("/deployments", &deployment("chat", &gateway))
        .await;
    api.fake.clock().advance(minutes(600));
    let gateway = api.get(&format!("/gateways/{gateway}")).await.ok();
    let deployment = api.get(&format!("/deployments/{id}")).await.ok();
    assert_eq!(gateway["status"]["updatedAt"], "2026-01-01T00:03:00Z");
    assert_eq!(deployment["status"]["updatedAt"], "2026-01-01T00:20:00Z");
}

#[tokio::test]
async fn timestamps_have_up_to_nine_fractional_digits() {
    let api = Api::new().await;
    for (nanos, expected) in [
        (0, "2026-01-01T00:00:00Z"),
        (1, "2026-01-01T00:00:00.000000001Z"),
        (999_999, "2026-01-01T00:00:00.001Z"),
    ] {
        api.fake.clock().advance(Duration::from_nanos(nanos));
        let created = api.post("/gateways", &gateway(expected)).await.ok();
        assert_eq!(created["status"]["createdAt"], expected);
    }
}

#[tokio::test]
async fn durations_are_configurable() {
    let durations = Durations {
        gateway_create: Duration::from_secs(1),
        ..Durations::default()
    };
    let api = Api::with(
        FakeServer::builder()
            .clock(Clock::manual(start()))
            .durations(durations),
    )
    .await;
    let id = api.create("/gateways", &gateway("chat")).await;
    api.fake.clock().advance(Duration::from_secs(1));
    assert_eq!(api.status(&format!("/gateways/{id}")).await, "STATUS_READY");
}

#[tokio::test]
async fn each_read_advances_a_resource_under_an_instant_clock() {
    let api = Api::instant().await;
    let gateway = api.create("/gateways", &gateway("chat")).await;
    assert_eq!(
        api.status(&format!("/gateways/{gateway}")).await,
        "STATUS_READY"
    );

    // A request is judged by the status it finds, and that resource advances afterwards.
    let id = api
        .create("/deployments", &hot_deployment("chat", &gateway))
        .await;
    let first = api.post("/hotLoads", &hot_load(&id, "v1")).await;
    first.assert_precondition("DEPLOYMENT_NOT_READY");
    let load = api.create("/hotLoads", &hot_load(&id, "v1")).await;

    let path = format!("/hotLoads/{load}");
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_IN_PROGRESS");
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_COMPLETED");
    let replicas = api.get(&format!("{path}/replicas")).await.body;
    assert_eq!(replicas["replicas"][2]["currentSnapshotIdentity"], "v1");

    api.delete(&format!("/deployments/{id}")).await.ok();
    api.delete(&format!("/gateways/{gateway}"))
        .await
        .assert_precondition("GATEWAY_IN_USE");
    api.delete(&format!("/gateways/{gateway}")).await.ok();
    api.get(&format!("/gateways/{gateway}"))
        .await
        .assert_error(404, 5);
    api.get(&path).await.assert_error(404, 5);
}

#[tokio::test]
async fn each_list_advances_its_resources_under_an_instant_clock() {
    let api = Api::instant().await;
    api.create("/gateways", &gateway("one")).await;
    api.create("/gateways", &gateway("two")).await;
    let listed = api.get("/gateways").await.ok();
    for item in listed.as_array().unwrap() {
        assert_eq!(item["status"]["status"], "STATUS_READY");
    }
}

#[tokio::test]
async fn each_replica_list_advances_one_replica_under_an_instant_clock() {
    let api = Api::instant().await;
    let deployment = api.ready_deployment();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    let mut ready = Vec::new();
    for _ in 0..4 {
        let body = api.get(&format!("/hotLoads/{id}/replicas")).await.body;
        let replicas = body["replicas"].as_array().unwrap().iter();
        ready.push(
            replicas
                .filter(|replica| replica["state"] == "READY")
                .count(),
        );
    }
    assert_eq!(ready, [0, 1, 2, 3]);
}

#[tokio::test]
async fn a_scaled_clock_runs_on_its_own() {
    let api = Api::with(FakeServer::builder().clock(Clock::scaled(1e9))).await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    while api.status(&path).await != "STATUS_READY" {}
}

#[tokio::test]
async fn a_clock_can_move_with_each_request() {
    let clock = Clock::per_request(Duration::from_secs(60));
    let api = Api::with(FakeServer::builder().clock(clock)).await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    let before = api.fake.clock().now();
    for status in ["CREATING", "CREATING", "READY", "READY"] {
        assert_eq!(api.status(&path).await, format!("STATUS_{status}"));
    }
    assert_eq!(api.fake.clock().now(), before + Duration::from_secs(4 * 60));
}

#[tokio::test]
async fn a_real_clock_can_be_advanced() {
    let api = Api::with(FakeServer::builder().clock(Clock::real())).await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    assert_eq!(api.status(&path).await, "STATUS_CREATING");
    api.fake.clock().advance(minutes(3));
    assert_eq!(api.status(&path).await, "STATUS_READY");
}

#[tokio::test(start_paused = true)]
async fn the_fake_needs_no_tokio_timer() {
    let api = Api::new().await;
    let before = tokio::time::Instant::now();
    let body = but(gateway("chat"), "/zones", json!(["US-WEST-04A"]));
    let id = api.create("/gateways", &body).await;
    api.fake.clock().advance(minutes(3));
    assert_eq!(api.status(&format!("/gateways/{id}")).await, "STATUS_READY");
    assert_eq!(tokio::time::Instant::now(), before, "no timer was needed");
}
