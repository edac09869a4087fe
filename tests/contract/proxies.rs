//! Proxies that the environment names. A program of its own makes each call, as variables belong to a program.

use std::process::{Command, Stdio};
use std::time::Duration;

use coreweave_inference::{Backoff, ClientBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::common::serve;
use crate::real_servers::reply;

/// How each proxy refuses a tunnel: the response, what the error says, whether it may pass.
pub(crate) const REFUSALS: &[(&str, &str, bool)] = &[
    (
        "squid-connect-denied",
        ", which refuses: 403 Forbidden; ask for access",
        false,
    ),
    (
        "squid-connect-unauthorized",
        ": tunnel error: proxy authorization required; set the credentials",
        false,
    ),
    (
        "squid-connect-server-refused",
        ", which refuses: 503 Service Unavailable; ",
        true,
    ),
    (
        "tinyproxy-connect-denied",
        ", which refuses: 403 Filtered; ask for access",
        false,
    ),
    (
        "tinyproxy-connect-unauthorized",
        ": tunnel error: proxy authorization required; set the credentials",
        false,
    ),
    (
        "tinyproxy-connect-server-refused",
        ", which refuses: 500 Unable to connect; ",
        true,
    ),
    (
        "privoxy-connect-denied",
        ", which refuses: 403 Request blocked by Privoxy; ask for access",
        false,
    ),
    (
        "privoxy-connect-unknown",
        ", which refuses: 404 No such domain; ask for access",
        false,
    ),
    (
        "privoxy-connect-server-refused",
        ", which refuses: 503 Connect failed; ",
        true,
    ),
];

/// Makes one call for `call_with`, and prints its outcome.
#[test]
#[ignore = "a part of other tests"]
fn program() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcome = runtime.block_on(async {
        let client = ClientBuilder::from_env()?
            .allow_plain_http(true)
            .retry_policy(Backoff::constant(Duration::ZERO).max_attempts(2))
            .build()?;
        client.gateways().get("5f0c").await
    });
    match outcome {
        Ok(gateway) => println!("outcome: {}", gateway.name()),
        Err(error) => println!(
            "outcome: {} {} attempts{}: {error}",
            error.kind(),
            error.attempts(),
            if error.is_not_found() {
                ", not found"
            } else {
                ""
            },
        ),
    }
}

/// Calls the API at a URL in a program with these variables, and returns the outcome.
async fn call_with(url: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["proxies::program", "--exact", "--ignored", "--nocapture"])
        .env("COREWEAVE_API_TOKEN", "my-token")
        .env("COREWEAVE_API_ENDPOINT", url)
        .stderr(Stdio::inherit());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command
            .env_remove(name)
            .env_remove(name.to_ascii_lowercase());
    }
    command
        .env_remove("SSL_CERT_DIR")
        .envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let (_, outcome) = stdout.split_once("outcome: ").expect(&stdout);
    outcome.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_tunnel_that_is_refused_names_the_proxy_and_is_retried_only_if_that_may_help() {
    for (name, said, transient) in REFUSALS {
        let server = serve(reply(name)).await;
        let url = server.url.replace("http://", "http://planted:planted@");
        let outcome = call_with("https://api.test", &[("HTTPS_PROXY", &url)]).await;
        let expected = format!(
            "connect {} attempts: get gateway 5f0c: can't connect to https://api.test through the proxy {} (HTTPS_PROXY){said}",
            if *transient { 2 } else { 1 },
            server.url
        );
        assert!(
            outcome.starts_with(&expected),
            "{name}: {outcome}\n{expected}"
        );
        assert!(!outcome.contains("planted"), "{outcome}");
        let connects = server.requests();
        assert!(
            connects.iter().all(|head| head.contains("roxy-")),
            "{connects:?}"
        );
    }
}

#[tokio::test]
async fn a_response_of_a_proxy_for_plain_http_is_no_resource() {
    for (name, said) in [
        (
            "privoxy-http-unknown",
            "api 1 attempts: get gateway 5f0c: HTTP 404: ",
        ),
        (
            "squid-http-denied",
            "api 1 attempts: get gateway 5f0c: PERMISSION_DENIED (HTTP 403): ",
        ),
        (
            "squid-http-unauthorized",
            "api 1 attempts: get gateway 5f0c: HTTP 407: ",
        ),
        (
            "squid-http-server-refused",
            "api 2 attempts: get gateway 5f0c: UNAVAILABLE (HTTP 503): ",
        ),
    ] {
        let server = serve(reply(name)).await;
        let outcome = call_with("http://api.test", &[("http_proxy", &server.url)]).await;
        assert!(outcome.starts_with(said), "{outcome}");
        assert!(server.requests()[0].starts_with("GET http://api.test/v1alpha1/"));
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (url, variable) in [
        ("https://api.test", "ALL_PROXY"),
        ("http://api.test", "HTTP_PROXY"),
    ] {
        let outcome = call_with(url, &[(variable, &proxy)]).await;
        let said = format!(
            "connect 2 attempts: get gateway 5f0c: can't connect to {url} through the proxy {proxy} ({variable}): Connection refused"
        );
        assert!(outcome.starts_with(&said), "{outcome}");
    }
}

#[tokio::test]
async fn a_proxy_of_an_unknown_scheme_is_refused_before_anything_is_sent() {
    let outcome = call_with(
        "https://api.test",
        &[("HTTPS_PROXY", "ftp://planted@proxy.test")],
    )
    .await;
    assert!(
        outcome.starts_with("config 0 attempts: HTTPS_PROXY isn't the URL of a proxy: "),
        "{outcome}"
    );
    assert!(!outcome.contains("planted"), "{outcome}");
}

#[tokio::test]
async fn this_machine_is_reached_without_a_proxy_and_without_certificates() {
    let body = r#"{"gateway":{"spec":{"id":"5f0c","name":"chat"}}}"#;
    let reply = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let server = serve(reply.into()).await;
    let local = server.url.replace("127.0.0.1", "localhost");
    for url in [&server.url, &local] {
        for (variable, value) in [
            ("ALL_PROXY", "http://192.0.2.1:1"),
            ("HTTP_PROXY", "ftp://proxy.test"),
            ("SSL_CERT_FILE", "/nowhere"),
            ("SSL_CERT_FILE", ""),
        ] {
            assert_eq!(
                call_with(url, &[(variable, value)]).await,
                "chat",
                "{variable}={value}"
            );
        }
    }
}

#[tokio::test]
async fn https_without_certificates_says_what_to_do() {
    for file in ["", "/nowhere"] {
        let outcome = call_with("https://api.test", &[("SSL_CERT_FILE", file)]).await;
        assert_eq!(
            outcome,
            "config 0 attempts: SSL_CERT_FILE has no CA certificates: set it to those that https needs, or unset it to use those \
             of the system"
        );
    }
}

#[cfg(feature = "socks")]
#[tokio::test]
async fn a_socks_proxy_resolves_the_name_of_the_host() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("socks5h://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // The methods of authentication that the client offers; none is needed.
        let mut offered = [0; 3];
        stream.read_exact(&mut offered).await.unwrap();
        stream.write_all(&[5, 0]).await.unwrap();
        // Connect to a name of eight letters, port 80.
        let mut connect = [0; 15];
        stream.read_exact(&mut connect).await.unwrap();
        assert_eq!(&connect, b"\x05\x01\x00\x03\x08api.test\x00\x50");
        stream
            .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            .await
            .unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await.unwrap();
        stream
            .write_all(&reply("grpc-gateway-2-not-found"))
            .await
            .unwrap();
    });
    let outcome = call_with("http://api.test", &[("ALL_PROXY", &proxy)]).await;
    assert!(
        outcome.starts_with("api 1 attempts, not found: "),
        "{outcome}"
    );
}

#[cfg(not(feature = "socks"))]
#[tokio::test]
async fn a_socks_proxy_needs_the_feature() {
    let outcome = call_with(
        "http://api.test",
        &[("ALL_PROXY", "socks5h://127.0.0.1:1080")],
    )
    .await;
    assert!(
        outcome.starts_with("config 0 attempts: ALL_PROXY is a SOCKS proxy"),
        "{outcome}"
    );
}
