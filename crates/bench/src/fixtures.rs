//! Response bodies, as long as real ones.

use serde_json::{Value, json};

/// The id in every response that holds a gateway.
pub(crate) const GATEWAY: &str = "5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11";

/// The id of a gateway that does not exist.
pub(crate) const MISSING: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) const NOT_FOUND: &str = r#"{"code":5,"message":"no gateway 00000000-0000-4000-8000-000000000000","details":[
    {"@type":"type.googleapis.com/google.rpc.ResourceInfo","resourceType":"gateway",
     "resourceName":"00000000-0000-4000-8000-000000000000","owner":"","description":"deleted"},
    {"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"3b1d2c0a7e11","servingData":""}]}"#;

pub(crate) fn gateway() -> String {
    json!({"gateway": {
        "spec": {
            "id": GATEWAY, "name": "chat", "organizationId": "org-1f2e3d", "zones": ["US-EAST-04A"],
            "coreWeaveAuth": {}, "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"},
            "endpointConfiguration": {"additionalDns": ["chat.example.com"], "allowedSourceIpRanges": ["10.0.0.0/8"]},
        },
        "status": {
            "createdAt": "2026-01-14T09:30:00.123456789Z", "updatedAt": "2026-01-14T09:35:10.5Z",
            "status": "STATUS_READY", "endpoints": [format!("https://api.{GATEWAY}.gw.cwinference.com")],
            "conditions": [condition("Programmed"), condition("Routable")],
        },
    }})
    .to_string()
}

pub(crate) fn deployments(count: usize) -> String {
    json!({"items": (0..count).map(deployment).collect::<Vec<_>>()}).to_string()
}

fn deployment(number: usize) -> Value {
    json!({
        "spec": {
            "id": format!("9a3e5b70-11c2-4d5e-8f60-{number:012}"), "name": format!("llama-{number}"),
            "gatewayIds": [GATEWAY], "organizationId": "org-1f2e3d", "disabled": false,
            "runtime": {
                "engine": "vllm", "version": "0.11.2",
                "engineConfig": {"max-model-len": "32768", "tensor-parallel-size": "8"},
                "engineEnv": {"VLLM_LOGGING_LEVEL": "INFO"},
            },
            "resources": {"instanceType": "gb200-4x", "gpuCount": 8},
            "model": {"name": "meta-llama/Llama-3.3-70B", "bucket": "models", "path": "llama/3.3/70b"},
            "autoscaling": {
                "min": 1, "max": 8, "priority": 100, "concurrency": 64,
                "capacityClasses": ["CAPACITY_CLASS_RESERVED", "CAPACITY_CLASS_ON_DEMAND"],
            },
            "traffic": {"weight": 100},
        },
        "status": {
            "createdAt": "2026-01-14T09:30:00.123456789Z", "updatedAt": "2026-01-14T09:35:10.5Z",
            "status": "STATUS_READY", "conditions": [condition("Available"), condition("Scaled")],
        },
    })
}

fn condition(kind: &str) -> Value {
    json!({
        "type": kind, "status": "True", "reason": "AsExpected", "message": "all replicas respond",
        "zone": "US-EAST-04A", "lastUpdateTime": "2026-01-14T09:35:10.5Z",
    })
}
