//! Capacity claims.

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
    let updating = api.patch(&path, &body).await.ok();
    assert_eq!(updating["status"]["status"], "STATUS_UPDATING");
    assert_eq!(counts(&updating), (4, 2));
    assert_eq!(updating["spec"]["name"], "gpus");
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
            "resources.instanceId",
            "resources.instanceCount",
            "resources.capacityType",
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
            "resources.instanceId",
        ),
        // In another zone only.
        (
            "/resources/instanceId",
            json!("gb300-4x"),
            "resources.instanceId",
        ),
        (
            "/resources/instanceCount",
            json!(0),
            "resources.instanceCount",
        ),
        (
            "/resources/instanceCount",
            json!(-1),
            "resources.instanceCount",
        ),
        (
            "/resources/instanceCount",
            json!(4_294_967_296_u64),
            "resources.instanceCount",
        ),
        (
            "/resources/capacityType",
            json!("CAPACITY_TYPE_BORROWED"),
            "resources.capacityType",
        ),
        (
            "/resources/capacityType",
            json!("CAPACITY_TYPE_UNSPECIFIED"),
            "resources.capacityType",
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
async fn zones_and_instance_types_ignore_case() {
    let api = Api::new().await;
    let body = but(
        claim("gpus"),
        "/resources/zones",
        json!(["eu-south-04a", "Us-East-04A"]),
    );
    let body = but(body, "/resources/instanceId", json!("GD-8XH100IB-I128"));
    let stored = api.post("/capacityclaims", &body).await.ok();
    assert_eq!(
        stored["spec"]["resources"]["zones"],
        json!(["eu-south-04a", "Us-East-04A"])
    );
}

#[tokio::test]
async fn serverless_claims_are_rejected_and_old_ones_read_as_managed() {
    let api = Api::new().await;
    let serverless = but(
        claim("old"),
        "/resources/capacityType",
        json!("CAPACITY_TYPE_SERVERLESS"),
    );
    api.post("/capacityclaims", &serverless)
        .await
        .assert_invalid(&["resources.capacityType"]);
    let id = api
        .fake
        .seed_capacity_claim(json!({"spec": serverless}))
        .unwrap();
    let claim = api.get(&format!("/capacityclaims/{id}")).await.ok();
    assert_eq!(
        claim["spec"]["resources"]["capacityType"],
        "CAPACITY_TYPE_MANAGED"
    );
    let listed = api.get("/capacityclaims").await.ok();
    assert_eq!(
        listed[0]["spec"]["resources"]["capacityType"],
        "CAPACITY_TYPE_MANAGED"
    );
}

#[tokio::test]
async fn a_managed_claim_is_accepted() {
    let api = Api::new().await;
    let body = but(
        claim("gpus"),
        "/resources/capacityType",
        json!("CAPACITY_TYPE_MANAGED"),
    );
    api.post("/capacityclaims", &body).await.ok();
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
