//! Pages of a server that misbehaves.

use std::time::Duration;

use coreweave_inference::raw::Operation;
use coreweave_inference::{CallOptions, ErrorKind};
use futures_util::StreamExt;
use serde_json::json;

use crate::in_memory::{Reply, error, ok, play};

fn page(id: &str, next: &str) -> Reply {
    ok(json!({"hotLoads": [{"spec": {"id": id}}], "nextPageToken": next}))
}

/// The ids and the kinds of errors that a list of hot-loads yields, and the number of pages requested.
async fn list(pages: impl IntoIterator<Item = Reply>) -> (Vec<String>, usize) {
    let mut pages: std::collections::VecDeque<_> = pages.into_iter().collect();
    let (client, log) = play(move |_| pages.pop_front().unwrap());
    let items = client.hot_loads().list().stream().map(|item| match item {
        Ok(load) => load.id().to_string(),
        Err(error) => format!("! {}", error.kind()),
    });
    (items.collect().await, log.requests().len())
}

#[tokio::test(start_paused = true)]
async fn a_repeated_token_ends_the_list_after_its_page() {
    let (items, requests) = list([page("a", "1"), page("b", "1")]).await;
    assert_eq!(
        (items, requests),
        (
            vec!["a".into(), "b".into(), format!("! {}", ErrorKind::Protocol)],
            2
        )
    );
    let (items, requests) = list([page("a", "1"), page("b", "2"), page("c", "1")]).await;
    assert_eq!((items.len(), requests), (4, 3));
}

#[tokio::test(start_paused = true)]
async fn the_first_token_counts_as_used() {
    let (client, _) = play(|_| page("a", "1"));
    let error = client.hot_loads().list().page_token("1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.operation(), Some(Operation::LIST_HOT_LOADS));
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_is_not_the_end() {
    let empty = ok(json!({"nextPageToken": "1"}));
    assert_eq!(list([empty, page("a", "")]).await, (vec!["a".into()], 2));
    let null = ok(json!({"hotLoads": null, "nextPageToken": null}));
    assert_eq!(list([null]).await, (vec![], 1));
}

#[tokio::test(start_paused = true)]
async fn an_error_is_the_last_item() {
    let (items, requests) = list([page("a", "1"), error(403, "no"), page("b", "")]).await;
    assert_eq!(
        (items, requests),
        (vec!["a".to_owned(), "! api".to_owned()], 2)
    );
    let nameless = ok(json!({"hotLoads": [{"spec": {}}]}));
    assert_eq!(list([nameless]).await.0, ["! protocol"]);
}

#[tokio::test(start_paused = true)]
async fn a_renamed_list_member_is_an_error() {
    let renamed = || ok(json!({"hotLoadList": [{"spec": {"id": "a"}}]}));
    assert_eq!(list([renamed()]).await.0, ["! decode"]);
    let (client, _) = play(move |_| ok(json!({"gatewayList": []})));
    let error = client.gateways().list().await.unwrap_err();
    assert!(error.to_string().contains("`gatewayList`"), "{error}");
    let (client, _) = play(move |_| ok(json!({})));
    assert!(client.gateways().list().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_covers_all_pages_but_not_the_time_between_them() {
    let mut pages = 0;
    let slow = move |_: &str| {
        pages += 1;
        Reply::Delayed(
            10,
            json!({"hotLoads": [{"spec": {"id": "a"}}], "nextPageToken": pages.to_string()}),
        )
    };
    let deadline = CallOptions::new().call_timeout(Duration::from_secs(25));
    let (client, _) = play(slow);
    let error = client
        .hot_loads()
        .list()
        .options(deadline.clone())
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");

    let (client, log) = play(slow);
    let mut pages = client.hot_loads().list().options(deadline).pages();
    for _ in 0..2 {
        assert!(pages.next().await.unwrap().is_ok());
        tokio::time::advance(Duration::from_secs(60)).await;
    }
    assert!(pages.next().await.unwrap().unwrap_err().is_timeout());
    assert_eq!(log.requests().len(), 3);
}
