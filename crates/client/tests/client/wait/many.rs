//! Waits for many resources.

use coreweave_inference::Client;
use futures_util::StreamExt;
use serde_json::json;

use super::steady;
use crate::in_memory::{Log, error, ok, play};

/// Deployments whose state is a function of the number of lists so far. Lists respect `updatedAfter`.
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
async fn a_wait_for_many_sends_one_list_request_per_poll() {
    const MANY: usize = 10_000;
    // In every list after the first, a tenth of them is ready.
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
        .poll_backoff(steady(10));
    let mut count = 0;
    wait.on_progress(|_| count += 1).await.unwrap();
    assert_eq!(count, MANY);
    assert_eq!(
        log.seconds(),
        (0..=10).map(|n| f64::from(n) * 10.0).collect::<Vec<_>>()
    );
    let full: Vec<_> = log
        .requests()
        .iter()
        .map(|request| !request.contains("updatedAfter"))
        .collect();
    let minute = |n: usize| n.is_multiple_of(6);
    assert_eq!(
        full,
        (0..=10).map(minute).collect::<Vec<_>>(),
        "a full list once a minute, otherwise changes"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_nothing_sends_nothing() {
    let (client, log) = account(|_, _| None, 0);
    client
        .deployments()
        .wait_all_ready(Vec::<String>::new())
        .await
        .unwrap();
    assert!(log.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn missing_resources_are_reported_after_a_second_full_list() {
    let (client, log) = account(|_, _| Some(("STATUS_READY", 1)), 2);
    let error = client
        .deployments()
        .wait_all_ready(ids(0..4))
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let text = error.to_string();
    assert!(text.contains("2 deployments (d-00002, d-00003)"), "{text}");
    assert_eq!(log.requests(), ["GET /deployments"; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_vanishes_is_reported_after_two_full_lists() {
    let (client, log) = account(
        |listing, n| (n == 0 || listing == 0).then_some(("STATUS_CREATING", 1_000_000)),
        2,
    );
    let error = client
        .deployments()
        .wait_all_ready(ids(0..2))
        .poll_backoff(steady(10))
        .await
        .unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("1 deployment (d-00001)"),
        "{error}"
    );
    assert_eq!(log.requests().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_failure_ends_the_wait_but_not_the_stream() {
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
    let reported: Vec<_> = events
        .iter()
        .map(|event| match event {
            Ok(deployment) => deployment.id().to_string(),
            Err(error) => format!("! {}", error.resource_id().unwrap_or("missing")),
        })
        .collect();
    assert_eq!(reported, ["d-00000", "! d-00001", "d-00002", "! missing"]);
    assert_eq!(log.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_names_the_pending_resources() {
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
    assert_eq!(
        error.to_string(),
        "timed out after 3600s waiting for 7 deployments (d-00003, d-00004, d-00005, d-00006, d-00007, …) to become ready: \
         (d-00003, STATUS_CREATING); (d-00004, STATUS_CREATING); (d-00005, STATUS_CREATING); (d-00006, STATUS_CREATING); \
         (d-00007, STATUS_CREATING); and 2 more"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_of_each_resource_what_it_is_waiting_for() {
    let item = |id: &str, reason: &str| {
        json!({"spec": {"id": id, "name": format!("llama-{id}")}, "status": {"status": "STATUS_CREATING", "conditions": [
            {"type": "Scheduled", "status": "True"}, {"type": "Ready", "status": "False", "reason": reason},
            {"type": "ResourcesApplied", "reason": "Applying"}]}})
    };
    let items = json!({"items": [item("1", "NoCapacity"), item("2", "ImagePull")]});
    let mut polls = 0;
    let (client, _) = play(move |_| {
        polls += 1;
        match polls {
            1..20 => ok(items.clone()),
            _ => error(503, "not now"),
        }
    });
    let error = client
        .deployments()
        .wait_all_ready(["1", "2"])
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "timed out after 3600s waiting for 2 deployments (1, 2) to become ready: llama-1 (1, STATUS_CREATING): Ready=False \
         (NoCapacity), ResourcesApplied=Unknown (Applying); llama-2 (2, STATUS_CREATING): Ready=False (ImagePull), \
         ResourcesApplied=Unknown (Applying); the last poll failed: UNAVAILABLE (HTTP 503): not now"
    );
}

#[tokio::test(start_paused = true)]
async fn ids_of_any_case_are_found() {
    let (client, log) = account(|_, _| Some(("STATUS_READY", 1)), 1);
    client
        .deployments()
        .wait_all_ready(["D-00000"])
        .await
        .unwrap();
    assert_eq!(log.requests().len(), 1);
}
