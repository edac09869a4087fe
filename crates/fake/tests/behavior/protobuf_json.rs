//! Request bodies and queries as protobuf JSON parsers read them: what Python's protobuf,
//! @bufbuild/protobuf and Go's protojson all accept is accepted, and what all of them refuse is not.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use coreweave_inference_fake::Fault;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Response, deployment, gateway, send, uuid};

/// The members of a deployment's parts, as text.
const PARTS: [(&str, &str); 5] = [
    ("runtime", r#""engine": "vllm""#),
    (
        "resources",
        r#""instanceType": "gd-8xh100ib-i128", "gpuCount": 8"#,
    ),
    (
        "model",
        r#""name": "llama-3", "bucket": "models", "path": "llama/3""#,
    ),
    ("autoscaling", r#""min": 1, "max": 2"#),
    ("traffic", ""),
];

/// Creates a deployment from text. `members` are those of a part, instead of the valid ones, or
/// more of the deployment's own if `part` is empty.
async fn create(api: &Api, part: &str, members: &str) -> Response {
    static CREATED: AtomicU32 = AtomicU32::new(0);
    let number = CREATED.fetch_add(1, Ordering::Relaxed);
    let gateway = uuid(1);
    let mut body = format!(r#"{{"name": "chat-{number}", "gatewayIds": ["{gateway}"]"#);
    for (name, valid) in PARTS {
        let members = if name == part { members } else { valid };
        body += &format!(r#", "{name}": {{{members}}}"#);
    }
    if part.is_empty() {
        body += &format!(", {members}");
    }
    let request = api.request(Method::POST, "/deployments");
    let request = request.header("content-type", "application/json");
    let response = send(request.body(body + "}")).await;
    // Few of these bodies conform to openapi.yaml.
    api.fake.clear_requests();
    response
}

/// A fake with a gateway.
async fn start() -> Api {
    let api = Api::new().await;
    let seed = json!({"spec": {"id": uuid(1), "zones": ["US-EAST-04A"]}});
    api.fake.seed_gateway(seed).unwrap();
    api
}

/// Asserts that a deployment is created from these members, and stores this at `pointer`.
async fn accepts(part: &str, members: &str, pointer: &str, stored: Value) {
    let created = create(&start().await, part, members).await.ok();
    let found = created["spec"].pointer(pointer);
    assert_eq!(found.unwrap_or(&Value::Null), &stored, "{members}");
}

/// Asserts that the body is refused as a whole, without naming a field.
async fn refuses(part: &str, members: &str) {
    let response = create(&start().await, part, members).await;
    let message = response.assert_error(400, 3);
    assert!(
        message.starts_with("invalid JSON: "),
        "{members}: {message}"
    );
    let details = response.body["details"].as_array().unwrap();
    assert_eq!(details.len(), 1, "only the request id: {details:?}");
}

#[tokio::test]
async fn a_member_has_two_names() {
    let resources = |count: &str| format!(r#""instance_type": "gd-8xh100ib-i128", {count}"#);
    for count in [r#""gpuCount": 4"#, r#""gpu_count": 4"#] {
        accepts(
            "resources",
            &resources(count),
            "/resources/gpuCount",
            json!(4),
        )
        .await;
    }
    for count in [
        r#""gpuCount": 8, "gpu_count": 8"#,
        r#""gpu_count": 8, "gpuCount": null"#,
    ] {
        refuses("resources", &resources(count)).await;
    }
}

#[tokio::test]
async fn a_member_may_not_be_repeated() {
    refuses("traffic", r#""weight": 1, "weight": 1"#).await;
    refuses("traffic", r#""weight": null, "weight": 1"#).await;
    refuses("", r#""hotLoad": {}, "hotLoad": {}"#).await;
    let repeated_key = r#""engine": "vllm", "engineConfig": {"dtype": "a", "dtype": "b"}"#;
    refuses("runtime", repeated_key).await;
}

#[tokio::test]
async fn unknown_members_are_dropped() {
    let api = Api::new().await;
    let mut body = gateway("chat");
    body["fromTomorrow"] = json!({"deep": [1]});
    body["bodyBasedRouting"]["fromTomorrow"] = json!(1);
    body["Name"] = json!("names have a case");
    body["organizationId"] = json!("an output is no member of a request");
    let dropped = api.post("/gateways", &body).await.ok()["spec"].clone();
    assert_eq!(dropped["bodyBasedRouting"], gateway("")["bodyBasedRouting"]);
    assert!(dropped.get("fromTomorrow").is_none() && dropped.get("Name").is_none());
    assert_eq!(dropped["organizationId"], "org-fake");

    api.fake.fault(Fault::keep_unknown_members().once());
    body["name"] = json!("talk");
    let kept = api.post("/gateways", &body).await.ok()["spec"].clone();
    assert_eq!(kept["fromTomorrow"], json!({"deep": [1]}));
    assert_eq!(kept["bodyBasedRouting"]["fromTomorrow"], 1);
    assert_eq!(kept["organizationId"], "org-fake");
    api.fake.clear_requests();
}

#[tokio::test]
async fn null_means_unset() {
    for (part, members, pointer) in [
        ("", r#""disabled": null"#, "/disabled"),
        ("", r#""hotLoad": null"#, "/hotLoad"),
        ("", r#""id": null"#, "/nothing"),
        ("traffic", r#""weight": null"#, "/traffic/weight"),
        (
            "runtime",
            r#""engine": "vllm", "engineEnv": null"#,
            "/runtime/engineEnv",
        ),
    ] {
        accepts(part, members, pointer, Value::Null).await;
    }
    create(&start().await, "runtime", r#""engine": null"#)
        .await
        .assert_invalid(&["runtime.engine"]);
    refuses(
        "runtime",
        r#""engine": "vllm", "engineEnv": {"HF_HUB_OFFLINE": null}"#,
    )
    .await;
    refuses(
        "autoscaling",
        r#""min": 1, "max": 2, "capacityClasses": [null]"#,
    )
    .await;
}

#[tokio::test]
async fn zero_values_are_left_out() {
    for (part, members, pointer) in [
        ("", r#""disabled": false"#, "/disabled"),
        ("traffic", r#""weight": 0"#, "/traffic/weight"),
        (
            "runtime",
            r#""engine": "vllm", "engineEnv": {}"#,
            "/runtime/engineEnv",
        ),
        (
            "autoscaling",
            r#""min": 1, "max": 2, "capacityClasses": []"#,
            "/autoscaling/capacityClasses",
        ),
    ] {
        accepts(part, members, pointer, Value::Null).await;
    }
    let empty_text = r#""engine": "vllm", "engineEnv": {"HF_HUB_OFFLINE": ""}"#;
    accepts(
        "runtime",
        empty_text,
        "/runtime/engineEnv/HF_HUB_OFFLINE",
        json!(""),
    )
    .await;
}

#[tokio::test]
async fn an_integer_has_many_forms() {
    for form in [
        "8", "\"8\"", "8.0", "\"8.0\"", "8e0", "0.8e1", "80e-1", "8E+0", "\"8e0\"",
    ] {
        let weight = format!(r#""weight": {form}"#);
        accepts("traffic", &weight, "/traffic/weight", json!(8)).await;
    }
    for zero in ["0", "-0", "-0.0", "\"-0\""] {
        let weight = format!(r#""weight": {zero}"#);
        accepts("traffic", &weight, "/traffic/weight", Value::Null).await;
    }
}

#[tokio::test]
async fn an_integer_is_whole_and_in_range() {
    for form in [
        "-1",
        "1.5",
        "4294967296",
        "\"4294967296\"",
        "1e400",
        "\" 8\"",
        "\"8 \"",
        "\"\"",
        "\"eight\"",
        "\"NaN\"",
        "\"+8\"",
        "\"08\"",
        "\"0x8\"",
        "NaN",
        "08",
        "+8",
        "8.",
        ".8",
        "true",
        "[]",
        "{}",
    ] {
        refuses("traffic", &format!(r#""weight": {form}"#)).await;
    }
}

#[tokio::test]
async fn an_enum_is_a_name_or_a_number() {
    let classes = |item: &str| format!(r#""min": 1, "max": 2, "capacityClasses": [{item}]"#);
    for item in ["\"CAPACITY_CLASS_ON_DEMAND\"", "2", "2.0", "2e0"] {
        let stored = json!(["CAPACITY_CLASS_ON_DEMAND"]);
        accepts(
            "autoscaling",
            &classes(item),
            "/autoscaling/capacityClasses",
            stored,
        )
        .await;
    }
    for item in [
        "\"\"",
        "\"2\"",
        "\"CAPACITY_CLASS_FREE\"",
        "\"capacity_class_reserved\"",
        "2.5",
        "2147483648",
        "true",
        "[]",
        "{}",
    ] {
        refuses("autoscaling", &classes(item)).await;
    }
    let single = |mode: &str| format!(r#""hotLoad": {{"transitionMode": {mode}}}"#);
    refuses("", &single("\"\"")).await;
    refuses("", &single("[1]")).await;
}

#[tokio::test]
async fn the_zero_value_of_an_enum_means_unset() {
    let api = Api::new().await;
    for (number, mode) in [
        json!("EDGE_PROXY_MODE_UNSPECIFIED"),
        json!(0),
        json!(0.0),
        Value::Null,
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = gateway(&format!("chat-{number}"));
        body["endpointConfiguration"] = json!({"edgeProxyMode": mode});
        let spec = api.post("/gateways", &body).await.ok()["spec"].clone();
        assert_eq!(spec["endpointConfiguration"], json!({}), "{mode}");
    }
    let mut body = gateway("chat");
    body["bodyBasedRouting"]["apiType"] = json!(0);
    api.post("/gateways", &body)
        .await
        .assert_invalid(&["body_based_routing.api_type"]);
    api.fake.clear_requests();
}

#[tokio::test]
async fn an_unknown_enum_number_breaks_a_rule() {
    let api = Api::new().await;
    let mut body = gateway("chat");
    for number in [9, -1] {
        body["bodyBasedRouting"]["apiType"] = json!(number);
        api.post("/gateways", &body)
            .await
            .assert_invalid(&["body_based_routing.api_type"]);
    }
    api.fake.clear_requests();
}

#[tokio::test]
async fn other_values_have_one_form() {
    for (part, members) in [
        ("", r#""disabled": "true""#),
        ("", r#""disabled": 1"#),
        ("", r#""disabled": """#),
        ("", r#""id": 1"#),
        ("", r#""id": []"#),
        ("", r#""id": "\ud800""#),
        ("", r#""hotLoad": 1"#),
        ("", r#""hotLoad": []"#),
        ("", r#""hotLoad": """#),
        (
            "runtime",
            r#""engine": "vllm", "engineConfig": {"dtype": 1}"#,
        ),
        ("runtime", r#""engine": "vllm", "engineConfig": []"#),
        ("autoscaling", r#""min": 1, "max": 2, "capacityClasses": 1"#),
        (
            "autoscaling",
            r#""min": 1, "max": 2, "capacityClasses": {}"#,
        ),
        ("traffic", r#""weight": 1,"#),
        ("traffic", "weight: 1"),
        ("traffic", "'weight': 1"),
        ("traffic", r#"/* none */ "weight": 1"#),
    ] {
        refuses(part, members).await;
    }
}

#[tokio::test]
async fn queries_have_two_names() {
    let api = Api::new().await;
    api.create("/gateways", &gateway("first")).await;
    api.fake.clock().advance(Duration::from_secs(600));
    let east = api.create("/gateways", &gateway("second")).await;
    let after = "updated_after=2026-01-01T00:05:00Z";
    assert_eq!(
        api.get(&format!("/gateways?{after}")).await.names(),
        ["second"]
    );
    let parameters = api
        .get(&format!("/deployments/parameters?gateway_ids={east}"))
        .await;
    assert_eq!(parameters.body["gatewayIds"], json!([east]));
    let id = api.create("/deployments", &deployment("chat", &east)).await;
    let query = format!("/deployments?parent_gateway_id={}", uuid(9));
    assert!(api.get(&query).await.names().is_empty(), "{id}");
    api.get("/hotLoads?max_page_size=-1")
        .await
        .assert_invalid(&["max_page_size"]);
    api.get(&format!(
        "/gateways?{after}&updatedAfter=2026-01-01T00:05:00Z"
    ))
    .await
    .assert_invalid(&["updated_after"]);
    api.fake.clear_requests();
}

#[tokio::test]
async fn a_timestamp_is_stricter_than_rfc_3339() {
    let api = Api::new().await;
    let list = async |time: &str| {
        let time = time
            .replace('+', "%2B")
            .replace(' ', "%20")
            .replace('\u{2212}', "%E2%88%92");
        api.get(&format!("/gateways?updatedAfter={time}")).await
    };
    for time in [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1Z",
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05+01:00",
        "2026-01-02T03:04:05-00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
    ] {
        assert_eq!(list(time).await.body, json!({"items": []}), "{time}");
    }
    for time in [
        "2026-01-02t03:04:05Z",
        "2026-01-02T03:04:05z",
        "2026-01-02 03:04:05Z",
        " 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:60Z",
        "2026-01-02T23:59:60Z",
        "2026-01-02T03:04:05.1234567890Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "10000-01-01T00:00:00Z",
        "2026-01-02T03:04:05\u{2212}01:00",
        "2026-01-02T03:04:05+0100",
        "2026-01-02T03:04Z",
        "2026-01-02T03:04:05",
        "2026-01-02",
        "2026-02-30T00:00:00Z",
        "1767322800",
        "",
    ] {
        list(time).await.assert_invalid(&["updated_after"]);
    }
    api.fake.clear_requests();
}
