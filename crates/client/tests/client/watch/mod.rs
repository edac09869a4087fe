//! Watches under paused time.

mod controller;
mod hot_loads;
mod many;
mod writes;

use std::collections::VecDeque;
use std::time::Duration;

use coreweave_inference::{Backoff, Client, Gateway, Watch, WatchError, WatchEvent};
use futures_util::FutureExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::in_memory::{Log, Reply, error, ok, play};

fn gateway(id: &str, status: &str, updated: &str) -> Value {
    json!({"spec": {"id": id, "name": id}, "status": {"status": status, "updatedAt": updated}})
}

fn ready(id: &str) -> Value {
    gateway(id, "STATUS_READY", "2026-01-01T00:01:00Z")
}

fn list(items: impl IntoIterator<Item = Value>) -> Reply {
    ok(json!({"items": items.into_iter().collect::<Vec<_>>()}))
}

fn describe(event: Result<WatchEvent<Gateway>, WatchError>) -> String {
    match event {
        Ok(WatchEvent::Added(gateway)) => format!("added {gateway}"),
        Ok(WatchEvent::Modified(gateway)) => format!("modified {gateway}"),
        Ok(WatchEvent::Deleted(gateway)) => format!("deleted {gateway}"),
        Ok(WatchEvent::InitDone) => "init done".to_owned(),
        Err(error) => match error.error().code() {
            Some(code) => format!("! {code}"),
            None => format!("! {}", error.error().kind()),
        },
    }
}

/// A client that gets these responses, and then none.
fn script(replies: impl IntoIterator<Item = Reply>) -> (Client, Log) {
    let mut replies: VecDeque<_> = replies.into_iter().collect();
    play(move |_| replies.pop_front().unwrap_or(Reply::Hang))
}

/// The events within a number of seconds, each with the second in which it came.
async fn events(
    replies: impl IntoIterator<Item = Reply>,
    seconds: u64,
    adjust: impl FnOnce(Watch<Gateway>) -> Watch<Gateway>,
) -> (Vec<String>, Log) {
    let (client, log) = script(replies);
    let begun = tokio::time::Instant::now();
    let mut stream = adjust(client.gateways().watch()).stream();
    let mut events = Vec::new();
    let _ = timeout(Duration::from_secs(seconds), async {
        while let Some(event) = stream.next().await {
            events.push(format!(
                "{}: {}",
                begun.elapsed().as_secs(),
                describe(event)
            ));
        }
        events.push(format!("{}: end", begun.elapsed().as_secs()));
    })
    .await;
    (events, log)
}

#[tokio::test(start_paused = true)]
async fn a_watch_reports_additions_changes_and_deletions_once() {
    let b = |status, updated| gateway("b", status, updated);
    let replies = [
        list([ready("a")]),
        // What is known comes again because of the overlap.
        list([ready("a"), b("STATUS_CREATING", "2026-01-01T00:02:00Z")]),
        list([b("STATUS_READY", "2026-01-01T00:02:30Z")]),
        list([]),
        // Two full lists without `a`.
        list([b("STATUS_READY", "2026-01-01T00:02:30Z")]),
        list([b("STATUS_READY", "2026-01-01T00:02:30Z")]),
    ];
    let (events, log) = events(replies, 26, |watch| {
        watch.resync_interval(Duration::from_secs(20))
    })
    .await;
    assert_eq!(
        events,
        [
            "0: added a (a, STATUS_READY)",
            "0: init done",
            "5: added b (b, STATUS_CREATING)",
            "10: modified b (b, STATUS_READY)",
            "25: deleted a (a, STATUS_READY)",
        ]
    );
    let after = |time: &str| format!("GET /gateways?updatedAfter={}", time.replace(':', "%3A"));
    assert_eq!(
        log.requests(),
        [
            "GET /gateways".to_owned(),
            after("2026-01-01T00:00:00Z"),
            after("2026-01-01T00:01:00Z"),
            after("2026-01-01T00:01:30Z"),
            "GET /gateways".to_owned(),
            "GET /gateways".to_owned(),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_resource_missing_from_one_list_is_not_deleted() {
    let replies = [list([ready("a")]), list([]), list([ready("a")]), list([])];
    let (events, _) = events(replies, 40, |watch| watch.resync_interval(Duration::ZERO)).await;
    assert_eq!(events, ["0: added a (a, STATUS_READY)", "0: init done"]);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_is_reported_soon_without_a_full_list_per_poll() {
    let deleting = || list([gateway("a", "STATUS_DELETING", "2026-01-01T00:01:00Z")]);
    let none = || list([]);
    let replies = [deleting(), deleting(), deleting(), none(), none(), none()];
    let (seen, _) = events(replies, 31, |watch| watch).await;
    assert_eq!(
        seen,
        [
            "0: added a (a, STATUS_DELETING)",
            "0: init done",
            "25: deleted a (a, STATUS_DELETING)"
        ]
    );

    // One that is stuck for ten minutes.
    let (_, log) = events((0..120).map(|_| deleting()), 590, |watch| watch).await;
    let full = log
        .requests()
        .iter()
        .filter(|r| *r == "GET /gateways")
        .count();
    assert_eq!(log.requests().len(), 119);
    assert!(full <= 15, "{full} full lists");
}

#[tokio::test(start_paused = true)]
async fn errors_are_items_and_the_watch_continues() {
    let html = || Reply::Status(404, json!("<html>"));
    let replies = [
        error(503, "not now"),
        list([ready("a")]),
        error(401, "rotating"),
        error(403, "no"),
        html(),
        ok(json!({"gateways": []})),
        list([ready("a"), ready("b")]),
    ];
    let (events, _) = events(replies, 150, |watch| watch).await;
    let events: Vec<_> = events
        .iter()
        .map(|e| e.split_once(": ").unwrap().1)
        .collect();
    assert_eq!(
        events[..9],
        [
            "! UNAVAILABLE",
            "added a (a, STATUS_READY)",
            "init done",
            "! UNAUTHENTICATED",
            "! PERMISSION_DENIED",
            "! api",
            "! decode",
            "added b (b, STATUS_READY)",
            "init done",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn failing_polls_back_off_to_six_times_the_first_delay() {
    let replies = (0..200).map(|_| error(503, "not now"));
    let (_, log) = events(replies, 3600, |watch| watch).await;
    let times = log.seconds();
    let delays: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(delays[0] <= 7.5, "{delays:?}");
    assert!(delays.iter().all(|delay| *delay <= 30.0), "{delays:?}");
    assert!(delays[6..].iter().all(|delay| *delay >= 27.0), "{delays:?}");
    let differ = delays[6..].windows(2).any(|pair| pair[0] != pair[1]);
    assert!(differ, "there is jitter: {delays:?}");

    let replies = [Reply::RetryAfter(429, 86_400), list([])];
    let (events, _) = events(replies, 61, |watch| watch).await;
    assert_eq!(events[1], "60: init done");
}

#[tokio::test(start_paused = true)]
async fn a_watch_can_end_with_an_error() {
    let failing = || [list([]), error(403, "no"), error(503, "not now")];
    let (seen, log) = events(failing(), 600, Watch::fail_fast).await;
    assert_eq!(seen, ["0: init done", "5: ! PERMISSION_DENIED", "5: end"]);
    assert_eq!(log.requests().len(), 2);

    let replies = (0..100).map(|_| error(503, "not now"));
    let (seen, _) = events(replies, 3600, |watch| {
        watch.give_up_after(Duration::from_secs(120))
    })
    .await;
    let end: u64 = seen
        .last()
        .unwrap()
        .strip_suffix(": end")
        .unwrap()
        .parse()
        .unwrap();
    assert!((120..=180).contains(&end), "{seen:?}");

    let (client, log) = script([]);
    let mut events = client.deployments().watch().gateway("..").stream();
    assert!(
        events
            .next()
            .await
            .unwrap()
            .unwrap_err()
            .error()
            .is_invalid_argument()
    );
    assert!(events.next().await.is_none());
    assert!(log.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_change_without_an_update_time_is_reported() {
    let bare = |status: &str| {
        let json = json!({"spec": {"id": "a"}, "status": {"status": status}});
        let gateway: Gateway = serde_json::from_value(json).unwrap();
        list([serde_json::to_value(gateway).unwrap()])
    };
    let replies = [
        bare("STATUS_CREATING"),
        bare("STATUS_CREATING"),
        bare("STATUS_READY"),
    ];
    let (events, log) = events(replies, 11, |watch| watch).await;
    assert_eq!(
        events,
        [
            "0: added (a, STATUS_CREATING)",
            "0: init done",
            "10: modified (a, STATUS_READY)"
        ]
    );
    assert_eq!(log.requests(), ["GET /gateways"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_continues_from_known_resources() {
    let known = |id| serde_json::from_value::<Gateway>(ready(id)).unwrap();
    let replies = || {
        let now = || {
            list([
                ready("a"),
                gateway("b", "STATUS_UPDATING", "2026-01-01T00:03:00Z"),
            ])
        };
        [now(), now()]
    };
    let (events, _) = events(replies(), 6, |watch| {
        watch.known(["a", "b", "c"].map(known))
    })
    .await;
    assert_eq!(
        events,
        [
            "0: modified b (b, STATUS_UPDATING)",
            "5: deleted c (c, STATUS_READY)",
            "5: init done",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_store_has_the_current_state() {
    let (client, _) = script([
        list([ready("a"), ready("b")]),
        list([gateway("b", "STATUS_UPDATING", "2026-01-01T00:03:00Z")]),
    ]);
    let (store, mut events) = client.gateways().watch().store();
    assert!(store.is_empty() && store.wait_until_ready().now_or_never().is_none());
    for _ in 0..3 {
        events.next().await.unwrap().unwrap();
    }
    assert!(store.wait_until_ready().await);
    assert_eq!((store.len(), store.state().len()), (2, 2));
    assert_eq!(store.get("A").unwrap().name(), "a");
    assert!(store.get("c").is_none());
    assert!(store.find(|gateway| !gateway.is_ready()).is_none());
    events.next().await.unwrap().unwrap();
    let updating = store.find(|gateway| !gateway.is_ready()).unwrap();
    assert_eq!(updating.id(), &"b");

    let (store, events) = client.gateways().watch().store();
    drop(events);
    assert!(!store.wait_until_ready().await);
}

#[tokio::test(start_paused = true)]
async fn an_interval_of_any_length_does_not_overflow() {
    for first in [list([ready("a")]), error(503, "not now")] {
        let (events, log) = events([first], 3600, |watch| {
            watch
                .poll_backoff(Backoff::constant(Duration::MAX))
                .resync_interval(Duration::MAX)
        })
        .await;
        assert!(!events.is_empty());
        assert_eq!(log.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn init_done_after_an_outage_comes_after_a_full_list_and_the_deletions() {
    let replies = [
        list([ready("a"), ready("b")]),
        error(503, "not now"),
        list([ready("a")]),
        list([ready("a")]),
    ];
    let (events, log) = events(replies, 40, |watch| {
        watch
            .poll_backoff(Backoff::constant(Duration::from_secs(5)))
            .resync_interval(Duration::MAX)
    })
    .await;
    assert_eq!(
        events[2..],
        [
            "0: init done",
            "5: ! UNAVAILABLE",
            "15: deleted b (b, STATUS_READY)",
            "15: init done"
        ]
    );
    assert_eq!(log.requests()[2..4], ["GET /gateways", "GET /gateways"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_says_for_how_long_and_how_often_polls_have_failed() {
    let failing = || error(503, "not now");
    let (client, _) = script([failing(), failing(), list([]), failing()]);
    let watch = client.gateways().watch();
    let backoff = Backoff::constant(Duration::from_secs(5));
    let mut events = watch.poll_backoff(backoff).stream();
    let mut next = async || events.next().await.unwrap();
    let first = next().await.unwrap_err();
    assert_eq!((first.failures(), first.lasts()), (1, Duration::ZERO));
    assert_eq!(first.to_string(), first.error().to_string());
    let second = next().await.unwrap_err();
    assert_eq!((second.failures(), second.lasts().as_secs()), (2, 5));
    assert!(second.to_string().ends_with("(2 polls have failed in 5 s)"));
    assert_eq!(next().await.unwrap(), WatchEvent::InitDone);
    assert_eq!(next().await.unwrap_err().failures(), 1);
}

#[tokio::test(start_paused = true)]
async fn each_clone_of_a_store_is_told_of_changes() {
    let (client, _) = script([
        list([ready("a")]),
        list([]),
        list([gateway("a", "STATUS_UPDATING", "2026-01-01T00:03:00Z")]),
    ]);
    let (mut first, mut events) = client.gateways().watch().store();
    let mut second = first.clone();
    assert!(first.changed().now_or_never().is_none());
    let task = tokio::spawn(async move {
        for _ in 0..3 {
            events.next().await;
        }
    });
    for store in [&mut first, &mut second] {
        assert!(store.changed().await);
        assert!(store.get("a").unwrap().is_ready());
    }
    for store in [&mut first, &mut second] {
        assert!(store.changed().await);
        assert!(!store.get("a").unwrap().is_ready());
    }
    task.await.unwrap();
    assert!(!first.changed().await, "the stream is gone");
}
