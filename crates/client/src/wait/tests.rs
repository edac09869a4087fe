//! Waiting under paused time: what is asked, when, and how it ends.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::in_memory::{Log, Reply, error, ok, play};
use crate::{Client, Gateway, GatewayId, HotLoad, ResourceStatus};

fn gateway(status: &str) -> Value {
    json!({"gateway": {"spec": {"id": "g", "name": "chat"}, "status": {"status": status, "conditions": [
        {"type": "Ready", "status": "False", "reason": "NoCapacity"}]}}})
}

/// Answers with each of these in turn, and with the last for ever.
fn script(replies: impl IntoIterator<Item = Reply>) -> (Client, Log) {
    let mut replies: VecDeque<_> = replies.into_iter().collect();
    play(move |_| match replies.len() {
        1 => replies[0].clone(),
        _ => replies.pop_front().unwrap(),
    })
}

fn creating() -> Reply {
    ok(gateway("STATUS_CREATING"))
}

fn ready() -> Reply {
    ok(gateway("STATUS_READY"))
}

fn failed() -> Reply {
    ok(gateway("STATUS_FAILED"))
}

fn in_trouble() -> Reply {
    ok(gateway("STATUS_ERROR"))
}

fn deleting() -> Reply {
    ok(gateway("STATUS_DELETING"))
}

fn unavailable() -> Reply {
    error(503, "not now")
}

fn not_found() -> Reply {
    error(404, "no such gateway")
}

fn in_use() -> Reply {
    Reply::Status(
        400,
        json!({"code": 9, "message": "the gateway still has deployments"}),
    )
}

fn wait(
    client: &Client,
) -> super::Wait<'static, crate::kind::Gateway, super::Ready<crate::kind::Gateway>> {
    client.gateways().wait_ready("g").jitter(0.0)
}

#[tokio::test(start_paused = true)]
async fn it_looks_at_growing_intervals_until_ready() {
    let (client, log) = script([creating(), creating(), in_trouble(), creating(), ready()]);
    let mut seen = Vec::new();
    let gateway = wait(&client)
        .on_progress(|gateway| seen.push(gateway.status().clone()))
        .await
        .unwrap();
    assert!(gateway.is_ready());
    assert_eq!(log.seconds(), [0.0, 5.0, 12.5, 23.75, 40.625]);
    assert!(
        log.requests()
            .iter()
            .all(|request| request == "GET /gateways/g")
    );
    use ResourceStatus::{Creating, Error, Ready};
    assert_eq!(seen, [Creating, Creating, Error, Creating, Ready]);
}

#[tokio::test(start_paused = true)]
async fn jitter_stays_within_its_share() {
    let (client, log) = script([creating(), ready()]);
    client
        .gateways()
        .wait_ready("g")
        .poll_interval(Duration::from_secs(10))
        .jitter(0.5)
        .await
        .unwrap();
    assert!((5.0..=15.0).contains(&log.seconds()[1]));
}

#[tokio::test(start_paused = true)]
async fn trouble_that_may_pass_is_waited_out_with_one_request_for_each_look() {
    let (client, log) = script([
        creating(),
        unavailable(),
        Reply::RetryAfter(429, 60),
        ready(),
    ]);
    wait(&client).growth(1.0).await.unwrap();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 70.0]);
}

#[tokio::test(start_paused = true)]
async fn states_that_are_not_left_end_it_at_once_with_the_conditions() {
    for (last, status) in [(failed(), "STATUS_FAILED"), (deleting(), "STATUS_DELETING")] {
        let (client, log) = script([creating(), last]);
        let error = wait(&client).await.unwrap_err();
        assert_eq!(log.requests().len(), 2);
        assert_eq!(error.kind(), crate::ErrorKind::WaitFailed);
        assert_eq!(error.last_status(), Some(status));
        assert_eq!(error.conditions()[0].reason.as_deref(), Some("NoCapacity"));
        assert_eq!(error.last_seen::<Gateway>().unwrap().id(), &"g");
        assert!(!error.is_timeout() && !error.is_transient());
    }
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_ends_it_at_once() {
    let (client, log) = script([creating(), not_found()]);
    assert!(wait(&client).await.unwrap_err().is_not_found());
    let (client, more) = script([error(401, "who are you?")]);
    assert!(wait(&client).await.unwrap_err().is_unauthenticated());
    assert_eq!((log.requests().len(), more.requests().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn time_runs_out_with_the_last_state_and_the_trouble() {
    let (client, log) = script([creating(), unavailable()]);
    let error = wait(&client)
        .timeout(Duration::from_secs(21))
        .growth(1.0)
        .await
        .unwrap_err();
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 15.0, 20.0]);
    assert!(error.is_timeout());
    assert_eq!(error.elapsed(), Duration::from_secs(21));
    assert_eq!(
        error.last_seen::<Gateway>().map(|gateway| gateway.status()),
        Some(&ResourceStatus::Creating)
    );
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("not now"), "{source}");
}

#[tokio::test(start_paused = true)]
async fn a_look_that_hangs_does_not_outlast_the_wait() {
    let (client, _) = script([creating(), Reply::Hang]);
    let begun = tokio::time::Instant::now();
    let error = wait(&client)
        .timeout(Duration::from_secs(9))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(begun.elapsed(), Duration::from_secs(9));
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_end_is_possible() {
    let (client, log) = script(std::iter::repeat_n(creating(), 300).chain([ready()]));
    wait(&client).timeout(Duration::MAX).await.unwrap();
    assert_eq!(log.requests().len(), 301);
}

#[tokio::test(start_paused = true)]
async fn as_a_stream_it_gives_every_state_and_ends() {
    let (client, _) = script([creating(), unavailable(), creating(), ready()]);
    let states: Vec<_> = wait(&client)
        .stream()
        .map_ok(|gateway| gateway.is_ready())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(states, [false, false, true]);

    let (client, _) = script([creating(), failed()]);
    let mut states = pin!(wait(&client).stream());
    assert!(states.next().await.unwrap().is_ok());
    assert_eq!(
        states.next().await.unwrap().unwrap().status(),
        &ResourceStatus::Failed
    );
    assert!(states.next().await.unwrap().is_err());
    assert!(states.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_stream_asks_only_when_it_is_read() {
    let (client, log) = script([creating()]);
    let mut states = pin!(wait(&client).stream());
    assert_eq!(log.requests().len(), 0);
    let _ = states.next().await;
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(log.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_id_that_would_change_the_route_is_never_sent() {
    let (client, log) = script([ready()]);
    let error = client
        .gateways()
        .wait_ready("../deployments")
        .await
        .unwrap_err();
    assert_eq!(error.field_violations().next().unwrap().field, "id");
    assert!(log.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_deletion_ends_in_not_found() {
    let (client, log) = script([deleting(), unavailable(), deleting(), not_found()]);
    client.gateways().wait_deleted("g").await.unwrap();
    assert_eq!(log.requests().len(), 4);

    let (client, _) = script([deleting()]);
    let error = client
        .gateways()
        .wait_deleted("g")
        .timeout(Duration::from_secs(60))
        .await
        .unwrap_err();
    assert_eq!(error.last_status(), Some("STATUS_DELETING"));
}

#[tokio::test(start_paused = true)]
async fn deleting_waits_for_what_must_happen_first() {
    let (client, log) = script([
        in_use(),
        unavailable(),
        in_use(),
        deleting(),
        deleting(),
        not_found(),
    ]);
    client.gateways().delete_and_wait("g").await.unwrap();
    let methods: Vec<_> = log
        .requests()
        .iter()
        .map(|request| request.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        methods,
        ["DELETE", "DELETE", "DELETE", "DELETE", "GET", "GET"]
    );

    let (client, _) = script([in_use()]);
    let error = client
        .gateways()
        .delete_and_wait("g")
        .timeout(Duration::from_secs(60))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    let source = std::error::Error::source(&error).unwrap();
    assert!(
        source.to_string().contains("still has deployments"),
        "{source}"
    );

    let (client, log) = script([not_found()]);
    client.gateways().delete_and_wait("g").await.unwrap();
    assert_eq!(log.requests(), ["DELETE /gateways/g"]);
}

fn load(state: &str) -> Reply {
    ok(json!({"hotLoad": {"spec": {"id": "h", "identity": "step-2"}, "status": {"state": state}}}))
}

fn replicas(replicas: &[(&str, &str)]) -> Reply {
    let replicas: Vec<_> = replicas
        .iter()
        .map(|(state, identity)| json!({"name": "r", "zone": "A", "state": state, "currentSnapshotIdentity": identity}))
        .collect();
    ok(json!({"replicas": replicas}))
}

#[tokio::test(start_paused = true)]
async fn a_hot_load_is_complete_when_every_replica_serves_it() {
    let (client, log) = script([
        load("HOT_LOAD_STATE_PENDING"),
        load("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[]),
        load("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-2"), ("READY", "step-1")]),
        load("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-2"), ("UPDATING", "step-2")]),
        load("HOT_LOAD_STATE_COMPLETED"),
        replicas(&[("READY", "step-2"), ("READY", "step-2")]),
    ]);
    let load = client.hot_loads().wait_complete("h").await.unwrap();
    assert!(load.is_complete());
    assert_eq!(log.requests().len(), 9);
    assert_eq!(
        log.requests()[2],
        "GET /hotLoads/h/replicas?maxPageSize=1000"
    );
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_lags_is_named_when_time_runs_out() {
    let (client, _) = play(|request| match request.contains("replicas") {
        true => replicas(&[("READY", "step-2"), ("ERROR", "step-1")]),
        false => load("HOT_LOAD_STATE_COMPLETED"),
    });
    let error = client.hot_loads().wait_complete("h").await.unwrap_err();
    assert!(error.is_timeout() && error.last_seen::<HotLoad>().unwrap().is_complete());
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("ERROR, serves step-1"), "{source}");
}

#[tokio::test(start_paused = true)]
async fn a_hot_load_that_fails_or_is_canceled_ends_it_at_once() {
    for last in ["HOT_LOAD_STATE_FAILED", "HOT_LOAD_STATE_CANCELED"] {
        let (client, log) = play(move |_| load(last));
        let error = client.hot_loads().wait_complete("h").await.unwrap_err();
        assert_eq!(error.last_status(), Some(last));
        assert_eq!(log.requests().len(), 1);
    }
}

/// An account of deployments whose state is a function of the listing's number; each listing honors `updatedAfter`.
fn account(
    state: impl Fn(usize, usize) -> Option<(&'static str, i64)> + Send + 'static,
    size: usize,
) -> (Client, Log) {
    let mut listings = 0;
    play(move |request| {
        let after = request.split_once("updatedAfter=").map(|(_, time)| {
            let time = time.replace("%3A", ":");
            time.parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                .timestamp()
        });
        let items: Vec<_> = (0..size)
            .filter_map(|n| Some((n, state(listings, n)?)))
            .filter(|(_, (_, updated))| after.is_none_or(|after| *updated > after))
            .map(|(n, (status, updated))| {
                let updated = chrono::DateTime::from_timestamp(updated, 0).unwrap().to_rfc3339();
                json!({"spec": {"id": format!("d-{n:05}")}, "status": {"status": status, "updatedAt": updated}})
            })
            .collect();
        listings += 1;
        ok(json!({"items": items}))
    })
}

fn ids(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| format!("d-{n:05}")).collect()
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_are_waited_for_with_one_listing_for_each_interval() {
    const MANY: usize = 10_000;
    // In every listing after the first, a tenth of them gets ready.
    let (client, log) = account(
        |listing, n| match n % 10 < listing {
            true => Some(("STATUS_READY", 1_000_000 + 1000 * (n % 10 + 1) as i64)),
            false => Some(("STATUS_CREATING", 1_000_000)),
        },
        MANY,
    );
    let wait = client
        .deployments()
        .wait_all_ready(ids(0..MANY))
        .growth(1.0)
        .jitter(0.0);
    let mut count = 0;
    wait.on_progress(|_| count += 1).await.unwrap();
    assert_eq!(count, MANY);
    assert_eq!(
        log.seconds(),
        (0..=10).map(|n| f64::from(n) * 10.0).collect::<Vec<_>>()
    );
    let whole: Vec<_> = log
        .requests()
        .iter()
        .map(|request| !request.contains("updatedAfter"))
        .collect();
    let minute = |n: usize| n.is_multiple_of(6);
    assert_eq!(
        whole,
        (0..=10).map(minute).collect::<Vec<_>>(),
        "everything once a minute, else changes"
    );
}

#[tokio::test(start_paused = true)]
async fn none_to_wait_for_is_no_request() {
    let (client, log) = account(|_, _| None, 0);
    client
        .deployments()
        .wait_all_ready(Vec::<String>::new())
        .await
        .unwrap();
    assert!(log.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn missing_ones_are_reported_as_such() {
    let (client, log) = account(|_, _| Some(("STATUS_READY", 1)), 2);
    let error = client
        .deployments()
        .wait_all_ready(ids(0..4))
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let text = error.to_string();
    assert!(text.contains("2 deployments (d-00002, d-00003)"), "{text}");
    assert_eq!(log.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_vanishes_later_is_missed_at_the_next_whole_listing() {
    let (client, log) = account(
        |listing, n| (n == 0 || listing == 0).then_some(("STATUS_CREATING", 1_000_000)),
        2,
    );
    let error = client
        .deployments()
        .wait_all_ready(ids(0..2))
        .growth(1.0)
        .jitter(0.0)
        .await
        .unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("1 deployment (d-00001)"),
        "{error}"
    );
    assert_eq!(log.requests().len(), 7);
}

#[tokio::test(start_paused = true)]
async fn the_first_that_fails_ends_the_wait_but_not_the_stream() {
    let state = |listing: usize, n: usize| match (n, listing) {
        (1, _) => Some(("STATUS_FAILED", 1)),
        (2, 0) => Some(("STATUS_CREATING", 1)),
        _ => Some(("STATUS_READY", 2)),
    };
    let (client, log) = account(state, 3);
    let error = client
        .deployments()
        .wait_all_ready(ids(0..3))
        .await
        .unwrap_err();
    assert_eq!(error.resource_id(), Some("d-00001"));
    assert_eq!(log.requests().len(), 1);

    let (client, log) = account(state, 3);
    let events: Vec<_> = client
        .deployments()
        .wait_all_ready(ids(0..4))
        .stream()
        .collect()
        .await;
    let told: Vec<_> = events
        .iter()
        .map(|event| match event {
            Ok(deployment) => deployment.id().to_string(),
            Err(error) => format!("! {}", error.resource_id().unwrap_or("missing")),
        })
        .collect();
    assert_eq!(told, ["d-00000", "! d-00001", "! missing", "d-00002"]);
    assert_eq!(log.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn those_not_ready_in_time_are_counted_and_named() {
    let (client, _) = account(
        |_, n| {
            Some((
                if n < 3 {
                    "STATUS_READY"
                } else {
                    "STATUS_CREATING"
                },
                1,
            ))
        },
        10,
    );
    let error = client
        .deployments()
        .wait_all_ready(ids(0..10))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        source.contains("7 deployments (d-00003, d-00004, d-00005, d-00006, d-00007, …)"),
        "{source}"
    );
}

#[tokio::test]
async fn waits_can_be_spawned() {
    fn crosses<T: Send + 'static>(_: T) {}
    let (client, _) = script([ready()]);
    crosses(
        client
            .gateways()
            .wait_ready(GatewayId::random())
            .into_future(),
    );
    crosses(client.gateways().wait_ready(GatewayId::random()).stream());
    crosses(client.gateways().watch().stream());
    crosses(client.hot_loads().list().stream());
    crosses(client.gateways().get("g").into_future());
}
