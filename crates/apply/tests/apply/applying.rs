//! Making the changes.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use coreweave_inference::raw::{self, BoxFuture, Request, Response, Transport};
use coreweave_inference::{Client, Error};
use coreweave_inference_apply::{
    ApplyEvent, ApplyOptions, Outcome, Plan, PlanOptions, apply, plan,
};
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::account::{Account, CHAT, manifest};

#[tokio::test]
async fn a_second_apply_sends_no_write() {
    let account = Account::empty().await;
    let mut writes = account.apply(CHAT).await;
    assert_eq!(writes.pop().unwrap(), "POST /deployments");
    writes.sort();
    assert_eq!(writes, ["POST /capacityclaims", "POST /gateways"]);
    assert_eq!(account.apply(CHAT).await, [""; 0]);
}

#[tokio::test]
async fn an_update_keeps_members_that_are_not_in_the_manifest() {
    let account = Account::with_chat().await;
    let before = account
        .client
        .deployments()
        .find_by_name("llama")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        account
            .apply("kind: Deployment\nname: llama\nautoscaling: {max: 9}\n")
            .await,
        ["PATCH /deployments"]
    );
    let after = account.client.deployments().get(before.id()).await.unwrap();
    let mut expected = before.raw().spec.clone().unwrap();
    expected.autoscaling.as_mut().unwrap().max = 9;
    assert_eq!(after.raw().spec.as_ref(), Some(&expected));
}

#[tokio::test]
async fn waits_until_all_resources_are_ready() {
    let account = Account::empty().await;
    let plan = account.plan(CHAT).await.unwrap();
    let options = ApplyOptions {
        wait: true,
        ..ApplyOptions::default()
    };
    let events = account.events(plan, options).await;
    let ready = events
        .iter()
        .filter(|event| matches!(event.outcome, Outcome::Ready));
    assert_eq!(ready.count(), 3, "{events:?}");
}

/// The outcomes of an apply that waits, in a word each.
async fn waited(account: &Account, text: &str, options: ApplyOptions) -> Vec<String> {
    let plan = account.plan(text).await.unwrap();
    let wait = ApplyOptions {
        wait: true,
        ..options
    };
    let events = account.events(plan, wait).await.into_iter();
    let words = events.map(|ApplyEvent { change, outcome }| {
        let word = match outcome {
            Outcome::Pending { status, reason } => {
                format!("{status} {}", reason.unwrap_or_default())
            }
            Outcome::Failed(coreweave_inference_apply::Error::Service(error)) => {
                format!("{:?}", error.kind())
            }
            other => format!("{other:?}"),
        };
        format!("{}: {}", change.name, word.trim())
    });
    words.collect()
}

#[tokio::test]
async fn a_wait_reports_states_and_failing_conditions_as_they_change() {
    let account = Account::empty().await;
    account.fake.fault(
        Fault::outcome(["STATUS_ERROR", "STATUS_ERROR", "STATUS_READY"])
            .on(Operation::CreateGateway),
    );
    let gateway = CHAT.split("---").next().unwrap();
    assert_eq!(
        waited(&account, gateway, ApplyOptions::default()).await,
        [
            "chat: Accepted",
            "chat: STATUS_ERROR Ready: the gateway has an error and may recover",
            "chat: Ready"
        ]
    );
}

#[tokio::test]
async fn a_wait_ends_at_an_error_where_that_is_wanted() {
    let account = Account::empty().await;
    account
        .fake
        .fault(Fault::outcome(["STATUS_ERROR", "STATUS_READY"]).on(Operation::CreateGateway));
    let gateway = CHAT.split("---").next().unwrap();
    let options = ApplyOptions {
        fail_on_error: true,
        ..ApplyOptions::default()
    };
    let outcomes = waited(&account, gateway, options).await;
    assert_eq!(outcomes.last().unwrap(), "chat: WaitFailed");
}

#[tokio::test]
async fn each_resource_that_is_not_ready_in_time_is_reported() {
    let account = Account::empty().await;
    let statuses = vec!["STATUS_CREATING"; 1_000_000];
    for operation in [Operation::CreateDeployment, Operation::CreateGateway] {
        account
            .fake
            .fault(Fault::outcome(statuses.clone()).on(operation));
    }
    let options = ApplyOptions {
        timeout: Some(Duration::from_millis(100)),
        ..ApplyOptions::default()
    };
    let outcomes = waited(&account, &many(2), options).await;
    let timed_out = outcomes.iter().filter(|word| word.ends_with("WaitTimeout"));
    let mut timed_out: Vec<_> = timed_out.collect();
    timed_out.sort();
    assert_eq!(
        timed_out,
        [
            "chat: WaitTimeout",
            "llama-0: WaitTimeout",
            "llama-1: WaitTimeout"
        ]
    );
}

#[tokio::test]
async fn a_disabled_deployment_is_done_once_it_is_applied() {
    let account = Account::with_chat().await;
    let disabled = "kind: Deployment\nname: llama\ndisabled: true\n";
    let created = CHAT.replace("name: llama\n", "name: spare\ndisabled: true\n");
    for text in [disabled, disabled, &created, &created] {
        let outcomes = waited(&account, text, ApplyOptions::default()).await;
        let failed = outcomes.iter().find(|word| word.contains("Wait"));
        assert_eq!(failed, None);
        assert!(outcomes.iter().any(|word| word.ends_with(": Ready")));
    }
}

#[tokio::test]
async fn a_wait_ignores_a_ready_from_before_the_update() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\nmodel: {path: llama/v2}\n";
    let plan = account.plan(text).await.unwrap();
    account
        .fake
        .fault(Fault::stale_reads(2).on(Operation::UpdateDeployment));
    account.fake.clear_requests();
    let options = ApplyOptions {
        wait: true,
        ..ApplyOptions::default()
    };
    let events = account.events(plan, options).await;
    let outcomes: Vec<_> = events.iter().map(|event| &event.outcome).collect();
    assert!(
        matches!(outcomes[..], [Outcome::Accepted, .., Outcome::Ready]),
        "{events:?}"
    );
    let reads = account.fake.count(Operation::GetDeployment);
    assert!(
        reads > 3,
        "one read for the update, two stale ones, and the end: {reads}"
    );
}

#[tokio::test]
async fn replacements_and_deletions_are_skipped_unless_allowed() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\nhotLoad: {bucket: weights}\nruntime: {engine: dynamo-vllm}\n---\n\
        kind: Gateway\nname: chat\n";
    let prune = PlanOptions { prune: true };
    let plan = plan(&account.client, &manifest(text), prune).await.unwrap();
    account.fake.clear_requests();
    let events = account.events(plan.clone(), ApplyOptions::default()).await;
    let is_skipped = |event: &ApplyEvent| matches!(event.outcome, Outcome::Skipped(_));
    let skipped: Vec<_> = events.iter().map(is_skipped).collect();
    assert_eq!(skipped, [false, true, true], "{events:?}");
    assert_eq!(account.writes(), [""; 0]);
    assert_eq!(
        account.apply(text).await,
        ["DELETE /deployments", "POST /deployments"],
        "the old one is gone before the new one takes its name"
    );
}

#[tokio::test]
async fn a_failure_skips_only_what_depends_on_it() {
    let account = Account::empty().await;
    account
        .fake
        .fault(Fault::status(403).on(Operation::CreateGateway));
    let plan = account.plan(CHAT).await.unwrap();
    let events = account.events(plan, ApplyOptions::default()).await;
    let outcomes: Vec<_> = events
        .iter()
        .map(|event| match &event.outcome {
            Outcome::Failed(_) => "failed",
            Outcome::Skipped(_) => "skipped",
            _ => "accepted",
        })
        .collect();
    assert_eq!(outcomes, ["accepted", "failed", "skipped"]);
}

#[tokio::test]
async fn an_interrupted_apply_can_be_repeated_without_duplicates() {
    for cut in 0..3 {
        let account = Account::empty().await;
        // The connection breaks after the service has carried out the create, and stays broken.
        let creates = [
            Operation::CreateCapacityClaim,
            Operation::CreateGateway,
            Operation::CreateDeployment,
        ];
        for operation in &creates[cut..] {
            account
                .fake
                .fault(Fault::reset_after_effect().on(*operation));
        }
        for operation in [
            Operation::GetCapacityClaim,
            Operation::GetGateway,
            Operation::GetDeployment,
        ] {
            account.fake.fault(Fault::status(503).on(operation));
        }
        let plan = account.plan(CHAT).await.unwrap();
        let client = account.client.clone();
        let mut interrupted = apply(&client, plan, ApplyOptions::default());
        for _ in 0..=cut {
            interrupted.next().await.unwrap();
        }
        drop(interrupted);
        account.fake.clear_faults();
        account.apply(CHAT).await;
        let state = account.fake.state();
        for kind in ["gateways", "deployments", "capacityClaims"] {
            assert_eq!(
                state[kind].as_array().unwrap().len(),
                1,
                "{kind}, cut at {cut}"
            );
        }
    }
}

/// A manifest with a gateway and as many deployments.
fn many(deployments: usize) -> String {
    let mut documents = CHAT.split("---\n");
    let gateway = documents.next().unwrap();
    let deployment = documents.next().unwrap();
    let deployments = (0..deployments)
        .map(|index| deployment.replace("name: llama\n", &format!("name: llama-{index}\n")));
    let documents: Vec<_> = [gateway.to_owned()]
        .into_iter()
        .chain(deployments)
        .collect();
    documents.join("---\n")
}

/// Hands requests to the fake and counts those in flight.
#[derive(Debug)]
struct Counting<T> {
    fake: T,
    /// The number of requests in flight beyond which they are refused.
    capacity: usize,
    /// When requests are no longer refused in any case.
    open_from: Instant,
    in_flight: AtomicUsize,
    most: AtomicUsize,
    refused: AtomicUsize,
}

impl<T: Transport> Transport for Counting<T> {
    fn execute(
        &self,
        request: Request,
        operation: &'static raw::Operation,
    ) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            let now = self.in_flight.fetch_add(1, SeqCst) + 1;
            self.most.fetch_max(now, SeqCst);
            sleep(Duration::from_millis(300)).await;
            let response = match now > self.capacity || Instant::now() < self.open_from {
                true => {
                    self.refused.fetch_add(1, SeqCst);
                    Ok(Response::new(
                        429,
                        r#"{"code": 8, "message": "too many requests"}"#,
                    ))
                }
                false => self.fake.execute(request, operation).await,
            };
            self.in_flight.fetch_sub(1, SeqCst);
            response
        })
    }
}

/// Applies 61 changes with requests that take 300 ms, and returns how many were in flight at most, how many were refused,
/// and how long it took.
async fn count(parallelism: usize, capacity: usize, closed: Duration) -> (usize, usize, Duration) {
    let fake = FakeServer::start().await.unwrap();
    let counting = Arc::new(Counting {
        fake: fake.transport(),
        capacity,
        open_from: Instant::now() + closed,
        in_flight: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
    });
    let client = Client::builder()
        .token(fake.token())
        .transport(Arc::clone(&counting))
        .build()
        .unwrap();
    let existing = coreweave_inference_apply::Account::default();
    let plan = Plan::new(&manifest(&many(60)), &existing, PlanOptions::default()).unwrap();
    let options = ApplyOptions {
        parallelism,
        ..ApplyOptions::default()
    };
    let started = Instant::now();
    let mut applying = apply(&client, plan, options);
    while let Some(event) = applying.next().await {
        assert!(matches!(event.outcome, Outcome::Accepted), "{event:?}");
    }
    assert_eq!(fake.state()["deployments"].as_array().unwrap().len(), 60);
    let count = |counter: &AtomicUsize| counter.load(SeqCst);
    (
        count(&counting.most),
        count(&counting.refused),
        started.elapsed(),
    )
}

#[tokio::test(start_paused = true)]
async fn independent_changes_are_made_at_the_same_time_up_to_the_parallelism() {
    for (parallelism, rounds) in [(1, 61), (3, 21), (10, 7), (20, 5)] {
        let (most, _, time) = count(parallelism, usize::MAX, Duration::ZERO).await;
        assert_eq!(most, parallelism);
        assert_eq!(time, Duration::from_millis(300) * rounds, "{parallelism}");
    }
}

#[tokio::test(start_paused = true)]
async fn changes_that_the_service_refuses_for_their_rate_are_made_with_fewer_at_the_same_time() {
    let (most, refused, _) = count(20, 4, Duration::ZERO).await;
    assert!(most <= 12);
    assert!(refused < 30, "{refused} refusals of 60 changes");
}

#[tokio::test(start_paused = true)]
async fn changes_are_made_after_a_minute_without_any() {
    let (_, refused, time) = count(20, usize::MAX, Duration::from_secs(60)).await;
    assert!(refused < 30, "{refused} refusals of 60 changes");
    assert!(time < Duration::from_secs(120), "{time:?}");
}

#[tokio::test]
async fn changes_are_reported_in_the_order_of_the_plan() {
    let account = Account::empty().await;
    let plan = account.plan(&many(20)).await.unwrap();
    // Every third create takes longer.
    for skip in (0..20).step_by(3) {
        account.fake.fault(
            Fault::delay(Duration::from_millis(20))
                .on(Operation::CreateDeployment)
                .skip(skip)
                .once(),
        );
    }
    let planned: Vec<_> = plan.changes.iter().map(|c| c.name.clone()).collect();
    let events = account.events(plan, ApplyOptions::default()).await;
    let reported: Vec<_> = events.iter().map(|e| e.change.name.clone()).collect();
    assert_eq!(reported, planned);
}

#[tokio::test]
async fn a_stopped_apply_reports_what_was_done_and_its_repetition_does_the_rest() {
    for reported in [0, 1, 5, 12] {
        let account = Account::empty().await;
        let plan = account.plan(&many(60)).await.unwrap();
        let total = plan.changes.len();
        let mut applying = apply(&account.client, plan, ApplyOptions::default());
        let mut accepted = 0;
        for _ in 0..reported {
            let event = applying.next().await.unwrap();
            assert!(matches!(event.outcome, Outcome::Accepted), "{event:?}");
            accepted += 1;
        }
        applying.stop();
        let mut skipped = 0;
        while let Some(event) = applying.next().await {
            match event.outcome {
                Outcome::Accepted => accepted += 1,
                Outcome::Skipped(reason) if reason == "interrupted" => skipped += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(skipped > 0, "stopped after {reported}");
        assert_eq!(accepted + skipped, total);
        let state = account.fake.state();
        let existing =
            ["gateways", "deployments"].map(|kind| state[kind].as_array().unwrap().len());
        assert_eq!(existing.iter().sum::<usize>(), accepted);
        assert_eq!(account.apply(&many(60)).await.len(), skipped);
    }
}

#[tokio::test]
async fn an_apply_that_is_dropped_with_requests_in_flight_never_creates_twice_when_repeated() {
    for reported in [1, 4, 11] {
        let account = Account::empty().await;
        let plan = account.plan(&many(60)).await.unwrap();
        let mut applying = apply(&account.client, plan, ApplyOptions::default());
        for _ in 0..reported {
            applying.next().await.unwrap();
        }
        drop(applying);
        // Some creates that were in flight may be carried out after the account was listed. They refuse those of the
        // repetition by name, which a third run then finds done.
        for _ in 0..3 {
            let plan = account.plan(&many(60)).await.unwrap();
            account.events(plan, ApplyOptions::default()).await;
        }
        let deployments = account.client.deployments().list().await.unwrap();
        let names: HashSet<_> = deployments
            .iter()
            .map(|deployment| deployment.name())
            .collect();
        assert_eq!((names.len(), deployments.len()), (60, 60));
        assert!(account.plan(&many(60)).await.unwrap().is_unchanged());
    }
}

#[tokio::test]
async fn a_gateway_is_not_deleted_while_a_deployment_that_uses_it_remains() {
    let account = Account::with_chat().await;
    account
        .fake
        .fault(Fault::status(403).on(Operation::DeleteDeployment));
    let text = "kind: CapacityClaim\nname: reserve\n";
    let prune = PlanOptions { prune: true };
    let plan = plan(&account.client, &manifest(text), prune).await.unwrap();
    account.fake.clear_requests();
    let options = ApplyOptions {
        delete: true,
        ..ApplyOptions::default()
    };
    let events = account.events(plan, options).await;
    assert!(
        matches!(&events[2].outcome, Outcome::Skipped(reason) if reason == "a deployment that uses it remains"),
        "{events:?}"
    );
    assert_eq!(account.writes(), ["DELETE /deployments"]);
}

#[tokio::test]
async fn a_gateway_is_not_deleted_while_a_deployment_that_uses_it_is_not_replaced() {
    let account = Account::with_chat().await;
    let text = "kind: Gateway\nname: new\nzones: [US-EAST-04A]\ncoreWeaveAuth: {}\n\
        bodyBasedRouting: {apiType: API_TYPE_OPENAI}\n---\n\
        kind: Deployment\nname: llama\ngateways: [new]\nhotLoad: {bucket: weights}\nruntime: {engine: dynamo-vllm}\n";
    let prune = PlanOptions { prune: true };
    let plan = plan(&account.client, &manifest(text), prune).await.unwrap();
    account.fake.clear_requests();
    let options = ApplyOptions {
        delete: true,
        timeout: Some(Duration::from_secs(5)),
        ..ApplyOptions::default()
    };
    let events = account.events(plan, options).await;
    let chat = events.iter().find(|event| event.change.name == "chat");
    assert!(
        matches!(&chat.unwrap().outcome, Outcome::Skipped(reason) if reason == "a deployment that uses it remains"),
        "{events:?}"
    );
}

#[tokio::test]
async fn members_that_the_service_drops_are_reported_and_not_updated_in_every_run() {
    let account = Account::empty().await;
    let text = |bytes: u32, auth: &str| {
        format!(
            "kind: Gateway\nname: chat\nzones: [US-EAST-04A]\n{auth}: {{}}\npathBasedRouting: {{}}\nmaxBodySize: {bytes}\n"
        )
    };
    let run = async |text: &str| {
        let plan = account.plan(text).await.unwrap();
        let events = account.events(plan, ApplyOptions::default()).await;
        let outcomes = events.into_iter().map(|event| match event.outcome {
            Outcome::Dropped(members) => format!("dropped {}", members.join(", ")),
            _ => event.change.action.to_string(),
        });
        outcomes.collect::<Vec<_>>()
    };
    let core_weave = text(5, "coreWeaveAuth");
    assert_eq!(run(&core_weave).await, ["dropped maxBodySize", "create"]);
    assert_eq!(run(&core_weave).await, ["unchanged"]);
    let header = core_weave.replace(
        "pathBasedRouting: {}",
        "headerBasedRouting: {headerName: X-Model}",
    );
    assert_eq!(run(&header).await, ["dropped maxBodySize", "update"]);
    assert_eq!(run(&header).await, ["unchanged"]);

    account.fake.fault(Fault::keep_unknown_members());
    assert_eq!(run(&core_weave).await, ["update"]);
    assert_eq!(run(&core_weave).await, ["unchanged"]);
    assert_eq!(run(&text(6, "coreWeaveAuth")).await, ["update"]);
    assert_eq!(run(&text(6, "coreWeaveAuth")).await, ["unchanged"]);
}

#[tokio::test]
async fn a_refused_member_is_located_in_the_manifest() {
    let account = Account::empty().await;
    let violation = json!({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
        {"field": "resources.instance_type", "description": "must be offered in the zone"},
        {"field": "gateway_ids[0]", "description": "must be ready"},
    ]});
    account.fake.fault(
        Fault::status(400)
            .detail(violation)
            .on(Operation::CreateDeployment),
    );
    let plan = account.plan(CHAT).await.unwrap();
    let events = account.events(plan, ApplyOptions::default()).await;
    let ApplyEvent { change, outcome } = events.last().unwrap();
    let Outcome::Failed(error) = outcome else {
        panic!("{outcome:?}");
    };
    let problems: Vec<_> = change
        .locate(error)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "test.yaml:12: `resources.instanceType`: must be offered in the zone",
            "test.yaml:10: `gateways[0]`: must be ready",
        ]
    );
}

#[tokio::test]
async fn a_create_whose_response_was_lost_is_found_though_the_service_normalized_it() {
    let account = Account::empty().await;
    let normalized = json!({"gateway": {"spec": {"endpointConfiguration": {
        "edgeProxyMode": null, "allowedSourceIpRanges": ["2001:db8::/32"]}}}});
    account.fake.fault(
        Fault::reset_after_effect()
            .on(Operation::CreateGateway)
            .once(),
    );
    account
        .fake
        .fault(Fault::merge_patch(normalized).on(Operation::GetGateway));
    let text = "kind: Gateway\nname: chat\nzones: [us-east-04a]\ncoreWeaveAuth: {}\npathBasedRouting: {}\n\
        endpointConfiguration: {edgeProxyMode: EDGE_PROXY_MODE_MANAGED, allowedSourceIpRanges: ['2001:DB8:0::/32']}\n";
    assert_eq!(
        account.apply(text).await.len(),
        2,
        "the create and its repetition"
    );
}
