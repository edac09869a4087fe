//! Complete messages of every kind, for requests and responses.

use chrono::{DateTime, Utc};
use coreweave_inference_api::types::*;

pub(crate) const GATEWAY: &str = "1b0e7a52-6c1f-4b7e-8a40-3d2c1f0e9a11";
pub(crate) const DEPLOYMENT: &str = "2c1f8b63-7d20-4c8f-9b51-4e3d20fa0b22";
pub(crate) const CLAIM: &str = "3d209c74-8e31-4d90-ac62-5f4e310b1c33";
pub(crate) const HOT_LOAD: &str = "4e31ad85-9f42-4ea1-bd73-605f421c2d44";

/// A timestamp with as many digits as the API sends.
pub(crate) fn moment() -> DateTime<Utc> {
    "2026-02-03T04:05:06.123456789Z".parse().unwrap()
}

fn condition() -> Condition {
    Condition {
        type_: Some("Available".into()),
        status: Some(ConditionStatus::True),
        reason: Some("Scheduled".into()),
        message: Some("All replicas answer.".into()),
        zone: Some("US-EAST-04A".into()),
        last_update_time: Some(moment()),
        ..Default::default()
    }
}

pub(crate) fn gateway() -> Gateway {
    Gateway {
        spec: Some(GatewaySpec {
            id: Some(GATEWAY.into()),
            name: Some("chat".into()),
            zones: vec!["US-EAST-04A".into()],
            organization_id: Some("org-1".into()),
            weights_and_biases_auth: Some(WeightsAndBiasesAuth {
                api_key: Some("key-1".into()),
                server_url: Some("https://wandb.example".into()),
                enable_usage_reports: Some(true),
                enable_rate_limiting: Some(false),
                ..Default::default()
            }),
            header_based_routing: Some(HeaderBasedRouting {
                header_name: "x-model".into(),
                ..Default::default()
            }),
            endpoint_configuration: Some(EndpointConfiguration {
                additional_dns: vec!["chat.example".into()],
                allowed_source_ip_ranges: vec!["192.0.2.0/24".into()],
                ..Default::default()
            }),
            ..Default::default()
        }),
        status: Some(GatewayStatus {
            status: Some(ResourceStatus::Ready),
            created_at: Some(moment()),
            updated_at: Some(moment()),
            conditions: vec![condition()],
            endpoints: vec![format!("https://api.{GATEWAY}.gw.cwinference.com")],
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(crate) fn deployment() -> Deployment {
    Deployment {
        spec: Some(DeploymentSpec {
            id: Some(DEPLOYMENT.into()),
            name: Some("llama".into()),
            organization_id: Some("org-1".into()),
            gateway_ids: vec![GATEWAY.into()],
            runtime: Some(runtime()),
            resources: Some(hardware()),
            model: Some(model()),
            autoscaling: Some(autoscaling()),
            traffic: Some(traffic()),
            disabled: Some(true),
            hot_load: Some(hot_load_setup()),
            ..Default::default()
        }),
        status: Some(DeploymentStatus {
            status: Some(ResourceStatus::Updating),
            created_at: Some(moment()),
            updated_at: Some(moment()),
            conditions: vec![condition()],
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(crate) fn runtime() -> DeploymentRuntime {
    DeploymentRuntime {
        engine: "dynamo-vllm".into(),
        version: Some("0.9.1".into()),
        engine_config: [("max-model-len".into(), "8192".into())].into(),
        engine_env: [("VLLM_LOGGING_LEVEL".into(), "INFO".into())].into(),
        ..Default::default()
    }
}

pub(crate) fn hardware() -> DeploymentResources {
    DeploymentResources {
        instance_type: "gb200-4x".into(),
        gpu_count: 4,
        ..Default::default()
    }
}

pub(crate) fn model() -> DeploymentModel {
    DeploymentModel {
        name: "meta/llama-3".into(),
        bucket: "weights".into(),
        path: "llama/3".into(),
        ..Default::default()
    }
}

pub(crate) fn autoscaling() -> DeploymentAutoscaling {
    DeploymentAutoscaling {
        min: 1,
        max: 8,
        priority: Some(500),
        concurrency: Some(16),
        capacity_classes: vec![CapacityClass::Reserved, CapacityClass::OnDemand],
        ..Default::default()
    }
}

pub(crate) fn traffic() -> DeploymentTraffic {
    DeploymentTraffic {
        weight: Some(100),
        ..Default::default()
    }
}

pub(crate) fn hot_load_setup() -> DeploymentHotLoad {
    DeploymentHotLoad {
        bucket: Some("deltas".into()),
        path_prefix: Some("llama/".into()),
        transition_mode: Some(TransitionMode::Async),
        ..Default::default()
    }
}

pub(crate) fn capacity_claim() -> CapacityClaim {
    CapacityClaim {
        spec: Some(CapacityClaimSpec {
            id: Some(CLAIM.into()),
            name: Some("reserve".into()),
            organization_id: Some("org-1".into()),
            resources: Some(claimed()),
            ..Default::default()
        }),
        status: Some(CapacityClaimStatus {
            status: Some(ResourceStatus::Creating),
            allocated_instances: Some(1),
            pending_instances: Some(2),
            created_at: Some(moment()),
            updated_at: Some(moment()),
            conditions: vec![condition()],
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(crate) fn claimed() -> CapacityClaimResources {
    CapacityClaimResources {
        instance_id: "gb200-4x".into(),
        instance_count: 3,
        zones: vec!["US-WEST-04A".into(), "US-EAST-04A".into()],
        capacity_type: CapacityType::Managed,
        ..Default::default()
    }
}

pub(crate) fn hot_load() -> HotLoad {
    HotLoad {
        spec: Some(HotLoadSpec {
            id: Some(HOT_LOAD.into()),
            deployment_id: Some(DEPLOYMENT.into()),
            organization_id: Some("org-1".into()),
            identity: Some("step-2".into()),
            type_: Some(SnapshotType::Incremental),
            incremental_snapshot_metadata: Some(delta()),
            prompt_cache_policy: Some(PromptCachePolicy::Preserve),
            snapshot_chain: vec![SnapshotRef {
                identity: Some("step-1".into()),
                type_: Some(SnapshotType::Full),
                compression_format: Some(CompressionFormat::Zstd),
                checksum_format: Some(ChecksumFormat::Adler32),
                hot_load_id: Some("5f42be96-a053-4fb2-8e84-7160532d3e55".into()),
                ..Default::default()
            }],
            ..Default::default()
        }),
        status: Some(HotLoadStatus {
            state: Some(HotLoadState::InProgress),
            created_at: Some(moment()),
            updated_at: Some(moment()),
            finished_at: Some(moment()),
            canceled_at: Some(moment()),
            conditions: vec![condition()],
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(crate) fn delta() -> IncrementalSnapshotMetadata {
    IncrementalSnapshotMetadata {
        previous_snapshot_identity: "step-1".into(),
        compression_format: Some(CompressionFormat::Zstd),
        checksum_format: Some(ChecksumFormat::Adler32),
        ..Default::default()
    }
}

pub(crate) fn replica() -> HotLoadReplica {
    HotLoadReplica {
        name: Some("llama-0".into()),
        zone: Some("US-EAST-04A".into()),
        state: Some(HotLoadReplicaState::Error),
        current_snapshot_identity: Some("step-1".into()),
        error_reason: Some("checksum mismatch".into()),
        transitioned_at: Some(moment()),
        started_at: Some(moment()),
        finished_at: Some(moment()),
        updated_at: Some(moment()),
        ..Default::default()
    }
}

pub(crate) fn deployment_parameters() -> GetDeploymentParametersResponse {
    GetDeploymentParametersResponse {
        gateway_ids: vec![GATEWAY.into()],
        runtime_parameters: Some(RuntimeParameters {
            runtime_versions: [(
                "vllm".into(),
                RuntimeVersions {
                    versions: vec!["0.9.1".into(), "0.9.0".into()],
                    ..Default::default()
                },
            )]
            .into(),
            runtime_config_options: [(
                "vllm".into(),
                RuntimeConfigOptions {
                    allowed_keys: vec!["max-model-len".into()],
                    ..Default::default()
                },
            )]
            .into(),
            engine_env_options: [(
                "vllm".into(),
                EngineEnvOptions {
                    allowed_names: vec!["VLLM_LOGGING_LEVEL".into()],
                    ..Default::default()
                },
            )]
            .into(),
            ..Default::default()
        }),
        resource_parameters: Some(ResourceParameters {
            instance_types: vec!["gb200-4x".into()],
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(crate) fn capacity_claim_parameters() -> GetCapacityClaimParametersResponse {
    GetCapacityClaimParametersResponse {
        zone_instance_types: [(
            "US-WEST-04A".into(),
            ZoneInstanceTypes {
                instance_types: vec!["gb200-4x".into(), "h100-8x".into()],
                ..Default::default()
            },
        )]
        .into(),
        ..Default::default()
    }
}

/// An error with details.
pub(crate) fn refusal() -> Status {
    Status {
        code: Some(9),
        message: Some("a hot-load is already in progress".into()),
        details: vec![GoogleProtobufAny {
            type_: Some("type.googleapis.com/google.rpc.RequestInfo".into()),
            extra: [("requestId".into(), "req-1".into())].into_iter().collect(),
        }],
        ..Default::default()
    }
}
