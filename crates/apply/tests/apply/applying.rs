//! Making the changes.

use coreweave_inference_apply::{ApplyOptions, Outcome, PlanOptions, plan};
use coreweave_inference_fake::{Fault, Operation};

use super::account::{Account, CHAT, manifest};

#[tokio::test]
async fn a_second_apply_sends_no_write() {
    let account = Account::empty().await;
    assert_eq!(
        account.apply(CHAT).await,
        [
            "POST /capacityclaims",
            "POST /gateways",
            "POST /deployments"
        ]
    );
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

#[tokio::test]
async fn a_wait_ignores_a_ready_from_before_the_update() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\nautoscaling: {max: 9}\n";
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
        matches!(outcomes[..], [Outcome::Accepted, Outcome::Ready]),
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
    let text = "kind: Deployment\nname: llama\nhotLoad: {bucket: weights}\nruntime: {engine: dynamo-vllm}\n";
    let prune = PlanOptions { prune: true };
    let plan = plan(&account.client, &manifest(text), prune).await.unwrap();
    account.fake.clear_requests();
    let events = account.events(plan.clone(), ApplyOptions::default()).await;
    assert!(
        events
            .iter()
            .all(|event| matches!(event.outcome, Outcome::Skipped(_))),
        "{events:?}"
    );
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
        let interrupted = coreweave_inference_apply::apply(&client, plan, ApplyOptions::default());
        let steps: Vec<_> =
            futures_util::StreamExt::collect(futures_util::StreamExt::take(interrupted, cut + 1))
                .await;
        drop::<Vec<_>>(steps);
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
