//! Seeding, and the state as a whole.

use coreweave_inference_fake::{Clock, FakeServer};
use serde_json::{Value, json};

use crate::support::{Api, gateway, hot_load, minutes, start, uuid};

#[tokio::test]
async fn a_seed_is_kept_as_it_is() {
    let api = Api::new().await;
    let seed = json!({
        "spec": {"id": uuid(1), "name": "chat", "coreWeaveAuth": {}, "pathBasedRouting": {}, "color": "blue"},
        "status": {"status": "STATUS_ERROR", "createdAt": "2020-01-01T00:00:00.123456789Z", "mood": 7},
        "fromTomorrow": [1, 2],
    });
    assert_eq!(api.fake.seed_gateway(&seed).unwrap(), uuid(1));
    api.fake.clock().advance(minutes(600));
    let found = api.get(&format!("/gateways/{}", uuid(1))).await.ok();
    let mut expected = seed;
    expected["spec"]["organizationId"] = json!("org-fake");
    expected["status"]["updatedAt"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_a_seed_lacks_is_filled_in() {
    let api = Api::new().await;
    let id = api
        .fake
        .seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    let found = api.get(&format!("/gateways/{id}")).await.ok();
    assert_eq!(found["status"]["status"], "STATUS_READY");
    assert_eq!(
        found["status"]["endpoints"][0],
        format!("https://api.{id}.gw.cwinference.com")
    );
    let load = api.fake.seed_hot_load(json!({})).unwrap();
    assert_eq!(
        api.status(&format!("/hotLoads/{load}")).await,
        "HOT_LOAD_STATE_COMPLETED"
    );
}

#[tokio::test]
async fn a_seed_can_move_a_resource_on() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let mut resource = api.get(&format!("/gateways/{id}")).await.ok();
    resource["status"]["status"] = json!("STATUS_ERROR");
    api.fake.seed_gateway(&resource).unwrap();
    assert_eq!(api.status(&format!("/gateways/{id}")).await, "STATUS_ERROR");
    assert_eq!(api.get("/gateways").await.names(), ["chat"]);
}

#[tokio::test]
async fn a_seed_that_cannot_be_is_refused() {
    let api = Api::new().await;
    api.fake
        .seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    for (seed, problem) in [
        (json!("chat"), "give an object with spec and status"),
        (json!({"spec": {"id": 7}}), "7 is no id"),
        (json!({"spec": {"name": "chat"}}), "has the name \"chat\""),
    ] {
        let error = api.fake.seed_gateway(seed).unwrap_err().to_string();
        assert!(
            error.starts_with("seed a gateway: ") && error.contains(problem),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_state_goes_on_in_another_fake() {
    let api = Api::new().await;
    let deployment = api.ready_deployment();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    let dump = api.fake.state();
    let clock = Clock::manual(start());
    let other = Api::with(FakeServer::builder().clock(clock)).await;
    other.fake.load_state(dump.clone()).unwrap();
    assert_eq!(other.fake.state(), dump);
    let path = format!("/hotLoads/{id}");
    assert_eq!(other.status(&path).await, "HOT_LOAD_STATE_PENDING");
    other.fake.clock().advance(minutes(10));
    assert_eq!(other.status(&path).await, "HOT_LOAD_STATE_COMPLETED");
    other
        .post("/gateways", &gateway("ready-gateway"))
        .await
        .refused(409, 6);
}

#[tokio::test]
async fn what_is_no_dump_is_refused_and_changes_nothing() {
    let api = Api::new().await;
    api.ready_gateway();
    let before = api.fake.state();
    let twice = json!({"gateways": [before["gateways"][0], before["gateways"][0]]});
    for dump in [json!([]), json!({"gates": []}), twice] {
        let error = api.fake.load_state(dump).unwrap_err().to_string();
        assert!(error.starts_with("load a state: "), "{error}");
        assert_eq!(api.fake.state(), before);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let ids = async || {
        let api = Api::new().await;
        let made = [
            api.create("/gateways", &gateway("a")).await,
            api.create("/gateways", &gateway("b")).await,
        ];
        drop(api);
        made
    };
    assert_eq!(ids().await, ids().await);
}

#[tokio::test]
async fn a_shutdown_gives_the_final_state() {
    let fake = FakeServer::start().await.unwrap();
    fake.seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    let before = fake.state();
    let url = fake.url();
    assert_eq!(fake.shutdown().await, before);
    assert_ne!(before["gateways"], Value::Null);
    crate::support::http().get(url).send().await.unwrap_err();
}
