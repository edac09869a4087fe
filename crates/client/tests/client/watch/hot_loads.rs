//! Watches of hot-loads, which are paged.

use std::collections::HashMap;
use std::time::Duration;

use coreweave_inference::{HotLoad, WatchEvent, WatchStream};
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;
use tokio::time::timeout;

use crate::fake;

fn seed(fake: &FakeServer, number: u32) -> String {
    let seconds = 10 * number;
    let created = format!(
        "2020-02-01T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    let load =
        json!({"spec": {"identity": format!("step-{number}")}, "status": {"createdAt": created}});
    fake.seed_hot_load(load).unwrap()
}

/// The events of some time, by kind.
async fn count(events: &mut WatchStream<HotLoad>, time: Duration) -> HashMap<&'static str, usize> {
    let mut counts = HashMap::new();
    let _ = timeout(time, async {
        while let Some(event) = events.next().await {
            let kind = match event {
                Ok(WatchEvent::Added(_)) => "added",
                Ok(WatchEvent::Modified(_)) => "modified",
                Ok(WatchEvent::Deleted(_)) => "deleted",
                Ok(WatchEvent::InitDone) => "init done",
                Err(_) => "error",
            };
            *counts.entry(kind).or_default() += 1;
        }
    })
    .await;
    counts
}

#[tokio::test(start_paused = true)]
async fn what_a_page_cuts_off_is_not_deleted() {
    let (fake, client) = fake::in_process();
    (0..1005).for_each(|number| drop(seed(&fake, number)));
    let mut events = client.hot_loads().watch().stream();
    let seen = count(&mut events, Duration::from_secs(4)).await;
    assert_eq!(seen, HashMap::from([("added", 1005), ("init done", 1)]));
    let before = fake.count(Operation::ListHotLoads);
    (2000..2003).for_each(|number| drop(seed(&fake, number)));
    assert_eq!(
        count(&mut events, Duration::from_secs(2)).await,
        HashMap::from([("added", 3)])
    );
    // One page was enough.
    assert_eq!(fake.count(Operation::ListHotLoads), before + 1);
    // Full lists and an outage later.
    fake.fault(Fault::status(503).on(Operation::ListHotLoads).times(2));
    assert_eq!(
        count(&mut events, Duration::from_secs(100)).await,
        HashMap::from([("error", 2), ("init done", 1)])
    );
}

#[tokio::test(start_paused = true)]
async fn more_news_than_a_page_holds_are_all_reported() {
    let (fake, client) = fake::in_process();
    seed(&fake, 0);
    let mut events = client.hot_loads().watch().stream();
    count(&mut events, Duration::from_secs(4)).await;
    (1000..2500).for_each(|number| drop(seed(&fake, number)));
    assert_eq!(
        count(&mut events, Duration::from_secs(2)).await,
        HashMap::from([("added", 1500)])
    );
}

#[tokio::test(start_paused = true)]
async fn a_watch_selects_the_hot_loads_of_a_deployment() {
    let (fake, client) = fake::in_process();
    let gateway = fake.seed_gateway(json!({"spec": {"name": "g"}})).unwrap();
    let ids = ["d", "e"].map(|name| {
        let spec = json!({"name": name, "gatewayIds": [gateway], "hotLoad": {"bucket": "b"}});
        let id = fake.seed_deployment(json!({"spec": spec})).unwrap();
        let load = json!({"spec": {"identity": name, "deploymentId": id}});
        fake.seed_hot_load(load).unwrap();
        id
    });
    let (store, mut events) = client.hot_loads().watch().deployment(&ids[0]).store();
    count(&mut events, Duration::from_secs(30)).await;
    assert_eq!(store.len(), 1);
    assert_eq!(store.state()[0].identity(), "d");

    let mut events = client.hot_loads().watch().deployment("").stream();
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.error().is_invalid_argument());
    assert!(events.next().await.is_none());
}
