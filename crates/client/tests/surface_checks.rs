//! The rules that requests are held to before they are sent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use coreweave_inference::kind::{self, Kind};
use coreweave_inference::{NewCapacityClaim, NewDeployment, NewGateway, NewHotLoad, NewResource};
use serde_json::{Value, json};

fn gateway() -> Value {
    json!({"name": "chat", "zones": ["US-EAST-04A"], "coreWeaveAuth": {}, "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}})
}

fn deployment() -> Value {
    json!({"name": "llama", "gatewayIds": ["g"], "runtime": {"engine": "vllm"},
        "resources": {"instanceType": "gb200-4x", "gpuCount": 4},
        "model": {"name": "llama", "bucket": "models", "path": "llama"},
        "autoscaling": {"min": 1, "max": 1}, "traffic": {}})
}

fn claim() -> Value {
    json!({"resources": {"instanceId": "gb200-4x", "instanceCount": 1, "zones": ["A"], "capacityType": "CAPACITY_TYPE_MANAGED"}})
}

fn load() -> Value {
    json!({"deploymentId": "d", "identity": "step-1", "type": "SNAPSHOT_TYPE_FULL"})
}

/// A request with some members set to something else; `null` takes one away.
fn with(mut request: Value, changes: Value) -> Value {
    for (pointer, value) in changes.as_object().unwrap() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = request
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        match value {
            Value::Null => drop(parent.remove(name)),
            value => drop(parent.insert(name.to_owned(), value.clone())),
        }
    }
    request
}

fn violations<K: Kind>(request: Value) -> Vec<String>
where
    K::Create: serde::de::DeserializeOwned,
{
    let new = NewResource::<K>::from_raw(serde_json::from_value(request).unwrap());
    match new.check() {
        Ok(()) => Vec::new(),
        Err(error) => {
            assert!(error.is_invalid_argument() && error.attempts() == 0);
            error
                .field_violations()
                .map(|violation| violation.field.clone())
                .collect()
        }
    }
}

fn table<K: Kind>(valid: fn() -> Value, rules: &[(Value, &[&str])])
where
    K::Create: serde::de::DeserializeOwned,
{
    assert_eq!(violations::<K>(valid()), [""; 0]);
    for (changes, fields) in rules {
        assert_eq!(
            violations::<K>(with(valid(), changes.clone())),
            *fields,
            "{changes}"
        );
    }
}

#[test]
fn gateways() {
    let long = "x".repeat(101);
    table::<kind::Gateway>(
        gateway,
        &[
            (json!({"/id": "chat"}), &["id"]),
            (json!({"/name": ""}), &["name"]),
            (json!({"/zones": []}), &[]),
            (json!({"/zones": [""]}), &["zones"]),
            (json!({"/zones": ["A", "B"]}), &["zones"]),
            (json!({"/coreWeaveAuth": null}), &["coreWeaveAuth"]),
            (json!({"/coreWeaveAuth": null, "/futureAuth": {}}), &[]),
            (json!({"/weightsAndBiasesAuth": {}}), &["coreWeaveAuth"]),
            (json!({"/bodyBasedRouting": null}), &["bodyBasedRouting"]),
            (
                json!({"/bodyBasedRouting": {"apiType": "API_TYPE_NEW"}}),
                &[],
            ),
            (json!({"/pathBasedRouting": {}}), &["bodyBasedRouting"]),
            (
                json!({"/bodyBasedRouting": null, "/pathBasedRouting": {}}),
                &[],
            ),
            (
                json!({"/bodyBasedRouting": null, "/headerBasedRouting": {"headerName": "X-Model"}}),
                &[],
            ),
            (
                json!({"/bodyBasedRouting": null, "/headerBasedRouting": {"headerName": ""}}),
                &["headerBasedRouting.headerName"],
            ),
            (
                json!({"/bodyBasedRouting": null, "/headerBasedRouting": {"headerName": long}}),
                &["headerBasedRouting.headerName"],
            ),
            (
                json!({"/bodyBasedRouting": null, "/headerBasedRouting": {"headerName": "a b"}}),
                &["headerBasedRouting.headerName"],
            ),
            (
                json!({"/coreWeaveAuth": null, "/weightsAndBiasesAuth": {}}),
                &[],
            ),
            (
                json!({"/coreWeaveAuth": null, "/weightsAndBiasesAuth": {"apiKey": "k", "serverUrl": "https://w"}}),
                &[],
            ),
            (
                json!({"/coreWeaveAuth": null, "/weightsAndBiasesAuth": {"apiKey": "k"}}),
                &["weightsAndBiasesAuth.serverUrl"],
            ),
            (
                json!({"/coreWeaveAuth": null, "/weightsAndBiasesAuth": {"serverUrl": "https://w"}}),
                &["weightsAndBiasesAuth.apiKey"],
            ),
            (
                json!({"/name": "", "/zones": ["A", ""], "/coreWeaveAuth": null}),
                &["name", "zones", "zones", "coreWeaveAuth"],
            ),
        ],
    );
}

#[test]
fn deployments() {
    table::<kind::Deployment>(
        deployment,
        &[
            (json!({"/id": "llama"}), &["id"]),
            (json!({"/name": " "}), &["name"]),
            (json!({"/gatewayIds": []}), &["gatewayIds"]),
            (json!({"/gatewayIds": ["g", ""]}), &["gatewayIds"]),
            (json!({"/runtime/engine": ""}), &["runtime.engine"]),
            (json!({"/runtime/engine": "an engine of tomorrow"}), &[]),
            (
                json!({"/resources/instanceType": ""}),
                &["resources.instanceType"],
            ),
            (json!({"/resources/gpuCount": 0}), &["resources.gpuCount"]),
            (json!({"/resources/gpuCount": 3}), &["resources.gpuCount"]),
            (json!({"/resources/gpuCount": 32}), &["resources.gpuCount"]),
            (json!({"/resources/gpuCount": 16}), &[]),
            (json!({"/model/name": "abc"}), &["model.name"]),
            (json!({"/model/name": "x".repeat(64)}), &["model.name"]),
            (json!({"/model/name": "x".repeat(63)}), &[]),
            (json!({"/model/bucket": "my.models"}), &["model.bucket"]),
            (json!({"/model/bucket": ""}), &["model.bucket"]),
            (json!({"/model/path": ""}), &["model.path"]),
            (json!({"/autoscaling/min": 0}), &["autoscaling.min"]),
            (json!({"/autoscaling/min": 2}), &["autoscaling.max"]),
            (
                json!({"/autoscaling/priority": 1001}),
                &["autoscaling.priority"],
            ),
            (json!({"/autoscaling/priority": 1000}), &[]),
            (
                json!({"/autoscaling/concurrency": 0}),
                &["autoscaling.concurrency"],
            ),
            (json!({"/traffic/weight": 1001}), &["traffic.weight"]),
            (json!({"/traffic/weight": 1000}), &[]),
            (json!({"/hotLoad": {"bucket": "snapshots"}}), &["hotLoad"]),
            (
                json!({"/hotLoad": {"bucket": "snapshots"}, "/runtime/engine": "dynamo-vllm"}),
                &[],
            ),
            (
                json!({"/hotLoad": {"bucket": "a/b"}, "/runtime/engine": "dynamo-vllm"}),
                &["hotLoad.bucket"],
            ),
        ],
    );
}

#[test]
fn capacity_claims() {
    table::<kind::CapacityClaim>(
        claim,
        &[
            (json!({"/id": "claim"}), &["id"]),
            (json!({"/name": ""}), &["name"]),
            (json!({"/name": "evenings"}), &[]),
            (
                json!({"/resources/instanceId": ""}),
                &["resources.instanceId"],
            ),
            (
                json!({"/resources/instanceCount": 0}),
                &["resources.instanceCount"],
            ),
            (json!({"/resources/zones": []}), &["resources.zones"]),
            (json!({"/resources/zones": ["A", ""]}), &["resources.zones"]),
            (json!({"/resources/zones": ["A", "B"]}), &[]),
            (
                json!({"/resources/capacityType": null}),
                &["resources.capacityType"],
            ),
            (
                json!({"/resources/capacityType": "CAPACITY_TYPE_SERVERLESS"}),
                &["resources.capacityType"],
            ),
            (json!({"/resources/capacityType": "CAPACITY_TYPE_NEW"}), &[]),
        ],
    );
}

#[test]
fn hot_loads() {
    let metadata = |previous: &str| json!({"previousSnapshotIdentity": previous});
    table::<kind::HotLoad>(
        load,
        &[
            (json!({"/hotLoadId": "load"}), &["hotLoadId"]),
            (json!({"/deploymentId": ""}), &["deploymentId"]),
            (json!({"/identity": ""}), &["identity"]),
            (json!({"/identity": ".."}), &["identity"]),
            (json!({"/identity": "a/b"}), &["identity"]),
            (json!({"/identity": "x".repeat(129)}), &["identity"]),
            (json!({"/identity": "x".repeat(128)}), &[]),
            (json!({"/type": null}), &["type"]),
            (
                json!({"/type": "SNAPSHOT_TYPE_INCREMENTAL"}),
                &["incrementalSnapshotMetadata"],
            ),
            (
                json!({"/type": "SNAPSHOT_TYPE_INCREMENTAL", "/incrementalSnapshotMetadata": metadata("step-0")}),
                &[],
            ),
            (
                json!({"/type": "SNAPSHOT_TYPE_INCREMENTAL", "/incrementalSnapshotMetadata": metadata(".")}),
                &["incrementalSnapshotMetadata.previousSnapshotIdentity"],
            ),
        ],
    );
}

/// What the builders make is what the API's description says, member for member.
#[test]
fn builders_make_what_they_say() {
    use coreweave_inference::{
        CapacityClass, CapacityType, ChecksumFormat, CompressionFormat, GatewayAuth, Gpus, Model,
        PromptCachePolicy, Routing, WandbAuth,
    };

    let wandb = WandbAuth::new()
        .server("https://w", "key")
        .usage_reports(true)
        .rate_limiting(false);
    let new = NewGateway::new(
        "chat",
        "A",
        GatewayAuth::WeightsAndBiases(wandb),
        Routing::Header("X-Model".into()),
    )
    .additional_dns(["a.test"])
    .allowed_source_ip_ranges(["192.0.2.0/24"]);
    assert_eq!(
        serde_json::to_value(new.raw()).unwrap(),
        json!({"name": "chat", "zones": ["A"], "headerBasedRouting": {"headerName": "X-Model"},
            "weightsAndBiasesAuth": {"serverUrl": "https://w", "apiKey": "key", "enableUsageReports": true, "enableRateLimiting": false},
            "endpointConfiguration": {"additionalDns": ["a.test"], "allowedSourceIpRanges": ["192.0.2.0/24"]}})
    );
    assert!(
        !format!("{new:?}").contains("\"key\""),
        "the key shows: {new:?}"
    );

    let new = NewDeployment::new(
        "llama",
        ["g"],
        "dynamo-vllm",
        Gpus::new("gb200-4x", 8),
        Model::new("n", "b", "p"),
        1..=4,
    )
    .engine_version("0.6.1")
    .engine_config("dtype", "auto")
    .engine_env("HF_HUB_OFFLINE", "1")
    .priority(3)
    .concurrency(5)
    .capacity_classes([CapacityClass::Reserved, CapacityClass::OnDemand])
    .weight(7)
    .disabled()
    .hot_load("snapshots", "run");
    assert_eq!(
        serde_json::to_value(new.raw()).unwrap(),
        json!({"name": "llama", "gatewayIds": ["g"],
            "runtime": {"engine": "dynamo-vllm", "version": "0.6.1", "engineConfig": {"dtype": "auto"}, "engineEnv": {"HF_HUB_OFFLINE": "1"}},
            "resources": {"instanceType": "gb200-4x", "gpuCount": 8},
            "model": {"name": "n", "bucket": "b", "path": "p"},
            "autoscaling": {"min": 1, "max": 4, "priority": 3, "concurrency": 5,
                "capacityClasses": ["CAPACITY_CLASS_RESERVED", "CAPACITY_CLASS_ON_DEMAND"]},
            "traffic": {"weight": 7}, "disabled": true,
            "hotLoad": {"bucket": "snapshots", "pathPrefix": "run", "transitionMode": "TRANSITION_MODE_ASYNC"}})
    );

    let new =
        NewCapacityClaim::new("gb200-4x", 2, ["A", "B"], CapacityType::Customer).name("evenings");
    assert_eq!(
        serde_json::to_value(new.raw()).unwrap(),
        json!({"name": "evenings", "resources": {"instanceId": "gb200-4x", "instanceCount": 2, "zones": ["A", "B"],
            "capacityType": "CAPACITY_TYPE_CUSTOMER"}})
    );

    let new = NewHotLoad::incremental("d", "step-2", "step-1")
        .formats(CompressionFormat::Zstd, ChecksumFormat::Adler32)
        .prompt_cache(PromptCachePolicy::Preserve);
    assert_eq!(
        serde_json::to_value(new.raw()).unwrap(),
        json!({"deploymentId": "d", "identity": "step-2", "type": "SNAPSHOT_TYPE_INCREMENTAL",
            "promptCachePolicy": "PROMPT_CACHE_POLICY_PRESERVE",
            "incrementalSnapshotMetadata": {"previousSnapshotIdentity": "step-1", "compressionFormat": "COMPRESSION_FORMAT_ZSTD",
                "checksumFormat": "CHECKSUM_FORMAT_ADLER32"}})
    );
}
