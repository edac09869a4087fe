//! Watching under paused time.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Change;
use crate::Gateway;
use crate::in_memory::{Log, Reply, error, ok, play};

fn gateway(id: &str, status: &str, updated: &str) -> Value {
    json!({"spec": {"id": id, "name": id}, "status": {"status": status, "updatedAt": updated}})
}

fn listing(items: impl IntoIterator<Item = Value>) -> Reply {
    ok(json!({"items": items.into_iter().collect::<Vec<_>>()}))
}

fn told(change: Change<crate::kind::Gateway>) -> String {
    let what = match change {
        Change::Appeared(_) => "appeared",
        Change::Changed(_) => "changed",
        Change::Gone(_) => "gone",
    };
    format!("{what} {}", change.resource())
}

/// All that is told within a time, each with the second at which it was told.
async fn tell(
    replies: impl IntoIterator<Item = Reply> + 'static,
    seconds: u64,
    adjust: impl FnOnce(super::Watch<crate::kind::Gateway>) -> super::Watch<crate::kind::Gateway>,
) -> (Vec<String>, Log) {
    let mut replies: std::collections::VecDeque<_> = replies.into_iter().collect();
    let (client, log) = play(move |_| replies.pop_front().unwrap_or(Reply::Hang));
    let begun = tokio::time::Instant::now();
    let mut changes = pin!(adjust(client.gateways().watch()).stream());
    let mut all = Vec::new();
    let _ = timeout(Duration::from_secs(seconds), async {
        while let Some(change) = changes.next().await {
            let at = begun.elapsed().as_secs();
            all.push(match change {
                Ok(change) => format!("{at}: {}", told(change)),
                Err(error) => format!("{at}: ! {}", error.code().unwrap()),
            });
        }
        all.push(format!("{}: end", begun.elapsed().as_secs()));
    })
    .await;
    (all, log)
}

#[tokio::test(start_paused = true)]
async fn it_tells_what_appears_changes_and_goes_and_nothing_twice() {
    let (a, b) = (
        || gateway("a", "STATUS_READY", "2026-01-01T00:01:00Z"),
        "2026-01-01T00:02:00Z",
    );
    let replies = [
        listing([a()]),
        // The look back makes what is known come again.
        listing([a(), gateway("b", "STATUS_CREATING", b)]),
        listing([gateway("b", "STATUS_READY", "2026-01-01T00:02:30Z")]),
        listing([]),
        // Everything again, and `a` is missing.
        listing([gateway("b", "STATUS_READY", "2026-01-01T00:02:30Z")]),
    ];
    let (told, log) = tell(replies, 21, |watch| {
        watch.relist_every(Duration::from_secs(20))
    })
    .await;
    assert_eq!(
        told,
        [
            "0: appeared a (a, STATUS_READY)",
            "5: appeared b (b, STATUS_CREATING)",
            "10: changed b (b, STATUS_READY)",
            "20: gone a (a, STATUS_READY)",
        ]
    );
    let time = |time: &str| format!("GET /gateways?updatedAfter={}", time.replace(':', "%3A"));
    assert_eq!(
        log.requests(),
        [
            "GET /gateways".to_owned(),
            time("2026-01-01T00:00:00Z"),
            time("2026-01-01T00:01:00Z"),
            time("2026-01-01T00:01:30Z"),
            "GET /gateways".to_owned(),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_deletion_is_seen_at_the_next_look() {
    let replies = [
        listing([gateway("a", "STATUS_DELETING", "2026-01-01T00:01:00Z")]),
        listing([gateway("a", "STATUS_DELETING", "2026-01-01T00:01:00Z")]),
        listing([]),
    ];
    let (told, log) = tell(replies, 11, |watch| watch).await;
    assert_eq!(
        told,
        [
            "0: appeared a (a, STATUS_DELETING)",
            "10: gone a (a, STATUS_DELETING)"
        ]
    );
    assert_eq!(log.requests(), ["GET /gateways"; 3]);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_may_pass_is_waited_out_with_one_request_for_each_interval() {
    let a = || listing([gateway("a", "STATUS_READY", "2026-01-01T00:01:00Z")]);
    let replies = [
        error(503, "not now"),
        a(),
        Reply::RetryAfter(429, 30),
        error(500, "oh"),
        listing([]),
    ];
    let (told, log) = tell(replies, 46, |watch| {
        watch.relist_every(Duration::from_secs(40))
    })
    .await;
    assert_eq!(
        told,
        [
            "5: appeared a (a, STATUS_READY)",
            "45: gone a (a, STATUS_READY)"
        ]
    );
    assert_eq!(log.seconds(), [0.0, 5.0, 10.0, 40.0, 45.0]);
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_the_last_item() {
    let (told, log) = tell([listing([]), error(403, "no")], 60, |watch| watch).await;
    assert_eq!(told, ["5: ! PERMISSION_DENIED", "5: end"]);
    assert_eq!(log.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_change_without_a_time_is_seen() {
    let bare = |status: &str| -> Gateway {
        serde_json::from_value(json!({"spec": {"id": "a"}, "status": {"status": status}})).unwrap()
    };
    let replies = [
        bare("STATUS_CREATING"),
        bare("STATUS_CREATING"),
        bare("STATUS_READY"),
    ]
    .map(|gateway| listing([serde_json::to_value(gateway).unwrap()]));
    let (told, log) = tell(replies, 11, |watch| watch).await;
    assert_eq!(
        told,
        [
            "0: appeared (a, STATUS_CREATING)",
            "10: changed (a, STATUS_READY)"
        ]
    );
    assert_eq!(log.requests(), ["GET /gateways"; 3]);
}
