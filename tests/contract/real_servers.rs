//! What the client makes of the error responses of real servers, over sockets.
//!
//! `tests/replies` holds the bytes that they sent, without dates and traces; long pages are cut after their title. Debian 12:
//! nginx 1.22.1, HAProxy 2.6.12, Varnish 7.1.1, Caddy 2.6.2, Apache 2.4.71, lighttpd 1.4.69, Squid 5.7, tinyproxy 1.11.1, Privoxy
//! 3.0.34, grpc-gateway 1.6.4 with names as in `.proto` files. From their sources: grpc-gateway 1.16.0 and 2.4.0. From npm:
//! @connectrpc/connect-node 2.1.2, whose details have no `debug`.

use std::collections::BTreeSet;
use std::fs;

use coreweave_inference::error::{Code, Error, ErrorKind};
use coreweave_inference::{Backoff, Client};

use crate::common::serve;

const TRANSIENT: bool = true;
const PERMANENT: bool = false;

/// Each response: code, message, whether it may pass.
const REPLIES: &[(&str, Option<Code>, &str, bool)] = &[
    // Proxies in front of the service.
    (
        "nginx-upstream-refused",
        Some(Code::Unavailable),
        "502 Bad Gateway",
        TRANSIENT,
    ),
    (
        "nginx-upstream-silent",
        Some(Code::DeadlineExceeded),
        "504 Gateway Time-out",
        TRANSIENT,
    ),
    (
        "nginx-denied",
        Some(Code::PermissionDenied),
        "403 Forbidden",
        PERMANENT,
    ),
    (
        "nginx-unauthorized",
        Some(Code::Unauthenticated),
        "401 Authorization Required",
        PERMANENT,
    ),
    ("nginx-no-route", None, "404 Not Found", PERMANENT),
    (
        "nginx-too-large",
        Some(Code::Unknown),
        "413 Request Entity Too Large",
        PERMANENT,
    ),
    (
        "nginx-moved",
        None,
        "the server redirects to https://elsewhere.test/",
        PERMANENT,
    ),
    (
        "nginx-http-to-https",
        Some(Code::InvalidArgument),
        "400 The plain HTTP request was sent to HTTPS port",
        PERMANENT,
    ),
    (
        "haproxy-upstream-refused",
        Some(Code::Unavailable),
        "503 Service Unavailable No server is available to handle this request.",
        TRANSIENT,
    ),
    (
        "haproxy-upstream-silent",
        Some(Code::DeadlineExceeded),
        "504 Gateway Time-out The server didn't respond in time.",
        TRANSIENT,
    ),
    (
        "haproxy-upstream-closed",
        Some(Code::Unavailable),
        "502 Bad Gateway The server returned an invalid or incomplete response.",
        TRANSIENT,
    ),
    (
        "haproxy-denied",
        Some(Code::PermissionDenied),
        "403 Forbidden Request forbidden by administrative rules.",
        PERMANENT,
    ),
    (
        "haproxy-rate-limit",
        Some(Code::ResourceExhausted),
        "429 Too Many Requests You have sent too many requests in a given amount of time.",
        TRANSIENT,
    ),
    (
        "haproxy-late-request",
        Some(Code::DeadlineExceeded),
        "408 Request Time-out Your browser didn't send a complete request in time.",
        TRANSIENT,
    ),
    (
        "varnish-upstream-refused",
        Some(Code::Unavailable),
        "503 Backend fetch failed",
        TRANSIENT,
    ),
    (
        "varnish-denied",
        Some(Code::PermissionDenied),
        "403 Denied",
        PERMANENT,
    ),
    ("varnish-not-found", None, "404 Gone", PERMANENT),
    (
        "caddy-upstream-refused",
        Some(Code::Unavailable),
        "Bad Gateway",
        TRANSIENT,
    ),
    (
        "caddy-upstream-silent",
        Some(Code::DeadlineExceeded),
        "Gateway Timeout",
        TRANSIENT,
    ),
    (
        "caddy-denied",
        Some(Code::PermissionDenied),
        "Forbidden",
        PERMANENT,
    ),
    ("caddy-no-route", None, "Not Found", PERMANENT),
    (
        "apache-upstream-refused",
        Some(Code::Unavailable),
        "503 Service Unavailable",
        TRANSIENT,
    ),
    (
        "apache-upstream-silent",
        Some(Code::Unavailable),
        "502 Proxy Error",
        TRANSIENT,
    ),
    (
        "apache-denied",
        Some(Code::PermissionDenied),
        "403 Forbidden",
        PERMANENT,
    ),
    (
        "apache-unauthorized",
        Some(Code::Unauthenticated),
        "401 Unauthorized",
        PERMANENT,
    ),
    ("apache-no-route", None, "404 Not Found", PERMANENT),
    (
        "lighttpd-upstream-refused",
        Some(Code::Unavailable),
        "503 Service Unavailable",
        TRANSIENT,
    ),
    (
        "lighttpd-upstream-closed",
        Some(Code::Internal),
        "500 Internal Server Error",
        TRANSIENT,
    ),
    (
        "lighttpd-denied",
        Some(Code::PermissionDenied),
        "403 Forbidden",
        PERMANENT,
    ),
    ("lighttpd-no-route", None, "404 Not Found", PERMANENT),
    // Forward proxies, for plain http.
    (
        "squid-http-denied",
        Some(Code::PermissionDenied),
        "ERROR: The requested URL could not be retrieved",
        PERMANENT,
    ),
    (
        "squid-http-unauthorized",
        Some(Code::Unknown),
        "ERROR: Cache Access Denied",
        PERMANENT,
    ),
    (
        "squid-http-server-refused",
        Some(Code::Unavailable),
        "ERROR: The requested URL could not be retrieved",
        TRANSIENT,
    ),
    (
        "tinyproxy-http-server-refused",
        Some(Code::Internal),
        "500 Unable to connect",
        TRANSIENT,
    ),
    (
        "privoxy-http-denied",
        Some(Code::PermissionDenied),
        "Request blocked (Privoxy@localhost)",
        PERMANENT,
    ),
    (
        "privoxy-http-unknown",
        None,
        "502 - Bad Gateway (Privoxy@localhost)",
        PERMANENT,
    ),
    // The gateways of gRPC.
    (
        "grpc-gateway-1.6-precondition",
        Some(Code::FailedPrecondition),
        "still used",
        PERMANENT,
    ),
    (
        "grpc-gateway-1.6-quota",
        Some(Code::ResourceExhausted),
        "too many GPUs",
        PERMANENT,
    ),
    (
        "grpc-gateway-1.6-not-found",
        Some(Code::NotFound),
        "no gateway 5f0c",
        PERMANENT,
    ),
    ("grpc-gateway-1.16-no-route", None, "Not Found", PERMANENT),
    (
        "grpc-gateway-1.16-invalid",
        Some(Code::InvalidArgument),
        "resources.capacity_type: must be managed",
        PERMANENT,
    ),
    (
        "grpc-gateway-1.16-retry",
        Some(Code::Unavailable),
        "starting",
        TRANSIENT,
    ),
    (
        "grpc-gateway-1.16-canceled",
        Some(Code::Cancelled),
        "context canceled",
        TRANSIENT,
    ),
    (
        "grpc-gateway-2-not-found",
        Some(Code::NotFound),
        "no gateway 5f0c",
        PERMANENT,
    ),
    ("grpc-gateway-2-no-route", None, "Not Found", PERMANENT),
    (
        "grpc-gateway-2-no-method",
        Some(Code::Unimplemented),
        "Method Not Allowed",
        PERMANENT,
    ),
    (
        "grpc-gateway-2-invalid",
        Some(Code::InvalidArgument),
        "resources.capacity_type: must be managed",
        PERMANENT,
    ),
    (
        "grpc-gateway-2-quota",
        Some(Code::ResourceExhausted),
        "too many GPUs",
        PERMANENT,
    ),
    (
        "grpc-gateway-2-retry",
        Some(Code::Unavailable),
        "starting",
        TRANSIENT,
    ),
    (
        "grpc-gateway-2-canceled",
        Some(Code::Cancelled),
        "context canceled",
        TRANSIENT,
    ),
    (
        "connect-node-not-found",
        Some(Code::NotFound),
        "no gateway 5f0c",
        PERMANENT,
    ),
    ("connect-node-no-route", None, "Not Found", PERMANENT),
    (
        "connect-node-quota",
        Some(Code::ResourceExhausted),
        "too many GPUs",
        PERMANENT,
    ),
    (
        "connect-node-retry",
        Some(Code::Unavailable),
        "starting",
        TRANSIENT,
    ),
    (
        "connect-node-invalid",
        Some(Code::InvalidArgument),
        "refused",
        PERMANENT,
    ),
    (
        "connect-node-canceled",
        Some(Code::Cancelled),
        "the operation was canceled",
        TRANSIENT,
    ),
    (
        "connect-node-unknown",
        Some(Code::Internal),
        "internal error",
        TRANSIENT,
    ),
];

/// The bytes of a recorded response.
pub(crate) fn reply(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/replies/{name}.http", env!("CARGO_MANIFEST_DIR"));
    fs::read(&path).expect(&path)
}

async fn get(reply: Vec<u8>) -> Error {
    let client = Client::builder()
        .token("my-token")
        .base_url(serve(reply).await.url)
        .no_retries()
        .build()
        .unwrap();
    client.gateways().get("5f0c").await.unwrap_err()
}

#[tokio::test]
async fn each_response_of_a_real_server_is_understood() {
    for (name, code, message, transient) in REPLIES {
        let error = get(reply(name)).await;
        let kind = match *name {
            "nginx-moved" => ErrorKind::Redirect,
            _ => ErrorKind::Api,
        };
        assert_eq!(
            (
                error.kind(),
                error.code(),
                error.message(),
                error.is_transient()
            ),
            (kind, *code, *message, *transient),
            "{name}"
        );
        let is_page = reply(name).windows(5).any(|part| part == b"text/");
        assert!(
            !is_page || !error.to_string().contains("token"),
            "{name}: {error}"
        );
    }
}

#[tokio::test]
async fn details_of_each_gateway_of_grpc_are_understood() {
    for name in [
        "grpc-gateway-1.16-invalid",
        "grpc-gateway-2-invalid",
        "connect-node-invalid",
    ] {
        let error = get(reply(name)).await;
        let violation = error.field_violations().next().unwrap().to_string();
        assert_eq!(
            violation, "resources.capacityType: must be managed",
            "{name}"
        );
        let shown = error.to_string();
        assert!(
            shown.contains("resources.capacityType: must be managed"),
            "{shown}"
        );
        assert!(!shown.contains("capacity_type"), "{shown}");
    }
    for name in [
        "grpc-gateway-1.6-quota",
        "grpc-gateway-2-quota",
        "connect-node-quota",
    ] {
        let error = get(reply(name)).await;
        let violation = error.quota_violations().next().unwrap().to_string();
        assert_eq!(violation, "organization: 8 of 8 GPUs in use", "{name}");
    }
    for name in [
        "grpc-gateway-1.16-retry",
        "grpc-gateway-2-retry",
        "connect-node-retry",
    ] {
        let delay = get(reply(name)).await.retry_after().unwrap();
        assert_eq!(delay.as_millis(), 1500, "{name}");
    }
    let error = get(reply("connect-node-retry")).await;
    assert_eq!(error.request_id(), Some("r-1"));
    let error = get(reply("grpc-gateway-1.6-precondition")).await;
    let violation = error.precondition_violations().next().unwrap().to_string();
    assert_eq!(violation, "gateway: 2 deployments");
}

#[tokio::test]
async fn a_create_with_an_unknown_outcome_is_looked_up_and_told() {
    for name in [
        "haproxy-late-request",
        "connect-node-canceled",
        "nginx-upstream-silent",
    ] {
        let server = serve(reply(name)).await;
        let client = Client::builder()
            .token("my-token")
            .base_url(&server.url)
            .retry_policy(Backoff::constant(std::time::Duration::ZERO).max_attempts(2))
            .build()
            .unwrap();
        let new = coreweave_inference::NewGateway::new(
            "chat",
            "US-EAST-04A",
            coreweave_inference::GatewayAuth::CoreWeave,
            coreweave_inference::Routing::OpenAiBody,
        );
        let error = client.gateways().create(new).await.unwrap_err();
        let methods: Vec<_> = server
            .requests()
            .into_iter()
            .map(|head| head[..4].to_owned())
            .collect();
        assert_eq!(methods, ["POST", "POST", "GET "], "{name}");
        let id = error.resource_id().unwrap();
        let shown = error.to_string();
        assert!(
            shown.starts_with(&format!("create gateway chat ({id}): ")),
            "{shown}"
        );
        assert!(
            shown.contains("; it may exist all the same: get it before"),
            "{shown}"
        );
    }
}

#[test]
fn each_recorded_response_is_used() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/replies");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<_> = files
        .map(|name| name.trim_end_matches(".http").to_owned())
        .collect();
    let used = REPLIES.iter().map(|(name, ..)| *name);
    let used = used.chain(crate::proxies::REFUSALS.iter().map(|(name, ..)| *name));
    assert_eq!(used.map(str::to_owned).collect::<BTreeSet<_>>(), files);
}
