//! Pages that a decent server wouldn't send.

use futures_util::StreamExt;
use serde_json::json;

use crate::ErrorKind;
use crate::in_memory::{Reply, error, ok, play};

fn page(id: &str, next: &str) -> Reply {
    ok(json!({"hotLoads": [{"spec": {"id": id}}], "nextPageToken": next}))
}

/// What a listing of hot-loads gives, ids and the kinds of errors, and how many pages were asked for.
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
async fn a_token_that_comes_again_ends_the_listing() {
    let (items, asked) = list([page("a", "1"), page("b", "1")]).await;
    assert_eq!(
        (items, asked),
        (
            vec!["a".into(), format!("! {}", ErrorKind::RepeatedPageToken)],
            2
        )
    );
    let (items, asked) = list([page("a", "1"), page("b", "2"), page("c", "1")]).await;
    assert_eq!((items.len(), asked), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn the_token_that_a_listing_begins_with_counts() {
    let (client, _) = play(|_| page("a", "1"));
    let error = client.hot_loads().list().page_token("1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RepeatedPageToken);
    assert_eq!(error.operation(), Some("list_hot_loads"));
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
    let (items, asked) = list([page("a", "1"), error(403, "no"), page("b", "")]).await;
    assert_eq!(
        (items, asked),
        (vec!["a".to_owned(), "! api".to_owned()], 2)
    );
    let nameless = ok(json!({"hotLoads": [{"spec": {}}]}));
    assert_eq!(list([nameless]).await.0, ["! missing_resource"]);
}
