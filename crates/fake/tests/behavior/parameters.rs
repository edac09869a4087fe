//! Parameters, and that creates accept what they list.

use serde_json::{Value, json};

use crate::support::{Api, but, claim, deployment, gateway, uuid};

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_gateway_can_be_in_every_listed_zone() {
    let api = Api::new().await;
    let parameters = api.get("/gateways/parameters").await.body;
    let zones = texts(&parameters["zones"]);
    assert!(!zones.is_empty());
    for zone in zones {
        let body = but(gateway(zone), "/zones", json!([zone]));
        api.post("/gateways", &body).await.ok();
    }
}

#[tokio::test]
async fn a_claim_can_be_of_every_listed_instance_type() {
    let api = Api::new().await;
    let parameters = api.get("/capacityclaims/parameters").await.body;
    for (zone, types) in parameters["zoneInstanceTypes"].as_object().unwrap() {
        for instance in texts(&types["instanceTypes"]) {
            let body = but(
                claim(&format!("{zone}-{instance}")),
                "/resources/zones",
                json!([zone]),
            );
            let body = but(body, "/resources/instanceId", json!(instance));
            api.post("/capacityclaims", &body).await.ok();
        }
    }
}

#[tokio::test]
async fn a_deployment_can_use_everything_listed() {
    let api = Api::new().await;
    let gateway = api.ready_gateway();
    let query = format!("/deployments/parameters?gatewayIds={gateway}");
    let parameters = api.get(&query).await.body;
    assert_eq!(parameters["gatewayIds"], json!([gateway]));
    let runtime = &parameters["runtimeParameters"];
    for (engine, versions) in runtime["runtimeVersions"].as_object().unwrap() {
        for version in texts(&versions["versions"]) {
            let map = |list: &Value| -> Value {
                texts(list)
                    .into_iter()
                    .map(|key| (key.to_owned(), json!("x")))
                    .collect()
            };
            let mut body = deployment(
                &format!("{engine}-{version}").replace(['.', '+'], "-"),
                &gateway,
            );
            body["runtime"] = json!({
                "engine": engine,
                "version": version,
                "engineConfig": map(&runtime["runtimeConfigOptions"][engine]["allowedKeys"]),
                "engineEnv": map(&runtime["engineEnvOptions"][engine]["allowedNames"]),
            });
            api.post("/deployments", &body).await.ok();
        }
    }
    for instance in texts(&parameters["resourceParameters"]["instanceTypes"]) {
        let body = but(
            deployment(instance, &gateway),
            "/resources/instanceType",
            json!(instance),
        );
        api.post("/deployments", &body).await.ok();
    }
}

#[tokio::test]
async fn instance_types_are_those_that_all_gateways_share() {
    let api = Api::new().await;
    let east = api.ready_gateway();
    let west = but(gateway("west"), "/zones", json!(["US-WEST-04A"]));
    let west = api.create("/gateways", &west).await;
    let of = async |query: String| {
        let body = api
            .get(&format!("/deployments/parameters{query}"))
            .await
            .body;
        let types = texts(&body["resourceParameters"]["instanceTypes"]);
        types.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let all = of(String::new()).await;
    let east_types = of(format!("?gatewayIds={east}")).await;
    let both = of(format!("?gatewayIds={east}&gatewayIds={west}")).await;
    assert!(both.len() < east_types.len() && east_types.len() < all.len());
    assert!(both.iter().all(|instance| east_types.contains(instance)));
    let unknown = api
        .get(&format!("/deployments/parameters?gatewayIds={}", uuid(9)))
        .await;
    unknown.assert_error(404, 5);
}

#[tokio::test]
async fn without_gateways_there_are_no_instance_types() {
    let api = Api::new().await;
    let none = api.get("/deployments/parameters").await.body;
    assert_eq!(none["gatewayIds"], json!([]));
    assert_eq!(none["resourceParameters"]["instanceTypes"], json!([]));
    let gateway = api.ready_gateway();
    let some = api.get("/deployments/parameters").await.body;
    assert_eq!(some["gatewayIds"], json!([gateway]));
    assert!(!texts(&some["resourceParameters"]["instanceTypes"]).is_empty());
}
