//! What all calls have in common, under paused time.

use std::collections::VecDeque;
use std::time::Duration;

use coreweave_inference::{
    CallOptions, Client, DeploymentSpec, Error, GatewayAuth, Model, NewDeployment, NewGateway,
    NewHotLoad, Resources, Routing,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::in_memory::{Log, Reply, error, ok, play};

/// Responds with each of these in turn, and then with the last forever.
fn script(replies: impl IntoIterator<Item = Reply>) -> (Client, Log) {
    let mut replies: VecDeque<_> = replies.into_iter().collect();
    play(move |_| match replies.len() {
        1 => replies[0].clone(),
        _ => replies.pop_front().unwrap(),
    })
}

fn gateway(status: &str) -> Reply {
    ok(json!({"gateway": {"spec": {"id": "g", "name": "chat"}, "status": {"status": status}}}))
}

fn deployment(status: &str, disabled: bool, applied: &str) -> Reply {
    ok(json!({"deployment": {
        "spec": {"id": "d", "name": "llama", "disabled": disabled},
        "status": {"status": status, "conditions": [{"type": "ResourcesApplied", "status": applied}]},
    }}))
}

fn new_gateway() -> NewGateway {
    let auth = GatewayAuth::CoreWeave;
    NewGateway::new("chat", "US-EAST-04A", auth, Routing::OpenAiBody).id("g")
}

fn new_deployment() -> NewDeployment {
    let model = Model::new("llama-3", "models", "llama-3");
    let resources = Resources::new("gb200-4x", 4);
    NewDeployment::new("llama", ["g"], "vllm", resources, model, 1..=2).id("d")
}

fn methods(log: &Log) -> String {
    let requests = log.requests();
    requests.iter().map(|request| &request[..1]).collect()
}

#[tokio::test(start_paused = true)]
async fn a_create_that_waits_ends_when_the_resource_is_ready() {
    let (client, log) = script([
        gateway("STATUS_CREATING"),
        error(503, "not now"),
        gateway("STATUS_CREATING"),
        gateway("STATUS_READY"),
    ]);
    let gateway = client.gateways().create(new_gateway()).and_wait().await;
    assert!(gateway.unwrap().is_ready());
    assert_eq!(methods(&log), "PGGG");
}

#[tokio::test(start_paused = true)]
async fn a_disabled_deployment_is_created_when_its_resources_exist() {
    let (client, log) = script([
        deployment("STATUS_CREATING", true, "STATUS_UNSPECIFIED"),
        deployment("STATUS_CREATING", true, "STATUS_UNSPECIFIED"),
        deployment("STATUS_CREATING", true, "True"),
    ]);
    let new = new_deployment().disabled();
    let created = client.deployments().create(new).and_wait().await.unwrap();
    assert!(created.is_disabled() && !created.is_ready());
    assert_eq!(methods(&log), "PGG");
}

#[tokio::test(start_paused = true)]
async fn a_hot_load_that_waits_ends_when_every_replica_serves_it() {
    let load = |state: &str| {
        ok(
            json!({"hotLoad": {"spec": {"id": "h", "identity": "step-1"}, "status": {"state": state}}}),
        )
    };
    let replicas =
        ok(json!({"replicas": [{"state": "READY", "currentSnapshotIdentity": "step-1"}]}));
    let (client, log) = script([
        load("HOT_LOAD_STATE_PENDING"),
        load("HOT_LOAD_STATE_COMPLETED"),
        replicas,
    ]);
    let new = NewHotLoad::full("d", "step-1").id("h");
    assert!(
        client
            .hot_loads()
            .create(new)
            .and_wait()
            .await
            .unwrap()
            .is_complete()
    );
    assert_eq!(
        log.requests(),
        [
            "POST /hotLoads",
            "GET /hotLoads/h",
            "GET /hotLoads/h/replicas?maxPageSize=1000"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_create_that_is_refused_does_not_wait() {
    let (client, log) = script([error(400, "no such zone")]);
    let refused = client.gateways().create(new_gateway()).and_wait().await;
    assert!(refused.unwrap_err().is_invalid_argument());
    assert_eq!(methods(&log), "P");
}

/// Options given before or after reach every request: each script ends in a request that is never responded to.
#[tokio::test(start_paused = true)]
async fn options_reach_every_request_of_a_call_and_of_its_wait() {
    let options = || {
        CallOptions::new()
            .attempt_timeout(Duration::from_secs(1))
            .no_retries()
    };
    let change = |spec: &mut DeploymentSpec| spec.model.path = "v2".into();
    let read = || deployment("STATUS_READY", false, "True");
    let to_get = || script([Reply::Hang]);
    let to_patch = || script([read(), Reply::Hang]);
    let ended = async |call: (Client, Log), expected: (&str, u64), run: &dyn Fn(Client) -> Run| {
        let (client, log) = call;
        let begun = Instant::now();
        let error = run(client).await.unwrap_err();
        assert!(
            error.to_string().contains("1s allowed for one attempt"),
            "{error}"
        );
        let seconds = begun.elapsed().as_secs();
        assert_eq!((methods(&log).as_str(), seconds), expected);
    };
    type Run = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>>>>;
    macro_rules! run {
        ($client:ident => $call:expr) => {
            &|$client: Client| -> Run {
                let call = $call.send();
                Box::pin(async move { call.await.map(drop) })
            }
        };
    }
    let create = |client: Client| client.gateways().create(new_gateway());
    let update = |client: Client| client.deployments().update("d", change);
    ended(
        to_get(),
        ("G", 1),
        run!(c => c.gateways().get("g").options(options())),
    )
    .await;
    ended(
        to_get(),
        ("G", 1),
        run!(c => c.gateways().list().options(options())),
    )
    .await;
    ended(
        to_get(),
        ("D", 1),
        run!(c => c.gateways().delete("g").options(options())),
    )
    .await;
    // The response to a create was lost, so the resource is looked up.
    ended(to_get(), ("PG", 2), run!(c => create(c).options(options()))).await;
    ended(
        to_get(),
        ("PG", 2),
        run!(c => create(c).options(options()).and_wait()),
    )
    .await;
    ended(
        to_get(),
        ("PG", 2),
        run!(c => create(c).and_wait().options(options())),
    )
    .await;
    ended(to_get(), ("G", 1), run!(c => update(c).options(options()))).await;
    ended(
        to_patch(),
        ("GP", 1),
        run!(c => update(c).options(options())),
    )
    .await;
    ended(
        to_patch(),
        ("GP", 1),
        run!(c => update(c).options(options()).and_wait()),
    )
    .await;
    ended(
        to_patch(),
        ("GP", 1),
        run!(c => update(c).and_wait().options(options())),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn get_opt_returns_none_for_what_does_not_exist() {
    let (client, _) = script([
        gateway("STATUS_READY"),
        error(404, "no such gateway"),
        error(403, "no"),
    ]);
    assert_eq!(
        client.gateways().get_opt("g").await.unwrap().unwrap().id(),
        &"g"
    );
    assert_eq!(client.gateways().get_opt("g").await.unwrap(), None);
    assert!(
        client
            .gateways()
            .get_opt("g")
            .await
            .unwrap_err()
            .is_permission_denied()
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_counts_the_attempts_of_all_requests_of_a_call() {
    let (client, _) = script([
        error(503, "not now"),
        deployment("STATUS_READY", false, "True"),
        Reply::Delayed(3, json!({"deployment": {"spec": {"id": "d"}}})),
        ok(json!({})),
    ]);
    let update = client
        .deployments()
        .update("d", |spec| spec.autoscaling.max = 8);
    let (_, report) = update.send_with_report().await.unwrap();
    assert_eq!(report.attempts, 3);
    let (_, report) = client.gateways().list().send_with_report().await.unwrap();
    assert_eq!(report.attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_create_names_the_resource_rather_than_an_id_that_was_made_up() {
    let (client, _) = script([error(400, "no such zone")]);
    let auth = GatewayAuth::CoreWeave;
    let new = NewGateway::new("chat", "MOON-01A", auth, Routing::OpenAiBody);
    let refused = client.gateways().create(new).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "create gateway chat: INVALID_ARGUMENT (HTTP 400): no such zone"
    );
    assert_eq!(refused.resource_name(), Some("chat"));
    assert!(refused.resource_id().is_some());
}

#[tokio::test(start_paused = true)]
async fn an_item_without_an_id_is_named() {
    let list = |items: Value| script([ok(json!({"items": items}))]).0;
    for (item, said) in [
        (
            json!({"spec": {"name": "chat"}}),
            "list gateways: HTTP 200: item 2 of the list: the gateway `chat` has no `spec.id`; report this to CoreWeave with \
             the time of the call",
        ),
        (
            json!({"spec": {"id": "a/b"}}),
            "list gateways: HTTP 200: item 2 of the list: the `spec.id` of the gateway is invalid: \"a/b\" is not a valid \
             gateway id: it contains '/', which would change the request path; pass the UUID that the API returned; report \
             this to CoreWeave with the time of the call",
        ),
    ] {
        let client = list(json!([{"spec": {"id": "g"}}, item]));
        let error = client.gateways().list().await.unwrap_err();
        assert_eq!(error.to_string(), said);
    }
}
