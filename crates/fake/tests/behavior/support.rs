//! A fake with an HTTP client, and valid request bodies.

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Once};
use std::time::Duration;

use chrono::{DateTime, Utc};
use coreweave_inference_fake::{Clock, FakeServer, FakeServerBuilder};
use coreweave_inference_spec::{Spec, conformance::Conformance};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

static CONFORMANCE: LazyLock<Conformance> = LazyLock::new(|| {
    let spec = Spec::load(repository().join("openapi.yaml")).unwrap();
    Conformance::new(&spec).unwrap()
});

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An HTTP client that does not follow redirects.
pub(crate) fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// The start of the tests' manual clock.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// A fake and a client with its token. Validates all responses against openapi.yaml when dropped.
pub(crate) struct Api {
    pub(crate) fake: FakeServer,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// A response with its body.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Drop for Api {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.check_conformance();
        }
    }
}

impl Api {
    /// A fake with a manual clock.
    pub(crate) async fn new() -> Api {
        Api::with(FakeServer::builder().clock(Clock::manual(start()))).await
    }

    /// A fake with an instant clock.
    pub(crate) async fn instant() -> Api {
        Api::with(FakeServer::builder()).await
    }

    pub(crate) async fn with(builder: FakeServerBuilder) -> Api {
        let fake = builder.seed(1).start().await.unwrap();
        let token = fake.token().to_owned();
        Api {
            fake,
            http: http(),
            token,
        }
    }

    pub(crate) fn check_conformance(&self) {
        let as_it_should = |request: &&_| {
            let request: &coreweave_inference_fake::RecordedRequest = request;
            request.fault.is_none()
        };
        for request in self.fake.requests().iter().filter(as_it_should) {
            let violations = request.violations(&CONFORMANCE);
            assert!(violations.is_empty(), "{violations:#?}\n{request:#?}");
        }
    }

    /// A request to a path below the API's prefix.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/v1alpha1/inference{path}", self.fake.url());
        self.http.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        send(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Response {
        send(self.request(Method::PATCH, path).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Response {
        send(self.request(Method::DELETE, path)).await
    }

    /// Creates a resource and returns its id.
    pub(crate) async fn create(&self, path: &str, body: &Value) -> String {
        let resource = self.post(path, body).await.ok();
        resource["spec"]["id"].as_str().unwrap().to_owned()
    }

    /// Reads the status of a resource.
    pub(crate) async fn status(&self, path: &str) -> String {
        let resource = self.get(path).await.ok();
        let status = &resource["status"];
        let name = status.get("status").or(status.get("state")).unwrap();
        name.as_str().unwrap().to_owned()
    }

    /// Seeds a ready gateway in the first zone.
    pub(crate) fn ready_gateway(&self) -> String {
        let mut spec = gateway("ready-gateway");
        spec["zones"] = json!(["US-EAST-04A"]);
        self.fake.seed_gateway(json!({"spec": spec})).unwrap()
    }

    /// Seeds a ready deployment with hot-load enabled, and its gateway.
    pub(crate) fn ready_deployment(&self) -> String {
        let gateway = self.ready_gateway();
        self.fake
            .seed_deployment(json!({"spec": hot_deployment("ready", &gateway)}))
            .unwrap()
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Response {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Response {
        status,
        headers,
        body,
    }
}

impl Response {
    /// Asserts success, and returns the only member of the body.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        let members = self.body.as_object().unwrap();
        assert_eq!(members.len(), 1, "{members:?}");
        members.values().next().unwrap().clone()
    }

    /// Asserts a successful page of a list.
    #[track_caller]
    pub(crate) fn assert_page(&self) {
        assert_eq!(self.status, 200, "{}", self.body);
        assert!(self.body["nextPageToken"].is_string());
    }

    /// Asserts a successful list, and returns the names.
    #[track_caller]
    pub(crate) fn names(self) -> Vec<String> {
        let items = self.ok();
        let names = items.as_array().unwrap().iter();
        names
            .map(|item| item["spec"]["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Asserts this HTTP status and google.rpc.Code, and returns the message.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, code: i32) -> &str {
        assert_eq!(
            (self.status, &self.body["code"]),
            (status, &json!(code)),
            "{}",
            self.body
        );
        self.body["message"].as_str().unwrap()
    }

    /// Asserts INVALID_ARGUMENT with exactly these fields.
    #[track_caller]
    pub(crate) fn assert_invalid(&self, fields: &[&str]) {
        self.assert_error(400, 3);
        let violations = self.detail("BadRequest")["fieldViolations"]
            .as_array()
            .unwrap();
        let found: Vec<_> = violations
            .iter()
            .map(|violation| violation["field"].as_str().unwrap())
            .collect();
        assert_eq!(found, fields, "{}", self.body);
    }

    /// Asserts FAILED_PRECONDITION, and returns the message.
    #[track_caller]
    pub(crate) fn assert_precondition(&self, kind: &str) -> &str {
        let message = self.assert_error(400, 9);
        assert_eq!(
            self.detail("PreconditionFailure")["violations"][0]["type"],
            kind
        );
        message
    }

    /// A detail by the name of its type.
    #[track_caller]
    pub(crate) fn detail(&self, name: &str) -> &Value {
        let details = self.body["details"].as_array().unwrap().iter();
        let kind = format!("type.googleapis.com/google.rpc.{name}");
        details
            .into_iter()
            .find(|detail| detail["@type"] == kind.as_str())
            .unwrap()
    }
}

pub(crate) fn gateway(name: &str) -> Value {
    json!({
        "name": name,
        "zones": ["US-EAST-04A"],
        "coreWeaveAuth": {},
        "bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"},
    })
}

pub(crate) fn deployment(name: &str, gateway: &str) -> Value {
    json!({
        "name": name,
        "gatewayIds": [gateway],
        "runtime": {"engine": "vllm"},
        "resources": {"instanceType": "gd-8xh100ib-i128", "gpuCount": 8},
        "model": {"name": "llama-3", "bucket": "models", "path": "llama/3"},
        "autoscaling": {"min": 1, "max": 2},
        "traffic": {"weight": 100},
    })
}

/// A deployment with three replicas and hot-load enabled.
pub(crate) fn hot_deployment(name: &str, gateway: &str) -> Value {
    let mut spec = deployment(name, gateway);
    spec["runtime"]["engine"] = json!("dynamo-vllm");
    spec["autoscaling"] = json!({"min": 3, "max": 4});
    spec["hotLoad"] = json!({"bucket": "weights", "pathPrefix": "runs", "transitionMode": "TRANSITION_MODE_ASYNC"});
    spec
}

pub(crate) fn claim(name: &str) -> Value {
    json!({
        "name": name,
        "resources": {
            "instanceId": "gd-8xh100ib-i128",
            "instanceCount": 4,
            "capacityType": "CAPACITY_TYPE_MANAGED",
            "zones": ["US-EAST-04A"],
        },
    })
}

pub(crate) fn hot_load(deployment: &str, identity: &str) -> Value {
    json!({"deploymentId": deployment, "identity": identity, "type": "SNAPSHOT_TYPE_FULL"})
}

pub(crate) fn delta(deployment: &str, identity: &str, previous: &str) -> Value {
    json!({
        "deploymentId": deployment,
        "identity": identity,
        "type": "SNAPSHOT_TYPE_INCREMENTAL",
        "incrementalSnapshotMetadata": {
            "previousSnapshotIdentity": previous,
            "compressionFormat": "COMPRESSION_FORMAT_ZSTD",
            "checksumFormat": "CHECKSUM_FORMAT_ADLER32",
        },
    })
}

/// Sets a member of a body, or removes it if the value is `null`.
pub(crate) fn but(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(member).unwrap();
    } else {
        parent.insert(member.to_owned(), value);
    }
    body
}

/// A UUID that ends in this number.
pub(crate) fn uuid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}
