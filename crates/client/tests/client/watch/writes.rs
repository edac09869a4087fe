//! What calls write, in the stores of the same client.

use std::time::Duration;

use coreweave_inference::{
    Backoff, Gateway, GatewayAuth, Model, NewDeployment, NewGateway, Resources, Routing, WatchEvent,
};
use serde_json::{Value, json};
use tokio::time::{advance, sleep};

use super::{gateway, list, ready, script};
use crate::in_memory::{Reply, ok, play};

fn item(id: &str, status: &str, second: u32) -> Value {
    gateway(id, status, &format!("2026-01-01T00:01:{second:02}Z"))
}

fn written(id: &str, status: &str, second: u32) -> Reply {
    ok(json!({"gateway": item(id, status, second)}))
}

fn body(reply: Reply) -> Value {
    match reply {
        Reply::Status(_, body) => body,
        _ => unreachable!(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_has_what_a_delete_returns_at_once() {
    let (client, log) = script([
        list([ready("a")]),
        written("a", "STATUS_DELETING", 1),
        list([item("a", "STATUS_DELETING", 1)]),
    ]);
    let (store, mut events) = client.gateways().watch().store();
    events.next().await.unwrap().unwrap();
    events.next().await.unwrap().unwrap();
    let deleted = client.clone().gateways().delete("a").await.unwrap();
    assert_eq!(*store.get("a").unwrap(), deleted);
    // The event comes without a poll.
    let event = events.next().await.unwrap().unwrap();
    assert_eq!(event, WatchEvent::Modified(deleted));
    assert_eq!(log.requests().len(), 2);
}

/// The gateway in the store, after a list that was requested before a write has been answered after it.
async fn after_race(listed: Value, written: Reply) -> Gateway {
    let mut polls = 0;
    let (client, _) = play(move |request| match request.starts_with("GET") {
        true => {
            polls += 1;
            match polls {
                1 => list([ready("a")]),
                2 => Reply::Delayed(3, body(list([listed.clone()]))),
                _ => Reply::Hang,
            }
        }
        false => written.clone(),
    });
    let watch = client.gateways().watch().resync_interval(Duration::ZERO);
    let (store, mut events) = watch.store();
    let follow = tokio::spawn(async move { while events.next().await.is_some() {} });
    // The second list is on its way.
    sleep(Duration::from_secs(6)).await;
    client.gateways().delete("a").await.unwrap();
    sleep(Duration::from_secs(3)).await;
    follow.abort();
    (*store.get("a").unwrap()).clone()
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_requested_before_a_write_does_not_undo_it() {
    for listed in [ready("a"), item("a", "STATUS_READY", 9)] {
        let seen = after_race(listed, written("a", "STATUS_DELETING", 5)).await;
        assert_eq!(seen.status().to_string(), "STATUS_DELETING");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_requested_before_a_create_does_not_count_as_lacking_the_resource() {
    let mut polls = 0;
    let (client, _) = play(move |request| match request.starts_with("GET") {
        true => {
            polls += 1;
            match polls {
                1 => Reply::Delayed(3, body(list([]))),
                // It is behind.
                2 => list([]),
                _ => list([item("a", "STATUS_CREATING", 1)]),
            }
        }
        false => written("a", "STATUS_CREATING", 1),
    });
    let watch = client.gateways().watch().resync_interval(Duration::ZERO);
    let (store, mut events) = watch.store();
    tokio::spawn(async move { while events.next().await.is_some() {} });
    sleep(Duration::from_secs(1)).await;
    let new = NewGateway::new(
        "a",
        "US-EAST-04A",
        GatewayAuth::CoreWeave,
        Routing::OpenAiBody,
    );
    client.gateways().create(new.id("a")).await.unwrap();
    for _ in 0..20 {
        sleep(Duration::from_secs(1)).await;
        assert!(store.get("a").is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_an_older_state_is_not_believed_for_a_while_after_a_write() {
    let old = || list([ready("a")]);
    let replies = [old(), written("a", "STATUS_DELETING", 30)];
    let (client, _) = script(replies.into_iter().chain((0..20).map(|_| old())));
    let watch = client.gateways().watch();
    let poll_backoff = Backoff::constant(Duration::from_secs(5));
    let (store, mut events) = watch.poll_backoff(poll_backoff).store();
    for _ in 0..2 {
        events.next().await.unwrap().unwrap();
    }
    client.gateways().delete("a").await.unwrap();
    tokio::spawn(async move { while events.next().await.is_some() {} });
    sleep(Duration::from_secs(29)).await;
    assert!(!store.get("a").unwrap().is_ready());
    sleep(Duration::from_secs(10)).await;
    assert!(store.get("a").unwrap().is_ready(), "not for ever");
}

#[tokio::test(start_paused = true)]
async fn a_late_response_does_not_undo_what_a_list_has_shown() {
    let (client, _) = play(|request| match request.starts_with("GET") {
        true => list([item("a", "STATUS_DELETING", 20)]),
        false => Reply::Delayed(7, body(written("a", "STATUS_READY", 10))),
    });
    let (store, mut events) = client.gateways().watch().store();
    tokio::spawn(async move { while events.next().await.is_some() {} });
    client.gateways().delete("a").await.unwrap();
    assert!(!store.get("a").unwrap().is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_new_resource_is_added_to_watches_of_all_but_not_of_a_selection() {
    let created = json!({"deployment": {"spec": {"id": "d", "name": "d"}}});
    let (client, _) = play(move |request| match request.starts_with("GET") {
        true => list([]),
        false => ok(created.clone()),
    });
    let api = client.deployments();
    let (all, _events) = api.watch().store();
    let (selected, _others) = api.watch().gateway("g").store();
    let (gone, events) = api.watch().store();
    drop(events);
    let gpus = Resources::new("gb200-4x", 4);
    let model = Model::new("llama", "models", "llama");
    let new = NewDeployment::new("d", ["g"], "vllm", gpus, model, 1..=2);
    let created = api.create(new).await.unwrap();
    assert!(all.get(created.id()).is_some());
    assert!(selected.is_empty() && gone.is_empty());
    advance(Duration::from_secs(1)).await;
}
