//! Deployments.

use coreweave_inference_fake::Fault;
use serde_json::{Value, json};

use crate::support::{Api, but, deployment, gateway, hot_deployment, hot_load, minutes, uuid};

/// The body of an update.
fn update(id: &str, body: Value) -> Value {
    but(body, "/id", json!(id))
}

#[tokio::test]
async fn a_deployment_goes_through_its_lifecycle() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let body = deployment("chat", &gateway);
    let id = api.create("/deployments", &body).await;
    let path = format!("/deployments/{id}");
    assert_eq!(api.status(&path).await, "STATUS_CREATING");
    api.fake.clock().advance(minutes(20));
    let ready = api.get(&path).await.ok();
    assert_eq!(ready["status"]["status"], "STATUS_READY");
    assert_eq!(ready["status"]["conditions"][0]["type"], "Ready");

    let body = but(update(&id, body), "/runtime/version", json!("0.9.2"));
    let updated = api.patch(&path, &body).await.ok();
    assert_eq!(updated["spec"]["runtime"]["version"], "0.9.2");
    api.fake.clock().advance(minutes(1));
    assert_eq!(api.status(&path).await, "STATUS_UPDATING");
    api.fake.clock().advance(minutes(10));
    assert_eq!(api.status(&path).await, "STATUS_READY");

    let last = api.delete(&path).await.ok();
    assert_eq!(last["status"]["status"], "STATUS_DELETING");
    assert_eq!(last["spec"]["name"], "chat");
    api.fake.clock().advance(minutes(5));
    api.get(&path).await.assert_error(404, 5);
}

/// The status of a condition; `null` while it is unspecified.
fn condition(deployment: &Value, name: &str) -> Value {
    let conditions = deployment["status"]["conditions"].as_array().unwrap();
    let mut named = conditions
        .iter()
        .filter(|condition| condition["type"] == name);
    named.next().unwrap()["status"].clone()
}

#[tokio::test]
async fn resources_are_applied_before_a_deployment_is_ready() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let created = api
        .post("/deployments", &deployment("chat", &gateway))
        .await;
    let created = created.ok();
    assert_eq!(condition(&created, "ResourcesApplied"), Value::Null);
    let id = created["spec"]["id"].as_str().unwrap();
    let path = format!("/deployments/{id}");
    api.fake.clock().advance(minutes(1));
    let applied = api.get(&path).await.ok();
    assert_eq!(condition(&applied, "ResourcesApplied"), "True");
    assert_eq!(condition(&applied, "Ready"), "False");
    assert_eq!(applied["status"]["status"], "STATUS_CREATING");
    assert_eq!(applied["status"]["updatedAt"], "2026-01-01T00:01:00Z");
    api.fake.clock().advance(minutes(19));
    assert_eq!(condition(&api.get(&path).await.ok(), "Ready"), "True");
}

#[tokio::test]
async fn a_disabled_deployment_never_becomes_ready() {
    for api in [Api::new().await, Api::instant().await] {
        let gateway = api.ready_gateway();
        let disabled = but(deployment("chat", &gateway), "/disabled", json!(true));
        let id = api.create("/deployments", &disabled).await;
        let path = format!("/deployments/{id}");
        api.fake.clock().advance(minutes(600));
        let found = api.get(&path).await.ok();
        assert_eq!(found["status"]["status"], "STATUS_CREATING");
        assert_eq!(condition(&found, "ResourcesApplied"), "True");
        assert_eq!(found["status"]["conditions"][0]["reason"], "Disabled");

        let enabled = update(&id, deployment("chat", &gateway));
        api.patch(&path, &enabled).await.ok();
        api.fake.clock().advance(minutes(21));
        // Under an instant clock, the first read shows that the service has noticed.
        api.status(&path).await;
        assert_eq!(api.status(&path).await, "STATUS_READY");

        let seed = json!({"spec": {"disabled": true}});
        let id = api.fake.seed_deployment(seed).unwrap();
        let seeded = api.get(&format!("/deployments/{id}")).await.ok();
        assert_eq!(seeded["status"]["status"], "STATUS_CREATING");
        assert_eq!(condition(&seeded, "ResourcesApplied"), "True");
    }
}

#[tokio::test]
async fn enum_numbers_mean_their_names() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let body = hot_deployment("chat", &gateway);
    let stored = api
        .post(
            "/deployments",
            &but(body, "/hotLoad/transitionMode", json!(1)),
        )
        .await
        .ok();
    let mode = &stored["spec"]["hotLoad"]["transitionMode"];
    assert_eq!(mode, "TRANSITION_MODE_ASYNC");
    let body = hot_deployment("talk", &gateway);
    api.post(
        "/deployments",
        &but(body, "/hotLoad/transitionMode", json!(2)),
    )
    .await
    .assert_invalid(&["hot_load.transition_mode"]);
    // The requests do not conform to openapi.yaml, which has no numbers.
    api.fake.clear_requests();
}

#[tokio::test]
async fn a_failed_deployment_does_not_recover() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    api.fake.fault(Fault::outcome(["STATUS_FAILED"]).once());
    let id = api
        .create("/deployments", &deployment("chat", &gateway))
        .await;
    let path = format!("/deployments/{id}");
    api.fake.clock().advance(minutes(600));
    let failed = api.get(&path).await.ok();
    assert_eq!(failed["status"]["status"], "STATUS_FAILED");
    assert_eq!(condition(&failed, "ResourcesApplied"), "False");
    let body = update(&id, deployment("chat", &gateway));
    api.patch(&path, &body).await.assert_precondition("FAILED");
}

#[tokio::test]
async fn the_required_members_are_required() {
    let api = Api::new().await;
    let members = [
        "name",
        "gateway_ids",
        "runtime",
        "resources",
        "model",
        "autoscaling",
        "traffic",
    ];
    api.post("/deployments", &json!({}))
        .await
        .assert_invalid(&members);
    let gateway = api.ready_gateway();
    let id = api
        .create("/deployments", &deployment("chat", &gateway))
        .await;
    let with_id: Vec<&str> = ["id"].into_iter().chain(members).collect();
    api.patch(&format!("/deployments/{id}"), &json!({}))
        .await
        .assert_invalid(&with_id);
    let mut body = deployment("chat", &gateway);
    for part in ["runtime", "resources", "model", "autoscaling"] {
        body[part] = json!({});
    }
    api.post("/deployments", &body).await.assert_invalid(&[
        "runtime.engine",
        "resources.instance_type",
        "resources.gpu_count",
        "model.name",
        "model.bucket",
        "model.path",
        "autoscaling.min",
        "autoscaling.max",
    ]);
}

#[tokio::test]
async fn every_field_rule_is_enforced() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    for (pointer, value, field) in [
        ("/id", json!("mine"), "id"),
        ("/runtime/engine", json!("steam"), "runtime.engine"),
        ("/runtime/version", json!("99.0.0"), "runtime.version"),
        (
            "/runtime/engineConfig",
            json!({"warp": "9"}),
            "runtime.engine_config",
        ),
        (
            "/runtime/engineEnv",
            json!({"PATH": "/"}),
            "runtime.engine_env",
        ),
        ("/resources/gpuCount", json!(0), "resources.gpu_count"),
        ("/resources/gpuCount", json!(3), "resources.gpu_count"),
        ("/resources/gpuCount", json!(32), "resources.gpu_count"),
        (
            "/resources/instanceType",
            json!("gb300-4x"),
            "resources.instance_type",
        ),
        ("/model/name", json!("abc"), "model.name"),
        ("/model/name", json!("a".repeat(64)), "model.name"),
        ("/model/bucket", json!("-models"), "model.bucket"),
        ("/model/bucket", json!("models-"), "model.bucket"),
        ("/model/bucket", json!("my.models"), "model.bucket"),
        ("/model/bucket", json!("m".repeat(64)), "model.bucket"),
        ("/autoscaling/min", json!(0), "autoscaling.min"),
        ("/autoscaling/min", json!(3), "autoscaling.max"),
        ("/autoscaling/priority", json!(1001), "autoscaling.priority"),
        (
            "/autoscaling/concurrency",
            json!(0),
            "autoscaling.concurrency",
        ),
        ("/traffic/weight", json!(1001), "traffic.weight"),
        ("/name", json!("my_chat"), "name"),
        ("/name", json!("-chat"), "name"),
        ("/name", json!("c".repeat(64)), "name"),
        (
            "/hotLoad",
            json!({"pathPrefix": "runs/../secrets"}),
            "hot_load.path_prefix",
        ),
        ("/hotLoad", json!({"bucket": "-"}), "hot_load.bucket"),
        ("/model/bucket", json!("m_1"), "model.bucket"),
    ] {
        let base = if pointer == "/hotLoad" {
            hot_deployment
        } else {
            deployment
        };
        let body = but(base("chat", &gateway), pointer, value);
        api.post("/deployments", &body)
            .await
            .assert_invalid(&[field]);
    }
}

#[tokio::test]
async fn the_limits_themselves_are_accepted() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    for (number, (pointer, value)) in [
        ("/name", json!("c".repeat(63))),
        ("/resources/gpuCount", json!(1)),
        ("/resources/gpuCount", json!(16)),
        ("/model/name", json!("four")),
        ("/model/name", json!("a".repeat(63))),
        ("/model/bucket", json!("m".repeat(63))),
        ("/autoscaling/min", json!(2)),
        ("/autoscaling/priority", json!(1000)),
        ("/autoscaling/concurrency", json!(1)),
        ("/traffic/weight", json!(1000)),
        ("/runtime/engine", json!("dynamo-sglang")),
        (
            "/autoscaling/capacityClasses",
            json!(["CAPACITY_CLASS_ON_DEMAND", "CAPACITY_CLASS_RESERVED"]),
        ),
        ("/traffic", json!({})),
    ]
    .into_iter()
    .enumerate()
    {
        let body = but(
            deployment(&format!("chat-{number}"), &gateway),
            pointer,
            value.clone(),
        );
        let stored = api.post("/deployments", &body).await.ok();
        assert_eq!(stored["spec"].pointer(pointer), Some(&value));
    }
}

#[tokio::test]
async fn the_version_defaults_to_the_latest() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let versions = api.get("/deployments/parameters").await.body;
    let latest = versions["runtimeParameters"]["runtimeVersions"]["vllm"]["versions"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    let stored = api
        .post("/deployments", &deployment("chat", &gateway))
        .await
        .ok();
    assert_eq!(stored["spec"]["runtime"]["version"], latest);
}

#[tokio::test]
async fn the_gateways_must_exist() {
    let api = Api::new().await;
    let unknown = api
        .post("/deployments", &deployment("chat", &uuid(9)))
        .await;
    unknown.assert_error(404, 5);
    assert_eq!(
        unknown.detail("ResourceInfo")["resourceName"],
        json!(uuid(9))
    );
    let gateway = api.ready_gateway();
    api.delete(&format!("/gateways/{gateway}")).await.ok();
    let leaving = api
        .post("/deployments", &deployment("chat", &gateway))
        .await;
    leaving.assert_precondition("GATEWAY_DELETING");
}

#[tokio::test]
async fn ids_and_names_are_unique() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let body = but(deployment("chat", &gateway), "/id", json!(uuid(1)));
    api.post("/deployments", &body).await.ok();
    assert!(
        api.post("/deployments", &body)
            .await
            .assert_error(409, 6)
            .contains("with id")
    );
    let same_name = api
        .post("/deployments", &deployment("chat", &gateway))
        .await;
    assert!(same_name.assert_error(409, 6).contains("with name"));
}

#[tokio::test]
async fn a_deployment_can_be_renamed_to_a_free_name() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let id = api
        .create("/deployments", &deployment("chat", &gateway))
        .await;
    api.create("/deployments", &deployment("talk", &gateway))
        .await;
    let path = format!("/deployments/{id}");
    let rename = |name: &str| update(&id, deployment(name, &gateway));
    api.patch(&path, &rename("talk")).await.assert_error(409, 6);
    assert_eq!(
        api.patch(&path, &rename("speak")).await.ok()["spec"]["name"],
        "speak"
    );
    api.post("/deployments", &deployment("speak", &gateway))
        .await
        .assert_error(409, 6);
    api.post("/deployments", &deployment("chat", &gateway))
        .await
        .ok();
}

#[tokio::test]
async fn an_update_resets_what_it_leaves_out() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let mut body = deployment("chat", &gateway);
    body["disabled"] = json!(true);
    body["autoscaling"]["priority"] = json!(5);
    body["runtime"]["version"] = json!("0.9.2");
    body["fromTomorrow"] = json!({"kept": [1]});
    api.fake.fault(Fault::keep_unknown_members().once());
    let created = api.post("/deployments", &body).await.ok();
    assert_eq!(created["spec"]["fromTomorrow"], json!({"kept": [1]}));
    let id = created["spec"]["id"].as_str().unwrap();
    let body = update(id, deployment("chat", &gateway));
    let spec = api.patch(&format!("/deployments/{id}"), &body).await.ok()["spec"].clone();
    for member in ["disabled", "fromTomorrow"] {
        assert!(spec.get(member).is_none(), "{member}");
    }
    assert!(spec["autoscaling"].get("priority").is_none());
    assert_ne!(spec["runtime"]["version"], "0.9.2");
}

#[tokio::test]
async fn hot_load_requires_its_engine_and_one_zone() {
    let api = Api::new().await;
    let east = api.ready_gateway();
    let body = but(
        hot_deployment("chat", &east),
        "/runtime/engine",
        json!("vllm"),
    );
    api.post("/deployments", &body)
        .await
        .assert_invalid(&["hot_load"]);
    let west = but(gateway("west"), "/zones", json!(["US-WEST-04A"]));
    let west = api.create("/gateways", &west).await;
    let mut body = hot_deployment("chat", &east);
    body["gatewayIds"] = json!([east, west]);
    body["resources"]["instanceType"] = json!("gb200-4x");
    api.post("/deployments", &body)
        .await
        .assert_invalid(&["hot_load"]);
    let body = but(body, "/hotLoad", Value::Null);
    api.post("/deployments", &body).await.ok();
}

#[tokio::test]
async fn only_a_segment_of_two_dots_is_refused_in_a_path_prefix() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    for (number, (prefix, is_valid)) in [
        ("..", false),
        ("../a", false),
        ("a/..", false),
        ("model..v2", true),
        ("a/...", true),
        ("./a//b/", true),
    ]
    .into_iter()
    .enumerate()
    {
        let body = hot_deployment(&format!("chat-{number}"), &gateway);
        let body = but(body, "/hotLoad/pathPrefix", json!(prefix));
        let response = api.post("/deployments", &body).await;
        match is_valid {
            true => drop(response.ok()),
            false => response.assert_invalid(&["hot_load.path_prefix"]),
        }
    }
}

#[tokio::test]
async fn hot_load_can_only_be_set_at_creation() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let created = api
        .post("/deployments", &hot_deployment("chat", &gateway))
        .await
        .ok();
    let id = created["spec"]["id"].as_str().unwrap();
    let path = format!("/deployments/{id}");
    let full = update(id, hot_deployment("chat", &gateway));
    let unchanged = api.patch(&path, &full).await.ok();
    assert_eq!(unchanged["spec"]["hotLoad"], created["spec"]["hotLoad"]);
    let seed = json!({"spec": hot_deployment("empty", &gateway)});
    let seed = but(seed, "/spec/hotLoad/pathPrefix", json!(""));
    let empty = api.fake.seed_deployment(seed).unwrap();
    let absent = update(&empty, hot_deployment("empty", &gateway));
    let absent = but(absent, "/hotLoad/pathPrefix", Value::Null);
    api.patch(&format!("/deployments/{empty}"), &absent)
        .await
        .ok();

    let other = but(full.clone(), "/hotLoad/bucket", json!("other"));
    api.patch(&path, &other).await.assert_invalid(&["hot_load"]);
    let without = but(full.clone(), "/hotLoad", Value::Null);
    let mut null = without.clone();
    null["hotLoad"] = Value::Null;
    for body in [&without, &null] {
        let kept = api.patch(&path, body).await.ok();
        assert_eq!(kept["spec"]["hotLoad"], created["spec"]["hotLoad"]);
    }
    // The requests do not conform to openapi.yaml, which has no `null`.
    api.fake.clear_requests();
    let engine = but(without, "/runtime/engine", json!("vllm"));
    api.patch(&path, &engine)
        .await
        .assert_invalid(&["hot_load"]);

    let plain = api
        .create("/deployments", &deployment("plain", &gateway))
        .await;
    let enabling = update(&plain, hot_deployment("plain", &gateway));
    api.patch(&format!("/deployments/{plain}"), &enabling)
        .await
        .assert_invalid(&["hot_load"]);
}

#[tokio::test]
async fn a_running_hot_load_blocks_updates() {
    let api = Api::new().await;
    let id = api.ready_deployment();
    let path = format!("/deployments/{id}");
    api.post("/hotLoads", &hot_load(&id, "v1")).await.ok();
    let gateway = api.get(&path).await.ok()["spec"]["gatewayIds"][0]
        .as_str()
        .unwrap()
        .to_owned();
    let body = but(
        update(&id, hot_deployment("ready", &gateway)),
        "/hotLoad",
        Value::Null,
    );
    let error = api.patch(&path, &body).await;
    assert!(
        error
            .assert_precondition("HOT_LOAD_RUNNING")
            .contains("already in progress")
    );
    api.fake.clock().advance(minutes(2));
    api.patch(&path, &body).await.ok();
}

#[tokio::test]
async fn deployments_are_filtered_by_gateway_and_update_time() {
    let api = Api::new().await;
    let east = api.ready_gateway();
    let other = api.create("/gateways", &gateway("other")).await;
    api.create("/deployments", &deployment("first", &east))
        .await;
    api.fake.clock().advance(minutes(60));
    let mut body = deployment("second", &other);
    body["gatewayIds"] = json!([other, east]);
    api.create("/deployments", &body).await;
    api.create("/deployments", &deployment("third", &other))
        .await;

    assert_eq!(
        api.get("/deployments").await.names(),
        ["first", "second", "third"]
    );
    let by_gateway = format!("/deployments?parentGatewayId={east}");
    assert_eq!(api.get(&by_gateway).await.names(), ["first", "second"]);
    let both = format!("{by_gateway}&updatedAfter=2026-01-01T00:30:00Z");
    assert_eq!(api.get(&both).await.names(), ["second"]);
    let nobody = format!("/deployments?parentGatewayId={}", uuid(9));
    assert!(api.get(&nobody).await.names().is_empty());
    assert_eq!(
        api.get("/deployments?parentGatewayId=").await.names().len(),
        3
    );
}
