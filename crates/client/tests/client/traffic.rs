//! Shifts of traffic under paused time.

use std::time::Duration;

use coreweave_inference::{Backoff, Client, reason};
use coreweave_inference_fake::{Clock, FakeServer, Fault, Operation};
use serde_json::json;

/// An account whose deployments serve the model `llama` with these weights; their ids are their names.
fn account(weights: &[(&str, u32)]) -> (FakeServer, Client) {
    let fake = FakeServer::builder().clock(Clock::real()).build();
    let gateway = fake
        .seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    for (name, weight) in weights {
        let spec = json!({"id": name, "name": name, "gatewayIds": [gateway], "model": {"name": "llama"},
            "traffic": {"weight": weight}});
        fake.seed_deployment(json!({"spec": spec})).unwrap();
    }
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .transport(fake.transport())
        .poll_backoff(Backoff::constant(Duration::from_secs(60)))
        .build();
    (fake, client.unwrap())
}

/// The updates that were sent: name and weight.
fn sent(fake: &FakeServer) -> Vec<(String, u64)> {
    let requests = fake.requests().into_iter();
    let updates = requests.filter(|request| request.method == "PATCH");
    let weight = |body: &serde_json::Value| body["traffic"]["weight"].as_u64().unwrap_or(0);
    updates
        .map(|r| (r.body["name"].as_str().unwrap().to_owned(), weight(&r.body)))
        .collect()
}

fn pairs(updates: &[(&str, u64)]) -> Vec<(String, u64)> {
    updates
        .iter()
        .map(|(name, weight)| ((*name).to_owned(), *weight))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn weights_are_raised_before_others_are_lowered() {
    for order in [
        [("a", 0), ("b", 100), ("c", 7)],
        [("c", 7), ("b", 100), ("a", 0)],
    ] {
        let (fake, client) = account(&[("a", 100), ("b", 0), ("c", 7)]);
        let changed = client
            .deployments()
            .shift_traffic("llama", order)
            .await
            .unwrap();
        assert_eq!(sent(&fake), pairs(&[("b", 100), ("a", 0)]));
        let weights: Vec<_> = changed.iter().map(|d| (d.name(), d.weight())).collect();
        assert_eq!(weights, [("b", 100), ("a", 0)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_half_way_says_what_was_changed_and_a_repetition_does_the_rest() {
    let (fake, client) = account(&[("a", 90), ("b", 10), ("c", 0)]);
    let refusal = Fault::status(412).code(9).message("not now");
    fake.fault(refusal.on(Operation::UpdateDeployment).skip(1).once());
    let weights = [("a", 0), ("b", 50), ("c", 50)];
    let shift = || client.deployments().shift_traffic("llama", weights);
    let error = shift().await.unwrap_err();
    assert!(error.is_failed_precondition() && error.resource_id() == Some("c"));
    let text = error.to_string();
    assert!(
        text.contains("not now; changed before: b 10 -> 50"),
        "{text}"
    );
    fake.clear_requests();
    shift().await.unwrap();
    assert_eq!(sent(&fake), pairs(&[("c", 50), ("a", 0)]));
    fake.clear_requests();
    assert!(shift().await.unwrap().is_empty());
    assert!(sent(&fake).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_shift_that_would_leave_the_model_without_traffic_is_not_sent() {
    let (fake, client) = account(&[("a", 100), ("b", 0)]);
    let other = json!({"spec": {"id": "x", "name": "x", "model": {"name": "qwen"}}});
    fake.seed_deployment(other).unwrap();
    for (weights, why) in [
        (
            vec![("a", 0)],
            "no enabled deployment of the model `llama` would get traffic",
        ),
        (
            vec![("a", 0), ("x", 1)],
            "deployment x does not serve the model `llama`",
        ),
        (vec![("a", 0), ("a", 1)], "deployment a is given twice"),
    ] {
        let error = client
            .deployments()
            .shift_traffic("llama", weights)
            .await
            .unwrap_err();
        assert!(
            error.is_invalid_argument() && error.to_string().ends_with(why),
            "{error}"
        );
    }
    assert!(sent(&fake).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_shift_that_waits_lowers_nothing_until_what_gets_traffic_is_ready() {
    let (fake, client) = account(&[("a", 100), ("b", 0)]);
    let disable = client
        .deployments()
        .update("b", |spec| spec.disabled = Some(true));
    disable.and_wait().await.unwrap();
    let shift = || {
        client
            .deployments()
            .shift_traffic("llama", [("a", 0), ("b", 100)])
    };
    fake.clear_requests();
    let error = shift().await.unwrap_err();
    assert!(error.is_invalid_argument(), "{error}");

    client
        .deployments()
        .update("b", |spec| spec.disabled = None)
        .await
        .unwrap();
    fake.clear_requests();
    let mut seen = Vec::new();
    let wait = shift().and_wait().on_progress(|d| seen.push(d.is_ready()));
    assert_eq!(wait.await.unwrap().len(), 2);
    assert_eq!(sent(&fake), pairs(&[("b", 100), ("a", 0)]));
    assert!(seen.len() > 3 && !seen.contains(&true), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_shift_that_waits_ends_when_what_gets_traffic_has_failed() {
    let (fake, client) = account(&[("a", 100)]);
    let broken = json!({"spec": {"id": "b", "name": "b", "model": {"name": "llama"}, "traffic": {"weight": 0}},
        "status": {"status": "STATUS_ERROR"}});
    fake.seed_deployment(broken).unwrap();
    let shift = client
        .deployments()
        .shift_traffic("llama", [("a", 0), ("b", 100)]);
    let error = shift.and_wait().fail_on_error().await.unwrap_err();
    assert!(error.is(reason::IN_ERROR), "{error}");
    assert_eq!(sent(&fake), pairs(&[("b", 100)]));
}

/// Adds a disabled deployment of the model.
async fn add_disabled(fake: &FakeServer, client: &Client, name: &str, weight: u32) {
    let gateway = client.gateways().list().await.unwrap().remove(0);
    let spec = json!({"id": name, "name": name, "disabled": true, "gatewayIds": [gateway.id().as_str()],
        "model": {"name": "llama"}, "traffic": {"weight": weight}});
    let status = json!({"status": "STATUS_CREATING"});
    fake.seed_deployment(json!({"spec": spec, "status": status}))
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_gets_no_traffic_is_not_waited_for() {
    let (fake, client) = account(&[("a", 100), ("b", 0)]);
    add_disabled(&fake, &client, "off", 0).await;
    let weights = [("a", 0), ("b", 100), ("off", 0)];
    let shift = client.deployments().shift_traffic("llama", weights);
    assert_eq!(shift.and_wait().await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_disabled_deployment_does_not_count_as_one_that_gets_traffic() {
    let (fake, client) = account(&[("a", 100)]);
    add_disabled(&fake, &client, "off", 100).await;
    let shift = client.deployments().shift_traffic("llama", [("a", 0)]);
    assert!(shift.await.unwrap_err().is_invalid_argument());
}

#[tokio::test(start_paused = true)]
async fn weights_may_be_zero_if_all_are_or_if_there_is_one_deployment() {
    let (_fake, client) = account(&[("a", 0), ("b", 0)]);
    let shift = client.deployments().shift_traffic("llama", [("a", 0)]);
    assert!(shift.await.unwrap().is_empty());
    let (_fake, client) = account(&[("a", 100)]);
    let shift = client.deployments().shift_traffic("llama", [("a", 0)]);
    assert_eq!(shift.await.unwrap().len(), 1);
}
