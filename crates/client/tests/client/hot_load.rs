//! Hot-loads under paused time.

use std::collections::VecDeque;

use coreweave_inference::{Client, DeploymentId, Error, HotLoad, HotLoadId, NewHotLoad, reason};
use serde_json::{Value, json};

use crate::fake::start;
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
        "timed out after 3600s waiting for hot-load step-h (h) to complete: it is completed, but replica r in A: UPDATING, \
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
            "hot-load step-h (h) is completed, but replica r in A: ERROR, serves step-1 (out of disk)"
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
                "hot-load step-h (h) ended in {state}: replica r in A: ERROR, serves step-1 (out of disk); Completed=False \
                 (Failed): checksum mismatch"
            )
        );
        assert_eq!(log.requests().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn the_current_hot_load_is_the_newest_completed_one() {
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
    let current = client.hot_loads().current("d").await.unwrap();
    assert_eq!(current.unwrap().identity(), "step-2");
    assert_eq!(
        log.requests(),
        [
            "GET /hotLoads?parentDeploymentId=d",
            "GET /hotLoads?pageToken=more&parentDeploymentId=d"
        ]
    );
    let (client, _) = script([list(&[])]);
    let current = client.hot_loads().current("d").await.unwrap();
    assert_eq!(current, None);
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
    assert_eq!(active, ["1"]);
    let methods: Vec<_> = log.requests().iter().map(|r| r[..1].to_owned()).collect();
    assert_eq!(methods, ["G", "G", "P", "G", "P"]);

    let error = after_active_fails([list(&[("1", "HOT_LOAD_STATE_IN_PROGRESS")])]).await;
    assert!(
        error.to_string().ends_with("hot-load 1 is active"),
        "{error}"
    );
    let refused = refusal(400, "identity must be a path segment");
    let error = after_active_fails([list(&[]), refused]).await;
    assert!(error.is_invalid_argument());
}

/// Waits for the active hot-load against these replies, and returns why that ends.
async fn after_active_fails(replies: impl IntoIterator<Item = Reply>) -> Error {
    let (client, _) = script(replies);
    let new = NewHotLoad::full(deployment(), "step-h");
    let wait = client.hot_loads().create(new).after_active();
    wait.await.unwrap_err()
}

fn not_ready(status: &str) -> Reply {
    ok(json!({"deployment": {"spec": {"id": "d", "name": "policy"}, "status": {"status": status}}}))
}

#[tokio::test(start_paused = true)]
async fn after_active_waits_while_the_deployment_is_updating() {
    let (client, log) = script([
        list(&[]),
        refusal(412, "not in this state"),
        not_ready("STATUS_UPDATING"),
        list(&[]),
        get("HOT_LOAD_STATE_PENDING"),
    ]);
    let mut refusals = Vec::new();
    let new = NewHotLoad::full(deployment(), "step-h").id("h".parse::<HotLoadId>().unwrap());
    let wait = client.hot_loads().create(new).after_active();
    wait.on_error(|error| refusals.push(error.reason()))
        .await
        .unwrap();
    assert_eq!(refusals, [Some(reason::DEPLOYMENT_NOT_READY)]);
    assert_eq!(log.requests()[2], "GET /deployments/d");

    let (client, _) = play(|request| match request {
        "GET /deployments/d" => not_ready("STATUS_UPDATING"),
        "POST /hotLoads" => refusal(412, "not in this state"),
        _ => list(&[]),
    });
    let new = NewHotLoad::full(deployment(), "step-h");
    let error = client
        .hot_loads()
        .create(new)
        .after_active()
        .await
        .unwrap_err();
    assert!(error.is_wait_timeout() && error.is(reason::DEPLOYMENT_NOT_READY));
    let text = error.to_string();
    assert!(
        text.ends_with("not in this state; deployment policy (d, STATUS_UPDATING)"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn after_active_ends_if_the_deployment_will_never_take_a_hot_load() {
    for (status, reason) in [
        ("STATUS_FAILED", Some(reason::FAILED)),
        ("STATUS_DELETING", Some(reason::DELETING)),
        ("STATUS_READY", None),
    ] {
        let (client, log) = script([list(&[]), refusal(412, "no"), not_ready(status)]);
        let new = NewHotLoad::full(deployment(), "step-h");
        let error = client
            .hot_loads()
            .create(new)
            .after_active()
            .await
            .unwrap_err();
        assert_eq!(error.reason(), reason, "{error}");
        assert_eq!(log.requests().len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_guarded_hot_load_starts_only_after_the_expected_snapshot() {
    let new = || NewHotLoad::full(deployment(), "step-h").id("h".parse::<HotLoadId>().unwrap());
    let completed = || list(&[("2", "HOT_LOAD_STATE_COMPLETED")]);
    for (loads, expected, starts) in [
        (completed(), Some("step-2"), true),
        (completed(), Some("step-1"), false),
        (completed(), None, false),
        (list(&[]), None, true),
        (list(&[]), Some("step-1"), false),
        // An earlier try has started it.
        (
            list(&[("h", "HOT_LOAD_STATE_COMPLETED")]),
            Some("step-2"),
            true,
        ),
    ] {
        let replies = [loads.clone(), get("HOT_LOAD_STATE_PENDING")];
        let (client, log) = script(replies.clone());
        let created = client.hot_loads().create(new()).if_current(expected).await;
        assert_eq!(created.is_ok(), starts);
        assert_eq!(log.requests().len(), 1 + usize::from(starts));
        if let Err(error) = created {
            assert!(error.is(reason::NOT_CURRENT) && error.is_failed_precondition());
            assert!(
                error.to_string().contains("deployment d serves "),
                "{error}"
            );
        }
        let (client, log) = script([list(&[]), replies[0].clone(), replies[1].clone()]);
        let wait = client
            .hot_loads()
            .create(new())
            .if_current(expected)
            .after_active();
        assert_eq!(wait.await.is_ok(), starts);
        assert_eq!(log.requests().len(), 2 + usize::from(starts));
    }
}

#[tokio::test]
async fn a_refused_hot_load_says_what_is_missing() {
    let (fake, client) = start().await;
    let hot_load = json!({"bucket": "snapshots", "pathPrefix": "run"});
    let spec = json!({"name": "policy", "hotLoad": hot_load});
    let id: DeploymentId = fake
        .seed_deployment(json!({"spec": spec}))
        .unwrap()
        .parse()
        .unwrap();
    let hot_loads = client.hot_loads();
    let refused = async |new| hot_loads.create(new).await.unwrap_err().reason();

    let unknown = NewHotLoad::incremental(&id, "step-2", "step-1");
    assert_eq!(
        refused(unknown).await,
        Some(reason::PREVIOUS_SNAPSHOT_UNKNOWN)
    );

    let deployments = client.deployments();
    deployments
        .update(&id, |spec| spec.disabled = Some(true))
        .await
        .unwrap();
    deployments
        .wait_until(&id, |deployment| !deployment.is_ready())
        .await
        .unwrap();
    let full = NewHotLoad::full(&id, "step-1");
    assert_eq!(refused(full).await, Some(reason::DEPLOYMENT_NOT_READY));

    let (client, _) = script([refusal(
        412,
        "the chain has 128 deltas; load a full snapshot",
    )]);
    let full = NewHotLoad::full(deployment(), "step-129");
    let error = client.hot_loads().create(full).await.unwrap_err();
    assert_eq!(error.reason(), None, "it is one");
    let delta = NewHotLoad::incremental(deployment(), "step-129", "step-128");
    let error = client.hot_loads().create(delta).await.unwrap_err();
    assert!(error.is(reason::FULL_SNAPSHOT_NEEDED));
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
