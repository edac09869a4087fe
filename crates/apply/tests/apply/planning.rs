//! Plans.

use coreweave_inference_apply::{Account as Existing, Action, Plan, PlanOptions};
use coreweave_inference_fake::{Fault, Operation};
use serde_json::json;

use super::account::{Account, CHAT, actions, manifest};

const UNCHANGED: [&str; 3] = [
    "unchanged capacity claim reserve",
    "unchanged gateway chat",
    "unchanged deployment llama",
];

#[tokio::test]
async fn claims_and_gateways_come_before_deployments() {
    let account = Account::empty().await;
    assert_eq!(
        account.actions(CHAT).await,
        [
            "create capacity claim reserve",
            "create gateway chat",
            "create deployment llama"
        ]
    );
}

#[tokio::test]
async fn a_member_left_out_keeps_its_value() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\n---\nkind: Gateway\nname: chat\n";
    assert_eq!(
        account.actions(text).await,
        ["unchanged gateway chat", "unchanged deployment llama"]
    );
}

#[tokio::test]
async fn an_update_lists_members_with_old_and_new_value() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\nautoscaling: {max: 8}\nruntime: {engineEnv: {VLLM_LOGGING_LEVEL: DEBUG}}\n";
    let plan = account.plan(text).await.unwrap();
    let members = serde_json::to_value(plan.changes[0].action.members()).unwrap();
    assert_eq!(
        members,
        json!([
            {"path": "autoscaling.max", "old": 4, "new": 8},
            {"path": "runtime.engineEnv.VLLM_LOGGING_LEVEL", "old": null, "new": "(hidden)"},
        ])
    );
}

#[tokio::test]
async fn entries_of_a_map_are_compared_as_they_are() {
    let account = Account::with_chat().await;
    let text = |value| {
        format!("kind: Deployment\nname: llama\nruntime: {{engineConfig: {{dtype: {value}}}}}\n")
    };
    for value in ["''", "AUTO", "auto", "null"] {
        let plan = account.plan(&text(value)).await.unwrap();
        assert_eq!(actions(&plan), ["update deployment llama"], "{value}");
        assert_eq!(
            plan.changes[0].action.members()[0].path,
            "runtime.engineConfig.dtype"
        );
        account.apply(&text(value)).await;
        assert_eq!(
            account.actions(&text(value)).await,
            ["unchanged deployment llama"],
            "{value}"
        );
    }
}

#[tokio::test]
async fn null_clears_a_member() {
    let account = Account::with_chat().await;
    account
        .apply("kind: Deployment\nname: llama\nautoscaling: {priority: 5}\n")
        .await;
    let text = "kind: Deployment\nname: llama\nautoscaling: {priority: null}\n";
    let plan = account.plan(text).await.unwrap();
    let members = serde_json::to_value(plan.changes[0].action.members()).unwrap();
    assert_eq!(
        members,
        json!([{"path": "autoscaling.priority", "old": 5, "new": null}])
    );
    account.apply(text).await;
    assert_eq!(account.actions(text).await, ["unchanged deployment llama"]);
}

#[tokio::test]
async fn defaults_and_equivalent_values_are_not_differences() {
    let account = Account::with_chat().await;
    let text =
        CHAT.replace(
            "{engine: vllm}",
            "{engine: vllm, version: null, engineEnv: {}, engineConfig: null}",
        )
        .replace("zones: [US-EAST-04A]}", "zones: [us-east-04a]}")
        .replace(
            "{min: 1, max: 4}",
            "{min: 1, max: 4, priority: 0, capacityClasses: []}",
        ) + "endpointConfiguration: {additionalDns: []}\n";
    // The last line belongs to the claim; unknown members pass, so give it to the gateway.
    let text = text
        .replace("endpointConfiguration: {additionalDns: []}\n", "")
        .replace(
            "coreWeaveAuth: {}",
            "coreWeaveAuth: {}\nendpointConfiguration: {additionalDns: []}",
        );
    assert_eq!(account.actions(&text).await, UNCHANGED);
}

#[tokio::test]
async fn equivalent_responses_are_not_differences() {
    let account = Account::with_chat().await;
    for fault in [
        Fault::integer_enums(),
        Fault::zero_values(),
        Fault::nulls(),
        Fault::unknown_members(),
    ] {
        let form = format!("{fault}");
        account.fake.fault(fault);
        assert_eq!(account.actions(CHAT).await, UNCHANGED, "{form}");
        account.fake.clear_faults();
    }
}

#[tokio::test]
async fn setting_one_authentication_clears_the_other() {
    let account = Account::with_chat().await;
    let text = "kind: Gateway\nname: chat\nweightsAndBiasesAuth: {apiKey: secret, serverUrl: 'https://wandb.example.com'}\n";
    let plan = account.plan(text).await.unwrap();
    let members = serde_json::to_value(plan.changes[0].action.members()).unwrap();
    assert_eq!(
        members,
        json!([
            {"path": "coreWeaveAuth", "old": {}, "new": null},
            {"path": "weightsAndBiasesAuth.apiKey", "old": null, "new": "(hidden)"},
            {"path": "weightsAndBiasesAuth.serverUrl", "old": null, "new": "https://wandb.example.com"},
        ])
    );
    assert!(!format!("{members:?}").contains("secret"));
    assert_eq!(account.apply(text).await, ["PATCH /gateways"]);
    assert_eq!(
        account.actions(text).await,
        ["unchanged gateway chat"],
        "the key is withheld, so it cannot differ"
    );
}

#[tokio::test]
async fn changes_that_an_update_cannot_make_are_replacements() {
    let account = Account::with_chat().await;
    let id = account
        .client
        .capacity_claims()
        .find_by_name("reserve")
        .await
        .unwrap()
        .unwrap()
        .id()
        .to_string();
    let text = format!(
        "kind: CapacityClaim\nname: renamed\nid: {id}\nresources: {{zones: [US-WEST-04A]}}\n---\n\
         kind: Deployment\nname: llama\nhotLoad: {{bucket: weights}}\nruntime: {{engine: dynamo-vllm}}\n"
    );
    let plan = account.plan(&text).await.unwrap();
    let reasons: Vec<_> = plan
        .changes
        .iter()
        .map(|change| match &change.action {
            Action::Replace { reasons, .. } => reasons.join("; "),
            other => other.to_string(),
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "`name` of a capacity claim cannot change; `resources.zones` of a capacity claim cannot change",
            "`hotLoad` of a deployment cannot change"
        ]
    );
}

#[tokio::test]
async fn a_gateway_in_use_cannot_be_replaced() {
    let account = Account::with_chat().await;
    account
        .apply(
            "kind: Gateway\nname: chat\nendpointConfiguration: {additionalDns: [a.example.com]}\n",
        )
        .await;
    let text =
        "kind: Gateway\nname: chat\nendpointConfiguration: {additionalDns: [b.example.com]}\n";
    assert_eq!(
        account.problems(text).await,
        "test.yaml:1: the gateway chat must be replaced (DNS names cannot be removed: a.example.com), but deployments \
         use it: llama; delete them or move them to another gateway first"
    );
}

#[tokio::test]
async fn an_unknown_gateway_is_reported_with_its_line() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\ngateways: [caht, other]\n";
    assert_eq!(
        account.problems(text).await,
        "test.yaml:3: there is no gateway caht, neither in the manifest nor in the account; did you mean `chat`?\n\
         test.yaml:3: there is no gateway other, neither in the manifest nor in the account"
    );
}

#[tokio::test]
async fn a_new_resource_needs_its_required_members() {
    let account = Account::empty().await;
    let text = "kind: CapacityClaim\nname: reserve\n---\nkind: Deployment\nname: llama\nruntime: {version: 0.11.0}\nresources: {instanceType: gb200-4x, gpuCount: 4}\n\
        model: {name: llama, bucket: models, path: llama}\nautoscaling: {min: 1, max: 1}\ntraffic: {}\n";
    assert_eq!(
        account.problems(text).await,
        "test.yaml:1: a new capacity claim needs `resources`\n\
         test.yaml:4: a new deployment needs `gateways`\n\
         test.yaml:6: a new deployment needs `runtime.engine`"
    );
}

#[tokio::test]
async fn prune_deletes_resources_that_are_not_in_the_manifest() {
    let account = Account::with_chat().await;
    let mut existing = Existing::fetch(&account.client).await.unwrap();
    let other = manifest("kind: Gateway\nname: other\ncoreWeaveAuth: {}\npathBasedRouting: {}\n");
    let plan = Plan::new(&other, &existing, PlanOptions::default()).unwrap();
    assert_eq!(actions(&plan), ["create gateway other"]);
    let plan = Plan::new(&other, &existing, PlanOptions { prune: true }).unwrap();
    assert_eq!(
        actions(&plan),
        [
            "create gateway other",
            "delete deployment llama",
            "delete gateway chat",
            "delete capacity claim reserve"
        ]
    );
    for resource in &mut existing.resources {
        resource.status = "STATUS_DELETING".to_owned();
    }
    let plan = Plan::new(&other, &existing, PlanOptions { prune: true }).unwrap();
    assert_eq!(actions(&plan), ["create gateway other"]);
}

#[tokio::test]
async fn a_gateway_that_a_deployment_keeps_using_is_not_pruned() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\ntraffic: {weight: 5}\n";
    let existing = Existing::fetch(&account.client).await.unwrap();
    let problems = Plan::new(&manifest(text), &existing, PlanOptions { prune: true }).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "test.yaml:1: the deployment llama uses the gateway chat, which is not in the manifest and would be deleted; add \
         the gateway, or name others in `gateways`"
    );
}

#[tokio::test]
async fn a_create_lists_its_members_with_gateways_by_name() {
    let account = Account::empty().await;
    let plan = account.plan(CHAT).await.unwrap();
    let members = serde_json::to_value(plan.changes[2].action.members()).unwrap();
    let members: Vec<_> = members
        .as_array()
        .unwrap()
        .iter()
        .map(|member| format!("{}: {}", member["path"].as_str().unwrap(), member["new"]))
        .collect();
    assert_eq!(
        members,
        [
            "autoscaling.max: 4",
            "autoscaling.min: 1",
            "gateways: [\"chat\"]",
            "model.bucket: \"models\"",
            "model.name: \"llama-3\"",
            "model.path: \"llama-3\"",
            "name: \"llama\"",
            "resources.gpuCount: 8",
            "resources.instanceType: \"gd-8xh100ib-i128\"",
            "runtime.engine: \"vllm\"",
            "traffic.weight: 100",
        ]
    );
}

#[tokio::test]
async fn what_the_service_chooses_keeps_its_value_when_it_is_cleared() {
    let account = Account::with_chat().await;
    for zones in ["null", "[]", "['']"] {
        let text = format!("kind: Gateway\nname: chat\nzones: {zones}\n");
        let plan = account.plan(&text).await.unwrap();
        assert_eq!(actions(&plan), ["unchanged gateway chat"], "{zones}");
        assert_eq!(
            plan.warnings[0].to_string(),
            "test.yaml:3: `zones` keeps its value, [\"US-EAST-04A\"]; the service chooses one where it is cleared"
        );
    }
    let text = "kind: Gateway\nname: chat\nzones: null\nendpointConfiguration: {additionalDns: [a.example.com]}\n";
    account.apply(text).await;
    let chat = account.client.gateways().find_by_name("chat").await;
    assert_eq!(chat.unwrap().unwrap().zones(), ["US-EAST-04A"]);
}

#[tokio::test]
async fn a_required_member_cannot_be_cleared() {
    let account = Account::with_chat().await;
    let text = "kind: Deployment\nname: llama\nautoscaling: null\nmodel:\n  path: null\n";
    assert_eq!(
        account.problems(text).await,
        "test.yaml:3: `autoscaling` of a deployment is required\n\
         test.yaml:5: `model.path` of a deployment is required"
    );
}

#[tokio::test]
async fn equivalent_address_ranges_are_not_differences() {
    let account = Account::with_chat().await;
    let text = |ranges| {
        format!(
            "kind: Gateway\nname: chat\nendpointConfiguration: {{allowedSourceIpRanges: [{ranges}]}}\n"
        )
    };
    account.apply(&text("'2001:db8::/32', 192.0.2.0/24")).await;
    assert_eq!(
        account
            .actions(&text("192.0.2.0/24, '2001:DB8:0:0::/32'"))
            .await,
        ["unchanged gateway chat"]
    );
}

#[tokio::test]
async fn a_member_that_nobody_knows_is_compared_once_the_service_returns_it() {
    let account = Account::with_chat().await;
    let text = "kind: Gateway\nname: chat\nmaxBodySize: 5\n";
    assert_eq!(account.actions(text).await, ["unchanged gateway chat"]);
    let patch = json!({"gateway": {"spec": {"maxBodySize": 4}}, "items": [{"spec": {
        "id": account.client.gateways().find_by_name("chat").await.unwrap().unwrap().id().to_string(),
        "name": "chat", "maxBodySize": 4}}]});
    account
        .fake
        .fault(Fault::merge_patch(patch).on(Operation::ListGateways));
    assert_eq!(account.actions(text).await, ["update gateway chat"]);
}

#[tokio::test]
async fn an_update_that_would_drop_a_key_is_a_problem() {
    let account = Account::with_chat().await;
    let text = "kind: Gateway\nname: chat\nweightsAndBiasesAuth: {apiKey: secret, serverUrl: 'https://wandb.example.com'}\n";
    account.apply(text).await;
    assert_eq!(
        account
            .problems("kind: Gateway\nname: chat\npathBasedRouting: {}\n")
            .await,
        "test.yaml:1: an update of this gateway needs `weightsAndBiasesAuth.apiKey`; the service never returns the key"
    );
}

#[tokio::test]
async fn a_claim_without_a_name_is_matched_by_its_id() {
    let account = Account::empty().await;
    account
        .fake
        .seed_capacity_claim(json!({"spec": {"name": ""}}))
        .unwrap();
    let existing = Existing::fetch(&account.client).await.unwrap();
    let claim = existing.resources.first().unwrap();
    let mut document = existing.document(claim);
    for id in [claim.id.clone(), claim.id.to_uppercase()] {
        document["id"] = id.as_str().into();
        let text = coreweave_inference_apply::to_yaml(&document);
        assert_eq!(
            account.actions(&text).await,
            [format!("unchanged capacity claim {id}")],
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_id_that_is_not_that_of_the_resource_with_the_name_is_reported() {
    let account = Account::with_chat().await;
    let existing = Existing::fetch(&account.client).await.unwrap();
    let mut resources = existing.resources.iter();
    let chat = resources.find(|resource| resource.name == "chat").unwrap();
    let plan = |id: &str| {
        let text = format!("kind: Gateway\nname: chat\nid: {id}\n");
        Plan::new(&manifest(&text), &existing, PlanOptions::default()).unwrap()
    };
    let other = plan("00000000-0000-4000-8000-00000000dead");
    assert_eq!(actions(&other), ["unchanged gateway chat"]);
    assert_eq!(
        other.warnings[0].to_string(),
        format!(
            "test.yaml:3: the `id` of the gateway chat is {}, and cannot change",
            chat.id
        )
    );
    assert!(plan(&chat.id.to_uppercase()).warnings.is_empty());
}

#[tokio::test]
async fn an_exported_account_is_unchanged() {
    let account = Account::with_chat().await;
    let existing = Existing::fetch(&account.client).await.unwrap();
    let documents = existing.resources.iter();
    let text: Vec<_> = documents
        .map(|resource| coreweave_inference_apply::to_yaml(&existing.document(resource)))
        .collect();
    let text = text.join("---\n");
    assert!(text.contains("gateways:\n  - chat\n"), "{text}");
    assert_eq!(account.actions(&text).await, UNCHANGED);
}

#[tokio::test]
async fn a_hundred_resources_are_planned_with_at_most_eight_requests() {
    let account = Account::empty().await;
    let document = |index: usize| match index % 4 {
        0 => format!(
            "kind: Gateway\nname: gateway-{index}\nzones: [US-EAST-04A]\ncoreWeaveAuth: {{}}\npathBasedRouting: {{}}\n"
        ),
        1 => format!(
            "kind: CapacityClaim\nname: claim-{index}\nresources: {{capacityType: CAPACITY_TYPE_MANAGED, instanceCount: 1, instanceId: gb200-4x, zones: [US-EAST-04A]}}\n"
        ),
        _ => CHAT
            .split("---")
            .nth(1)
            .unwrap()
            .replace("llama\n", &format!("model-{index}\n"))
            .replace("[chat]", "[gateway-0]"),
    };
    let text: Vec<_> = (0..100).map(document).collect();
    let text = text.join("\n---\n");
    assert_eq!(account.actions(&text).await.len(), 100);
    assert!(
        account.fake.requests().len() <= 8,
        "{} requests",
        account.fake.requests().len()
    );
    account.apply(&text).await;
    account.fake.clear_requests();
    assert!(account.plan(&text).await.unwrap().is_unchanged());
    assert_eq!(account.fake.requests().len(), 6);
}
