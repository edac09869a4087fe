//! Responses recorded by `cargo xtask probe --record`, decoded by the generated types.

use std::fs;
use std::path::Path;

use coreweave_inference_api::types;
use serde_core::Serialize;
use serde_core::de::DeserializeOwned;
use serde_json::Value;

/// Decodes a response and encodes it again.
fn round_trip<T: DeserializeOwned + Serialize>(body: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(body.clone()).unwrap()).unwrap()
}

#[test]
fn recorded_responses_lose_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let recorded: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let (operation, body) = (recorded["operation"].as_str().unwrap(), &recorded["body"]);
        let again = match operation.split_once('_').unwrap().1 {
            "GetCapacityClaim" => round_trip::<types::GetCapacityClaimResponse>(body),
            "GetCapacityClaimParameters" => {
                round_trip::<types::GetCapacityClaimParametersResponse>(body)
            }
            "GetDeployment" => round_trip::<types::GetDeploymentResponse>(body),
            "GetDeploymentParameters" => round_trip::<types::GetDeploymentParametersResponse>(body),
            "GetGateway" => round_trip::<types::GetGatewayResponse>(body),
            "GetGatewayParameters" => round_trip::<types::GetGatewayParametersResponse>(body),
            "GetHotLoad" => round_trip::<types::GetHotLoadResponse>(body),
            "ListCapacityClaims" => round_trip::<types::ListCapacityClaimsResponse>(body),
            "ListDeployments" => round_trip::<types::ListDeploymentsResponse>(body),
            "ListGateways" => round_trip::<types::ListGatewaysResponse>(body),
            "ListHotLoadReplicas" => round_trip::<types::ListHotLoadReplicasResponse>(body),
            "ListHotLoads" => round_trip::<types::ListHotLoadsResponse>(body),
            other => panic!("{}: add {other} here", path.display()),
        };
        assert_eq!(again, *body, "{}", path.display());
        count += 1;
    }
    assert!(count >= 12, "{count}");
}
