//! Capacity claims.

use std::time::Duration;

use coreweave_inference_fake::Fault;
use serde_json::{Value, json};

use crate::support::{Api, but, claim, minutes, uuid};

#[tokio::test]
async fn a_claim_goes_through_its_lifecycle() {
    let api = Api::new().await;
    let created = api.post("/capacityclaims", &claim("gpus")).await.ok();
    let path = format!(
        "/capacityclaims/{}",
        created["spec"]["id"].as_str().unwrap()
    );
    let counts = |claim: &Value| {
        let count = |member: &str| claim["status"][member].as_u64().unwrap();
        (count("allocatedInstances"), count("pendingInstances"))
    };
    assert_eq!(created["status"]["status"], "STATUS_CREATING");
    assert_eq!(counts(&created), (0, 4));

    api.fake.clock().advance(minutes(10));
    let ready = api.get(&path).await.ok();
    assert_eq!(ready["status"]["status"], "STATUS_READY");
    assert_eq!(counts(&ready), (4, 0));

    let mut body = json!({"id": ready["spec"]["id"], "resources": ready["spec"]["resources"]});
    body["resources"]["instanceCount"] = json!(6);
    let updated = api.patch(&path, &body).await.ok();
    assert_eq!(counts(&updated), (4, 0));
    assert_eq!(updated["spec"]["name"], "gpus");
    api.fake.clock().advance(Duration::from_secs(5));
    let updating = api.get(&path).await.ok();
    assert_eq!(updating["status"]["status"], "STATUS_UPDATING");
    assert_eq!(counts(&updating), (4, 2));
    api.fake.clock().advance(minutes(5));
    assert_eq!(counts(&api.get(&path).await.ok()), (6, 0));

    assert_eq!(
        api.delete(&path).await.ok()["status"]["status"],
        "STATUS_DELETING"
    );
    api.fake.clock().advance(minutes(2));
    api.get(&path).await.assert_error(404, 5);
}

#[tokio::test]
async fn a_failed_claim_does_not_recover() {
    let api = Api::new().await;
    api.fake.fault(Fault::outcome(["STATUS_FAILED"]).once());
    let id = api.create("/capacityclaims", &claim("gpus")).await;
    let path = format!("/capacityclaims/{id}");
    api.fake.clock().advance(minutes(60));
    let failed = api.get(&path).await.ok();
    assert_eq!(failed["status"]["status"], "STATUS_FAILED");
    assert_eq!(failed["status"]["conditions"][0]["reason"], "Failed");
    let body = json!({"id": id, "resources": claim("")["resources"]});
    api.patch(&path, &body).await.assert_precondition("FAILED");
    api.delete(&path).await.ok();
}

#[tokio::test]
async fn all_members_of_the_resources_are_required() {
    let api = Api::new().await;
    api.post("/capacityclaims", &json!({}))
        .await
        .assert_invalid(&["resources"]);
    api.post("/capacityclaims", &json!({"resources": {}}))
        .await
        .assert_invalid(&[
            "resources.instance_id",
            "resources.instance_count",
            "resources.capacity_type",
            "resources.zones",
        ]);
    let id = api.create("/capacityclaims", &claim("gpus")).await;
    let path = format!("/capacityclaims/{id}");
    api.patch(&path, &json!({"id": id}))
        .await
        .assert_invalid(&["resources"]);
    let elsewhere = json!({"id": uuid(9), "resources": claim("")["resources"]});
    api.patch(&path, &elsewhere).await.assert_invalid(&["id"]);
}

#[tokio::test]
async fn every_resource_rule_is_enforced() {
    let api = Api::new().await;
    for (pointer, value, field) in [
        ("/name", json!("my gpus"), "name"),
        (
            "/resources/instanceId",
            json!("abacus"),
            "resources.instance_id",
        ),
        // In another zone only.
        (
            "/resources/instanceId",
            json!("gb300-4x"),
            "resources.instance_id",
        ),
        (
            "/resources/instanceCount",
            json!(0),
            "resources.instance_count",
        ),
        (
            "/resources/capacityType",
            json!("CAPACITY_TYPE_UNSPECIFIED"),
            "resources.capacity_type",
        ),
        (
            "/resources/zones",
            json!(["US-EAST-04A", "MOON-01A"]),
            "resources.zones",
        ),
    ] {
        let body = but(claim("gpus"), pointer, value);
        api.post("/capacityclaims", &body)
            .await
            .assert_invalid(&[field]);
    }
}

#[tokio::test]
async fn zones_and_instance_types_compare_with_case() {
    let api = Api::new().await;
    let zones = but(claim("gpus"), "/resources/zones", json!(["us-east-04a"]));
    let instance = json!("GD-8XH100IB-I128");
    let instance = but(claim("gpus"), "/resources/instanceId", instance);
    for (body, field) in [
        (zones, "resources.zones"),
        (instance, "resources.instance_id"),
    ] {
        api.post("/capacityclaims", &body)
            .await
            .assert_invalid(&[field]);
    }
}

#[tokio::test]
async fn creates_take_only_managed_and_old_claims_keep_their_type() {
    let api = Api::new().await;
    api.post("/capacityclaims", &claim("managed")).await.ok();
    for (name, number) in [
        ("CAPACITY_TYPE_SERVERLESS", 1),
        ("CAPACITY_TYPE_CUSTOMER", 2),
    ] {
        let old = but(
            claim(&name.replace('_', "-")),
            "/resources/capacityType",
            json!(name),
        );
        let by_number = but(old.clone(), "/resources/capacityType", json!(number));
        for body in [&old, &by_number] {
            let refused = api.post("/capacityclaims", body).await;
            refused.assert_invalid(&["resources.capacity_type"]);
            let message = refused.assert_error(400, 3);
            assert_eq!(
                message,
                "resources.capacity_type: must not be in list [0, 1, 2]"
            );
        }
        let id = api.fake.seed_capacity_claim(json!({"spec": old})).unwrap();
        let path = format!("/capacityclaims/{id}");
        let spec = api.get(&path).await.ok()["spec"].clone();
        assert_eq!(spec["resources"]["capacityType"], name);
        let body = json!({"id": id, "resources": spec["resources"]});
        api.patch(&path, &body).await.ok();
    }
    // The requests with numbers do not conform to openapi.yaml.
    api.fake.clear_requests();
}

#[tokio::test]
async fn a_claim_name_is_optional_and_unique() {
    let api = Api::new().await;
    let nameless = but(claim("gpus"), "/name", Value::Null);
    api.post("/capacityclaims", &nameless).await.ok();
    api.post("/capacityclaims", &nameless).await.ok();
    api.post("/capacityclaims", &claim("gpus")).await.ok();
    api.post("/capacityclaims", &claim("gpus"))
        .await
        .assert_error(409, 6);
    let with_id = but(nameless, "/id", json!(uuid(1)));
    api.post("/capacityclaims", &with_id).await.ok();
    assert!(
        api.post("/capacityclaims", &with_id)
            .await
            .assert_error(409, 6)
            .contains("with id")
    );
}

#[tokio::test]
async fn claims_are_filtered_by_update_time() {
    let api = Api::new().await;
    api.create("/capacityclaims", &claim("first")).await;
    api.fake.clock().advance(minutes(60));
    api.create("/capacityclaims", &claim("second")).await;
    assert_eq!(
        api.get("/capacityclaims").await.names(),
        ["first", "second"]
    );
    let recent = api
        .get("/capacityclaims?updatedAfter=2026-01-01T00:10:00Z")
        .await;
    assert_eq!(recent.names(), ["second"]);
}
