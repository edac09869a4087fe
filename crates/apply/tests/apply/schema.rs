//! The members of manifests.

use coreweave_inference_apply::schema::{Shape, of_kind, suggest};
use serde_json::json;

#[test]
fn every_kind_has_the_members_of_its_create_request() {
    for (kind, some) in [
        ("CapacityClaim", "resources.instanceCount"),
        ("Deployment", "runtime.engineConfig"),
        ("Gateway", "endpointConfiguration.additionalDns"),
        ("HotLoad", "incrementalSnapshotMetadata.checksumFormat"),
    ] {
        let paths = of_kind(kind).paths();
        assert!(paths.iter().any(|path| path == some), "{kind}: {paths:?}");
    }
    assert!(of_kind("Pod").paths().is_empty());
}

#[test]
fn members_have_types() {
    let deployment = of_kind("Deployment");
    for (path, shape) in [
        ("traffic", Shape::Object),
        ("traffic.weight", Shape::Number),
        ("runtime.engineEnv", Shape::Map),
        ("runtime.engineEnv.A.B", Shape::Text),
        ("disabled", Shape::Flag),
        ("gateways", Shape::List),
        ("autoscaling.capacityClasses", Shape::List),
        ("hotLoad.transitionMode", Shape::Enum),
    ] {
        assert_eq!(deployment.at(path).unwrap().shape(), shape, "{path}");
    }
    assert!(deployment.at("traffic.wait").is_none());
    let mode = deployment.at("hotLoad.transitionMode").unwrap();
    assert_eq!(mode.names(), ["TRANSITION_MODE_ASYNC"]);
    let weight = deployment.at("traffic.weight").unwrap();
    assert_eq!(weight.range(), (Some(0), Some(u32::MAX.into())));
    let disabled = deployment.at("disabled").unwrap();
    assert_eq!(disabled.default(), Some(&json!(false)));
}

#[test]
fn required_members_are_needed_where_the_object_around_them_is_given() {
    let body = json!({"apiKey": 1, "bodyBasedRouting": {}, "name": null});
    assert_eq!(
        of_kind("Gateway").missing(body.as_object().unwrap()),
        ["bodyBasedRouting.apiType", "name"]
    );
}

#[test]
fn what_no_update_can_change_is_known_by_its_outermost_member() {
    let deployment = of_kind("Deployment");
    assert_eq!(deployment.immutable("hotLoad.bucket"), Some("hotLoad"));
    assert_eq!(deployment.immutable("autoscaling.max"), None);
    assert_eq!(deployment.immutable("runtime.engineConfig.hotLoad"), None);
    let claim = of_kind("CapacityClaim");
    assert_eq!(claim.immutable("resources.zones"), Some("resources.zones"));
    assert_eq!(claim.immutable("resources.instanceCount"), None);
}

#[test]
fn a_suggestion_is_close_and_the_closest() {
    assert_eq!(suggest("zone", ["zones", "name"]), Some("zones"));
    assert_eq!(suggest("ZONES", ["zones"]), Some("zones"));
    assert_eq!(suggest("region", ["zones", "name"]), None);
}
