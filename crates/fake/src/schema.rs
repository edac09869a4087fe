//! The API's messages: what each field holds, for checking requests and mutating responses.

/// The fields of a message, in the order in which violations are reported.
pub(crate) type Message = &'static [Field];

/// A field of a message.
pub(crate) struct Field {
    /// The name in JSON.
    pub(crate) name: &'static str,
    pub(crate) holds: Type,
    pub(crate) presence: Presence,
}

/// Where a field may stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// In requests only.
    Input,
    /// In responses only: unknown in requests.
    Output,
}

/// What a field holds.
pub(crate) enum Type {
    Bool,
    String,
    Timestamp,
    Int64,
    /// An unsigned 32-bit integer between these bounds, inclusive.
    Uint(u32, u32),
    Enum(&'static Enum),
    Message(Message),
    Strings,
    Enums(&'static Enum),
    Messages(Message),
    /// A map from string to string.
    StringMap,
    /// A map from string to message.
    MessageMap(Message),
}

/// An enum.
pub(crate) struct Enum {
    /// The name of its zero value, which means unset.
    pub(crate) zero: &'static str,
    /// The other names, in the order of their numbers, which start at 1.
    pub(crate) names: &'static [&'static str],
}

impl Enum {
    /// The name that belongs to a number.
    pub(crate) fn name(&self, number: i32) -> Option<&'static str> {
        match usize::try_from(number).ok()?.checked_sub(1) {
            None => Some(self.zero),
            Some(index) => self.names.get(index).copied(),
        }
    }

    /// The number that belongs to a name.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        let index = self.names.iter().position(|known| *known == name);
        index.map(|index| index + 1)
    }
}

/// Declares enums: the name of the zero value, and the others.
macro_rules! enums {
    ($($name:ident: $zero:literal [$($value:literal)*])*) => {
        $(const $name: Enum = Enum { zero: $zero, names: &[$($value),*] };)*
    };
}

enums! {
    STATUS: "STATUS_UNSPECIFIED" [
        "STATUS_CREATING" "STATUS_UPDATING" "STATUS_DELETING" "STATUS_ERROR" "STATUS_FAILED" "STATUS_READY"
    ]
    CONDITION_STATUS: "STATUS_UNSPECIFIED" ["True" "False" "Unknown"]
    HOT_LOAD_STATE: "HOT_LOAD_STATE_UNSPECIFIED" [
        "HOT_LOAD_STATE_PENDING" "HOT_LOAD_STATE_IN_PROGRESS" "HOT_LOAD_STATE_COMPLETED"
        "HOT_LOAD_STATE_FAILED" "HOT_LOAD_STATE_CANCELED"
    ]
    REPLICA_STATE: "STATE_UNSPECIFIED" ["PENDING_UPDATE" "UPDATING" "READY" "ERROR"]
    SNAPSHOT_TYPE: "SNAPSHOT_TYPE_UNSPECIFIED" ["SNAPSHOT_TYPE_FULL" "SNAPSHOT_TYPE_INCREMENTAL"]
    PROMPT_CACHE_POLICY: "PROMPT_CACHE_POLICY_UNSPECIFIED" [
        "PROMPT_CACHE_POLICY_RESET_ALL" "PROMPT_CACHE_POLICY_PRESERVE"
    ]
    COMPRESSION_FORMAT: "COMPRESSION_FORMAT_UNSPECIFIED" ["COMPRESSION_FORMAT_ZSTD"]
    CHECKSUM_FORMAT: "CHECKSUM_FORMAT_UNSPECIFIED" ["CHECKSUM_FORMAT_ADLER32"]
    TRANSITION_MODE: "TRANSITION_MODE_UNSPECIFIED" ["TRANSITION_MODE_ASYNC"]
    API_TYPE: "API_TYPE_UNSPECIFIED" ["API_TYPE_OPENAI"]
    CAPACITY_CLASS: "CAPACITY_CLASS_UNSPECIFIED" ["CAPACITY_CLASS_RESERVED" "CAPACITY_CLASS_ON_DEMAND"]
    CAPACITY_TYPE: "CAPACITY_TYPE_UNSPECIFIED" [
        "CAPACITY_TYPE_SERVERLESS" "CAPACITY_TYPE_CUSTOMER" "CAPACITY_TYPE_MANAGED"
    ]
    EDGE_PROXY_MODE: "EDGE_PROXY_MODE_UNSPECIFIED" ["EDGE_PROXY_MODE_MANAGED" "EDGE_PROXY_MODE_DIRECT"]
}

/// Declares messages.
macro_rules! messages {
    (@ required) => { Presence::Required };
    (@ optional) => { Presence::Optional };
    (@ input) => { Presence::Input };
    (@ output) => { Presence::Output };
    ($($message:ident { $($presence:ident $field:ident: $holds:expr,)* })*) => {
        $(pub(crate) const $message: Message = &[$(Field {
            name: stringify!($field),
            holds: $holds,
            presence: messages!(@ $presence),
        },)*];)*
    };
}

use Type::{Bool, Enums, MessageMap, Messages, String, StringMap, Strings, Timestamp};

const ANY: Type = Type::Uint(0, u32::MAX);
const POSITIVE: Type = Type::Uint(1, u32::MAX);
const UP_TO_1000: Type = Type::Uint(0, 1000);
const EMPTY: Type = Type::Message(&[]);

messages! {
    GATEWAY_SPEC {
        optional id: String,
        output organizationId: String,
        required name: String,
        optional zones: Strings,
        optional coreWeaveAuth: EMPTY,
        optional weightsAndBiasesAuth: Type::Message(WEIGHTS_AND_BIASES_AUTH),
        optional bodyBasedRouting: Type::Message(BODY_BASED_ROUTING),
        optional headerBasedRouting: Type::Message(HEADER_BASED_ROUTING),
        optional pathBasedRouting: EMPTY,
        optional endpointConfiguration: Type::Message(ENDPOINT_CONFIGURATION),
    }
    WEIGHTS_AND_BIASES_AUTH {
        optional apiKey: String,
        optional serverUrl: String,
        optional enableUsageReports: Bool,
        optional enableRateLimiting: Bool,
    }
    BODY_BASED_ROUTING {
        required apiType: Type::Enum(&API_TYPE),
    }
    HEADER_BASED_ROUTING {
        required headerName: String,
    }
    ENDPOINT_CONFIGURATION {
        optional additionalDns: Strings,
        optional allowedSourceIpRanges: Strings,
        optional edgeProxyMode: Type::Enum(&EDGE_PROXY_MODE),
    }

    DEPLOYMENT_SPEC {
        optional id: String,
        output organizationId: String,
        required name: String,
        required gatewayIds: Strings,
        required runtime: Type::Message(RUNTIME),
        required resources: Type::Message(DEPLOYMENT_RESOURCES),
        required model: Type::Message(MODEL),
        required autoscaling: Type::Message(AUTOSCALING),
        required traffic: Type::Message(TRAFFIC),
        optional disabled: Bool,
        optional hotLoad: Type::Message(DEPLOYMENT_HOT_LOAD),
    }
    RUNTIME {
        required engine: String,
        optional version: String,
        optional engineConfig: StringMap,
        optional engineEnv: StringMap,
    }
    DEPLOYMENT_RESOURCES {
        required instanceType: String,
        required gpuCount: ANY,
    }
    MODEL {
        required name: String,
        required bucket: String,
        required path: String,
    }
    AUTOSCALING {
        required min: POSITIVE,
        required max: ANY,
        optional priority: UP_TO_1000,
        optional concurrency: POSITIVE,
        optional capacityClasses: Enums(&CAPACITY_CLASS),
    }
    TRAFFIC {
        optional weight: UP_TO_1000,
    }
    DEPLOYMENT_HOT_LOAD {
        optional bucket: String,
        optional pathPrefix: String,
        optional transitionMode: Type::Enum(&TRANSITION_MODE),
    }

    CAPACITY_CLAIM_SPEC {
        optional id: String,
        output organizationId: String,
        optional name: String,
        required resources: Type::Message(CLAIM_RESOURCES),
    }
    CLAIM_RESOURCES {
        required instanceId: String,
        required instanceCount: POSITIVE,
        required capacityType: Type::Enum(&CAPACITY_TYPE),
        required zones: Strings,
    }

    HOT_LOAD_SPEC {
        input hotLoadId: String,
        output id: String,
        output organizationId: String,
        required deploymentId: String,
        required identity: String,
        required type: Type::Enum(&SNAPSHOT_TYPE),
        optional promptCachePolicy: Type::Enum(&PROMPT_CACHE_POLICY),
        optional incrementalSnapshotMetadata: Type::Message(INCREMENTAL_SNAPSHOT_METADATA),
        output snapshotChain: Messages(SNAPSHOT_REF),
    }
    INCREMENTAL_SNAPSHOT_METADATA {
        required previousSnapshotIdentity: String,
        optional compressionFormat: Type::Enum(&COMPRESSION_FORMAT),
        optional checksumFormat: Type::Enum(&CHECKSUM_FORMAT),
    }
    SNAPSHOT_REF {
        optional identity: String,
        optional type: Type::Enum(&SNAPSHOT_TYPE),
        optional compressionFormat: Type::Enum(&COMPRESSION_FORMAT),
        optional checksumFormat: Type::Enum(&CHECKSUM_FORMAT),
        optional hotLoadId: String,
    }

    CONDITION {
        optional type: String,
        optional lastUpdateTime: Timestamp,
        optional reason: String,
        optional message: String,
        optional zone: String,
        optional status: Type::Enum(&CONDITION_STATUS),
    }
    GATEWAY {
        optional spec: Type::Message(GATEWAY_SPEC),
        optional status: Type::Message(GATEWAY_STATUS),
    }
    GATEWAY_STATUS {
        optional createdAt: Timestamp,
        optional updatedAt: Timestamp,
        optional conditions: Messages(CONDITION),
        optional endpoints: Strings,
        optional status: Type::Enum(&STATUS),
    }
    DEPLOYMENT {
        optional spec: Type::Message(DEPLOYMENT_SPEC),
        optional status: Type::Message(DEPLOYMENT_STATUS),
    }
    DEPLOYMENT_STATUS {
        optional createdAt: Timestamp,
        optional updatedAt: Timestamp,
        optional conditions: Messages(CONDITION),
        optional status: Type::Enum(&STATUS),
    }
    CAPACITY_CLAIM {
        optional spec: Type::Message(CAPACITY_CLAIM_SPEC),
        optional status: Type::Message(CAPACITY_CLAIM_STATUS),
    }
    CAPACITY_CLAIM_STATUS {
        optional createdAt: Timestamp,
        optional updatedAt: Timestamp,
        optional conditions: Messages(CONDITION),
        optional status: Type::Enum(&STATUS),
        optional allocatedInstances: ANY,
        optional pendingInstances: ANY,
    }
    HOT_LOAD {
        optional spec: Type::Message(HOT_LOAD_SPEC),
        optional status: Type::Message(HOT_LOAD_STATUS),
    }
    HOT_LOAD_STATUS {
        optional state: Type::Enum(&HOT_LOAD_STATE),
        optional createdAt: Timestamp,
        optional updatedAt: Timestamp,
        optional finishedAt: Timestamp,
        optional canceledAt: Timestamp,
        optional conditions: Messages(CONDITION),
    }
    HOT_LOAD_REPLICA {
        optional name: String,
        optional zone: String,
        optional state: Type::Enum(&REPLICA_STATE),
        optional currentSnapshotIdentity: String,
        optional errorReason: String,
        optional transitionedAt: Timestamp,
        optional startedAt: Timestamp,
        optional finishedAt: Timestamp,
        optional updatedAt: Timestamp,
    }

    TOKEN_REQUEST {
        required oidcToken: String,
        required serviceAccountUid: String,
        optional durationSeconds: Type::Int64,
    }
    TOKEN_RESPONSE {
        optional bearerToken: String,
        optional expireTime: Timestamp,
    }

    GATEWAY_RESPONSE {
        optional gateway: Type::Message(GATEWAY),
        optional items: Messages(GATEWAY),
    }
    DEPLOYMENT_RESPONSE {
        optional deployment: Type::Message(DEPLOYMENT),
        optional items: Messages(DEPLOYMENT),
        optional runtimeParameters: Type::Message(RUNTIME_PARAMETERS),
        optional resourceParameters: EMPTY,
    }
    RUNTIME_PARAMETERS {
        optional runtimeVersions: MessageMap(&[]),
        optional runtimeConfigOptions: MessageMap(&[]),
        optional engineEnvOptions: MessageMap(&[]),
    }
    CAPACITY_CLAIM_RESPONSE {
        optional capacityClaim: Type::Message(CAPACITY_CLAIM),
        optional capacityClaims: Messages(CAPACITY_CLAIM),
        optional zoneInstanceTypes: MessageMap(&[]),
    }
    HOT_LOAD_RESPONSE {
        optional hotLoad: Type::Message(HOT_LOAD),
        optional hotLoads: Messages(HOT_LOAD),
        optional replicas: Messages(HOT_LOAD_REPLICA),
    }
}
