// @generated: the client of the CoreWeave Inference API, generated from openapi.yaml by coreweave-inference-codegen with progenitor.
// Do not edit: change openapi.yaml or crates/codegen, then run `cargo xtask generate`.

#[allow(unused_imports)]
use crate::{
    Call, Client, Error, FromJson, Items, Managed, Metadata, Operation, Resource,
    Response,
};
/// Messages and enums: the bodies of requests and responses, and what they contain.
pub mod types {
    crate::open_enum::open_enum! {
        #[doc = " The values of `BodyBasedRouting.apiType`."] ApiType, unspecified
        "API_TYPE_UNSPECIFIED", { Openai : "API_TYPE_OPENAI" = 1, }
    }
    /// Routing by a model name in the body of each inference request.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct BodyBasedRouting {
        /// The API that request bodies follow, which determines where the model name is. With `API_TYPE_OPENAI` it is the top-level JSON member `model`.
        pub api_type: crate::types::ApiType,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        BodyBasedRouting { api_type => "apiType", } extra
    }
    /// The request body of CancelHotLoad. It has no members.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CancelHotLoadRequest {
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CancelHotLoadRequest {} extra
    }
    /// Returned by CancelHotLoad.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CancelHotLoadResponse {
        /// The hot-load after the cancellation was accepted.
        pub hot_load: ::std::option::Option<HotLoad>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CancelHotLoadResponse { hot_load => "hotLoad", } extra
    }
    /// A reservation of GPU instances for the organization's inference deployments.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CapacityClaim {
        /// The requested instances and the identity of the claim.
        pub spec: ::std::option::Option<CapacityClaimSpec>,
        /// The observed state of the claim.
        pub status: ::std::option::Option<CapacityClaimStatus>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CapacityClaim { spec => "spec", status => "status", } extra
    }
    /// The instances that a capacity claim reserves.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CapacityClaimResources {
        /// The source of the capacity. A new claim has to say `CAPACITY_TYPE_MANAGED`; `CAPACITY_TYPE_SERVERLESS`, which is deprecated, and `CAPACITY_TYPE_CUSTOMER` are refused. Older claims read as they were made, or as `CAPACITY_TYPE_MANAGED`. An update cannot change it.
        pub capacity_type: crate::types::CapacityType,
        /// How many instances of that type to reserve. The only member that an update can change.
        pub instance_count: u32,
        /// Instance type to reserve, such as `gb200-4x`, written as the capacity claim parameters list it. At least one of the `zones` has to offer it. An update cannot change it.
        pub instance_id: ::std::string::String,
        /// Availability Zones to reserve instances in, such as `US-WEST-04A`, in order of preference, written as the capacity claim parameters list them. An update cannot change them.
        pub zones: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CapacityClaimResources { capacity_type => "capacityType", instance_count =>
        "instanceCount", instance_id => "instanceId", zones => "zones" always, } extra
    }
    /// The requested state of a capacity claim, plus its identity.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CapacityClaimSpec {
        /// UUID of the claim, chosen by the client at creation or else assigned by the service. It never changes.
        pub id: ::std::option::Option<::std::string::String>,
        /// Name given to the claim when it was created. An update cannot change it.
        pub name: ::std::option::Option<::std::string::String>,
        /// Id of the organization that the claim belongs to. Set by the service.
        pub organization_id: ::std::option::Option<::std::string::String>,
        /// The instances that the claim reserves.
        pub resources: ::std::option::Option<CapacityClaimResources>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CapacityClaimSpec { id => "id", name => "name", organization_id =>
        "organizationId", resources => "resources", } extra
    }
    /// The observed state of a capacity claim. Written by the service.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CapacityClaimStatus {
        /// How many of the requested instances are ready for use.
        pub allocated_instances: ::std::option::Option<u32>,
        /// Conditions that explain `status`.
        pub conditions: ::std::vec::Vec<Condition>,
        /// When the claim was accepted.
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// How many of the requested instances are not ready for use yet. With `CAPACITY_TYPE_CUSTOMER` these are usually Nodes that have yet to join the cluster.
        pub pending_instances: ::std::option::Option<u32>,
        /// Overall lifecycle state. `STATUS_ERROR` may still recover, `STATUS_FAILED` will not; a deleted claim is no longer found.
        pub status: ::std::option::Option<crate::types::ResourceStatus>,
        /// When the claim was last modified.
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CapacityClaimStatus { allocated_instances => "allocatedInstances", conditions =>
        "conditions", created_at => "createdAt", pending_instances => "pendingInstances",
        status => "status", updated_at => "updatedAt", } extra
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `DeploymentAutoscaling.capacityClasses`."] CapacityClass,
        unspecified "CAPACITY_CLASS_UNSPECIFIED", { Reserved : "CAPACITY_CLASS_RESERVED"
        = 1, OnDemand : "CAPACITY_CLASS_ON_DEMAND" = 2, }
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `CapacityClaimResources.capacityType`."] CapacityType,
        unspecified "CAPACITY_TYPE_UNSPECIFIED", { Serverless :
        "CAPACITY_TYPE_SERVERLESS" = 1, Customer : "CAPACITY_TYPE_CUSTOMER" = 2, Managed
        : "CAPACITY_TYPE_MANAGED" = 3, }
    }
    crate::open_enum::open_enum! {
        #[doc =
        " The values of `IncrementalSnapshotMetadata.checksumFormat`, `SnapshotRef.checksumFormat`."]
        ChecksumFormat, unspecified "CHECKSUM_FORMAT_UNSPECIFIED", { Adler32 :
        "CHECKSUM_FORMAT_ADLER32" = 1, }
    }
    crate::open_enum::open_enum! {
        #[doc =
        " The values of `IncrementalSnapshotMetadata.compressionFormat`, `SnapshotRef.compressionFormat`."]
        CompressionFormat, unspecified "COMPRESSION_FORMAT_UNSPECIFIED", { Zstd :
        "COMPRESSION_FORMAT_ZSTD" = 1, }
    }
    /// An observation about a resource, in the style of Kubernetes conditions.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Condition {
        /// When the condition was last updated.
        pub last_update_time: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// Human-readable explanation of the condition.
        pub message: ::std::option::Option<::std::string::String>,
        /// Machine-readable reason for the condition's last change.
        pub reason: ::std::option::Option<::std::string::String>,
        /// Whether the condition holds. `Unknown` means that the service cannot tell.
        pub status: ::std::option::Option<crate::types::ConditionStatus>,
        /// The aspect of the resource that the condition is about.
        pub type_: ::std::option::Option<::std::string::String>,
        /// Availability Zone that the condition applies to. Absent if it is not tied to a zone.
        pub zone: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        Condition { last_update_time => "lastUpdateTime", message => "message", reason =>
        "reason", status => "status", type_ => "type", zone => "zone", } extra
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `Condition.status`."] ConditionStatus, unspecified
        "STATUS_UNSPECIFIED", { True : "True" | "STATUS_TRUE" = 1, False : "False" |
        "STATUS_FALSE" = 2, Unknown : "Unknown" | "STATUS_UNKNOWN" = 3, }
    }
    /// Authentication by CoreWeave IAM. It has no members.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CoreWeaveAuth {
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CoreWeaveAuth {} extra
    }
    /// The content of a new capacity claim. Only the resources have to be given.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateCapacityClaimRequest {
        /// UUID of the new claim. The service generates one if it is absent; a client that sets it can safely repeat the request.
        pub id: ::std::option::Option<::std::string::String>,
        /// Name of the claim for people to recognize it by: 1 to 63 letters, digits and hyphens, none of them a hyphen at either end. It has to be unique among the claims of the organization, and it cannot be changed later.
        pub name: ::std::option::Option<::std::string::String>,
        /// Which instances the new claim asks for, how many of them and where.
        pub resources: CapacityClaimResources,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateCapacityClaimRequest { id => "id", name => "name", resources =>
        "resources", } extra
    }
    /// Returned by CreateCapacityClaim.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateCapacityClaimResponse {
        /// The new claim as the service accepted it, normally still in `STATUS_CREATING`.
        pub capacity_claim: ::std::option::Option<CapacityClaim>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateCapacityClaimResponse { capacity_claim => "capacityClaim", } extra
    }
    /// The spec of a new deployment.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateDeploymentRequest {
        /// The number of replicas and how it is scaled.
        pub autoscaling: DeploymentAutoscaling,
        /// Whether the deployment is switched off: it stays in `STATUS_CREATING`, and never becomes ready. Absent means false.
        pub disabled: ::std::option::Option<bool>,
        /// UUIDs of the gateways that send traffic to this deployment.
        pub gateway_ids: ::std::vec::Vec<::std::string::String>,
        /// Lets new weights be loaded into the running deployment without a restart. It can only be set at creation, and needs the engine `dynamo-vllm` and gateways that are all in one zone. Hot-loading is not enabled when this is left out.
        pub hot_load: ::std::option::Option<DeploymentHotLoad>,
        /// UUID of the new deployment. The service generates one if it is absent; a client that sets it can safely repeat the request.
        pub id: ::std::option::Option<::std::string::String>,
        /// The model to serve, and where its files are stored.
        pub model: DeploymentModel,
        /// Name of the deployment: 1 to 63 letters, digits and hyphens, none of them a hyphen at either end. It has to be unique among the deployments of the organization.
        pub name: ::std::string::String,
        /// The instance type and number of GPUs to run on.
        pub resources: DeploymentResources,
        /// The inference engine, its version and its settings.
        pub runtime: DeploymentRuntime,
        /// The share of traffic that the deployment gets among those serving the same model name.
        pub traffic: DeploymentTraffic,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateDeploymentRequest { autoscaling => "autoscaling", disabled => "disabled",
        gateway_ids => "gatewayIds" always, hot_load => "hotLoad", id => "id", model =>
        "model", name => "name", resources => "resources", runtime => "runtime", traffic
        => "traffic", } extra
    }
    /// Returned by CreateDeployment.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateDeploymentResponse {
        /// The new deployment as the service accepted it, normally still in `STATUS_CREATING`.
        pub deployment: ::std::option::Option<Deployment>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateDeploymentResponse { deployment => "deployment", } extra
    }
    /// The spec of a new gateway: its name, its zones, one authentication method and one routing method.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateGatewayRequest {
        /// Route by the model name that the request body contains. Set exactly one of the three routing members.
        pub body_based_routing: ::std::option::Option<BodyBasedRouting>,
        /// Accept inference requests with a CoreWeave API access token, as for this API. Cannot be combined with `weightsAndBiasesAuth`.
        pub core_weave_auth: ::std::option::Option<crate::types::CoreWeaveAuth>,
        /// Options of the public endpoint, such as additional DNS names and allowed source addresses.
        pub endpoint_configuration: ::std::option::Option<EndpointConfiguration>,
        /// Route by the model name that a request header contains. Set exactly one of the three routing members.
        pub header_based_routing: ::std::option::Option<HeaderBasedRouting>,
        /// UUID of the new gateway. The service generates one if it is absent; a client that sets it can safely repeat the request.
        pub id: ::std::option::Option<::std::string::String>,
        /// Name of the gateway, at most 38 characters. It has to be unique among the gateways of the organization, and it cannot be changed later.
        pub name: ::std::string::String,
        /// Route by the model name that the first segment of the URL path contains. Set exactly one of the three routing members.
        pub path_based_routing: ::std::option::Option<crate::types::PathBasedRouting>,
        /// Accept inference requests with Weights & Biases SaaS credentials; self-hosted installations are not supported. Cannot be combined with `coreWeaveAuth`.
        pub weights_and_biases_auth: ::std::option::Option<WeightsAndBiasesAuth>,
        /// Availability Zones to run the gateway in, at present one at most.
        pub zones: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateGatewayRequest { body_based_routing => "bodyBasedRouting", core_weave_auth
        => "coreWeaveAuth", endpoint_configuration => "endpointConfiguration",
        header_based_routing => "headerBasedRouting", id => "id", name => "name",
        path_based_routing => "pathBasedRouting", weights_and_biases_auth =>
        "weightsAndBiasesAuth", zones => "zones", } extra
    }
    /// Returned by CreateGateway.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateGatewayResponse {
        /// The new gateway as the service accepted it, normally still in `STATUS_CREATING`.
        pub gateway: ::std::option::Option<Gateway>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateGatewayResponse { gateway => "gateway", } extra
    }
    /// Which snapshot to load into which deployment. The deployment has to be ready, with hot-loading enabled and no other hot-load running.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateHotLoadRequest {
        /// UUID of the deployment to load the snapshot into.
        pub deployment_id: ::std::string::String,
        /// UUID of the new hot-load. The service generates one if it is absent; a client that sets it can safely repeat the request.
        pub hot_load_id: ::std::option::Option<::std::string::String>,
        /// Name of the snapshot to load. A single path segment of 1 to 128 characters, other than `.`, `..` and `initial`. One that another deployment of the organization has used is refused; a deployment may load its own again.
        pub identity: ::std::string::String,
        /// How to apply the snapshot on top of the one before it. Needed for an incremental snapshot.
        pub incremental_snapshot_metadata: ::std::option::Option<
            IncrementalSnapshotMetadata,
        >,
        /// What becomes of the prompt caches when the weights change: cleared with `PROMPT_CACHE_POLICY_RESET_ALL`, kept with `PROMPT_CACHE_POLICY_PRESERVE`, the default.
        pub prompt_cache_policy: ::std::option::Option<crate::types::PromptCachePolicy>,
        /// Kind of the snapshot. `SNAPSHOT_TYPE_FULL` holds all weights, `SNAPSHOT_TYPE_INCREMENTAL` only what changed since an earlier snapshot. After 128 incremental ones in a row a full one is due; an engine that starts anew replays at most 63.
        pub type_: crate::types::SnapshotType,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateHotLoadRequest { deployment_id => "deploymentId", hot_load_id =>
        "hotLoadId", identity => "identity", incremental_snapshot_metadata =>
        "incrementalSnapshotMetadata", prompt_cache_policy => "promptCachePolicy", type_
        => "type", } extra
    }
    /// Returned by CreateHotLoad.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateHotLoadResponse {
        /// The new hot-load as the service accepted it, normally still pending.
        pub hot_load: ::std::option::Option<HotLoad>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        CreateHotLoadResponse { hot_load => "hotLoad", } extra
    }
    /// Returned by DeleteCapacityClaim.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeleteCapacityClaimResponse {
        /// The claim as it was when its deletion was accepted, normally in `STATUS_DELETING`.
        pub capacity_claim: ::std::option::Option<CapacityClaim>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeleteCapacityClaimResponse { capacity_claim => "capacityClaim", } extra
    }
    /// Returned by DeleteDeployment.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeleteDeploymentResponse {
        /// The last state of the deployment, as it was when its deletion was accepted, normally in `STATUS_DELETING`.
        pub deployment: ::std::option::Option<Deployment>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeleteDeploymentResponse { deployment => "deployment", } extra
    }
    /// Returned by DeleteGateway.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeleteGatewayResponse {
        /// The gateway as it was when its deletion was accepted, normally in `STATUS_DELETING`.
        pub gateway: ::std::option::Option<Gateway>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeleteGatewayResponse { gateway => "gateway", } extra
    }
    /// A model served by an inference engine on GPU instances, behind one or more gateways.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Deployment {
        /// The requested state and the identity of the deployment.
        pub spec: ::std::option::Option<DeploymentSpec>,
        /// The observed state of the deployment.
        pub status: ::std::option::Option<DeploymentStatus>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        Deployment { spec => "spec", status => "status", } extra
    }
    /// The bounds and the target of automatic scaling.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentAutoscaling {
        /// Kinds of capacity that replicas may run on, most preferred first: reserved through capacity claims, or on demand.
        pub capacity_classes: ::std::vec::Vec<crate::types::CapacityClass>,
        /// Number of concurrent requests that scaling is based on, at least 1.
        pub concurrency: ::std::option::Option<u32>,
        /// Most replicas to run. It cannot be lower than `min`.
        pub max: u32,
        /// Fewest replicas to keep running, at least 1: scaling to zero is not possible.
        pub min: u32,
        /// Scaling priority of the deployment, from 0 to 1000.
        pub priority: ::std::option::Option<u32>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentAutoscaling { capacity_classes => "capacityClasses", concurrency =>
        "concurrency", max => "max", min => "min", priority => "priority", } extra
    }
    /// The location of a deployment's weight snapshots, and how replicas switch to them.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentHotLoad {
        /// Object storage bucket that holds the snapshots to load.
        pub bucket: ::std::option::Option<::std::string::String>,
        /// Path of the snapshots inside the bucket. A segment that is `..` is refused. Absent means the same as empty.
        pub path_prefix: ::std::option::Option<::std::string::String>,
        /// How replicas move to a new snapshot. `TRANSITION_MODE_ASYNC` is the only mode so far.
        pub transition_mode: ::std::option::Option<crate::types::TransitionMode>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentHotLoad { bucket => "bucket", path_prefix => "pathPrefix",
        transition_mode => "transitionMode", } extra
    }
    /// The model of a deployment: the name that inference requests use, and the object storage location of its files.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentModel {
        /// Object storage bucket that holds the model: 1 to 63 letters, digits and hyphens, none of them a hyphen at either end.
        pub bucket: ::std::string::String,
        /// Model name that inference requests carry, 4 to 63 characters long. Deployments with the same model name share its traffic.
        pub name: ::std::string::String,
        /// Path of the model files inside the bucket.
        pub path: ::std::string::String,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentModel { bucket => "bucket", name => "name", path => "path", } extra
    }
    /// The hardware that a deployment runs on.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentResources {
        /// Number of GPUs to use: 1, 2, 4, 8 or 16.
        pub gpu_count: u32,
        /// Instance type to run on, one of those that the deployment parameters list.
        pub instance_type: ::std::string::String,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentResources { gpu_count => "gpuCount", instance_type => "instanceType", }
        extra
    }
    /// The inference engine of a deployment. The deployment parameters say which engines, versions and settings are allowed.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentRuntime {
        /// Name of the engine: `vllm`, `sglang`, `dynamo-vllm`, `dynamo-sglang` or another one that the deployment parameters list.
        pub engine: ::std::string::String,
        /// Settings of the engine, by key. The deployment parameters list the accepted keys of each engine.
        pub engine_config: ::std::collections::HashMap<
            ::std::string::String,
            ::std::string::String,
        >,
        /// Environment variables of the engine, by name. The deployment parameters list the accepted names of each engine.
        pub engine_env: ::std::collections::HashMap<
            ::std::string::String,
            crate::Secret,
        >,
        /// Version of the engine, a semantic version that may have pre-release and build parts, such as `0.30.0+crwv.5`. The service takes the latest one when this is left out, and may insist on one in a create request.
        pub version: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentRuntime { engine => "engine", engine_config => "engineConfig",
        engine_env => "engineEnv", version => "version", } extra
    }
    /// The requested state of a deployment, plus its identity.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentSpec {
        /// The number of replicas and how it is scaled.
        pub autoscaling: ::std::option::Option<DeploymentAutoscaling>,
        /// Whether the deployment is switched off: it stays in `STATUS_CREATING`, and never becomes ready. Absent means false.
        pub disabled: ::std::option::Option<bool>,
        /// UUIDs of the gateways that send traffic to this deployment.
        pub gateway_ids: ::std::vec::Vec<::std::string::String>,
        /// Lets new weights be loaded into the running deployment without a restart. It can only be set at creation, and needs the engine `dynamo-vllm` and gateways that are all in one zone. Absent when hot-loading is not enabled.
        pub hot_load: ::std::option::Option<DeploymentHotLoad>,
        /// UUID of the deployment, chosen by the client at creation or else assigned by the service. It never changes.
        pub id: ::std::option::Option<::std::string::String>,
        /// The model to serve, and where its files are stored.
        pub model: ::std::option::Option<DeploymentModel>,
        /// Name of the deployment for people to recognize it by. It is not the model name that inference requests carry.
        pub name: ::std::option::Option<::std::string::String>,
        /// Id of the organization that the deployment belongs to. Set by the service.
        pub organization_id: ::std::option::Option<::std::string::String>,
        /// The instance type and number of GPUs to run on.
        pub resources: ::std::option::Option<DeploymentResources>,
        /// The inference engine, its version and its settings.
        pub runtime: ::std::option::Option<DeploymentRuntime>,
        /// The share of traffic that the deployment gets among those serving the same model name.
        pub traffic: ::std::option::Option<DeploymentTraffic>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentSpec { autoscaling => "autoscaling", disabled => "disabled",
        gateway_ids => "gatewayIds", hot_load => "hotLoad", id => "id", model => "model",
        name => "name", organization_id => "organizationId", resources => "resources",
        runtime => "runtime", traffic => "traffic", } extra
    }
    /// The observed state of a deployment. Written by the service.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentStatus {
        /// Conditions that explain `status`.
        pub conditions: ::std::vec::Vec<Condition>,
        /// When the deployment was accepted.
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Overall lifecycle state. Reaching `STATUS_READY` takes from minutes to most of an hour; `STATUS_ERROR` may still recover, `STATUS_FAILED` will not; a deleted deployment is no longer found.
        pub status: ::std::option::Option<crate::types::ResourceStatus>,
        /// When the deployment was last modified.
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentStatus { conditions => "conditions", created_at => "createdAt", status
        => "status", updated_at => "updatedAt", } extra
    }
    /// The share of traffic that a deployment gets.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeploymentTraffic {
        /// Relative weight from 0 to 1000. The service normalizes it over all deployments that share the model name. Absent or 0 means the default; a deployment that is alone with its model name gets all of its traffic.
        pub weight: ::std::option::Option<u32>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        DeploymentTraffic { weight => "weight", } extra
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `EndpointConfiguration.edgeProxyMode`."] EdgeProxyMode,
        unspecified "EDGE_PROXY_MODE_UNSPECIFIED", { Managed : "EDGE_PROXY_MODE_MANAGED"
        = 1, Direct : "EDGE_PROXY_MODE_DIRECT" = 2, }
    }
    /// Options of the endpoint that a gateway exposes.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EndpointConfiguration {
        /// Additional DNS names of the gateway. The owner of a name has to point its DNS record at the gateway endpoint.
        pub additional_dns: ::std::vec::Vec<::std::string::String>,
        /// CIDR ranges, IPv4 or IPv6, that may connect to the endpoint; at most 50. An empty list allows every address.
        pub allowed_source_ip_ranges: ::std::vec::Vec<::std::string::String>,
        /// How traffic reaches the gateway. `EDGE_PROXY_MODE_MANAGED`, the default, puts CoreWeave's edge proxy in front of it; `EDGE_PROXY_MODE_DIRECT` does not.
        pub edge_proxy_mode: ::std::option::Option<crate::types::EdgeProxyMode>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        EndpointConfiguration { additional_dns => "additionalDns",
        allowed_source_ip_ranges => "allowedSourceIpRanges", edge_proxy_mode =>
        "edgeProxyMode", } extra
    }
    /// The environment variables of an engine that a deployment can set.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EngineEnvOptions {
        /// Accepted names in `engineEnv`. They depend on the engine.
        pub allowed_names: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        EngineEnvOptions { allowed_names => "allowedNames", } extra
    }
    /// An entry point for inference traffic. It authenticates requests and routes them to deployments by model name.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Gateway {
        /// The requested state and the identity of the gateway.
        pub spec: ::std::option::Option<GatewaySpec>,
        /// The observed state of the gateway, and its URLs.
        pub status: ::std::option::Option<GatewayStatus>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        Gateway { spec => "spec", status => "status", } extra
    }
    /// The requested state of a gateway, plus its identity. It holds one authentication member and one routing member.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GatewaySpec {
        /// Route by the model name that the request body contains. Set exactly one of the three routing members.
        pub body_based_routing: ::std::option::Option<BodyBasedRouting>,
        /// Accept inference requests with a CoreWeave API access token, as for this API. Cannot be combined with `weightsAndBiasesAuth`.
        pub core_weave_auth: ::std::option::Option<crate::types::CoreWeaveAuth>,
        /// Options of the public endpoint, such as additional DNS names and allowed source addresses.
        pub endpoint_configuration: ::std::option::Option<EndpointConfiguration>,
        /// Route by the model name that a request header contains. Set exactly one of the three routing members.
        pub header_based_routing: ::std::option::Option<HeaderBasedRouting>,
        /// UUID of the gateway, chosen by the client at creation or else assigned by the service. It is part of the default endpoint URL.
        pub id: ::std::option::Option<::std::string::String>,
        /// Name given to the gateway when it was created. It cannot be changed afterward.
        pub name: ::std::option::Option<::std::string::String>,
        /// Id of the organization that the gateway belongs to. Set by the service.
        pub organization_id: ::std::option::Option<::std::string::String>,
        /// Route by the model name that the first segment of the URL path contains. Set exactly one of the three routing members.
        pub path_based_routing: ::std::option::Option<crate::types::PathBasedRouting>,
        /// Accept inference requests with Weights & Biases SaaS credentials; self-hosted installations are not supported. Cannot be combined with `coreWeaveAuth`.
        pub weights_and_biases_auth: ::std::option::Option<WeightsAndBiasesAuth>,
        /// Availability Zones that the gateway runs in, at present one at most.
        pub zones: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GatewaySpec { body_based_routing => "bodyBasedRouting", core_weave_auth =>
        "coreWeaveAuth", endpoint_configuration => "endpointConfiguration",
        header_based_routing => "headerBasedRouting", id => "id", name => "name",
        organization_id => "organizationId", path_based_routing => "pathBasedRouting",
        weights_and_biases_auth => "weightsAndBiasesAuth", zones => "zones", } extra
    }
    /// The observed state of a gateway. Written by the service.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GatewayStatus {
        /// Conditions that explain `status`.
        pub conditions: ::std::vec::Vec<Condition>,
        /// When the gateway was accepted.
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Base URLs to send inference requests to, present once the gateway is ready. First comes `https://api.<gateway id>.gw.cwinference.com`, then one URL for each additional DNS name.
        pub endpoints: ::std::vec::Vec<::std::string::String>,
        /// Overall lifecycle state. Traffic is served once it reads `STATUS_READY`; `STATUS_ERROR` may still recover; a deleted gateway is no longer found.
        pub status: ::std::option::Option<crate::types::ResourceStatus>,
        /// When the gateway was last modified.
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GatewayStatus { conditions => "conditions", created_at => "createdAt", endpoints
        => "endpoints", status => "status", updated_at => "updatedAt", } extra
    }
    /// The accepted values for capacity claims.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetCapacityClaimParametersResponse {
        /// Availability Zone name to the instance types available there.
        pub zone_instance_types: ::std::collections::HashMap<
            ::std::string::String,
            ZoneInstanceTypes,
        >,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetCapacityClaimParametersResponse { zone_instance_types => "zoneInstanceTypes",
        } extra
    }
    /// Returned by GetCapacityClaim.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetCapacityClaimResponse {
        /// The claim that was asked for.
        pub capacity_claim: ::std::option::Option<CapacityClaim>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetCapacityClaimResponse { capacity_claim => "capacityClaim", } extra
    }
    /// The accepted values for deployments behind the given gateways.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetDeploymentParametersResponse {
        /// UUIDs of the gateways that the values apply to.
        pub gateway_ids: ::std::vec::Vec<::std::string::String>,
        /// Accepted values in the resources of a deployment.
        pub resource_parameters: ::std::option::Option<ResourceParameters>,
        /// Accepted values in the runtime of a deployment.
        pub runtime_parameters: ::std::option::Option<RuntimeParameters>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetDeploymentParametersResponse { gateway_ids => "gatewayIds",
        resource_parameters => "resourceParameters", runtime_parameters =>
        "runtimeParameters", } extra
    }
    /// Returned by GetDeployment.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetDeploymentResponse {
        /// The deployment that was asked for.
        pub deployment: ::std::option::Option<Deployment>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetDeploymentResponse { deployment => "deployment", } extra
    }
    /// The accepted values for gateways.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetGatewayParametersResponse {
        /// Availability Zones that a gateway can be placed in.
        pub zones: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetGatewayParametersResponse { zones => "zones" always, } extra
    }
    /// Returned by GetGateway.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetGatewayResponse {
        /// The gateway that was asked for.
        pub gateway: ::std::option::Option<Gateway>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetGatewayResponse { gateway => "gateway", } extra
    }
    /// Returned by GetHotLoad.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetHotLoadResponse {
        /// The hot-load that was asked for.
        pub hot_load: ::std::option::Option<HotLoad>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GetHotLoadResponse { hot_load => "hotLoad", } extra
    }
    /// A protobuf message of any type in its JSON form. `@type` says which type it is, and the members of that type sit next to it.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GoogleProtobufAny {
        /// URL that names the type of the message, for example `type.googleapis.com/google.rpc.BadRequest`.
        pub type_: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        GoogleProtobufAny { type_ => "@type", } extra
    }
    /// Routing by a model name in an HTTP header of each inference request.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HeaderBasedRouting {
        /// Name of the header that contains the model name: 1 to 100 characters.
        pub header_name: ::std::string::String,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        HeaderBasedRouting { header_name => "headerName", } extra
    }
    /// An operation that loads a snapshot of weights into a running deployment.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HotLoad {
        /// The snapshot and the deployment it is loaded into.
        pub spec: ::std::option::Option<HotLoadSpec>,
        /// The observed state of the hot-load.
        pub status: ::std::option::Option<HotLoadStatus>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        HotLoad { spec => "spec", status => "status", } extra
    }
    /// The progress of one replica of the deployment in loading a snapshot.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HotLoadReplica {
        /// Identity of the snapshot that the replica serves. It equals the identity of the hot-load once the replica has been updated.
        pub current_snapshot_identity: ::std::option::Option<::std::string::String>,
        /// Why the replica is in state `ERROR`. Absent or empty otherwise.
        pub error_reason: ::std::option::Option<::std::string::String>,
        /// When the replica finished loading the snapshot, successfully or not. Absent until then.
        pub finished_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// Name of the replica.
        pub name: ::std::option::Option<::std::string::String>,
        /// When the replica started to load the snapshot. Absent until then.
        pub started_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// State of the replica: waiting for the update, loading the snapshot, serving it, or failed.
        pub state: ::std::option::Option<crate::types::HotLoadReplicaState>,
        /// When the replica entered its current state.
        pub transitioned_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// When this record was last updated.
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Availability Zone that the replica runs in.
        pub zone: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        HotLoadReplica { current_snapshot_identity => "currentSnapshotIdentity",
        error_reason => "errorReason", finished_at => "finishedAt", name => "name",
        started_at => "startedAt", state => "state", transitioned_at => "transitionedAt",
        updated_at => "updatedAt", zone => "zone", } extra
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `HotLoadReplica.state`."] HotLoadReplicaState,
        unspecified "STATE_UNSPECIFIED", { PendingUpdate : "PENDING_UPDATE" = 1, Updating
        : "UPDATING" = 2, Ready : "READY" = 3, Error : "ERROR" = 4, }
    }
    /// The snapshot and the deployment of a hot-load. It cannot be changed.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HotLoadSpec {
        /// UUID of the deployment that the snapshot is loaded into.
        pub deployment_id: ::std::option::Option<::std::string::String>,
        /// UUID of the hot-load, chosen by the client as `hotLoadId` at creation or else assigned by the service.
        pub id: ::std::option::Option<::std::string::String>,
        /// Name of the snapshot to load. A single path segment of 1 to 128 characters, other than `.`, `..` and `initial`.
        pub identity: ::std::option::Option<::std::string::String>,
        /// How the snapshot is applied on top of the one before it. Absent for a full snapshot.
        pub incremental_snapshot_metadata: ::std::option::Option<
            IncrementalSnapshotMetadata,
        >,
        /// Id of the organization that the hot-load belongs to. Set by the service.
        pub organization_id: ::std::option::Option<::std::string::String>,
        /// What happens to prompt caches when the weights change: `PROMPT_CACHE_POLICY_RESET_ALL` clears them, `PROMPT_CACHE_POLICY_PRESERVE` keeps them.
        pub prompt_cache_policy: ::std::option::Option<crate::types::PromptCachePolicy>,
        /// The snapshots that make up the resulting weights, oldest first: a full snapshot, then at most 128 incremental ones.
        pub snapshot_chain: ::std::vec::Vec<SnapshotRef>,
        /// Kind of the snapshot. `SNAPSHOT_TYPE_FULL` holds all weights, `SNAPSHOT_TYPE_INCREMENTAL` only what changed since an earlier snapshot.
        pub type_: ::std::option::Option<crate::types::SnapshotType>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        HotLoadSpec { deployment_id => "deploymentId", id => "id", identity =>
        "identity", incremental_snapshot_metadata => "incrementalSnapshotMetadata",
        organization_id => "organizationId", prompt_cache_policy => "promptCachePolicy",
        snapshot_chain => "snapshotChain", type_ => "type", } extra
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `HotLoadStatus.state`."] HotLoadState, unspecified
        "HOT_LOAD_STATE_UNSPECIFIED", { Pending : "HOT_LOAD_STATE_PENDING" = 1,
        InProgress : "HOT_LOAD_STATE_IN_PROGRESS" = 2, Completed :
        "HOT_LOAD_STATE_COMPLETED" = 3, Failed : "HOT_LOAD_STATE_FAILED" = 4, Canceled :
        "HOT_LOAD_STATE_CANCELED" = 5, }
    }
    /// The observed state of a hot-load. Written by the service.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HotLoadStatus {
        /// When the hot-load was canceled. Absent if it was not.
        pub canceled_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// Conditions that explain `state`.
        pub conditions: ::std::vec::Vec<Condition>,
        /// When the hot-load was accepted.
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// When the hot-load reached a final state. Absent until then.
        pub finished_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// State of the hot-load. `HOT_LOAD_STATE_COMPLETED`, `_FAILED` and `_CANCELED` are final.
        pub state: ::std::option::Option<crate::types::HotLoadState>,
        /// When the hot-load was last modified.
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        HotLoadStatus { canceled_at => "canceledAt", conditions => "conditions",
        created_at => "createdAt", finished_at => "finishedAt", state => "state",
        updated_at => "updatedAt", } extra
    }
    /// How to apply an incremental snapshot.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct IncrementalSnapshotMetadata {
        /// Checksum of the snapshot's data.
        pub checksum_format: ::std::option::Option<crate::types::ChecksumFormat>,
        /// Compression of the snapshot's data.
        pub compression_format: ::std::option::Option<crate::types::CompressionFormat>,
        /// Identity of the snapshot that this one builds on. A single path segment of 1 to 128 characters, other than `.`, `..` and `initial`.
        pub previous_snapshot_identity: ::std::string::String,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        IncrementalSnapshotMetadata { checksum_format => "checksumFormat",
        compression_format => "compressionFormat", previous_snapshot_identity =>
        "previousSnapshotIdentity", } extra
    }
    /// The capacity claims that match the request. The list is not paged.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListCapacityClaimsResponse {
        /// The matching claims of the caller's organization. Absent or empty if there are none.
        pub capacity_claims: ::std::vec::Vec<CapacityClaim>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ListCapacityClaimsResponse { capacity_claims => "capacityClaims", } extra
    }
    /// The deployments that match the request. The list is not paged.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListDeploymentsResponse {
        /// The matching deployments of the caller's organization. Absent or empty if there are none.
        pub items: ::std::vec::Vec<Deployment>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ListDeploymentsResponse { items => "items", } extra
    }
    /// The gateways that match the request. The list is not paged.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListGatewaysResponse {
        /// The matching gateways of the caller's organization. Absent or empty if there are none.
        pub items: ::std::vec::Vec<Gateway>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ListGatewaysResponse { items => "items", } extra
    }
    /// One page of the replicas of a hot-load.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListHotLoadReplicasResponse {
        /// Token to pass as `pageToken` for the next page of the same query. Empty or absent on the last page.
        pub next_page_token: ::std::option::Option<::std::string::String>,
        /// The replicas on this page, sorted by zone and then by name.
        pub replicas: ::std::vec::Vec<HotLoadReplica>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ListHotLoadReplicasResponse { next_page_token => "nextPageToken", replicas =>
        "replicas", } extra
    }
    /// One page of hot-loads.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListHotLoadsResponse {
        /// The hot-loads on this page, newest first.
        pub hot_loads: ::std::vec::Vec<HotLoad>,
        /// Token to pass as `pageToken` for the next page of the same query. Empty or absent on the last page.
        pub next_page_token: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ListHotLoadsResponse { hot_loads => "hotLoads", next_page_token =>
        "nextPageToken", } extra
    }
    /// Routing by the first path segment of each inference request, as in `/my-model/v1/chat/completions`. Special characters in a model name have to be percent-encoded. It has no members.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PathBasedRouting {
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        PathBasedRouting {} extra
    }
    crate::open_enum::open_enum! {
        #[doc =
        " The values of `CreateHotLoadRequest.promptCachePolicy`, `HotLoadSpec.promptCachePolicy`."]
        PromptCachePolicy, unspecified "PROMPT_CACHE_POLICY_UNSPECIFIED", { ResetAll :
        "PROMPT_CACHE_POLICY_RESET_ALL" = 1, Preserve : "PROMPT_CACHE_POLICY_PRESERVE" =
        2, }
    }
    /// The hardware available to deployments.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ResourceParameters {
        /// Accepted values of `instanceType`.
        pub instance_types: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ResourceParameters { instance_types => "instanceTypes", } extra
    }
    crate::open_enum::open_enum! {
        #[doc =
        " The values of `CapacityClaimStatus.status`, `DeploymentStatus.status`, `GatewayStatus.status`."]
        ResourceStatus, unspecified "STATUS_UNSPECIFIED", { Creating : "STATUS_CREATING"
        = 1, Ready : "STATUS_READY" = 6, Updating : "STATUS_UPDATING" = 2, Deleting :
        "STATUS_DELETING" = 3, Error : "STATUS_ERROR" = 4, Failed : "STATUS_FAILED" = 5,
        }
    }
    /// The settings of an engine that a deployment can change.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RuntimeConfigOptions {
        /// Accepted keys of `engineConfig`. They depend on the engine.
        pub allowed_keys: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        RuntimeConfigOptions { allowed_keys => "allowedKeys", } extra
    }
    /// The available engines, their versions and their settings.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RuntimeParameters {
        /// The environment variables that `engineEnv` accepts, by engine.
        pub engine_env_options: ::std::collections::HashMap<
            ::std::string::String,
            EngineEnvOptions,
        >,
        /// The keys that `engineConfig` accepts, by engine.
        pub runtime_config_options: ::std::collections::HashMap<
            ::std::string::String,
            RuntimeConfigOptions,
        >,
        /// The available versions, by engine. The keys are the accepted values of `engine`.
        pub runtime_versions: ::std::collections::HashMap<
            ::std::string::String,
            RuntimeVersions,
        >,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        RuntimeParameters { engine_env_options => "engineEnvOptions",
        runtime_config_options => "runtimeConfigOptions", runtime_versions =>
        "runtimeVersions", } extra
    }
    /// The available versions of an engine.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RuntimeVersions {
        /// Semantic version numbers; the accepted values of `version`.
        pub versions: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        RuntimeVersions { versions => "versions", } extra
    }
    /// A snapshot in the chain that a hot-load builds on.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SnapshotRef {
        /// Checksum of the snapshot's data.
        pub checksum_format: ::std::option::Option<crate::types::ChecksumFormat>,
        /// Compression of the snapshot's data.
        pub compression_format: ::std::option::Option<crate::types::CompressionFormat>,
        /// UUID of the hot-load that loaded this snapshot.
        pub hot_load_id: ::std::option::Option<::std::string::String>,
        /// Name of the snapshot. A single path segment of 1 to 128 characters, other than `.`, `..` and `initial`.
        pub identity: ::std::option::Option<::std::string::String>,
        /// Kind of the snapshot. `SNAPSHOT_TYPE_FULL` holds all weights, `SNAPSHOT_TYPE_INCREMENTAL` only what changed since an earlier snapshot.
        pub type_: ::std::option::Option<crate::types::SnapshotType>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        SnapshotRef { checksum_format => "checksumFormat", compression_format =>
        "compressionFormat", hot_load_id => "hotLoadId", identity => "identity", type_ =>
        "type", } extra
    }
    crate::open_enum::open_enum! {
        #[doc =
        " The values of `CreateHotLoadRequest.type`, `HotLoadSpec.type`, `SnapshotRef.type`."]
        SnapshotType, unspecified "SNAPSHOT_TYPE_UNSPECIFIED", { Full :
        "SNAPSHOT_TYPE_FULL" = 1, Incremental : "SNAPSHOT_TYPE_INCREMENTAL" = 2, }
    }
    /// The error that a failed call returns, a `google.rpc.Status`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Status {
        /// Numeric `google.rpc.Code`: for example 3 for an invalid argument, 5 for not found, 6 for already exists, 9 for a failed precondition.
        pub code: ::std::option::Option<i32>,
        /// Machine-readable details, such as field violations, quota failures, retry hints and request ids. Each has a type. Often empty.
        pub details: ::std::vec::Vec<GoogleProtobufAny>,
        /// Description of the error in English, meant for developers. Do not parse it; use `code` and `details`.
        pub message: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        Status { code => "code", details => "details", message => "message", } extra
    }
    crate::open_enum::open_enum! {
        #[doc = " The values of `DeploymentHotLoad.transitionMode`."] TransitionMode,
        unspecified "TRANSITION_MODE_UNSPECIFIED", { Async : "TRANSITION_MODE_ASYNC" = 1,
        }
    }
    /// The complete new resources of an existing capacity claim. The name of a claim cannot be changed.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateCapacityClaimRequest {
        /// UUID of the claim to change. It has to match the id in the path.
        pub id: ::std::string::String,
        /// The complete new resources. There is no field mask, so include the members that stay the same.
        pub resources: CapacityClaimResources,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        UpdateCapacityClaimRequest { id => "id", resources => "resources", } extra
    }
    /// Returned by UpdateCapacityClaim.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateCapacityClaimResponse {
        /// The claim with its new resources, normally in `STATUS_UPDATING`.
        pub capacity_claim: ::std::option::Option<CapacityClaim>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        UpdateCapacityClaimResponse { capacity_claim => "capacityClaim", } extra
    }
    /// The complete new spec of an existing deployment. There is no field mask: a member that is left out is reset to its default.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateDeploymentRequest {
        /// The number of replicas and how it is scaled.
        pub autoscaling: DeploymentAutoscaling,
        /// Whether the deployment is switched off. If absent, it is reset to false.
        pub disabled: ::std::option::Option<bool>,
        /// UUIDs of the gateways that send traffic to this deployment.
        pub gateway_ids: ::std::vec::Vec<::std::string::String>,
        /// The hot-load setup of the deployment. It can only be set at creation: send it back as it was read. What leaving it out does is not known.
        pub hot_load: ::std::option::Option<DeploymentHotLoad>,
        /// UUID of the deployment to change. It has to match the id in the path.
        pub id: ::std::string::String,
        /// The model to serve, and where its files are stored.
        pub model: DeploymentModel,
        /// Name of the deployment. Send the current name to keep it.
        pub name: ::std::string::String,
        /// The instance type and number of GPUs to run on.
        pub resources: DeploymentResources,
        /// The inference engine, its version and its settings.
        pub runtime: DeploymentRuntime,
        /// The share of traffic that the deployment gets among those serving the same model name.
        pub traffic: DeploymentTraffic,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        UpdateDeploymentRequest { autoscaling => "autoscaling", disabled => "disabled",
        gateway_ids => "gatewayIds" always, hot_load => "hotLoad", id => "id", model =>
        "model", name => "name", resources => "resources", runtime => "runtime", traffic
        => "traffic", } extra
    }
    /// Returned by UpdateDeployment.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateDeploymentResponse {
        /// The deployment with its new spec, normally in `STATUS_UPDATING`.
        pub deployment: ::std::option::Option<Deployment>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        UpdateDeploymentResponse { deployment => "deployment", } extra
    }
    /// The complete new spec of an existing gateway. There is no field mask: a member that is left out is reset to its default, except `endpointConfiguration`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateGatewayRequest {
        /// Route by the model name that the request body contains. Set exactly one of the three routing members.
        pub body_based_routing: ::std::option::Option<BodyBasedRouting>,
        /// Accept inference requests with a CoreWeave API access token, as for this API. Cannot be combined with `weightsAndBiasesAuth`.
        pub core_weave_auth: ::std::option::Option<crate::types::CoreWeaveAuth>,
        /// Options of the public endpoint, such as additional DNS names and allowed source addresses. Leaving it out, or sending an empty object, changes nothing.
        pub endpoint_configuration: ::std::option::Option<EndpointConfiguration>,
        /// Route by the model name that a request header contains. Set exactly one of the three routing members.
        pub header_based_routing: ::std::option::Option<HeaderBasedRouting>,
        /// UUID of the gateway to change. It has to match the id in the path.
        pub id: ::std::string::String,
        /// The current name of the gateway. It is required, and cannot be changed.
        pub name: ::std::string::String,
        /// Route by the model name that the first segment of the URL path contains. Set exactly one of the three routing members.
        pub path_based_routing: ::std::option::Option<crate::types::PathBasedRouting>,
        /// Accept inference requests with Weights & Biases SaaS credentials; self-hosted installations are not supported. Cannot be combined with `coreWeaveAuth`.
        pub weights_and_biases_auth: ::std::option::Option<WeightsAndBiasesAuth>,
        /// Availability Zones to run the gateway in. Send the current zones to keep them.
        pub zones: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        UpdateGatewayRequest { body_based_routing => "bodyBasedRouting", core_weave_auth
        => "coreWeaveAuth", endpoint_configuration => "endpointConfiguration",
        header_based_routing => "headerBasedRouting", id => "id", name => "name",
        path_based_routing => "pathBasedRouting", weights_and_biases_auth =>
        "weightsAndBiasesAuth", zones => "zones", } extra
    }
    /// Returned by UpdateGateway.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateGatewayResponse {
        /// The gateway with its new spec, normally in `STATUS_UPDATING`.
        pub gateway: ::std::option::Option<Gateway>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        UpdateGatewayResponse { gateway => "gateway", } extra
    }
    /// Authentication by Weights & Biases, with optional usage reports and rate limits.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WeightsAndBiasesAuth {
        /// API key of the Weights & Biases organization. It is a secret, and responses never contain it.
        pub api_key: ::std::option::Option<crate::Secret>,
        /// Whether Weights & Biases may limit the rate of inference requests. Absent means false.
        pub enable_rate_limiting: ::std::option::Option<bool>,
        /// Whether the gateway reports inference usage to Weights & Biases. Absent means false.
        pub enable_usage_reports: ::std::option::Option<bool>,
        /// URL of the Weights & Biases server that checks credentials. If absent, the shared SaaS instance is used.
        pub server_url: ::std::option::Option<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        WeightsAndBiasesAuth { api_key => "apiKey", enable_rate_limiting =>
        "enableRateLimiting", enable_usage_reports => "enableUsageReports", server_url =>
        "serverUrl", } extra
    }
    /// The instance types that an Availability Zone offers to capacity claims.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ZoneInstanceTypes {
        /// Accepted values of `instanceId` in this zone.
        pub instance_types: ::std::vec::Vec<::std::string::String>,
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    crate::proto_json::message! {
        ZoneInstanceTypes { instance_types => "instanceTypes", } extra
    }
}
impl Client {
    /// List capacity claims
    ///
    /// Lists the capacity claims of the caller's organization. The list is not paged.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/capacityclaims`
    ///
    /// Arguments:
    /// - `params`: The optional query parameters.
    pub async fn list_capacity_claims(
        &self,
        params: &params::ListCapacityClaimsParams,
    ) -> Result<Response<types::ListCapacityClaimsResponse>, Error> {
        self.send(&Call::list_capacity_claims(params)).await
    }
    /// Create capacity claim
    ///
    /// Creates a capacity claim. The call returns once the claim is accepted; its status shows the instances as they become available. Fails if the id or name is already in use.
    ///
    /// Sends a `POST` request to `/v1alpha1/inference/capacityclaims`
    ///
    /// Arguments:
    /// - `body`: The claim to create.
    pub async fn create_capacity_claim(
        &self,
        body: &types::CreateCapacityClaimRequest,
    ) -> Result<Response<types::CreateCapacityClaimResponse>, Error> {
        self.send(&Call::create_capacity_claim(body)).await
    }
    /// Get capacity claim parameters
    ///
    /// Returns the zones and instance types a capacity claim can use.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/capacityclaims/parameters`
    pub async fn get_capacity_claim_parameters(
        &self,
    ) -> Result<Response<types::GetCapacityClaimParametersResponse>, Error> {
        self.send(&Call::get_capacity_claim_parameters()).await
    }
    /// Delete capacity claim
    ///
    /// Deletes a capacity claim. The claim stays in `STATUS_DELETING` for a while and is then no longer found.
    ///
    /// Sends a `DELETE` request to `/v1alpha1/inference/capacityclaims/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the capacity claim to delete.
    pub async fn delete_capacity_claim(
        &self,
        id: &str,
    ) -> Result<Response<types::DeleteCapacityClaimResponse>, Error> {
        self.send(&Call::delete_capacity_claim(id)).await
    }
    /// Get capacity claim
    ///
    /// Returns a capacity claim of the caller's organization.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/capacityclaims/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the capacity claim to read.
    pub async fn get_capacity_claim(
        &self,
        id: &str,
    ) -> Result<Response<types::GetCapacityClaimResponse>, Error> {
        self.send(&Call::get_capacity_claim(id)).await
    }
    /// Update capacity claim
    ///
    /// Replaces the resources of a capacity claim. The call returns once the change is accepted, before it has taken effect.
    ///
    /// Sends a `PATCH` request to `/v1alpha1/inference/capacityclaims/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the capacity claim to change.
    /// - `body`: The id of the claim and its complete new resources.
    pub async fn update_capacity_claim(
        &self,
        id: &str,
        body: &types::UpdateCapacityClaimRequest,
    ) -> Result<Response<types::UpdateCapacityClaimResponse>, Error> {
        self.send(&Call::update_capacity_claim(id, body)).await
    }
    /// List deployments
    ///
    /// Lists the deployments of the caller's organization. The list is not paged.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/deployments`
    ///
    /// Arguments:
    /// - `params`: The optional query parameters.
    pub async fn list_deployments(
        &self,
        params: &params::ListDeploymentsParams,
    ) -> Result<Response<types::ListDeploymentsResponse>, Error> {
        self.send(&Call::list_deployments(params)).await
    }
    /// Create deployment
    ///
    /// Creates a deployment. The call returns once the deployment is accepted; it becomes ready minutes to an hour later. Fails if the id or name is already in use.
    ///
    /// Sends a `POST` request to `/v1alpha1/inference/deployments`
    ///
    /// Arguments:
    /// - `body`: The deployment to create.
    pub async fn create_deployment(
        &self,
        body: &types::CreateDeploymentRequest,
    ) -> Result<Response<types::CreateDeploymentResponse>, Error> {
        self.send(&Call::create_deployment(body)).await
    }
    /// Get deployment parameters
    ///
    /// Returns the engines, engine versions, engine settings and instance types a deployment can use.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/deployments/parameters`
    pub async fn get_deployment_parameters(
        &self,
    ) -> Result<Response<types::GetDeploymentParametersResponse>, Error> {
        self.send(&Call::get_deployment_parameters()).await
    }
    /// Get deployment parameters
    ///
    /// Returns the engines, engine versions, engine settings and instance types a deployment can use.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/deployments/parameters`
    ///
    /// Arguments:
    /// - `params`: The optional query parameters.
    pub async fn get_deployment_parameters_with(
        &self,
        params: &params::GetDeploymentParametersParams,
    ) -> Result<Response<types::GetDeploymentParametersResponse>, Error> {
        self.send(&Call::get_deployment_parameters_with(params)).await
    }
    /// Delete deployment
    ///
    /// Deletes a deployment. It stays in `STATUS_DELETING` for a while, during which it still counts as using its gateways, and is then no longer found.
    ///
    /// Sends a `DELETE` request to `/v1alpha1/inference/deployments/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the deployment to delete.
    pub async fn delete_deployment(
        &self,
        id: &str,
    ) -> Result<Response<types::DeleteDeploymentResponse>, Error> {
        self.send(&Call::delete_deployment(id)).await
    }
    /// Get deployment
    ///
    /// Returns a deployment of the caller's organization.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/deployments/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the deployment to read.
    pub async fn get_deployment(
        &self,
        id: &str,
    ) -> Result<Response<types::GetDeploymentResponse>, Error> {
        self.send(&Call::get_deployment(id)).await
    }
    /// Update deployment
    ///
    /// Replaces the spec of a deployment. Members that are left out are reset, so read it first and send everything back. Refused while a hot-load is running.
    ///
    /// Sends a `PATCH` request to `/v1alpha1/inference/deployments/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the deployment to change.
    /// - `body`: The id of the deployment and its complete new spec.
    pub async fn update_deployment(
        &self,
        id: &str,
        body: &types::UpdateDeploymentRequest,
    ) -> Result<Response<types::UpdateDeploymentResponse>, Error> {
        self.send(&Call::update_deployment(id, body)).await
    }
    /// List gateways
    ///
    /// Lists the gateways of the caller's organization. The list is not paged.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/gateways`
    ///
    /// Arguments:
    /// - `params`: The optional query parameters.
    pub async fn list_gateways(
        &self,
        params: &params::ListGatewaysParams,
    ) -> Result<Response<types::ListGatewaysResponse>, Error> {
        self.send(&Call::list_gateways(params)).await
    }
    /// Create gateway
    ///
    /// Creates a gateway. The call returns once the gateway is accepted; its endpoints appear some minutes later, when it is ready. Fails if the id or name is already in use.
    ///
    /// Sends a `POST` request to `/v1alpha1/inference/gateways`
    ///
    /// Arguments:
    /// - `body`: The gateway to create.
    pub async fn create_gateway(
        &self,
        body: &types::CreateGatewayRequest,
    ) -> Result<Response<types::CreateGatewayResponse>, Error> {
        self.send(&Call::create_gateway(body)).await
    }
    /// Get gateway parameters
    ///
    /// Returns the zones that gateways can use.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/gateways/parameters`
    pub async fn get_gateway_parameters(
        &self,
    ) -> Result<Response<types::GetGatewayParametersResponse>, Error> {
        self.send(&Call::get_gateway_parameters()).await
    }
    /// Delete gateway
    ///
    /// Deletes a gateway. Refused while deployments use it, those being deleted included; otherwise it stays in `STATUS_DELETING` for a while and is then no longer found.
    ///
    /// Sends a `DELETE` request to `/v1alpha1/inference/gateways/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the gateway to delete.
    pub async fn delete_gateway(
        &self,
        id: &str,
    ) -> Result<Response<types::DeleteGatewayResponse>, Error> {
        self.send(&Call::delete_gateway(id)).await
    }
    /// Get gateway
    ///
    /// Returns a gateway of the caller's organization.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/gateways/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the gateway to read.
    pub async fn get_gateway(
        &self,
        id: &str,
    ) -> Result<Response<types::GetGatewayResponse>, Error> {
        self.send(&Call::get_gateway(id)).await
    }
    /// Update gateway
    ///
    /// Replaces the spec of a gateway. Members that are left out are reset, so read it first and send everything back. The name has to stay as it is.
    ///
    /// Sends a `PATCH` request to `/v1alpha1/inference/gateways/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the gateway to change.
    /// - `body`: The id of the gateway and its complete new spec.
    pub async fn update_gateway(
        &self,
        id: &str,
        body: &types::UpdateGatewayRequest,
    ) -> Result<Response<types::UpdateGatewayResponse>, Error> {
        self.send(&Call::update_gateway(id, body)).await
    }
    /// List hot-loads
    ///
    /// Lists the hot-loads of the caller's organization in pages, newest first.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/hotLoads`
    ///
    /// Arguments:
    /// - `params`: The optional query parameters.
    pub async fn list_hot_loads(
        &self,
        params: &params::ListHotLoadsParams,
    ) -> Result<Response<types::ListHotLoadsResponse>, Error> {
        self.send(&Call::list_hot_loads(params)).await
    }
    /// Create hot-load
    ///
    /// Creates a hot-load, which loads a snapshot of weights into a running deployment. Only one hot-load runs per deployment at a time; another one is refused as already in progress.
    ///
    /// Sends a `POST` request to `/v1alpha1/inference/hotLoads`
    ///
    /// Arguments:
    /// - `body`: The snapshot and the deployment to load it into.
    pub async fn create_hot_load(
        &self,
        body: &types::CreateHotLoadRequest,
    ) -> Result<Response<types::CreateHotLoadResponse>, Error> {
        self.send(&Call::create_hot_load(body)).await
    }
    /// Get hot-load
    ///
    /// Returns a hot-load of the caller's organization.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/hotLoads/{id}`
    ///
    /// Arguments:
    /// - `id`: UUID of the hot-load to read.
    pub async fn get_hot_load(
        &self,
        id: &str,
    ) -> Result<Response<types::GetHotLoadResponse>, Error> {
        self.send(&Call::get_hot_load(id)).await
    }
    /// List hot-load replicas
    ///
    /// Lists the replicas of a hot-load's deployment and their progress, in pages, sorted by zone and name.
    ///
    /// Sends a `GET` request to `/v1alpha1/inference/hotLoads/{hotLoadId}/replicas`
    ///
    /// Arguments:
    /// - `hot_load_id`: UUID of the hot-load whose replicas to list.
    /// - `params`: The optional query parameters.
    pub async fn list_hot_load_replicas(
        &self,
        hot_load_id: &str,
        params: &params::ListHotLoadReplicasParams,
    ) -> Result<Response<types::ListHotLoadReplicasResponse>, Error> {
        self.send(&Call::list_hot_load_replicas(hot_load_id, params)).await
    }
    /// Cancel hot-load
    ///
    /// Cancels a running hot-load. Currently the service returns UNIMPLEMENTED (HTTP 501).
    ///
    /// Sends a `POST` request to `/v1alpha1/inference/hotLoads/{id}:cancel`
    ///
    /// Arguments:
    /// - `id`: UUID of the hot-load to cancel.
    /// - `body`: An empty object.
    pub async fn cancel_hot_load(
        &self,
        id: &str,
        body: &types::CancelHotLoadRequest,
    ) -> Result<Response<types::CancelHotLoadResponse>, Error> {
        self.send(&Call::cancel_hot_load(id, body)).await
    }
}
impl Call {
    /// The call of [`Client::list_capacity_claims`].
    pub fn list_capacity_claims(params: &params::ListCapacityClaimsParams) -> Self {
        Self::new(Operation::LIST_CAPACITY_CLAIMS, &[])
            .query("updatedAfter", &params.updated_after)
    }
    /// The call of [`Client::create_capacity_claim`].
    pub fn create_capacity_claim(body: &types::CreateCapacityClaimRequest) -> Self {
        Self::new(Operation::CREATE_CAPACITY_CLAIM, &[]).json(body).creates(&body.id)
    }
    /// The call of [`Client::get_capacity_claim_parameters`].
    pub fn get_capacity_claim_parameters() -> Self {
        Self::new(Operation::GET_CAPACITY_CLAIM_PARAMETERS, &[])
    }
    /// The call of [`Client::delete_capacity_claim`].
    pub fn delete_capacity_claim(id: &str) -> Self {
        Self::new(Operation::DELETE_CAPACITY_CLAIM, &[id])
    }
    /// The call of [`Client::get_capacity_claim`].
    pub fn get_capacity_claim(id: &str) -> Self {
        Self::new(Operation::GET_CAPACITY_CLAIM, &[id])
    }
    /// The call of [`Client::update_capacity_claim`].
    pub fn update_capacity_claim(
        id: &str,
        body: &types::UpdateCapacityClaimRequest,
    ) -> Self {
        Self::new(Operation::UPDATE_CAPACITY_CLAIM, &[id]).json(body)
    }
    /// The call of [`Client::list_deployments`].
    pub fn list_deployments(params: &params::ListDeploymentsParams) -> Self {
        Self::new(Operation::LIST_DEPLOYMENTS, &[])
            .query("parentGatewayId", &params.parent_gateway_id)
            .query("updatedAfter", &params.updated_after)
    }
    /// The call of [`Client::create_deployment`].
    pub fn create_deployment(body: &types::CreateDeploymentRequest) -> Self {
        Self::new(Operation::CREATE_DEPLOYMENT, &[]).json(body).creates(&body.id)
    }
    /// The call of [`Client::get_deployment_parameters`].
    pub fn get_deployment_parameters() -> Self {
        Self::get_deployment_parameters_with(&::std::default::Default::default())
    }
    /// The call of [`Client::get_deployment_parameters_with`].
    pub fn get_deployment_parameters_with(
        params: &params::GetDeploymentParametersParams,
    ) -> Self {
        Self::new(Operation::GET_DEPLOYMENT_PARAMETERS, &[])
            .query("gatewayIds", &params.gateway_ids)
    }
    /// The call of [`Client::delete_deployment`].
    pub fn delete_deployment(id: &str) -> Self {
        Self::new(Operation::DELETE_DEPLOYMENT, &[id])
    }
    /// The call of [`Client::get_deployment`].
    pub fn get_deployment(id: &str) -> Self {
        Self::new(Operation::GET_DEPLOYMENT, &[id])
    }
    /// The call of [`Client::update_deployment`].
    pub fn update_deployment(id: &str, body: &types::UpdateDeploymentRequest) -> Self {
        Self::new(Operation::UPDATE_DEPLOYMENT, &[id]).json(body)
    }
    /// The call of [`Client::list_gateways`].
    pub fn list_gateways(params: &params::ListGatewaysParams) -> Self {
        Self::new(Operation::LIST_GATEWAYS, &[])
            .query("updatedAfter", &params.updated_after)
    }
    /// The call of [`Client::create_gateway`].
    pub fn create_gateway(body: &types::CreateGatewayRequest) -> Self {
        Self::new(Operation::CREATE_GATEWAY, &[]).json(body).creates(&body.id)
    }
    /// The call of [`Client::get_gateway_parameters`].
    pub fn get_gateway_parameters() -> Self {
        Self::new(Operation::GET_GATEWAY_PARAMETERS, &[])
    }
    /// The call of [`Client::delete_gateway`].
    pub fn delete_gateway(id: &str) -> Self {
        Self::new(Operation::DELETE_GATEWAY, &[id])
    }
    /// The call of [`Client::get_gateway`].
    pub fn get_gateway(id: &str) -> Self {
        Self::new(Operation::GET_GATEWAY, &[id])
    }
    /// The call of [`Client::update_gateway`].
    pub fn update_gateway(id: &str, body: &types::UpdateGatewayRequest) -> Self {
        Self::new(Operation::UPDATE_GATEWAY, &[id]).json(body)
    }
    /// The call of [`Client::list_hot_loads`].
    pub fn list_hot_loads(params: &params::ListHotLoadsParams) -> Self {
        Self::new(Operation::LIST_HOT_LOADS, &[])
            .query("maxPageSize", &params.max_page_size)
            .query("pageToken", &params.page_token)
            .query("parentDeploymentId", &params.parent_deployment_id)
    }
    /// The call of [`Client::create_hot_load`].
    pub fn create_hot_load(body: &types::CreateHotLoadRequest) -> Self {
        Self::new(Operation::CREATE_HOT_LOAD, &[]).json(body).creates(&body.hot_load_id)
    }
    /// The call of [`Client::get_hot_load`].
    pub fn get_hot_load(id: &str) -> Self {
        Self::new(Operation::GET_HOT_LOAD, &[id])
    }
    /// The call of [`Client::list_hot_load_replicas`].
    pub fn list_hot_load_replicas(
        hot_load_id: &str,
        params: &params::ListHotLoadReplicasParams,
    ) -> Self {
        Self::new(Operation::LIST_HOT_LOAD_REPLICAS, &[hot_load_id])
            .query("maxPageSize", &params.max_page_size)
            .query("pageToken", &params.page_token)
    }
    /// The call of [`Client::cancel_hot_load`].
    pub fn cancel_hot_load(id: &str, body: &types::CancelHotLoadRequest) -> Self {
        Self::new(Operation::CANCEL_HOT_LOAD, &[id]).json(body)
    }
}
/// The optional query parameters of the operations, one struct for each operation that has some.
pub mod params {
    #[allow(unused_imports)]
    use super::types;
    /// The optional query parameters of [`get_deployment_parameters`](super::Client::get_deployment_parameters).
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetDeploymentParametersParams {
        /// UUIDs of the gateways that the deployment is meant for, one parameter for each. The response lists the gateways that it applies to.
        pub gateway_ids: ::std::vec::Vec<::std::string::String>,
        #[doc(hidden)]
        pub _non_exhaustive: (),
    }
    /// The optional query parameters of [`list_capacity_claims`](super::Client::list_capacity_claims).
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListCapacityClaimsParams {
        /// Return only claims modified after this point in time, an RFC 3339 timestamp. The default is to return all of them.
        pub updated_after: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        #[doc(hidden)]
        pub _non_exhaustive: (),
    }
    /// The optional query parameters of [`list_deployments`](super::Client::list_deployments).
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListDeploymentsParams {
        /// UUID of a gateway. Return only deployments behind it. The default is to return all of them.
        pub parent_gateway_id: ::std::option::Option<::std::string::String>,
        /// Return only deployments modified after this point in time, an RFC 3339 timestamp. The default is to return all of them.
        pub updated_after: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        #[doc(hidden)]
        pub _non_exhaustive: (),
    }
    /// The optional query parameters of [`list_gateways`](super::Client::list_gateways).
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListGatewaysParams {
        /// Return only gateways modified after this point in time, an RFC 3339 timestamp. The default is to return all of them.
        pub updated_after: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        #[doc(hidden)]
        pub _non_exhaustive: (),
    }
    /// The optional query parameters of [`list_hot_load_replicas`](super::Client::list_hot_load_replicas).
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListHotLoadReplicasParams {
        /// Maximum number of replicas per page. 0 or absent means 50; values above 1000 are treated as 1000; negative values are refused.
        pub max_page_size: ::std::option::Option<i32>,
        /// The `nextPageToken` of the previous page. All other parameters have to be the same. Absent for the first page.
        pub page_token: ::std::option::Option<::std::string::String>,
        #[doc(hidden)]
        pub _non_exhaustive: (),
    }
    /// The optional query parameters of [`list_hot_loads`](super::Client::list_hot_loads).
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListHotLoadsParams {
        /// Maximum number of hot-loads per page. 0 or absent means 50; values above 1000 are treated as 1000; negative values are refused.
        pub max_page_size: ::std::option::Option<i32>,
        /// The `nextPageToken` of the previous page. All other parameters have to be the same. Absent for the first page.
        pub page_token: ::std::option::Option<::std::string::String>,
        /// UUID of a deployment. Return only hot-loads into it. The default is to return all of them.
        pub parent_deployment_id: ::std::option::Option<::std::string::String>,
        #[doc(hidden)]
        pub _non_exhaustive: (),
    }
}
impl Resource for types::CapacityClaim {
    type Create = types::CreateCapacityClaimRequest;
    type Params = params::ListCapacityClaimsParams;
    const MEMBER: &'static str = "capacityClaim";
    const GET: &'static Operation = Operation::GET_CAPACITY_CLAIM;
    const CREATE: &'static Operation = Operation::CREATE_CAPACITY_CLAIM;
    const LIST: &'static Operation = Operation::LIST_CAPACITY_CLAIMS;
    fn metadata(&self) -> Metadata<'_> {
        let (spec, status) = (self.spec.as_ref(), self.status.as_ref());
        Metadata {
            id: spec.and_then(|message| message.id.as_ref()).map(String::as_str),
            name: spec.and_then(|message| message.name.as_ref()).map(String::as_str),
            status: status.and_then(|message| message.status.as_ref()),
            state: status
                .and_then(|message| message.status.as_ref())
                .unwrap_or(&types::ResourceStatus::Unspecified)
                .as_str(),
            created_at: status.and_then(|message| message.created_at.as_ref()).copied(),
            updated_at: status.and_then(|message| message.updated_at.as_ref()).copied(),
            conditions: status
                .map(|message| &message.conditions)
                .map_or(&[], Vec::as_slice),
        }
    }
    fn get(id: &str) -> Call {
        Call::get_capacity_claim(id)
    }
    fn create(body: &Self::Create) -> Call {
        Call::create_capacity_claim(body)
    }
    fn list(params: &Self::Params) -> Call {
        Call::list_capacity_claims(params)
    }
    fn create_id(body: &mut Self::Create) -> &mut Option<String> {
        &mut body.id
    }
    fn create_name(body: &Self::Create) -> &str {
        Some(body).and_then(|message| message.name.as_ref()).map_or("", String::as_str)
    }
    fn from_response(body: &[u8]) -> ::serde_json::Result<Option<Self>> {
        Ok(types::GetCapacityClaimResponse::from_json(body)?.capacity_claim)
    }
    fn from_list(body: &[u8]) -> ::serde_json::Result<Items<Self>> {
        let page = types::ListCapacityClaimsResponse::from_json(body)?;
        Ok(Items {
            items: page.capacity_claims,
            next_page_token: None,
            unknown_member: page.extra.into_iter().next().map(|(name, _)| name),
        })
    }
}
impl Managed for types::CapacityClaim {
    type Update = types::UpdateCapacityClaimRequest;
    const UPDATE: &'static Operation = Operation::UPDATE_CAPACITY_CLAIM;
    const DELETE: &'static Operation = Operation::DELETE_CAPACITY_CLAIM;
    fn to_update(&self) -> Self::Update {
        let Some(spec) = self.spec.as_ref() else {
            return Self::Update::default();
        };
        types::UpdateCapacityClaimRequest {
            id: spec.id.clone().unwrap_or_default(),
            resources: spec.resources.clone().unwrap_or_default(),
            extra: spec.extra.clone(),
            ..::std::default::Default::default()
        }
    }
    fn update_id(update: &mut Self::Update) -> &mut String {
        &mut update.id
    }
    fn set_updated_after(
        params: &mut Self::Params,
        time: Option<::chrono::DateTime<::chrono::offset::Utc>>,
    ) {
        params.updated_after = time;
    }
    fn update(id: &str, body: &Self::Update) -> Call {
        Call::update_capacity_claim(id, body)
    }
    fn delete(id: &str) -> Call {
        Call::delete_capacity_claim(id)
    }
}
impl Resource for types::Deployment {
    type Create = types::CreateDeploymentRequest;
    type Params = params::ListDeploymentsParams;
    const MEMBER: &'static str = "deployment";
    const GET: &'static Operation = Operation::GET_DEPLOYMENT;
    const CREATE: &'static Operation = Operation::CREATE_DEPLOYMENT;
    const LIST: &'static Operation = Operation::LIST_DEPLOYMENTS;
    fn metadata(&self) -> Metadata<'_> {
        let (spec, status) = (self.spec.as_ref(), self.status.as_ref());
        Metadata {
            id: spec.and_then(|message| message.id.as_ref()).map(String::as_str),
            name: spec.and_then(|message| message.name.as_ref()).map(String::as_str),
            status: status.and_then(|message| message.status.as_ref()),
            state: status
                .and_then(|message| message.status.as_ref())
                .unwrap_or(&types::ResourceStatus::Unspecified)
                .as_str(),
            created_at: status.and_then(|message| message.created_at.as_ref()).copied(),
            updated_at: status.and_then(|message| message.updated_at.as_ref()).copied(),
            conditions: status
                .map(|message| &message.conditions)
                .map_or(&[], Vec::as_slice),
        }
    }
    fn get(id: &str) -> Call {
        Call::get_deployment(id)
    }
    fn create(body: &Self::Create) -> Call {
        Call::create_deployment(body)
    }
    fn list(params: &Self::Params) -> Call {
        Call::list_deployments(params)
    }
    fn create_id(body: &mut Self::Create) -> &mut Option<String> {
        &mut body.id
    }
    fn create_name(body: &Self::Create) -> &str {
        Some(body).map(|message| &message.name).map_or("", String::as_str)
    }
    fn from_response(body: &[u8]) -> ::serde_json::Result<Option<Self>> {
        Ok(types::GetDeploymentResponse::from_json(body)?.deployment)
    }
    fn from_list(body: &[u8]) -> ::serde_json::Result<Items<Self>> {
        let page = types::ListDeploymentsResponse::from_json(body)?;
        Ok(Items {
            items: page.items,
            next_page_token: None,
            unknown_member: page.extra.into_iter().next().map(|(name, _)| name),
        })
    }
}
impl Managed for types::Deployment {
    type Update = types::UpdateDeploymentRequest;
    const UPDATE: &'static Operation = Operation::UPDATE_DEPLOYMENT;
    const DELETE: &'static Operation = Operation::DELETE_DEPLOYMENT;
    fn to_update(&self) -> Self::Update {
        let Some(spec) = self.spec.as_ref() else {
            return Self::Update::default();
        };
        types::UpdateDeploymentRequest {
            autoscaling: spec.autoscaling.clone().unwrap_or_default(),
            disabled: spec.disabled.clone(),
            gateway_ids: spec.gateway_ids.clone(),
            hot_load: spec.hot_load.clone(),
            id: spec.id.clone().unwrap_or_default(),
            model: spec.model.clone().unwrap_or_default(),
            name: spec.name.clone().unwrap_or_default(),
            resources: spec.resources.clone().unwrap_or_default(),
            runtime: spec.runtime.clone().unwrap_or_default(),
            traffic: spec.traffic.clone().unwrap_or_default(),
            extra: spec.extra.clone(),
            ..::std::default::Default::default()
        }
    }
    fn update_id(update: &mut Self::Update) -> &mut String {
        &mut update.id
    }
    fn set_updated_after(
        params: &mut Self::Params,
        time: Option<::chrono::DateTime<::chrono::offset::Utc>>,
    ) {
        params.updated_after = time;
    }
    fn update(id: &str, body: &Self::Update) -> Call {
        Call::update_deployment(id, body)
    }
    fn delete(id: &str) -> Call {
        Call::delete_deployment(id)
    }
}
impl Resource for types::Gateway {
    type Create = types::CreateGatewayRequest;
    type Params = params::ListGatewaysParams;
    const MEMBER: &'static str = "gateway";
    const GET: &'static Operation = Operation::GET_GATEWAY;
    const CREATE: &'static Operation = Operation::CREATE_GATEWAY;
    const LIST: &'static Operation = Operation::LIST_GATEWAYS;
    fn metadata(&self) -> Metadata<'_> {
        let (spec, status) = (self.spec.as_ref(), self.status.as_ref());
        Metadata {
            id: spec.and_then(|message| message.id.as_ref()).map(String::as_str),
            name: spec.and_then(|message| message.name.as_ref()).map(String::as_str),
            status: status.and_then(|message| message.status.as_ref()),
            state: status
                .and_then(|message| message.status.as_ref())
                .unwrap_or(&types::ResourceStatus::Unspecified)
                .as_str(),
            created_at: status.and_then(|message| message.created_at.as_ref()).copied(),
            updated_at: status.and_then(|message| message.updated_at.as_ref()).copied(),
            conditions: status
                .map(|message| &message.conditions)
                .map_or(&[], Vec::as_slice),
        }
    }
    fn get(id: &str) -> Call {
        Call::get_gateway(id)
    }
    fn create(body: &Self::Create) -> Call {
        Call::create_gateway(body)
    }
    fn list(params: &Self::Params) -> Call {
        Call::list_gateways(params)
    }
    fn create_id(body: &mut Self::Create) -> &mut Option<String> {
        &mut body.id
    }
    fn create_name(body: &Self::Create) -> &str {
        Some(body).map(|message| &message.name).map_or("", String::as_str)
    }
    fn from_response(body: &[u8]) -> ::serde_json::Result<Option<Self>> {
        Ok(types::GetGatewayResponse::from_json(body)?.gateway)
    }
    fn from_list(body: &[u8]) -> ::serde_json::Result<Items<Self>> {
        let page = types::ListGatewaysResponse::from_json(body)?;
        Ok(Items {
            items: page.items,
            next_page_token: None,
            unknown_member: page.extra.into_iter().next().map(|(name, _)| name),
        })
    }
}
impl Managed for types::Gateway {
    type Update = types::UpdateGatewayRequest;
    const UPDATE: &'static Operation = Operation::UPDATE_GATEWAY;
    const DELETE: &'static Operation = Operation::DELETE_GATEWAY;
    fn to_update(&self) -> Self::Update {
        let Some(spec) = self.spec.as_ref() else {
            return Self::Update::default();
        };
        types::UpdateGatewayRequest {
            body_based_routing: spec.body_based_routing.clone(),
            core_weave_auth: spec.core_weave_auth.clone(),
            endpoint_configuration: spec.endpoint_configuration.clone(),
            header_based_routing: spec.header_based_routing.clone(),
            id: spec.id.clone().unwrap_or_default(),
            name: spec.name.clone().unwrap_or_default(),
            path_based_routing: spec.path_based_routing.clone(),
            weights_and_biases_auth: spec.weights_and_biases_auth.clone(),
            zones: spec.zones.clone(),
            extra: spec.extra.clone(),
            ..::std::default::Default::default()
        }
    }
    fn update_id(update: &mut Self::Update) -> &mut String {
        &mut update.id
    }
    fn set_updated_after(
        params: &mut Self::Params,
        time: Option<::chrono::DateTime<::chrono::offset::Utc>>,
    ) {
        params.updated_after = time;
    }
    fn update(id: &str, body: &Self::Update) -> Call {
        Call::update_gateway(id, body)
    }
    fn delete(id: &str) -> Call {
        Call::delete_gateway(id)
    }
}
impl Resource for types::HotLoad {
    type Create = types::CreateHotLoadRequest;
    type Params = params::ListHotLoadsParams;
    const MEMBER: &'static str = "hotLoad";
    const GET: &'static Operation = Operation::GET_HOT_LOAD;
    const CREATE: &'static Operation = Operation::CREATE_HOT_LOAD;
    const LIST: &'static Operation = Operation::LIST_HOT_LOADS;
    fn metadata(&self) -> Metadata<'_> {
        let (spec, status) = (self.spec.as_ref(), self.status.as_ref());
        Metadata {
            id: spec.and_then(|message| message.id.as_ref()).map(String::as_str),
            name: spec.and_then(|message| message.identity.as_ref()).map(String::as_str),
            status: None,
            state: status
                .and_then(|message| message.state.as_ref())
                .unwrap_or(&types::HotLoadState::Unspecified)
                .as_str(),
            created_at: status.and_then(|message| message.created_at.as_ref()).copied(),
            updated_at: status.and_then(|message| message.updated_at.as_ref()).copied(),
            conditions: status
                .map(|message| &message.conditions)
                .map_or(&[], Vec::as_slice),
        }
    }
    fn get(id: &str) -> Call {
        Call::get_hot_load(id)
    }
    fn create(body: &Self::Create) -> Call {
        Call::create_hot_load(body)
    }
    fn list(params: &Self::Params) -> Call {
        Call::list_hot_loads(params)
    }
    fn create_id(body: &mut Self::Create) -> &mut Option<String> {
        &mut body.hot_load_id
    }
    fn create_name(body: &Self::Create) -> &str {
        Some(body).map(|message| &message.identity).map_or("", String::as_str)
    }
    fn from_response(body: &[u8]) -> ::serde_json::Result<Option<Self>> {
        Ok(types::GetHotLoadResponse::from_json(body)?.hot_load)
    }
    fn from_list(body: &[u8]) -> ::serde_json::Result<Items<Self>> {
        let page = types::ListHotLoadsResponse::from_json(body)?;
        Ok(Items {
            items: page.hot_loads,
            next_page_token: page.next_page_token,
            unknown_member: page.extra.into_iter().next().map(|(name, _)| name),
        })
    }
}
impl Operation {
    /// `HotLoadService_CancelHotLoad`: `POST /v1alpha1/inference/hotLoads/{id}:cancel`
    pub const CANCEL_HOT_LOAD: &'static Self = &Self {
        name: "cancel_hot_load",
        id: "HotLoadService_CancelHotLoad",
        method: "POST",
        path: "/v1alpha1/inference/hotLoads/{id}:cancel",
        success: &[200],
    };
    /// `CapacityClaimService_CreateCapacityClaim`: `POST /v1alpha1/inference/capacityclaims`
    pub const CREATE_CAPACITY_CLAIM: &'static Self = &Self {
        name: "create_capacity_claim",
        id: "CapacityClaimService_CreateCapacityClaim",
        method: "POST",
        path: "/v1alpha1/inference/capacityclaims",
        success: &[200],
    };
    /// `DeploymentService_CreateDeployment`: `POST /v1alpha1/inference/deployments`
    pub const CREATE_DEPLOYMENT: &'static Self = &Self {
        name: "create_deployment",
        id: "DeploymentService_CreateDeployment",
        method: "POST",
        path: "/v1alpha1/inference/deployments",
        success: &[200],
    };
    /// `GatewayService_CreateGateway`: `POST /v1alpha1/inference/gateways`
    pub const CREATE_GATEWAY: &'static Self = &Self {
        name: "create_gateway",
        id: "GatewayService_CreateGateway",
        method: "POST",
        path: "/v1alpha1/inference/gateways",
        success: &[200],
    };
    /// `HotLoadService_CreateHotLoad`: `POST /v1alpha1/inference/hotLoads`
    pub const CREATE_HOT_LOAD: &'static Self = &Self {
        name: "create_hot_load",
        id: "HotLoadService_CreateHotLoad",
        method: "POST",
        path: "/v1alpha1/inference/hotLoads",
        success: &[200],
    };
    /// `CapacityClaimService_DeleteCapacityClaim`: `DELETE /v1alpha1/inference/capacityclaims/{id}`
    pub const DELETE_CAPACITY_CLAIM: &'static Self = &Self {
        name: "delete_capacity_claim",
        id: "CapacityClaimService_DeleteCapacityClaim",
        method: "DELETE",
        path: "/v1alpha1/inference/capacityclaims/{id}",
        success: &[200],
    };
    /// `DeploymentService_DeleteDeployment`: `DELETE /v1alpha1/inference/deployments/{id}`
    pub const DELETE_DEPLOYMENT: &'static Self = &Self {
        name: "delete_deployment",
        id: "DeploymentService_DeleteDeployment",
        method: "DELETE",
        path: "/v1alpha1/inference/deployments/{id}",
        success: &[200],
    };
    /// `GatewayService_DeleteGateway`: `DELETE /v1alpha1/inference/gateways/{id}`
    pub const DELETE_GATEWAY: &'static Self = &Self {
        name: "delete_gateway",
        id: "GatewayService_DeleteGateway",
        method: "DELETE",
        path: "/v1alpha1/inference/gateways/{id}",
        success: &[200],
    };
    /// `CapacityClaimService_GetCapacityClaim`: `GET /v1alpha1/inference/capacityclaims/{id}`
    pub const GET_CAPACITY_CLAIM: &'static Self = &Self {
        name: "get_capacity_claim",
        id: "CapacityClaimService_GetCapacityClaim",
        method: "GET",
        path: "/v1alpha1/inference/capacityclaims/{id}",
        success: &[200],
    };
    /// `CapacityClaimService_GetCapacityClaimParameters`: `GET /v1alpha1/inference/capacityclaims/parameters`
    pub const GET_CAPACITY_CLAIM_PARAMETERS: &'static Self = &Self {
        name: "get_capacity_claim_parameters",
        id: "CapacityClaimService_GetCapacityClaimParameters",
        method: "GET",
        path: "/v1alpha1/inference/capacityclaims/parameters",
        success: &[200],
    };
    /// `DeploymentService_GetDeployment`: `GET /v1alpha1/inference/deployments/{id}`
    pub const GET_DEPLOYMENT: &'static Self = &Self {
        name: "get_deployment",
        id: "DeploymentService_GetDeployment",
        method: "GET",
        path: "/v1alpha1/inference/deployments/{id}",
        success: &[200],
    };
    /// `DeploymentService_GetDeploymentParameters`: `GET /v1alpha1/inference/deployments/parameters`
    pub const GET_DEPLOYMENT_PARAMETERS: &'static Self = &Self {
        name: "get_deployment_parameters",
        id: "DeploymentService_GetDeploymentParameters",
        method: "GET",
        path: "/v1alpha1/inference/deployments/parameters",
        success: &[200],
    };
    /// `GatewayService_GetGateway`: `GET /v1alpha1/inference/gateways/{id}`
    pub const GET_GATEWAY: &'static Self = &Self {
        name: "get_gateway",
        id: "GatewayService_GetGateway",
        method: "GET",
        path: "/v1alpha1/inference/gateways/{id}",
        success: &[200],
    };
    /// `GatewayService_GetGatewayParameters`: `GET /v1alpha1/inference/gateways/parameters`
    pub const GET_GATEWAY_PARAMETERS: &'static Self = &Self {
        name: "get_gateway_parameters",
        id: "GatewayService_GetGatewayParameters",
        method: "GET",
        path: "/v1alpha1/inference/gateways/parameters",
        success: &[200],
    };
    /// `HotLoadService_GetHotLoad`: `GET /v1alpha1/inference/hotLoads/{id}`
    pub const GET_HOT_LOAD: &'static Self = &Self {
        name: "get_hot_load",
        id: "HotLoadService_GetHotLoad",
        method: "GET",
        path: "/v1alpha1/inference/hotLoads/{id}",
        success: &[200],
    };
    /// `CapacityClaimService_ListCapacityClaims`: `GET /v1alpha1/inference/capacityclaims`
    pub const LIST_CAPACITY_CLAIMS: &'static Self = &Self {
        name: "list_capacity_claims",
        id: "CapacityClaimService_ListCapacityClaims",
        method: "GET",
        path: "/v1alpha1/inference/capacityclaims",
        success: &[200],
    };
    /// `DeploymentService_ListDeployments`: `GET /v1alpha1/inference/deployments`
    pub const LIST_DEPLOYMENTS: &'static Self = &Self {
        name: "list_deployments",
        id: "DeploymentService_ListDeployments",
        method: "GET",
        path: "/v1alpha1/inference/deployments",
        success: &[200],
    };
    /// `GatewayService_ListGateways`: `GET /v1alpha1/inference/gateways`
    pub const LIST_GATEWAYS: &'static Self = &Self {
        name: "list_gateways",
        id: "GatewayService_ListGateways",
        method: "GET",
        path: "/v1alpha1/inference/gateways",
        success: &[200],
    };
    /// `HotLoadService_ListHotLoadReplicas`: `GET /v1alpha1/inference/hotLoads/{hotLoadId}/replicas`
    pub const LIST_HOT_LOAD_REPLICAS: &'static Self = &Self {
        name: "list_hot_load_replicas",
        id: "HotLoadService_ListHotLoadReplicas",
        method: "GET",
        path: "/v1alpha1/inference/hotLoads/{hotLoadId}/replicas",
        success: &[200],
    };
    /// `HotLoadService_ListHotLoads`: `GET /v1alpha1/inference/hotLoads`
    pub const LIST_HOT_LOADS: &'static Self = &Self {
        name: "list_hot_loads",
        id: "HotLoadService_ListHotLoads",
        method: "GET",
        path: "/v1alpha1/inference/hotLoads",
        success: &[200],
    };
    /// `CapacityClaimService_UpdateCapacityClaim`: `PATCH /v1alpha1/inference/capacityclaims/{id}`
    pub const UPDATE_CAPACITY_CLAIM: &'static Self = &Self {
        name: "update_capacity_claim",
        id: "CapacityClaimService_UpdateCapacityClaim",
        method: "PATCH",
        path: "/v1alpha1/inference/capacityclaims/{id}",
        success: &[200],
    };
    /// `DeploymentService_UpdateDeployment`: `PATCH /v1alpha1/inference/deployments/{id}`
    pub const UPDATE_DEPLOYMENT: &'static Self = &Self {
        name: "update_deployment",
        id: "DeploymentService_UpdateDeployment",
        method: "PATCH",
        path: "/v1alpha1/inference/deployments/{id}",
        success: &[200],
    };
    /// `GatewayService_UpdateGateway`: `PATCH /v1alpha1/inference/gateways/{id}`
    pub const UPDATE_GATEWAY: &'static Self = &Self {
        name: "update_gateway",
        id: "GatewayService_UpdateGateway",
        method: "PATCH",
        path: "/v1alpha1/inference/gateways/{id}",
        success: &[200],
    };
}
/// All operations of the API, sorted by name.
pub const OPERATIONS: &[Operation] = &[
    *Operation::CANCEL_HOT_LOAD,
    *Operation::CREATE_CAPACITY_CLAIM,
    *Operation::CREATE_DEPLOYMENT,
    *Operation::CREATE_GATEWAY,
    *Operation::CREATE_HOT_LOAD,
    *Operation::DELETE_CAPACITY_CLAIM,
    *Operation::DELETE_DEPLOYMENT,
    *Operation::DELETE_GATEWAY,
    *Operation::GET_CAPACITY_CLAIM,
    *Operation::GET_CAPACITY_CLAIM_PARAMETERS,
    *Operation::GET_DEPLOYMENT,
    *Operation::GET_DEPLOYMENT_PARAMETERS,
    *Operation::GET_GATEWAY,
    *Operation::GET_GATEWAY_PARAMETERS,
    *Operation::GET_HOT_LOAD,
    *Operation::LIST_CAPACITY_CLAIMS,
    *Operation::LIST_DEPLOYMENTS,
    *Operation::LIST_GATEWAYS,
    *Operation::LIST_HOT_LOAD_REPLICAS,
    *Operation::LIST_HOT_LOADS,
    *Operation::UPDATE_CAPACITY_CLAIM,
    *Operation::UPDATE_DEPLOYMENT,
    *Operation::UPDATE_GATEWAY,
];
