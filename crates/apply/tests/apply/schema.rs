//! The members of manifests.

use coreweave_inference_apply::schema::{Shape, find, immutable, members, missing, paths, suggest};
use serde_json::json;

#[test]
fn every_kind_has_the_members_of_its_create_request() {
    for (kind, some) in [
        ("CapacityClaim", "resources.instanceCount"),
        ("Deployment", "runtime.engineConfig"),
        ("Gateway", "endpointConfiguration.additionalDns"),
        ("HotLoad", "incrementalSnapshotMetadata.checksumFormat"),
    ] {
        let paths = paths(members(kind));
        assert!(paths.iter().any(|path| path == some), "{kind}: {paths:?}");
    }
    assert!(members("Pod").is_empty());
}

#[test]
fn members_have_types() {
    let deployment = members("Deployment");
    let find = |path| find(deployment, path);
    assert_eq!(
        find("traffic.weight"),
        Some(&Shape::Number(0, u32::MAX.into()))
    );
    assert_eq!(find("runtime.engineEnv"), Some(&Shape::Map));
    assert_eq!(find("runtime.engineEnv.A.B"), Some(&Shape::Text));
    assert_eq!(find("disabled"), Some(&Shape::Flag));
    assert_eq!(find("gateways"), Some(&Shape::List(Box::new(Shape::Text))));
    assert_eq!(
        find("hotLoad.transitionMode"),
        Some(&Shape::Enum(vec!["TRANSITION_MODE_ASYNC".to_owned()]))
    );
    assert_eq!(find("traffic.wait"), None);
    let weight = deployment.iter().find(|member| member.name == "disabled");
    assert_eq!(weight.unwrap().default, Some(json!(false)));
}

#[test]
fn required_members_are_needed_where_the_object_around_them_is_given() {
    let body = json!({"apiKey": 1, "bodyBasedRouting": {}, "name": null});
    assert_eq!(
        missing(members("Gateway"), body.as_object().unwrap()),
        ["bodyBasedRouting.apiType", "name"]
    );
}

#[test]
fn what_no_update_can_change_is_known_by_its_outermost_member() {
    let deployment = members("Deployment");
    assert_eq!(immutable(deployment, "hotLoad.bucket"), Some("hotLoad"));
    assert_eq!(immutable(deployment, "autoscaling.max"), None);
    assert_eq!(immutable(deployment, "runtime.engineConfig.hotLoad"), None);
    let claim = members("CapacityClaim");
    assert_eq!(immutable(claim, "resources.zones"), Some("resources.zones"));
    assert_eq!(immutable(claim, "resources.instanceCount"), None);
}

#[test]
fn a_suggestion_is_close_and_the_closest() {
    assert_eq!(suggest("zone", ["zones", "name"]), Some("zones"));
    assert_eq!(suggest("ZONES", ["zones"]), Some("zones"));
    assert_eq!(suggest("region", ["zones", "name"]), None);
}
