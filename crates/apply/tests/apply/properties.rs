//! Properties of all manifests.

use std::collections::BTreeMap;

use coreweave_inference_apply::{
    Account as Existing, Action, ApplyOptions, Manifest, Outcome, PlanOptions, plan,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::account::Account;

const NAMES: [&str; 2] = ["alpha", "beta"];

/// A member that is left out, cleared, or set to one of a few values.
fn member(values: &'static [&'static str]) -> impl Strategy<Value = Option<Value>> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    prop_oneof![
        2 => Just(None),
        1 => Just(Some(Value::Null)),
        4 => proptest::sample::select(values).prop_map(move |text| Some(parse(text))),
    ]
}

fn object(members: Vec<(&'static str, Option<Value>)>) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn gateway(name: &'static str) -> impl Strategy<Value = Value> {
    let auth = proptest::sample::select(vec![
        json!({"coreWeaveAuth": {}}),
        json!({"weightsAndBiasesAuth": {"apiKey": "key", "serverUrl": "https://wandb.example.com", "enableUsageReports": false}}),
        json!({"weightsAndBiasesAuth": {"apiKey": "key", "serverUrl": "https://wandb.example.com", "enableRateLimiting": true}}),
    ]);
    let routing = proptest::sample::select(vec![
        json!({"pathBasedRouting": {}}),
        json!({"bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}}),
        json!({"headerBasedRouting": {"headerName": "X-Model"}}),
    ]);
    let zones = member(&[r#"["US-EAST-04A"]"#, "[]"]);
    let ranges = member(&[
        "[]",
        r#"["192.0.2.0/24"]"#,
        r#"["192.0.2.0/24", "198.51.100.0/24"]"#,
    ]);
    (auth, routing, zones, ranges).prop_map(move |(auth, routing, zones, ranges)| {
        let mut body = object(vec![("zones", zones)]);
        body.insert(
            "endpointConfiguration".into(),
            object(vec![("allowedSourceIpRanges", ranges)]).into(),
        );
        for part in [auth, routing, json!({"kind": "Gateway", "name": name})] {
            body.extend(part.as_object().unwrap().clone());
        }
        body.into()
    })
}

fn deployment(name: &'static str) -> impl Strategy<Value = Value> {
    let gateways = proptest::sample::select(vec![json!(["alpha"]), json!(["beta", "alpha"])]);
    let version = member(&[r#""0.11.0""#, r#""0.10.2""#, r#""""#]);
    let config = member(&[
        "{}",
        r#"{"dtype": "auto"}"#,
        r#"{"dtype": "half", "max-num-seqs": "4"}"#,
    ]);
    let scaling = (
        1..4u32,
        0..3u32,
        member(&["0", "7"]),
        member(&["[]", r#"["CAPACITY_CLASS_RESERVED"]"#]),
    );
    let rest = (member(&["0", "100"]), member(&["true", "false"]));
    (gateways, version, config, scaling, rest).prop_map(
        move |(gateways, version, config, (min, extra, priority, classes), (weight, disabled))| {
            let runtime = object(vec![
                ("engine", Some(json!("vllm"))),
                ("version", version),
                ("engineConfig", config),
            ]);
            let autoscaling = object(vec![
                ("min", Some(json!(min))),
                ("max", Some(json!(min + extra))),
                ("priority", priority),
                ("capacityClasses", classes),
            ]);
            let mut body = json!({
                "kind": "Deployment", "name": name, "gateways": gateways, "runtime": runtime, "autoscaling": autoscaling,
                "resources": {"instanceType": "gb200-4x", "gpuCount": 4},
                "model": {"name": "model", "bucket": "models", "path": name},
                "traffic": object(vec![("weight", weight)]),
            });
            body.as_object_mut().unwrap().extend(object(vec![("disabled", disabled)]));
            body
        },
    )
}

fn claim(name: &'static str) -> impl Strategy<Value = Value> {
    let zones = proptest::sample::select(vec![
        json!(["US-EAST-04A"]),
        json!(["US-WEST-04A", "US-EAST-04A"]),
    ]);
    (zones, 1..4u32).prop_map(move |(zones, count)| {
        json!({"kind": "CapacityClaim", "name": name, "resources":
            {"capacityType": "CAPACITY_TYPE_MANAGED", "instanceCount": count, "instanceId": "gb200-4x", "zones": zones}})
    })
}

/// All gateways, so that deployments can name them, and some of the others.
fn manifests() -> impl Strategy<Value = String> {
    let optional = (
        proptest::option::of(deployment(NAMES[0])),
        proptest::option::of(deployment(NAMES[1])),
        proptest::option::of(claim(NAMES[0])),
    );
    (gateway(NAMES[0]), gateway(NAMES[1]), optional).prop_map(|(first, second, (a, b, c))| {
        let documents = [a, b, c].into_iter().flatten().chain([first, second]);
        documents
            .map(|document| format!("{document}\n"))
            .collect::<Vec<_>>()
            .join("---\n")
    })
}

/// `expected` is in `found`, apart from what protobuf JSON leaves out and from secrets.
fn holds(found: Option<&Value>, expected: &Value, path: &str) {
    match expected {
        Value::Object(members) => {
            for (name, expected) in members.iter().filter(|(name, _)| *name != "apiKey") {
                holds(
                    found.and_then(|found| found.get(name)),
                    expected,
                    &format!("{path}.{name}"),
                );
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::String(text) if text.is_empty() => {}
        Value::Null | Value::Bool(false) => {}
        Value::Number(number) if number.as_u64() == Some(0) => {}
        expected => assert_eq!(found, Some(expected), "{path}"),
    }
}

async fn two_manifests(first: &str, second: &str) {
    let account = Account::empty().await;
    for text in [first, second] {
        let manifest = Manifest::parse("generated.yaml", text).unwrap();
        let Ok(planned) = plan(&account.client, &manifest, PlanOptions::default()).await else {
            return; // Some second manifests ask for the replacement of a gateway in use.
        };
        let mut expected = BTreeMap::new();
        for change in &planned.changes {
            let writes = match change.action {
                Action::Unchanged => continue,
                Action::Create(_) => "POST",
                _ => "PATCH",
            };
            *expected.entry(writes.to_owned()).or_insert(0) += 1;
        }
        account.fake.clear_requests();
        let options = ApplyOptions {
            replace: true,
            ..ApplyOptions::default()
        };
        if planned
            .changes
            .iter()
            .any(|change| change.action.is_destructive())
        {
            return;
        }
        for event in account.events(planned.clone(), options).await {
            assert!(
                matches!(event.outcome, Outcome::Accepted),
                "{event:?}\n{text}"
            );
        }
        let mut sent = BTreeMap::new();
        for write in account.writes() {
            *sent
                .entry(write.split(' ').next().unwrap().to_owned())
                .or_insert(0) += 1;
        }
        assert_eq!(sent, expected, "{text}");
        let existing = Existing::fetch(&account.client).await.unwrap();
        for change in &planned.changes {
            let found = existing
                .resources
                .iter()
                .find(|found| found.id == change.id)
                .unwrap();
            holds(
                Some(&Value::from(found.spec.clone())),
                &Value::from(change.spec.clone()),
                &change.name,
            );
        }
        let again = plan(&account.client, &manifest, PlanOptions::default())
            .await
            .unwrap();
        assert!(again.is_unchanged(), "{again:#?}\n{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_second_apply_sends_no_write_and_the_plan_predicts_what_apply_does(first in manifests(), second in manifests()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(two_manifests(&first, &second));
    }
}
