//! Seeds, and saving and loading the state.

use coreweave_inference_fake::{Clock, FakeServer};
use serde_json::{Value, json};

use std::time::Duration;

use crate::support::{Api, delta, gateway, hot_load, minutes, start, uuid};

#[tokio::test]
async fn a_seed_is_stored_as_given() {
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
    expected["spec"]["zones"] = json!(["US-EAST-04A"]);
    expected["status"]["updatedAt"] = json!("2026-01-01T00:00:00Z");
    expected["status"]["conditions"] = found["status"]["conditions"].clone();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_empty_seed_is_completed_to_a_valid_resource() {
    let api = Api::new().await;
    let hot_load = api.fake.seed_hot_load(json!({})).unwrap();
    let claim = api.fake.seed_capacity_claim(json!({})).unwrap();
    let hot_load = api.get(&format!("/hotLoads/{hot_load}")).await.ok();
    assert_eq!(hot_load["status"]["state"], "HOT_LOAD_STATE_COMPLETED");
    let chain = &hot_load["spec"]["snapshotChain"];
    assert_eq!(chain[0]["identity"], hot_load["spec"]["identity"]);
    // Its deployment and gateway were seeded too, and all of them can be updated as read.
    let deployment = hot_load["spec"]["deploymentId"].as_str().unwrap();
    let path = format!("/deployments/{deployment}");
    let spec = api.get(&path).await.ok()["spec"].clone();
    api.patch(&path, &spec).await.ok();
    let gateway = spec["gatewayIds"][0].as_str().unwrap();
    for path in [
        format!("/gateways/{gateway}"),
        format!("/capacityclaims/{claim}"),
    ] {
        let resource = api.get(&path).await.ok();
        assert_eq!(resource["status"]["status"], "STATUS_READY");
        assert_eq!(resource["status"]["conditions"][0]["status"], "True");
        api.patch(&path, &resource["spec"]).await.ok();
    }
    let replicas = api
        .get(&format!(
            "/hotLoads/{}/replicas",
            hot_load["spec"]["id"].as_str().unwrap()
        ))
        .await
        .body;
    let replica = &replicas["replicas"][0];
    assert_eq!(
        replica["currentSnapshotIdentity"],
        hot_load["spec"]["identity"]
    );
    assert_eq!(replica["state"], "READY");
}

#[tokio::test]
async fn a_seed_may_have_transitions_that_repeat() {
    let api = Api::new().await;
    let seed = |repeat: bool| {
        json!({
            "status": {"status": "STATUS_CREATING"},
            "transitions": [
                {"afterSeconds": 60, "status": "STATUS_READY"},
                {"afterSeconds": 30, "status": "STATUS_ERROR"},
            ],
            "repeat": repeat,
        })
    };
    let once = api.fake.seed_gateway(seed(false)).unwrap();
    let repeated = api.fake.seed_gateway(seed(true)).unwrap();
    let mut statuses = Vec::new();
    for seconds in [0, 60, 30, 60, 30, 600] {
        api.fake.clock().advance(Duration::from_secs(seconds));
        let status = async |id: &str| api.status(&format!("/gateways/{id}")).await;
        statuses.push((status(&once).await, status(&repeated).await));
    }
    let expected = [
        ("CREATING", "CREATING"),
        ("READY", "READY"),
        ("ERROR", "ERROR"),
        ("ERROR", "READY"),
        ("ERROR", "ERROR"),
        ("ERROR", "READY"),
    ]
    .map(|(once, repeated)| (format!("STATUS_{once}"), format!("STATUS_{repeated}")));
    assert_eq!(statuses, expected);

    // An update ends the repetition.
    let path = format!("/gateways/{repeated}");
    let spec = api.get(&path).await.ok()["spec"].clone();
    api.patch(&path, &spec).await.ok();
    api.fake.clock().advance(minutes(600));
    assert_eq!(api.status(&path).await, "STATUS_READY");
}

#[tokio::test]
async fn a_seed_may_resume_what_the_service_was_doing() {
    let api = Api::new().await;
    let resume = |status: &str| json!({"status": {"status": status}, "resume": true});
    let gateway = api.fake.seed_gateway(resume("STATUS_CREATING")).unwrap();
    let gateway = format!("/gateways/{gateway}");
    let deployment = api.fake.seed_deployment(resume("STATUS_UPDATING")).unwrap();
    let deployment = format!("/deployments/{deployment}");
    let claim = resume("STATUS_DELETING");
    let claim = api.fake.seed_capacity_claim(claim).unwrap();
    let claim = format!("/capacityclaims/{claim}");
    assert_eq!(api.status(&gateway).await, "STATUS_CREATING");
    assert_eq!(api.status(&deployment).await, "STATUS_UPDATING");
    assert_eq!(api.status(&claim).await, "STATUS_DELETING");
    api.fake.clock().advance(minutes(3));
    assert_eq!(api.status(&gateway).await, "STATUS_READY");
    let conditions = api.get(&deployment).await.ok()["status"]["conditions"].clone();
    assert_eq!(conditions[1]["type"], "ResourcesApplied");
    assert_eq!(conditions[1]["status"], "True");
    api.get(&claim).await.assert_error(404, 5);
    api.fake.clock().advance(minutes(7));
    assert_eq!(api.status(&deployment).await, "STATUS_READY");
}

#[tokio::test]
async fn a_seeded_hot_load_may_be_running() {
    let api = Api::new().await;
    let deployment = api.ready_deployment();
    let load = |state: &str| {
        json!({
            "spec": {"deploymentId": deployment, "identity": "v2"},
            "status": {"state": state},
            "resume": true,
        })
    };
    let mut seed = load("HOT_LOAD_STATE_IN_PROGRESS");
    let replica = |name: &str, state: &str| json!({"name": name, "state": state});
    seed["replicas"] = json!([
        replica("c", "PENDING_UPDATE"),
        replica("b", "UPDATING"),
        replica("a", "READY"),
    ]);
    let id = api.fake.seed_hot_load(seed).unwrap();
    let path = format!("/hotLoads/{id}");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let body = api.get(&format!("{path}/replicas")).await.body;
        let replicas = body["replicas"].as_array().unwrap().iter();
        let states = replicas.map(|replica| replica["state"].as_str().unwrap());
        seen.push((
            api.status(&path).await,
            states.collect::<Vec<_>>().join(" "),
        ));
        api.fake.clock().advance(Duration::from_secs(30));
    }
    let running = "HOT_LOAD_STATE_IN_PROGRESS".to_owned();
    let expected = [
        (running.clone(), "READY UPDATING PENDING_UPDATE".to_owned()),
        (running, "READY READY UPDATING".to_owned()),
        (
            "HOT_LOAD_STATE_COMPLETED".to_owned(),
            "READY READY READY".to_owned(),
        ),
    ];
    assert_eq!(seen, expected);

    let mut pending = load("HOT_LOAD_STATE_PENDING");
    pending["spec"] = delta(&deployment, "v3", "v2");
    let id = api.fake.seed_hot_load(pending).unwrap();
    let path = format!("/hotLoads/{id}");
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_PENDING");
    api.fake.clock().advance(minutes(2));
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_COMPLETED");
    let chain = api.get(&path).await.ok()["spec"]["snapshotChain"].clone();
    assert_eq!(
        (&chain[0]["identity"], &chain[1]["identity"]),
        (&json!("v2"), &json!("v3"))
    );
}

#[tokio::test]
async fn a_seed_can_replace_a_resource() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let mut resource = api.get(&format!("/gateways/{id}")).await.ok();
    resource["status"]["status"] = json!("STATUS_ERROR");
    api.fake.seed_gateway(&resource).unwrap();
    assert_eq!(api.status(&format!("/gateways/{id}")).await, "STATUS_ERROR");
    assert_eq!(api.get("/gateways").await.names(), ["chat"]);
}

#[tokio::test]
async fn an_invalid_seed_is_rejected() {
    let api = Api::new().await;
    api.fake
        .seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    for (seed, problem) in [
        (json!("chat"), "\"chat\" is not an object"),
        (json!({"spec": {"id": 7}}), "7 is not an id"),
        (
            json!({"resume": true, "transitions": [{"afterSeconds": 1, "status": "STATUS_READY"}]}),
            "exclude each other",
        ),
        (json!({"spec": {"name": "chat"}}), "has the name \"chat\""),
    ] {
        let error = api.fake.seed_gateway(seed).unwrap_err().to_string();
        assert!(
            error.starts_with("failed to seed a gateway: ") && error.contains(problem),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_saved_state_continues_in_another_fake() {
    let api = Api::new().await;
    let deployment = api.ready_deployment();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    let dump = api.fake.state();
    // The clock continues, and never moves back.
    let clock = Clock::manual(start() - minutes(600));
    let other = Api::with(FakeServer::builder().clock(clock)).await;
    other.fake.load_state(dump.clone()).unwrap();
    assert_eq!(other.fake.state(), dump);
    assert_eq!(other.fake.clock().now(), start());
    let later = Clock::manual(start() + minutes(600));
    let later = Api::with(FakeServer::builder().clock(later)).await;
    later.fake.load_state(dump).unwrap();
    assert_eq!(later.fake.clock().now(), start() + minutes(600));
    let path = format!("/hotLoads/{id}");
    assert_eq!(other.status(&path).await, "HOT_LOAD_STATE_PENDING");
    other.fake.clock().advance(minutes(10));
    assert_eq!(other.status(&path).await, "HOT_LOAD_STATE_COMPLETED");
    other
        .post("/gateways", &gateway("ready-gateway"))
        .await
        .assert_error(409, 6);
}

#[tokio::test]
async fn an_invalid_state_is_rejected_and_changes_nothing() {
    let api = Api::new().await;
    api.ready_gateway();
    let before = api.fake.state();
    let twice = json!({"gateways": [before["gateways"][0], before["gateways"][0]]});
    for dump in [
        json!([]),
        json!({"gates": []}),
        json!({"clock": "noon"}),
        twice,
    ] {
        let error = api.fake.load_state(dump).unwrap_err().to_string();
        assert!(error.starts_with("failed to load a state: "), "{error}");
        assert_eq!(api.fake.state(), before);
    }
}

#[tokio::test]
async fn a_kept_state_is_written_with_each_change_and_the_time() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fake.json");
    let read = || serde_json::from_slice::<Value>(&std::fs::read(&file).unwrap()).unwrap();
    let api = Api::new().await;
    api.fake.keep_state_in(&file).unwrap();
    assert_eq!(read(), api.fake.state());
    let id = api.create("/gateways", &gateway("chat")).await;
    assert_eq!(read(), api.fake.state());
    api.fake
        .seed_gateway(json!({"spec": {"name": "seed"}}))
        .unwrap();
    assert_eq!(read(), api.fake.state());
    // What time changes is written once it can have been seen.
    api.fake.clock().advance(minutes(3));
    assert_eq!(api.status(&format!("/gateways/{id}")).await, "STATUS_READY");
    assert_eq!(read(), api.fake.state());
    assert_eq!(read()["clock"], "2026-01-01T00:03:00Z");

    let other = Api::new().await;
    other.fake.keep_state_in(&file).unwrap();
    assert_eq!(other.fake.state(), api.fake.state());
    // A read changes nothing, so that it writes nothing.
    std::fs::remove_file(&file).unwrap();
    other.get(&format!("/gateways/{id}")).await.ok();
    assert!(!file.exists());
}

#[tokio::test]
async fn a_state_that_cannot_be_kept_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing/fake.json");
    let api = Api::new().await;
    let error = api.fake.keep_state_in(&missing).unwrap_err().to_string();
    assert!(
        error.starts_with("failed to write the state to "),
        "{error}"
    );

    let file = directory.path().join("fake.json");
    api.fake.keep_state_in(&file).unwrap();
    drop(directory);
    let refused = api.post("/gateways", &gateway("chat")).await;
    assert!(
        refused
            .assert_error(500, 13)
            .starts_with("failed to write the state to ")
    );
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
async fn shutdown_returns_the_final_state() {
    let clock = Clock::manual(start());
    let fake = FakeServer::builder().clock(clock).start().await.unwrap();
    fake.seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    let before = fake.state();
    let url = fake.url();
    assert_eq!(fake.shutdown().await, before);
    assert_ne!(before["gateways"], Value::Null);
    crate::support::http().get(url).send().await.unwrap_err();
}
