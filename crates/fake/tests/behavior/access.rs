//! Tokens, roles and organizations.

use coreweave_inference_fake::{FakeServer, Operation};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Response, but, deployment, gateway, hot_load, send, uuid};

/// Two organizations, the first with a viewer. The client is the first organization's admin.
async fn two_organizations() -> Api {
    let builder = FakeServer::builder()
        .organization("org-a")
        .admin_token("a-admin")
        .viewer_token("a-viewer")
        .organization("org-b")
        .admin_token("b-admin");
    Api::with(builder).await
}

/// Sends a request with another token.
async fn by(api: &Api, token: &str, method: Method, path: &str, body: &Value) -> Response {
    let url = format!("{}/v1alpha1/inference{path}", api.fake.url());
    let request = api.http.request(method.clone(), url).bearer_auth(token);
    let has_body = method == Method::POST || method == Method::PATCH;
    send(if has_body {
        request.json(body)
    } else {
        request
    })
    .await
}

#[tokio::test]
async fn any_token_is_accepted_while_none_is_configured() {
    let mut api = Api::new().await;
    api.get("/gateways").await.ok();
    api.token = "anything at all".to_owned();
    api.post("/gateways", &gateway("chat")).await.ok();
}

#[tokio::test]
async fn every_operation_requires_a_bearer_token() {
    let api = Api::new().await;
    for operation in Operation::ALL {
        let path = operation
            .path()
            .replace("{id}", &uuid(1))
            .replace("{hotLoadId}", &uuid(1));
        let url = format!("{}{path}", api.fake.url());
        for header in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer  "),
            Some("Basic YTpi"),
        ] {
            let mut request = api.http.request(operation.method(), &url).json(&json!({}));
            if let Some(value) = header {
                request = request.header("authorization", value);
            }
            let error = send(request).await;
            error.assert_error(401, 16);
            assert_eq!(error.headers["www-authenticate"], "Bearer");
        }
    }
}

#[tokio::test]
async fn an_unknown_token_is_unauthenticated() {
    let api = two_organizations().await;
    assert_eq!(api.fake.token(), "a-admin");
    by(&api, "c-admin", Method::GET, "/gateways", &Value::Null)
        .await
        .assert_error(401, 16);
}

#[tokio::test]
async fn a_viewer_can_read_but_not_write() {
    let api = two_organizations().await;
    let id = api.create("/gateways", &gateway("chat")).await;
    by(
        &api,
        "a-viewer",
        Method::GET,
        &format!("/gateways/{id}"),
        &Value::Null,
    )
    .await
    .ok();
    for operation in Operation::ALL {
        let path = operation
            .path()
            .replace("{id}", &id)
            .replace("{hotLoadId}", &id);
        let path = path.strip_prefix("/v1alpha1/inference").unwrap();
        let response = by(&api, "a-viewer", operation.method(), path, &json!({})).await;
        if operation.method() == Method::GET {
            assert!(
                [200, 404].contains(&response.status),
                "{operation}: {}",
                response.body
            );
        } else {
            assert!(
                response.assert_error(403, 7).contains("Inference Admin"),
                "{operation}"
            );
        }
    }
    api.get(&format!("/gateways/{id}")).await.ok();
}

#[tokio::test]
async fn organizations_are_isolated() {
    let api = two_organizations().await;
    let gateway_id = api.ready_gateway();
    let body = but(gateway("chat"), "/id", json!(uuid(1)));
    let own = api.post("/gateways", &body).await.ok();
    assert_eq!(own["spec"]["organizationId"], "org-a");
    let deployment_id = api
        .create("/deployments", &deployment("chat", &gateway_id))
        .await;

    let path = format!("/gateways/{}", uuid(1));
    for method in [Method::GET, Method::DELETE] {
        by(&api, "b-admin", method, &path, &Value::Null)
            .await
            .assert_error(404, 5);
    }
    by(&api, "b-admin", Method::PATCH, &path, &body)
        .await
        .assert_error(404, 5);
    let listed = by(&api, "b-admin", Method::GET, "/gateways", &Value::Null).await;
    assert!(listed.names().is_empty());
    let elsewhere = deployment("chat", &gateway_id);
    by(&api, "b-admin", Method::POST, "/deployments", &elsewhere)
        .await
        .assert_error(404, 5);
    let elsewhere = hot_load(&deployment_id, "v1");
    by(&api, "b-admin", Method::POST, "/hotLoads", &elsewhere)
        .await
        .assert_error(404, 5);

    // The name is free in the other organization; the id is not.
    assert!(
        by(&api, "b-admin", Method::POST, "/gateways", &body)
            .await
            .assert_error(409, 6)
            .contains("with id")
    );
    by(&api, "b-admin", Method::POST, "/gateways", &gateway("chat"))
        .await
        .ok();
}

#[tokio::test]
async fn a_page_token_is_invalid_in_another_organization() {
    let api = two_organizations().await;
    for _ in 0..2 {
        let spec = json!({"deploymentId": uuid(1), "identity": "v1", "type": "SNAPSHOT_TYPE_FULL"});
        api.fake.seed_hot_load(json!({"spec": spec})).unwrap();
    }
    let page = api.get("/hotLoads?maxPageSize=1").await.body;
    let path = format!(
        "/hotLoads?pageToken={}",
        page["nextPageToken"].as_str().unwrap()
    );
    api.get(&path).await.assert_page();
    by(&api, "b-admin", Method::GET, &path, &Value::Null)
        .await
        .assert_invalid(&["page_token"]);
}
