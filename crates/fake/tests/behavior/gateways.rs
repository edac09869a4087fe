//! Gateways.

use std::time::Duration;

use coreweave_inference_fake::{Fault, Operation};
use serde_json::{Value, json};

use crate::support::{Api, but, claim, deployment, gateway, minutes, uuid};

/// The body of an update.
fn update(id: &str, name: &str) -> Value {
    but(gateway(name), "/id", json!(id))
}

#[tokio::test]
async fn a_gateway_goes_through_its_lifecycle() {
    let api = Api::new().await;
    let created = api.post("/gateways", &gateway("chat")).await.ok();
    let id = created["spec"]["id"].as_str().unwrap().to_owned();
    let path = format!("/gateways/{id}");
    assert_eq!(created["status"]["status"], "STATUS_CREATING");
    assert_eq!(created["status"]["createdAt"], "2026-01-01T00:00:00Z");
    assert!(created["status"].get("endpoints").is_none());
    assert_eq!(created["spec"]["organizationId"], "org-fake");

    api.fake.clock().advance(minutes(3));
    let ready = api.get(&path).await.ok();
    assert_eq!(ready["status"]["status"], "STATUS_READY");
    assert_eq!(ready["status"]["updatedAt"], "2026-01-01T00:03:00Z");
    assert_eq!(
        ready["status"]["endpoints"],
        json!([format!("https://api.{id}.gw.cwinference.com")])
    );

    let body = but(update(&id, "chat"), "/zones", json!(["US-WEST-04A"]));
    api.patch(&path, &body).await.ok();
    assert_eq!(api.status(&path).await, "STATUS_READY");
    api.fake.clock().advance(Duration::from_secs(5));
    assert_eq!(api.status(&path).await, "STATUS_UPDATING");
    api.fake.clock().advance(minutes(1));
    assert_eq!(api.status(&path).await, "STATUS_READY");

    assert_eq!(
        api.delete(&path).await.ok()["status"]["status"],
        "STATUS_DELETING"
    );
    assert_eq!(api.status(&path).await, "STATUS_DELETING");
    api.fake.clock().advance(minutes(2));
    api.get(&path).await.assert_error(404, 5);
    api.delete(&path).await.assert_error(404, 5);
}

#[tokio::test]
async fn conditions_follow_the_status() {
    let api = Api::new().await;
    let created = api.post("/gateways", &gateway("chat")).await.ok();
    let condition = |resource: &Value| resource["status"]["conditions"][0].clone();
    assert_eq!(
        condition(&created),
        json!({
            "type": "Ready",
            "status": "False",
            "reason": "Creating",
            "message": "the gateway is being created",
            "zone": "US-EAST-04A",
            "lastUpdateTime": "2026-01-01T00:00:00Z",
        })
    );
    api.fake.clock().advance(minutes(3));
    let ready = api
        .get(&format!(
            "/gateways/{}",
            created["spec"]["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(condition(&ready)["status"], "True");
}

#[tokio::test]
async fn additional_dns_names_become_endpoints() {
    let api = Api::instant().await;
    let body = but(
        gateway("chat"),
        "/endpointConfiguration",
        json!({
            "additionalDns": ["chat.example.com"],
            "allowedSourceIpRanges": ["10.0.0.0/8"],
        }),
    );
    let id = api.create("/gateways", &body).await;
    let ready = api.get(&format!("/gateways/{id}")).await.ok();
    assert_eq!(ready["status"]["endpoints"][1], "https://chat.example.com");
    assert_eq!(ready["status"]["endpoints"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_name_one_auth_and_one_routing_are_required() {
    let api = Api::new().await;
    api.post("/gateways", &json!({}))
        .await
        .assert_invalid(&["name", "auth", "routing"]);
    let both = but(gateway("chat"), "/weightsAndBiasesAuth", json!({}));
    api.post("/gateways", &both).await.assert_invalid(&["auth"]);
    let both = but(gateway("chat"), "/pathBasedRouting", json!({}));
    api.post("/gateways", &both)
        .await
        .assert_invalid(&["routing"]);
    for (number, routing) in [
        json!({"pathBasedRouting": {}}),
        json!({"headerBasedRouting": {"headerName": "x-model"}}),
        json!({"bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = but(
            gateway(&format!("chat-{number}")),
            "/bodyBasedRouting",
            Value::Null,
        );
        body.as_object_mut()
            .unwrap()
            .extend(routing.as_object().unwrap().clone());
        api.post("/gateways", &body).await.ok();
    }
}

#[tokio::test]
async fn each_routing_has_its_own_rules() {
    let api = Api::new().await;
    let body = but(gateway("chat"), "/bodyBasedRouting", json!({}));
    api.post("/gateways", &body)
        .await
        .assert_invalid(&["body_based_routing.api_type"]);
    for (length, accepted) in [(0, false), (1, true), (100, true), (101, false)] {
        let mut body = but(
            gateway(&format!("chat-{length}")),
            "/bodyBasedRouting",
            Value::Null,
        );
        body["headerBasedRouting"] = json!({"headerName": "x".repeat(length)});
        let response = api.post("/gateways", &body).await;
        if accepted {
            response.ok();
        } else {
            response.assert_invalid(&["header_based_routing.header_name"]);
        }
    }
}

#[tokio::test]
async fn the_api_key_is_optional_and_never_returned() {
    let api = Api::new().await;
    for (number, auth, stored) in [
        (1, json!({"apiKey": "secret"}), json!({})),
        (
            2,
            json!({"serverUrl": "https://wandb.example.com"}),
            json!({"serverUrl": "https://wandb.example.com"}),
        ),
        (
            3,
            json!({"apiKey": "secret", "enableUsageReports": true}),
            json!({"enableUsageReports": true}),
        ),
    ] {
        let body = but(
            gateway(&format!("chat-{number}")),
            "/coreWeaveAuth",
            Value::Null,
        );
        let body = but(body, "/weightsAndBiasesAuth", auth);
        let created = api.post("/gateways", &body).await.ok();
        assert_eq!(created["spec"]["weightsAndBiasesAuth"], stored);
    }
    assert!(!api.fake.state().to_string().contains("secret"));
}

#[tokio::test]
async fn a_name_has_at_most_38_characters() {
    let api = Api::new().await;
    let longest = gateway(&"x".repeat(38));
    api.post("/gateways", &longest).await.ok();
    let longer = gateway(&"x".repeat(39));
    api.post("/gateways", &longer)
        .await
        .assert_invalid(&["name"]);
}

#[tokio::test]
async fn source_ranges_are_at_most_50_cidr_ranges() {
    let api = Api::new().await;
    let with = |ranges: Value| {
        let configuration = json!({"allowedSourceIpRanges": ranges});
        but(gateway("chat"), "/endpointConfiguration", configuration)
    };
    let field = "endpoint_configuration.allowed_source_ip_ranges";
    for range in [
        "10.0.0.1",
        "10.0.0.0/33",
        "10.0.0/8",
        "::/129",
        "10.0.0.0/-1",
    ] {
        api.post("/gateways", &with(json!([range])))
            .await
            .assert_invalid(&[field]);
    }
    let mut ranges = vec!["10.0.0.0/8"; 49];
    ranges.push("2001:db8::/32");
    let too_many = [&ranges[..], &["::/0"]].concat();
    api.post("/gateways", &with(json!(too_many)))
        .await
        .assert_invalid(&[field]);
    api.post("/gateways", &with(json!(ranges))).await.ok();
}

#[tokio::test]
async fn the_edge_proxy_mode_must_be_known() {
    let api = Api::new().await;
    let with = |name: &str, mode: &str| {
        let configuration = json!({"edgeProxyMode": mode});
        but(gateway(name), "/endpointConfiguration", configuration)
    };
    for (name, mode) in [
        ("a", "EDGE_PROXY_MODE_MANAGED"),
        ("b", "EDGE_PROXY_MODE_DIRECT"),
    ] {
        api.post("/gateways", &with(name, mode)).await.ok();
    }
    api.post("/gateways", &with("c", "EDGE_PROXY_MODE_OTHER"))
        .await
        .assert_error(400, 3);
}

#[tokio::test]
async fn a_gateway_created_without_zones_can_be_updated_as_read() {
    let api = Api::new().await;
    let body = but(gateway("chat"), "/zones", Value::Null);
    let created = api.post("/gateways", &body).await.ok();
    let path = format!("/gateways/{}", created["spec"]["id"].as_str().unwrap());
    let updated = api.patch(&path, &created["spec"]).await.ok();
    assert_eq!(updated["spec"], created["spec"]);
    let copy = but(created["spec"].clone(), "/id", json!(uuid(7)));
    let copy = but(copy, "/name", json!("copy"));
    api.post("/gateways", &copy).await.ok();
    let one = but(created["spec"].clone(), "/zones", json!(["US-WEST-04A"]));
    let updated = api.patch(&path, &one).await.ok();
    assert_eq!(updated["spec"]["zones"], json!(["US-WEST-04A"]));
}

#[tokio::test]
async fn a_gateway_has_one_existing_zone_or_all_of_them() {
    let api = Api::new().await;
    for zones in [json!(["US-EAST-04A", "US-WEST-04A"]), json!(["MOON-01A"])] {
        let body = but(gateway("chat"), "/zones", zones);
        api.post("/gateways", &body)
            .await
            .assert_invalid(&["zones"]);
    }
    let body = but(gateway("lower"), "/zones", json!(["us-east-04a"]));
    let stored = api.post("/gateways", &body).await.ok();
    assert_eq!(stored["spec"]["zones"], json!(["us-east-04a"]));
    let body = but(gateway("everywhere"), "/zones", Value::Null);
    let stored = api.post("/gateways", &body).await.ok();
    let offered = api.get("/gateways/parameters").await.body;
    assert_eq!(stored["spec"]["zones"], offered["zones"]);
}

#[tokio::test]
async fn a_create_may_choose_its_id() {
    let api = Api::new().await;
    let id = "ABCDEF00-0000-4000-8000-000000000001";
    let created = api
        .post("/gateways", &but(gateway("chat"), "/id", json!(id)))
        .await
        .ok();
    assert_eq!(created["spec"]["id"], id.to_lowercase());
    api.get(&format!("/gateways/{id}")).await.ok();
    for id in ["mine", "00000000000040008000000000000001"] {
        let body = but(gateway("other"), "/id", json!(id));
        api.post("/gateways", &body).await.assert_invalid(&["id"]);
    }
}

#[tokio::test]
async fn ids_and_names_are_unique() {
    let api = Api::new().await;
    let first = but(gateway("chat"), "/id", json!(uuid(1)));
    api.post("/gateways", &first).await.ok();

    // A repeated create whose first response was lost: the id is taken.
    let again = api.post("/gateways", &first).await;
    assert!(again.assert_error(409, 6).contains("with id"));
    assert_eq!(again.detail("ResourceInfo")["resourceType"], "gateway");
    assert_eq!(
        api.get(&format!("/gateways/{}", uuid(1))).await.ok()["spec"]["name"],
        "chat"
    );

    // Only the name is taken: the id does not exist.
    let same_name = but(gateway("chat"), "/id", json!(uuid(2)));
    assert!(
        api.post("/gateways", &same_name)
            .await
            .assert_error(409, 6)
            .contains("with name")
    );
    api.get(&format!("/gateways/{}", uuid(2)))
        .await
        .assert_error(404, 5);

    // The name is free once the deletion is complete.
    api.delete(&format!("/gateways/{}", uuid(1))).await.ok();
    api.post("/gateways", &same_name).await.assert_error(409, 6);
    api.fake.clock().advance(minutes(2));
    api.post("/gateways", &same_name).await.ok();
}

#[tokio::test]
async fn names_are_unique_per_kind() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    api.post("/deployments", &deployment("chat", &id))
        .await
        .ok();
    api.post("/capacityclaims", &claim("chat")).await.ok();
}

#[tokio::test]
async fn an_update_replaces_the_full_spec() {
    let api = Api::new().await;
    let mut body = gateway("chat");
    body["endpointConfiguration"] = json!({"additionalDns": ["chat.example.com"]});
    body["fromTomorrow"] = json!({"kept": true});
    api.fake.fault(Fault::keep_unknown_members());
    let id = api.create("/gateways", &body).await;
    let path = format!("/gateways/{id}");
    assert_eq!(
        api.get(&path).await.ok()["spec"]["fromTomorrow"],
        json!({"kept": true})
    );

    let mut body = update(&id, "chat");
    body["fromTheDayAfter"] = json!(2);
    let spec = api.patch(&path, &body).await.ok()["spec"].clone();
    assert!(spec.get("fromTomorrow").is_none());
    assert_eq!(spec["fromTheDayAfter"], 2);
    assert_eq!(spec["organizationId"], "org-fake");
}

#[tokio::test]
async fn an_empty_endpoint_configuration_resets_nothing() {
    let api = Api::new().await;
    let configuration = json!({
        "additionalDns": ["a.example.com"],
        "allowedSourceIpRanges": ["10.0.0.0/8"],
    });
    let body = but(
        gateway("chat"),
        "/endpointConfiguration",
        configuration.clone(),
    );
    let id = api.create("/gateways", &body).await;
    let path = format!("/gateways/{id}");
    let empty = but(update(&id, "chat"), "/endpointConfiguration", json!({}));
    let unset = json!({"additionalDns": [], "allowedSourceIpRanges": [], "edgeProxyMode": "EDGE_PROXY_MODE_UNSPECIFIED"});
    let unset = but(empty.clone(), "/endpointConfiguration", unset);
    for body in [update(&id, "chat"), empty, unset] {
        let spec = api.patch(&path, &body).await.ok()["spec"].clone();
        assert_eq!(spec["endpointConfiguration"], configuration);
    }
    // The requests do not conform to openapi.yaml, which has no zero values.
    api.fake.clear_requests();

    // Otherwise DNS names merge, and the other members are reset.
    let other = json!({"additionalDns": ["b.example.com", "a.example.com"]});
    let body = but(update(&id, "chat"), "/endpointConfiguration", other);
    let spec = api.patch(&path, &body).await.ok()["spec"].clone();
    let merged = json!({"additionalDns": ["a.example.com", "b.example.com"]});
    assert_eq!(spec["endpointConfiguration"], merged);
    api.fake.clock().advance(minutes(4));
    let endpoints = api.get(&path).await.ok()["status"]["endpoints"].clone();
    assert_eq!(endpoints.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn reads_after_an_update_can_be_stale() {
    for api in [Api::new().await, Api::instant().await] {
        let id = api.ready_gateway();
        let path = format!("/gateways/{id}");
        let before = api.get(&path).await.ok();
        let fault = Fault::stale_reads(2).on(Operation::UpdateGateway).once();
        api.fake.fault(fault);
        let mut body = update(&id, "ready-gateway");
        body["endpointConfiguration"] = json!({"additionalDns": ["a.example.com"]});
        let response = api.patch(&path, &body).await.ok();
        assert_eq!(response["status"]["status"], "STATUS_READY");
        assert_eq!(api.get(&path).await.ok(), before);
        assert_eq!(api.get("/gateways").await.ok()[0], before);
        api.fake.clock().advance(minutes(2));
        let after = api.get(&path).await.ok();
        assert_eq!(after["status"]["status"], "STATUS_READY");
        assert_eq!(after["spec"], response["spec"]);
    }
}

#[tokio::test]
async fn an_update_must_repeat_the_id_and_name() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    api.patch(&path, &gateway("chat"))
        .await
        .assert_invalid(&["id"]);
    api.patch(&path, &update(&uuid(9), "chat"))
        .await
        .assert_invalid(&["id"]);
    api.patch(&path, &update(&id, "talk"))
        .await
        .assert_invalid(&["name"]);
    api.patch(&path, &json!({}))
        .await
        .assert_invalid(&["id", "name", "auth", "routing"]);
    api.patch(&format!("/gateways/{}", uuid(9)), &update(&uuid(9), "chat"))
        .await
        .assert_error(404, 5);
}

#[tokio::test]
async fn a_gateway_being_deleted_cannot_be_updated() {
    let api = Api::new().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    api.delete(&path).await.ok();
    api.patch(&path, &update(&id, "chat"))
        .await
        .assert_precondition("DELETING");
    assert_eq!(
        api.delete(&path).await.ok()["status"]["status"],
        "STATUS_DELETING"
    );
}

#[tokio::test]
async fn a_gateway_in_use_cannot_be_deleted() {
    let api = Api::new().await;
    let id = api.ready_gateway();
    let path = format!("/gateways/{id}");
    let user = api.create("/deployments", &deployment("chat", &id)).await;
    let error = api.delete(&path).await;
    assert!(error.assert_precondition("GATEWAY_IN_USE").contains(&user));

    // A deployment being deleted still uses it.
    api.delete(&format!("/deployments/{user}")).await.ok();
    api.delete(&path)
        .await
        .assert_precondition("GATEWAY_IN_USE");
    api.fake.clock().advance(minutes(5));
    api.delete(&path).await.ok();
}

#[tokio::test]
async fn a_gateway_may_recover_from_an_error() {
    let api = Api::new().await;
    api.fake
        .fault(Fault::outcome(["STATUS_ERROR", "STATUS_READY"]).once());
    let id = api.create("/gateways", &gateway("chat")).await;
    let path = format!("/gateways/{id}");
    api.fake.clock().advance(minutes(3));
    let gateway = api.get(&path).await.ok();
    assert_eq!(gateway["status"]["status"], "STATUS_ERROR");
    assert_eq!(gateway["status"]["conditions"][0]["status"], "Unknown");
    api.fake.clock().advance(minutes(3));
    assert_eq!(api.status(&path).await, "STATUS_READY");
}

#[tokio::test]
async fn gateways_are_filtered_by_update_time() {
    let api = Api::new().await;
    api.create("/gateways", &gateway("first")).await;
    api.fake.clock().advance(minutes(10));
    api.create("/gateways", &gateway("second")).await;
    assert_eq!(api.get("/gateways").await.names(), ["first", "second"]);
    let after = |moment: &str| format!("/gateways?updatedAfter={moment}");
    assert_eq!(
        api.get(&after("2026-01-01T00:03:00Z")).await.names(),
        ["second"]
    );
    assert_eq!(
        api.get(&after("2026-01-01T00:02:59.999999999Z"))
            .await
            .names(),
        ["first", "second"]
    );
    assert_eq!(
        api.get(&after("2026-01-01T01:05:00%2B01:00")).await.names(),
        ["second"]
    );
    api.get(&after("yesterday"))
        .await
        .assert_invalid(&["updated_after"]);
    api.get("/gateways?updatedAfter=")
        .await
        .assert_invalid(&["updated_after"]);
    let twice = after("2026-01-01T00:03:00Z&updatedAfter=2026-01-01T00:03:00Z");
    api.get(&twice).await.assert_invalid(&["updated_after"]);
}
