//! Round trips of random messages through the generated type of every schema: everything decodes, and nothing is lost. The
//! messages are generated from openapi.yaml, so new schemas and members are covered.

mod arbitrary;
mod same;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::LazyLock;

use coreweave_inference_api::types;
use coreweave_inference_spec::Spec;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_core::Serialize;
use serde_core::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use self::arbitrary::{Sender, message};
use self::same::same;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    Spec::load(path).unwrap().into_value()
});

fn schemas() -> &'static Map<String, Value> {
    DOCUMENT["components"]["schemas"].as_object().unwrap()
}

/// A message after a round trip through its Rust type.
struct RoundTrip {
    encoded: Value,
    debug: String,
}

fn round_trip<T>(sent: &str) -> Result<RoundTrip, String>
where
    T: Debug + PartialEq + Serialize + DeserializeOwned,
{
    let decoded: T = serde_json::from_str(sent).map_err(|error| error.to_string())?;
    let encoded = serde_json::to_string(&decoded).map_err(|error| error.to_string())?;
    let again: T = serde_json::from_str(&encoded).map_err(|error| error.to_string())?;
    if again != decoded {
        return Err(format!("{decoded:?} became {again:?}"));
    }
    Ok(RoundTrip {
        encoded: serde_json::from_str(&encoded).map_err(|error| error.to_string())?,
        debug: format!("{decoded:?}"),
    })
}

type Type = fn(&str) -> Result<RoundTrip, String>;

macro_rules! types {
    ($($name:ident)*) => {
        const TYPES: &[(&str, Type)] = &[$((stringify!($name), round_trip::<types::$name>)),*];
    };
}

types! {
    BodyBasedRouting
    CancelHotLoadRequest
    CancelHotLoadResponse
    CapacityClaim
    CapacityClaimResources
    CapacityClaimSpec
    CapacityClaimStatus
    Condition
    CoreWeaveAuth
    CreateCapacityClaimRequest
    CreateCapacityClaimResponse
    CreateDeploymentRequest
    CreateDeploymentResponse
    CreateGatewayRequest
    CreateGatewayResponse
    CreateHotLoadRequest
    CreateHotLoadResponse
    DeleteCapacityClaimResponse
    DeleteDeploymentResponse
    DeleteGatewayResponse
    Deployment
    DeploymentAutoscaling
    DeploymentHotLoad
    DeploymentModel
    DeploymentResources
    DeploymentRuntime
    DeploymentSpec
    DeploymentStatus
    DeploymentTraffic
    EndpointConfiguration
    EngineEnvOptions
    Gateway
    GatewaySpec
    GatewayStatus
    GetCapacityClaimParametersResponse
    GetCapacityClaimResponse
    GetDeploymentParametersResponse
    GetDeploymentResponse
    GetGatewayParametersResponse
    GetGatewayResponse
    GetHotLoadResponse
    GoogleProtobufAny
    HeaderBasedRouting
    HotLoad
    HotLoadReplica
    HotLoadSpec
    HotLoadStatus
    IncrementalSnapshotMetadata
    ListCapacityClaimsResponse
    ListDeploymentsResponse
    ListGatewaysResponse
    ListHotLoadReplicasResponse
    ListHotLoadsResponse
    PathBasedRouting
    ResourceParameters
    RuntimeConfigOptions
    RuntimeParameters
    RuntimeVersions
    SnapshotRef
    Status
    UpdateCapacityClaimRequest
    UpdateCapacityClaimResponse
    UpdateDeploymentRequest
    UpdateDeploymentResponse
    UpdateGatewayRequest
    UpdateGatewayResponse
    WeightsAndBiasesAuth
    ZoneInstanceTypes
}

#[test]
fn every_schema_is_tested() {
    let tested: BTreeSet<_> = TYPES.iter().map(|(name, _)| *name).collect();
    let schemas: BTreeSet<_> = schemas().keys().map(String::as_str).collect();
    assert_eq!(tested, schemas);
}

/// Sends random messages through every type, and passes each with its result to `check`.
fn each_type(sender: Sender, check: impl Fn(&Value, &RoundTrip) -> Result<(), String>) {
    for (name, type_) in TYPES {
        let schema = &schemas()[*name];
        let mut runner = TestRunner::new(ProptestConfig {
            cases: 64,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let result = runner.run(&message(&DOCUMENT, schema, sender), |sent| {
            let judge = || {
                let result = type_(&sent.to_string())?;
                same(&DOCUMENT, schema, &sent, &result.encoded)?;
                check(&sent, &result)
            };
            judge().map_err(|error| TestCaseError::fail(format!("{name}{error}")))
        });
        if let Err(error) = result {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn valid_messages_round_trip_through_declared_members() {
    each_type(Sender::ByTheSpec, |_sent, result| {
        // A member with a wrong name would be decoded as an unknown one, and round-trip as well.
        if holds_unknown_members(result) {
            return Err(format!(": the type lacks a member: {}", result.debug));
        }
        Ok(())
    });
}

#[test]
fn unknown_members_and_values_round_trip() {
    each_type(Sender::Careless, |_sent, _result| Ok(()));
}

fn holds_unknown_members(result: &RoundTrip) -> bool {
    result.debug.contains("extra: {\"")
}

/// Random messages rarely have only one member.
#[test]
fn each_member_may_be_null() {
    for (name, type_) in TYPES {
        let schema = &schemas()[*name];
        let members = schema["properties"].as_object().unwrap();
        let alone = members.keys().map(|member| json!({member: null}));
        for sent in alone.chain([json!({})]) {
            let result =
                type_(&sent.to_string()).unwrap_or_else(|error| panic!("{name} {sent}: {error}"));
            same(&DOCUMENT, schema, &sent, &result.encoded)
                .unwrap_or_else(|error| panic!("{name} {error}"));
        }
    }
}

/// Tests the comparison itself.
#[test]
fn lost_and_changed_members_are_detected() {
    let schema = &schemas()["Deployment"];
    let sent = json!({
        "spec": {"name": "a", "autoscaling": {"min": 1, "max": 2}, "new": {"deep": [null]}},
        "status": {"status": 7, "createdAt": "2026-02-03T04:05:06.123456789Z"},
    });
    same(&DOCUMENT, schema, &sent, &sent).unwrap();
    let losses = [
        ("/spec/name", Value::Null, "/spec/name: "),
        ("/spec/name", json!("b"), "/spec/name: "),
        ("/spec/autoscaling/min", json!(0), "/spec/autoscaling/min: "),
        ("/spec/new", json!({"deep": []}), "/spec: "),
        (
            "/status/status",
            json!("STATUS_UNSPECIFIED"),
            "/status/status: ",
        ),
        (
            "/status/createdAt",
            json!("2026-02-03T04:05:06.123456Z"),
            "/status/createdAt: ",
        ),
        ("/status", json!({}), "/status/createdAt: "),
    ];
    for (pointer, replacement, place) in losses {
        let mut encoded = sent.clone();
        *encoded.pointer_mut(pointer).unwrap() = replacement;
        let error = same(&DOCUMENT, schema, &sent, &encoded).expect_err(pointer);
        assert!(error.starts_with(place), "{error}");
    }
    let unknown = round_trip::<types::Gateway>(r#"{"spec": {"new": 1}}"#).unwrap();
    assert!(holds_unknown_members(&unknown));
}
