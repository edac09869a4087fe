//! Hot-loads under paused time.

use std::collections::VecDeque;

use coreweave_inference::{Client, DeploymentId, HotLoad, HotLoadId, NewHotLoad, reason};
use serde_json::{Value, json};

use crate::in_memory::{Log, Reply, error as refusal, ok, play};

fn load(id: &str, state: &str) -> Value {
    json!({"spec": {"id": id, "identity": format!("step-{id}"), "deploymentId": "d"}, "status": {"state": state,
        "conditions": [{"type": "Completed", "status": "False", "reason": "Failed", "message": "checksum mismatch"}]}})
}

fn deployment() -> DeploymentId {
    "d".parse().unwrap()
}

fn get(state: &str) -> Reply {
    ok(json!({"hotLoad": load("h", state)}))
}

fn list(loads: &[(&str, &str)]) -> Reply {
    let loads = loads.iter().map(|(id, state)| load(id, state));
    ok(json!({"hotLoads": loads.collect::<Vec<_>>()}))
}

fn replicas(replicas: &[(&str, &str)]) -> Reply {
    let replicas = replicas.iter().map(|(state, identity)| {
        let reason = (*state == "ERROR").then_some("out of disk");
        json!({"name": "r", "zone": "A", "state": state, "currentSnapshotIdentity": identity, "errorReason": reason})
    });
    ok(json!({"replicas": replicas.collect::<Vec<_>>()}))
}

/// Responds with each of these in turn, and then with the last forever.
fn script(replies: impl IntoIterator<Item = Reply>) -> (Client, Log) {
    let mut replies: VecDeque<_> = replies.into_iter().collect();
    play(move |_| match replies.len() {
        1 => replies[0].clone(),
        _ => replies.pop_front().unwrap(),
    })
}

#[tokio::test(start_paused = true)]
async fn a_hot_load_is_complete_when_every_replica_serves_it() {
    let (client, log) = script([
        get("HOT_LOAD_STATE_PENDING"),
        get("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[]),
        get("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-h"), ("READY", "step-1")]),
        list(&[("h", "HOT_LOAD_STATE_COMPLETED")]),
        get("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-h"), ("UPDATING", "step-h")]),
        get("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-h"), ("READY", "step-h")]),
    ]);
    let load = client.hot_loads().wait_complete("h").await.unwrap();
    assert!(load.is_complete());
    assert_eq!(log.requests().len(), 10);
    assert_eq!(
        log.requests()[2],
        "GET /hotLoads/h/replicas?maxPageSize=1000"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_names_the_pending_replica() {
    let (client, _) = play(|request| match request.contains("replicas") {
        true => replicas(&[("READY", "step-h"), ("UPDATING", "step-1")]),
        false => get("HOT_LOAD_STATE_COMPLETED"),
    });
    let error = client.hot_loads().wait_complete("h").await.unwrap_err();
    assert!(error.is_timeout() && error.resource_id() == Some("h"));
    assert_eq!(
        error.to_string(),
        "timed out after 3600s waiting for hot-load h to complete: it is completed, but replica r in A: UPDATING, \
         serves step-1"
    );
}

#[tokio::test(start_paused = true)]
async fn a_replica_in_error_ends_the_wait() {
    let (client, log) = script([
        get("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-h"), ("ERROR", "step-1")]),
    ]);
    let error = client.hot_loads().wait_complete("h").await.unwrap_err();
    assert!(error.is_wait_failed());
    assert!(
        error.to_string().starts_with(
            "hot-load h is completed, but replica r in A: ERROR, serves step-1 (out of disk)"
        ),
        "{error}"
    );
    assert_eq!(log.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_later_hot_load_ends_the_wait() {
    let (client, log) = script([
        get("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-2")]),
        list(&[("2", "HOT_LOAD_STATE_COMPLETED")]),
    ]);
    let error = client.hot_loads().wait_complete("h").await.unwrap_err();
    assert!(error.is_wait_failed());
    assert!(
        error
            .to_string()
            .contains("superseded by hot-load step-2 (2, "),
        "{error}"
    );
    assert_eq!(
        log.requests()[2],
        "GET /hotLoads?maxPageSize=1&parentDeploymentId=d"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_or_canceled_hot_load_ends_the_wait_and_says_why() {
    for (state, reason) in [
        ("HOT_LOAD_STATE_FAILED", reason::FAILED),
        ("HOT_LOAD_STATE_CANCELED", reason::CANCELED),
    ] {
        let (client, log) = script([get(state), replicas(&[("ERROR", "step-1")])]);
        let error = client.hot_loads().wait_complete("h").await.unwrap_err();
        assert_eq!(error.reason(), Some(reason));
        assert_eq!(
            error.to_string(),
            format!(
                "hot-load h ended in {state}: replica r in A: ERROR, serves step-1 (out of disk); Completed=False \
                 (Failed): checksum mismatch"
            )
        );
        assert_eq!(log.requests().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn the_current_identity_is_that_of_the_newest_completed_hot_load() {
    let (client, log) = script([
        ok(
            json!({"hotLoads": [load("4", "HOT_LOAD_STATE_IN_PROGRESS"), load("3", "HOT_LOAD_STATE_FAILED")],
            "nextPageToken": "more"}),
        ),
        list(&[
            ("2", "HOT_LOAD_STATE_COMPLETED"),
            ("1", "HOT_LOAD_STATE_COMPLETED"),
        ]),
    ]);
    let identity = client.hot_loads().current_identity("d").await.unwrap();
    assert_eq!(identity.as_deref(), Some("step-2"));
    assert_eq!(
        log.requests(),
        [
            "GET /hotLoads?parentDeploymentId=d",
            "GET /hotLoads?pageToken=more&parentDeploymentId=d"
        ]
    );
    let (client, _) = script([list(&[])]);
    let identity = client.hot_loads().current_identity("d").await.unwrap();
    assert_eq!(identity, None);
}

#[tokio::test(start_paused = true)]
async fn after_active_creates_when_the_active_hot_load_has_ended() {
    let (client, log) = script([
        list(&[("1", "HOT_LOAD_STATE_IN_PROGRESS")]),
        list(&[("1", "HOT_LOAD_STATE_COMPLETED")]),
        // Another client was faster.
        Reply::Status(
            400,
            json!({"code": 9, "message": "a hot-load is already in progress"}),
        ),
        list(&[("2", "HOT_LOAD_STATE_COMPLETED")]),
        get("HOT_LOAD_STATE_PENDING"),
    ]);
    let mut active = Vec::new();
    let new = NewHotLoad::full(deployment(), "step-h").id("h".parse::<HotLoadId>().unwrap());
    let created = client
        .hot_loads()
        .create(new)
        .after_active()
        .on_progress(|load| active.push(load.id().to_string()))
        .await
        .unwrap();
    assert_eq!(created.id(), &"h");
    assert_eq!(active, ["1", "h"]);
    let methods: Vec<_> = log.requests().iter().map(|r| r[..1].to_owned()).collect();
    assert_eq!(methods, ["G", "G", "P", "G", "P"]);

    let (client, _) = script([list(&[("1", "HOT_LOAD_STATE_IN_PROGRESS")])]);
    let new = NewHotLoad::full(deployment(), "step-h");
    let error = client
        .hot_loads()
        .create(new)
        .after_active()
        .await
        .unwrap_err();
    assert!(
        error.to_string().ends_with("hot-load 1 is active"),
        "{error}"
    );

    let (client, _) = script([list(&[]), refusal(400, "identity must be a path segment")]);
    let new = NewHotLoad::full(deployment(), "..");
    let error = client
        .hot_loads()
        .create(new)
        .after_active()
        .await
        .unwrap_err();
    assert!(error.is_invalid_argument());
}

#[test]
fn a_chain_ends_with_the_hot_load_itself() {
    let snapshot =
        |identity: &str, kind: &str| json!({"identity": identity, "type": kind, "hotLoadId": "h"});
    let load: HotLoad = serde_json::from_value(
        json!({"spec": {"id": "3", "identity": "step-3", "snapshotChain": [
        snapshot("step-1", "SNAPSHOT_TYPE_FULL"),
        snapshot("step-2", "SNAPSHOT_TYPE_INCREMENTAL"),
        snapshot("step-3", "SNAPSHOT_TYPE_INCREMENTAL")]}}),
    )
    .unwrap();
    let chain: Vec<_> = load.snapshot_chain().map(|s| s.identity()).collect();
    assert_eq!(chain, ["step-1", "step-2", "step-3"]);
    assert_eq!(load.delta_count(), 2);
    assert!(load.delta_count() < HotLoad::MAX_DELTAS);
}
