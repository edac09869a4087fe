//! Checks against the parameters of the service.

use coreweave_inference::raw::types::GetDeploymentParametersResponse;
use coreweave_inference_apply::{Account as Existing, Kind, Parameters, Plan, PlanOptions};

use coreweave_inference_fake::{Fault, Operation};

use super::account::{Account, CHAT, manifest};

#[tokio::test]
async fn all_rejected_values_are_reported_at_once() {
    let account = Account::empty().await;
    let text = CHAT
        .replace("zones: [US-EAST-04A]\n", "zones: [US-EST-04A]\n")
        .replace(
            "{engine: vllm}",
            "{engine: vllm, version: 9.9.9, engineConfig: {max-model-length: '1'}}",
        )
        .replace("instanceId: gb200-4x", "instanceId: gb200-8x");
    assert_eq!(
        account.problems(&text).await,
        "test.yaml:19: `resources.instanceId`: gb200-8x is not offered; did you mean `gb200-4x`?\n\
         test.yaml:4: `zones`: US-EST-04A is not offered; did you mean `US-EAST-04A`?\n\
         test.yaml:11: `runtime.version`: 9.9.9 is not offered; choose from 0.9.2, 0.10.2, 0.11.0\n\
         test.yaml:11: `runtime.engineConfig`: max-model-length is not offered; did you mean `max-model-len`?"
    );
}

#[tokio::test]
async fn an_update_is_checked_where_it_changes_something() {
    let account = Account::with_chat().await;
    let gone = "kind: Deployment\nname: llama\nresources: {instanceType: gone}\n";
    assert!(account.problems(gone).await.contains("gone is not offered"));
    assert_eq!(
        account
            .actions("kind: Deployment\nname: llama\ntraffic: {weight: 1}\n")
            .await,
        ["update deployment llama"]
    );
}

#[tokio::test]
async fn an_empty_list_accepts_every_value() {
    let account = Account::with_chat().await;
    let manifest = manifest(&CHAT.replace("{engine: vllm}", "{engine: new-engine}"));
    let existing = Existing::default();
    let plan = Plan::new(&manifest, &existing, PlanOptions::default()).unwrap();
    let mut parameters = Parameters::fetch(&account.client, &[Kind::Deployment])
        .await
        .unwrap();
    assert_eq!(parameters.check(&plan.changes).len(), 1);
    parameters.deployments = Some(GetDeploymentParametersResponse::default().into());
    assert_eq!(parameters.check(&plan.changes), []);
}

#[tokio::test]
async fn values_of_claims_are_compared_with_case() {
    let account = Account::empty().await;
    let text = CHAT.replace("instanceId: gb200-4x", "instanceId: GB200-4X");
    assert_eq!(
        account.problems(&text).await,
        "test.yaml:19: `resources.instanceId`: GB200-4X is not offered; did you mean `gb200-4x`?"
    );
}

#[tokio::test]
async fn numbers_outside_of_the_documented_limits_are_warnings() {
    let account = Account::empty().await;
    let text = CHAT
        .replace("gpuCount: 8", "gpuCount: 3")
        .replace("{min: 1, max: 4}", "{min: 5, max: 4, priority: 1001}")
        .replace("weight: 100", "weight: 2000");
    let plan = account.plan(&text).await.unwrap();
    let warnings: Vec<_> = plan.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "test.yaml:14: `autoscaling.max` is 4, and the API documents at least `min`, 5",
            "test.yaml:14: `autoscaling.priority` is 1001, and the API documents at most 1000",
            "test.yaml:12: `resources.gpuCount` is 3, and the API documents 1, 2, 4, 8 or 16",
            "test.yaml:15: `traffic.weight` is 2000, and the API documents at most 1000",
        ]
    );
}

#[tokio::test]
async fn nothing_is_checked_where_nothing_changes() {
    let account = Account::with_chat().await;
    account
        .fake
        .fault(Fault::status(403).on(Operation::GetDeploymentParameters));
    assert!(account.plan(CHAT).await.unwrap().is_unchanged());
    let changed = CHAT.replace("weight: 100", "weight: 50");
    assert!(account.plan(&changed).await.is_err());
}
