//! Concurrent requests.

use std::collections::BTreeSet;
use std::sync::Arc;

use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Api, but, gateway};

const CALLERS: usize = 256;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_creates_are_all_stored() {
    let api = Arc::new(Api::with(FakeServer::builder().request_log(1000)).await);
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let api = Arc::clone(&api);
        callers.spawn(async move {
            let id = api
                .create("/gateways", &gateway(&format!("gateway-{caller}")))
                .await;
            let found = api.get(&format!("/gateways/{id}")).await.ok();
            assert_eq!(found["spec"]["name"], format!("gateway-{caller}"));
            id
        });
    }
    let ids: BTreeSet<String> = callers.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), CALLERS);
    assert_eq!(api.get("/gateways").await.names().len(), CALLERS);
    assert_eq!(api.fake.count(Operation::CreateGateway), CALLERS);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_concurrent_creates_gets_the_name() {
    let api = Arc::new(Api::new().await);
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let api = Arc::clone(&api);
        callers.spawn(async move { api.post("/gateways", &gateway("chat")).await.status });
    }
    let statuses = callers.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        CALLERS - 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_updates_are_atomic() {
    let api = Arc::new(Api::new().await);
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    api.fake.fault(Fault::keep_unknown_members());
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (api, path, id) = (Arc::clone(&api), path.clone(), id.clone());
        callers.spawn(async move {
            let mut body = but(gateway("chat"), "/id", json!(id));
            body["left"] = json!(caller);
            body["right"] = json!(caller);
            let stored = api.patch(&path, &body).await.ok();
            assert_eq!(
                (&stored["spec"]["left"], &stored["spec"]["right"]),
                (&json!(caller), &json!(caller))
            );
        });
    }
    callers.join_all().await;
    let spec = api.get(&path).await.ok()["spec"].clone();
    assert_eq!(spec["left"], spec["right"]);
}
