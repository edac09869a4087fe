//! Hot-loads.

use coreweave_inference_fake::{Clock, Durations, FakeServer, Fault};
use serde_json::{Value, json};

use crate::support::{
    Api, but, delta, deployment, gateway, hot_deployment, hot_load, minutes, start, uuid,
};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// A fake whose hot-loads start after a second and take a second per replica.
async fn quick() -> Api {
    let durations = Durations {
        hot_load_start: SECOND,
        hot_load_replica: SECOND,
        ..Durations::default()
    };
    let builder = FakeServer::builder()
        .clock(Clock::manual(start()))
        .durations(durations);
    Api::with(builder.cancel_supported(true)).await
}

/// Creates a hot-load, completes it, and returns its id.
async fn load(api: &Api, body: &Value) -> String {
    let id = api.create("/hotLoads", body).await;
    api.fake.clock().advance(minutes(1));
    assert_eq!(
        api.status(&format!("/hotLoads/{id}")).await,
        "HOT_LOAD_STATE_COMPLETED"
    );
    id
}

async fn replicas(api: &Api, id: &str) -> Vec<(String, String)> {
    let body = api.get(&format!("/hotLoads/{id}/replicas")).await.body;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let replicas = body["replicas"].as_array().unwrap().iter();
    replicas
        .map(|replica| {
            (
                text(&replica["state"]),
                text(&replica["currentSnapshotIdentity"]),
            )
        })
        .collect()
}

fn pairs(expected: [(&str, &str); 3]) -> Vec<(String, String)> {
    expected
        .map(|(state, identity)| (state.to_owned(), identity.to_owned()))
        .into()
}

#[tokio::test]
async fn replicas_are_updated_one_after_another() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let created = api
        .post("/hotLoads", &hot_load(&deployment, "v1"))
        .await
        .ok();
    let id = created["spec"]["id"].as_str().unwrap();
    let path = format!("/hotLoads/{id}");
    assert_eq!(created["status"]["state"], "HOT_LOAD_STATE_PENDING");
    let waiting = ("PENDING_UPDATE", "initial");
    assert_eq!(replicas(&api, id).await, pairs([waiting; 3]));

    api.fake.clock().advance(SECOND);
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_IN_PROGRESS");
    assert_eq!(
        replicas(&api, id).await,
        pairs([("UPDATING", "initial"), waiting, waiting])
    );
    api.fake.clock().advance(SECOND);
    assert_eq!(
        replicas(&api, id).await,
        pairs([("READY", "v1"), ("UPDATING", "initial"), waiting])
    );
    api.fake.clock().advance(SECOND);
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_IN_PROGRESS");
    api.fake.clock().advance(SECOND);
    assert_eq!(replicas(&api, id).await, pairs([("READY", "v1"); 3]));
    let completed = api.get(&path).await.ok();
    assert_eq!(completed["status"]["state"], "HOT_LOAD_STATE_COMPLETED");
    assert_eq!(completed["status"]["finishedAt"], "2026-01-01T00:00:04Z");
    assert_eq!(completed["status"]["conditions"][0]["type"], "Completed");

    // The next hot-load starts from this snapshot.
    let next = api.create("/hotLoads", &hot_load(&deployment, "v2")).await;
    assert_eq!(
        replicas(&api, &next).await,
        pairs([("PENDING_UPDATE", "v1"); 3])
    );
}

#[tokio::test]
async fn a_failed_hot_load_has_a_failed_replica_and_no_longer_blocks() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    api.fake
        .fault(Fault::outcome(["HOT_LOAD_STATE_FAILED"]).once());
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    api.fake.clock().advance(minutes(1));
    assert_eq!(
        api.status(&format!("/hotLoads/{id}")).await,
        "HOT_LOAD_STATE_FAILED"
    );
    let body = api.get(&format!("/hotLoads/{id}/replicas")).await.body;
    assert_eq!(body["replicas"][0]["state"], "ERROR");
    assert!(
        !body["replicas"][0]["errorReason"]
            .as_str()
            .unwrap()
            .is_empty()
    );
    api.post("/hotLoads", &hot_load(&deployment, "v1"))
        .await
        .ok();
}

#[tokio::test]
async fn the_required_members_are_required() {
    let api = Api::new().await;
    api.post("/hotLoads", &json!({}))
        .await
        .assert_invalid(&["deployment_id", "identity", "type"]);
    let body = but(
        delta(&uuid(1), "v2", "v1"),
        "/incrementalSnapshotMetadata",
        Value::Null,
    );
    api.post("/hotLoads", &body)
        .await
        .assert_invalid(&["incremental_snapshot_metadata"]);
    let body = but(
        delta(&uuid(1), "v2", "v1"),
        "/incrementalSnapshotMetadata",
        json!({}),
    );
    let field = "incremental_snapshot_metadata.previous_snapshot_identity";
    api.post("/hotLoads", &body).await.assert_invalid(&[field]);
}

#[tokio::test]
async fn every_field_rule_is_enforced() {
    let api = Api::new().await;
    let metadata = "incremental_snapshot_metadata";
    for (pointer, value, field) in [
        ("/hotLoadId", json!("mine"), "hot_load_id".to_owned()),
        ("/identity", json!("."), "identity".to_owned()),
        ("/identity", json!(".."), "identity".to_owned()),
        ("/identity", json!("a/b"), "identity".to_owned()),
        ("/identity", json!("initial"), "identity".to_owned()),
        ("/type", json!("SNAPSHOT_TYPE_FULL"), metadata.to_owned()),
        ("/identity", json!("a".repeat(129)), "identity".to_owned()),
        (
            "/incrementalSnapshotMetadata/previousSnapshotIdentity",
            json!("a/b"),
            format!("{metadata}.previous_snapshot_identity"),
        ),
    ] {
        let body = but(delta(&uuid(1), "v2", "v1"), pointer, value);
        api.post("/hotLoads", &body).await.assert_invalid(&[&field]);
    }
    let deployment = api.ready_deployment();
    let mut body = hot_load(&deployment, &"a".repeat(128));
    body["promptCachePolicy"] = json!("PROMPT_CACHE_POLICY_PRESERVE");
    let stored = api.post("/hotLoads", &body).await.ok();
    assert_eq!(
        stored["spec"]["promptCachePolicy"],
        "PROMPT_CACHE_POLICY_PRESERVE"
    );
}

#[tokio::test]
async fn enum_numbers_mean_their_names() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let full = but(hot_load(&deployment, "v1"), "/type", json!(1));
    load(&api, &full).await;
    let mut body = but(delta(&deployment, "v2", "v1"), "/type", json!(2));
    body["promptCachePolicy"] = json!(2);
    let metadata = &mut body["incrementalSnapshotMetadata"];
    metadata["compressionFormat"] = json!(1);
    metadata["checksumFormat"] = json!(1);
    let id = load(&api, &body).await;
    let spec = api.get(&format!("/hotLoads/{id}")).await.ok()["spec"].clone();
    let expected = delta(&deployment, "v2", "v1");
    assert_eq!(spec["type"], expected["type"]);
    assert_eq!(spec["promptCachePolicy"], "PROMPT_CACHE_POLICY_PRESERVE");
    let metadata = "incrementalSnapshotMetadata";
    assert_eq!(spec[metadata], expected[metadata]);
    for (member, number) in [("/type", 3), ("/type", 0), ("/promptCachePolicy", 9)] {
        let body = but(hot_load(&deployment, "v3"), member, json!(number));
        let field = member[1..].replace("promptCachePolicy", "prompt_cache_policy");
        api.post("/hotLoads", &body).await.assert_invalid(&[&field]);
    }
    // The requests do not conform to openapi.yaml, which has no numbers.
    api.fake.clear_requests();
}

#[tokio::test]
async fn the_deployment_must_exist_be_enabled_and_be_ready() {
    let api = Api::new().await;
    api.post("/hotLoads", &hot_load(&uuid(9), "v1"))
        .await
        .assert_error(404, 5);
    let gateway = api.ready_gateway();
    let plain = api
        .create("/deployments", &deployment("plain", &gateway))
        .await;
    let error = api.post("/hotLoads", &hot_load(&plain, "v1")).await;
    assert!(
        error
            .assert_precondition("HOT_LOAD_DISABLED")
            .contains("not enabled")
    );
    let hot = api
        .create("/deployments", &hot_deployment("hot", &gateway))
        .await;
    api.post("/hotLoads", &hot_load(&hot, "v1"))
        .await
        .assert_precondition("DEPLOYMENT_NOT_READY");
    api.fake.clock().advance(minutes(20));
    api.post("/hotLoads", &hot_load(&hot, "v1")).await.ok();
}

#[tokio::test]
async fn one_hot_load_runs_at_a_time() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let first = but(hot_load(&deployment, "v1"), "/hotLoadId", json!(uuid(1)));
    let created = api.post("/hotLoads", &first).await.ok();
    assert_eq!(created["spec"]["id"], json!(uuid(1)));
    assert!(created["spec"].get("hotLoadId").is_none());
    let second = api.post("/hotLoads", &hot_load(&deployment, "v2")).await;
    assert!(
        second
            .assert_precondition("HOT_LOAD_RUNNING")
            .contains("already in progress")
    );
    // A repeated create reports that the id is taken, not that a hot-load is running.
    api.post("/hotLoads", &first).await.assert_error(409, 6);
    api.fake.clock().advance(minutes(1));
    api.post("/hotLoads", &hot_load(&deployment, "v2"))
        .await
        .ok();
}

#[tokio::test]
async fn the_snapshot_chain_starts_at_the_full_snapshot() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let full = load(&api, &hot_load(&deployment, "v1")).await;
    let second = load(&api, &delta(&deployment, "v2", "v1")).await;
    let third = load(&api, &delta(&deployment, "v3", "v2")).await;
    let spec = api.get(&format!("/hotLoads/{third}")).await.ok()["spec"].clone();
    let entry = |identity: &str, id: &str| {
        json!({
            "identity": identity,
            "type": "SNAPSHOT_TYPE_INCREMENTAL",
            "compressionFormat": "COMPRESSION_FORMAT_ZSTD",
            "checksumFormat": "CHECKSUM_FORMAT_ADLER32",
            "hotLoadId": id,
        })
    };
    assert_eq!(
        spec["snapshotChain"],
        json!([
            {"identity": "v1", "type": "SNAPSHOT_TYPE_FULL", "hotLoadId": full},
            entry("v2", &second),
            entry("v3", &third),
        ])
    );
    let unknown = api.post("/hotLoads", &delta(&deployment, "v5", "v4")).await;
    unknown.assert_precondition("SNAPSHOT_UNKNOWN");
}

#[tokio::test]
async fn a_chain_starts_with_a_full_snapshot() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let initial = delta(&deployment, "v1", "initial");
    api.post("/hotLoads", &initial)
        .await
        .assert_precondition("SNAPSHOT_UNKNOWN");
    let seed = json!({"spec": delta(&deployment, "v2", "lost")});
    api.fake.seed_hot_load(seed).unwrap();
    api.post("/hotLoads", &delta(&deployment, "v3", "v2"))
        .await
        .assert_precondition("CHAIN_WITHOUT_FULL");
}

#[tokio::test]
async fn an_identity_belongs_to_the_deployment_that_first_used_it() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    load(&api, &hot_load(&deployment, "v1")).await;
    load(&api, &hot_load(&deployment, "v2")).await;
    // A rollback loads an older identity again.
    load(&api, &hot_load(&deployment, "v1")).await;
    let gateway =
        api.get(&format!("/deployments/{deployment}")).await.ok()["spec"]["gatewayIds"][0].clone();
    let other = hot_deployment("other", gateway.as_str().unwrap());
    let other = api.fake.seed_deployment(json!({"spec": other})).unwrap();
    api.post("/hotLoads", &hot_load(&other, "v1"))
        .await
        .assert_precondition("IDENTITY_USED");
    load(&api, &hot_load(&other, "v3")).await;
    // It is free again with its deployment.
    api.delete(&format!("/deployments/{deployment}")).await.ok();
    api.fake.clock().advance(minutes(5));
    load(&api, &hot_load(&other, "v1")).await;
}

#[tokio::test]
async fn a_chain_has_at_most_128_deltas() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    load(&api, &hot_load(&deployment, "v0")).await;
    for number in 1..=128 {
        load(
            &api,
            &delta(
                &deployment,
                &format!("v{number}"),
                &format!("v{}", number - 1),
            ),
        )
        .await;
    }
    let next = api
        .post("/hotLoads", &delta(&deployment, "v129", "v128"))
        .await;
    assert!(
        next.assert_precondition("CHAIN_TOO_LONG")
            .contains("full snapshot")
    );
    load(&api, &hot_load(&deployment, "v129")).await;
    load(&api, &delta(&deployment, "v130", "v129")).await;
}

#[tokio::test]
async fn cancel_is_unimplemented_by_default() {
    let api = Api::new().await;
    let deployment = api.ready_deployment();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    api.post(&format!("/hotLoads/{id}:cancel"), &json!({}))
        .await
        .assert_error(501, 12);
    assert_eq!(
        api.status(&format!("/hotLoads/{id}")).await,
        "HOT_LOAD_STATE_PENDING"
    );
}

#[tokio::test]
async fn cancel_can_be_enabled() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    let cancel = format!("/hotLoads/{id}:cancel");
    api.fake.clock().advance(2 * SECOND);
    let canceled = api.post(&cancel, &json!({})).await.ok();
    assert_eq!(canceled["status"]["state"], "HOT_LOAD_STATE_CANCELED");
    assert_eq!(canceled["status"]["canceledAt"], "2026-01-01T00:00:02Z");
    api.fake.clock().advance(minutes(1));
    assert_eq!(
        api.status(&format!("/hotLoads/{id}")).await,
        "HOT_LOAD_STATE_CANCELED"
    );
    assert_eq!(replicas(&api, &id).await[2].1, "initial");
    api.post(&cancel, &json!({}))
        .await
        .assert_precondition("HOT_LOAD_ENDED");
    api.post(&format!("/hotLoads/{}:cancel", uuid(9)), &json!({}))
        .await
        .assert_error(404, 5);
    api.post("/hotLoads", &hot_load(&deployment, "v2"))
        .await
        .ok();
}

#[tokio::test]
async fn deleting_a_deployment_ends_its_hot_loads() {
    let api = quick().await;
    let deployment = api.ready_deployment();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    let path = format!("/hotLoads/{id}");
    api.delete(&format!("/deployments/{deployment}")).await.ok();
    assert_eq!(api.status(&path).await, "HOT_LOAD_STATE_FAILED");
    api.post("/hotLoads", &hot_load(&deployment, "v2"))
        .await
        .assert_precondition("DEPLOYMENT_NOT_READY");
    api.fake.clock().advance(minutes(5));
    api.get(&path).await.assert_error(404, 5);
}

/// Seeds completed hot-loads and returns their ids, oldest first.
fn seed(api: &Api, deployment: &str, count: u32) -> Vec<String> {
    let one = |number: u32| {
        let spec = json!({"deploymentId": deployment, "identity": format!("v{number}"), "type": "SNAPSHOT_TYPE_FULL"});
        api.fake.seed_hot_load(json!({"spec": spec})).unwrap()
    };
    (0..count).map(one).collect()
}

/// The ids on each page of a list.
async fn pages(api: &Api, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut token = String::new();
    loop {
        let body = api
            .get(&format!("/hotLoads?{query}&pageToken={token}"))
            .await
            .body;
        let items = body["hotLoads"].as_array().unwrap().iter();
        pages.push(
            items
                .map(|item| item["spec"]["id"].as_str().unwrap().to_owned())
                .collect(),
        );
        token = body["nextPageToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            return pages;
        }
    }
}

#[tokio::test]
async fn hot_loads_are_paged_newest_first() {
    let api = Api::new().await;
    let mut ids = seed(&api, &uuid(1), 120);
    ids.reverse();
    let sizes = |pages: &Vec<Vec<String>>| pages.iter().map(Vec::len).collect::<Vec<_>>();
    let default = pages(&api, "").await;
    assert_eq!(sizes(&default), [50, 50, 20]);
    assert_eq!(default.concat(), ids);
    assert_eq!(sizes(&pages(&api, "maxPageSize=0").await), [50, 50, 20]);
    assert_eq!(sizes(&pages(&api, "maxPageSize=60").await), [60, 60]);
    assert_eq!(sizes(&pages(&api, "maxPageSize=120").await), [120]);
}

#[tokio::test]
async fn a_page_has_at_most_1000_items() {
    let api = Api::new().await;
    seed(&api, &uuid(1), 1001);
    let sizes: Vec<_> = pages(&api, "maxPageSize=2000")
        .await
        .iter()
        .map(Vec::len)
        .collect();
    assert_eq!(sizes, [1000, 1]);
}

#[tokio::test]
async fn new_hot_loads_do_not_shift_later_pages() {
    let api = Api::new().await;
    let ids = seed(&api, &uuid(1), 4);
    let first = api.get("/hotLoads?maxPageSize=2").await.body;
    seed(&api, &uuid(1), 3);
    let token = first["nextPageToken"].as_str().unwrap();
    let second = api
        .get(&format!("/hotLoads?maxPageSize=9&pageToken={token}"))
        .await
        .body;
    let items = second["hotLoads"].as_array().unwrap();
    let found: Vec<_> = items
        .iter()
        .map(|item| item["spec"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(found, [&ids[1], &ids[0]]);
}

#[tokio::test]
async fn page_sizes_and_tokens_are_validated() {
    let api = Api::new().await;
    let ids = seed(&api, &uuid(1), 3);
    seed(&api, &uuid(2), 3);
    for size in ["-1", "abc", "1.5", "2147483648", ""] {
        api.get(&format!("/hotLoads?maxPageSize={size}"))
            .await
            .assert_invalid(&["max_page_size"]);
    }
    let query = format!("/hotLoads?maxPageSize=1&parentDeploymentId={}", uuid(1));
    let token = api.get(&query).await.body["nextPageToken"]
        .as_str()
        .unwrap()
        .to_owned();
    api.get(&format!("{query}&pageToken={token}"))
        .await
        .assert_page();
    let elsewhere = format!("/hotLoads?parentDeploymentId={}&pageToken={token}", uuid(2));
    api.get(&elsewhere).await.assert_invalid(&["page_token"]);
    api.get(&format!("/hotLoads?pageToken={token}"))
        .await
        .assert_invalid(&["page_token"]);
    api.get("/hotLoads?pageToken=nonsense")
        .await
        .assert_invalid(&["page_token"]);
    let replicas = format!("/hotLoads/{}/replicas?pageToken={token}", ids[0]);
    api.get(&replicas).await.assert_invalid(&["page_token"]);
}

#[tokio::test]
async fn hot_loads_are_filtered_by_deployment() {
    let api = Api::new().await;
    let mut first = seed(&api, &uuid(1), 2);
    seed(&api, &uuid(2), 2);
    first.reverse();
    assert_eq!(
        pages(&api, &format!("parentDeploymentId={}", uuid(1))).await,
        [first]
    );
    assert_eq!(
        pages(&api, &format!("parentDeploymentId={}", uuid(3))).await,
        [[""; 0]]
    );
}

#[tokio::test]
async fn replicas_are_paged_by_zone_and_name() {
    let api = Api::new().await;
    let replica = |zone: &str, name: &str| json!({"zone": zone, "name": name, "state": "READY"});
    let id = api
        .fake
        .seed_hot_load(json!({
            "spec": {"deploymentId": uuid(1), "identity": "v1", "type": "SNAPSHOT_TYPE_FULL"},
            "replicas": [replica("b", "1"), replica("a-b", "2"), replica("a", "3"), replica("a", "2")],
        }))
        .unwrap();
    let path = format!("/hotLoads/{id}/replicas");
    let first = api.get(&format!("{path}?maxPageSize=3")).await.body;
    let token = first["nextPageToken"].as_str().unwrap();
    let second = api
        .get(&format!("{path}?maxPageSize=3&pageToken={token}"))
        .await
        .body;
    assert_eq!(second["nextPageToken"], "");
    let mut found = Vec::new();
    for page in [&first, &second] {
        for replica in page["replicas"].as_array().unwrap() {
            found.push((
                replica["zone"].as_str().unwrap(),
                replica["name"].as_str().unwrap(),
            ));
        }
    }
    assert_eq!(found, [("a", "2"), ("a", "3"), ("a-b", "2"), ("b", "1")]);
    api.get(&format!("/hotLoads/{}/replicas", uuid(9)))
        .await
        .assert_error(404, 5);
}

#[tokio::test]
async fn a_deployment_has_as_many_replicas_as_its_minimum() {
    let api = Api::new().await;
    let gateway = api.create("/gateways", &gateway("chat")).await;
    let mut spec = hot_deployment("large", &gateway);
    spec["autoscaling"] = json!({"min": 120, "max": 120});
    let deployment = api.fake.seed_deployment(json!({"spec": spec})).unwrap();
    let id = api.create("/hotLoads", &hot_load(&deployment, "v1")).await;
    assert_eq!(replicas(&api, &id).await.len(), 50);
}
