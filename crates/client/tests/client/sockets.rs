//! Calls over real sockets, and the errors they end in.

use std::sync::Arc;
use std::time::Duration;

use coreweave_inference::error::Code;
use coreweave_inference::raw::types::{
    CreateGatewayRequest, CreateGatewayResponse, GetGatewayResponse, WeightsAndBiasesAuth,
};
use coreweave_inference::reqwest::{self, StatusCode};
use coreweave_inference::{Backoff, CallOptions, Client, Error, ErrorKind, Token, raw};

use crate::server::{Act, Server};

const TOKEN: &str = "planted-token";
const GATEWAY: &str =
    r#"{"gateway":{"spec":{"id":"1","name":"chat"},"status":{"status":"STATUS_READY"}}}"#;

/// Retries without delay.
fn at_once() -> Backoff {
    Backoff::default()
        .initial_delay(Duration::ZERO)
        .max_retry_after(Duration::ZERO)
}

fn client(url: &str) -> Client {
    Client::builder()
        .token(TOKEN)
        .base_url(url)
        .retry_policy(at_once())
        .build()
        .unwrap()
}

async fn get(client: &Client) -> Result<GetGatewayResponse, Error> {
    get_with(client, CallOptions::new()).await
}

async fn get_with(client: &Client, options: CallOptions) -> Result<GetGatewayResponse, Error> {
    let raw = client.raw().with_options(options);
    Ok(raw.get_gateway("1").await?.into_inner())
}

/// A reply whose body ends before its announced length.
fn cut(status: u16) -> Act {
    Act::WriteAndClose(
        format!("HTTP/1.1 {status} X\r\ncontent-length: 100\r\n\r\n{{\"gateway\"").into(),
    )
}

#[tokio::test]
async fn each_fault_has_its_own_error() {
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    let id = [("x-request-id", "req-1")];
    for (what, act, attempts, kind, status, code, said) in [
        (
            "not found",
            Act::reply(404, &id, r#"{"code":5,"message":"no gateway"}"#),
            1,
            ErrorKind::Api,
            Some(404),
            Some(Code::NotFound),
            "get gateway 1: NOT_FOUND (HTTP 404): no gateway; check the id, and that the token is of the right organization \
             [request id req-1]",
        ),
        (
            "proxy",
            Act::reply(502, &[("content-type", "text/html")], page),
            4,
            ErrorKind::Api,
            Some(502),
            Some(Code::Unavailable),
            "get gateway 1: UNAVAILABLE (HTTP 502): 502 Bad Gateway; try again later [4 attempts]",
        ),
        (
            "limit",
            Act::reply(429, &[("retry-after", "7")], ""),
            1,
            ErrorKind::Api,
            Some(429),
            Some(Code::ResourceExhausted),
            "get gateway 1: RESOURCE_EXHAUSTED (HTTP 429): Too Many Requests; try again in 7s",
        ),
        (
            "redirect",
            Act::reply(307, &[("location", "https://elsewhere.test/x?planted")], ""),
            1,
            ErrorKind::Redirect,
            Some(307),
            None,
            "get gateway 1: HTTP 307: the server redirects to https://elsewhere.test/x; redirects are not followed: \
             set the base URL to the final address",
        ),
        (
            "reset",
            Act::Reset,
            4,
            ErrorKind::Transport,
            None,
            None,
            "get gateway 1: the connection failed",
        ),
        (
            "reset in the body",
            cut(200),
            4,
            ErrorKind::Transport,
            Some(200),
            None,
            "get gateway 1: HTTP 200: the connection",
        ),
        (
            "error cut short",
            cut(503),
            4,
            ErrorKind::Api,
            Some(503),
            Some(Code::Unavailable),
            "get gateway 1: UNAVAILABLE",
        ),
        (
            "not HTTP",
            Act::WriteAndClose(b"hello\r\n\r\n".into()),
            4,
            ErrorKind::Transport,
            None,
            None,
            "get gateway 1: the",
        ),
        (
            "cut JSON",
            Act::reply(
                200,
                &[("content-type", "application/json"), ("cf-ray", "ray-1")],
                r#"{"gateway":{"spec":"#,
            ),
            1,
            ErrorKind::Decode,
            Some(200),
            None,
            "get gateway 1: HTTP 200: the response could not be decoded: EOF while parsing a value at line 1 column 19; check \
             the base URL, or update this client [request id ray-1]",
        ),
        (
            "a page",
            Act::reply(200, &[("content-type", "text/html")], page),
            1,
            ErrorKind::Decode,
            Some(200),
            None,
            "get gateway 1: HTTP 200: the response is not JSON but text/html;",
        ),
        (
            "nothing",
            Act::reply(200, &[], ""),
            1,
            ErrorKind::Decode,
            Some(200),
            None,
            "get gateway 1: HTTP 200: the response body is empty",
        ),
        (
            "no content",
            Act::Write(b"HTTP/1.1 204 X\r\n\r\n".into()),
            1,
            ErrorKind::Decode,
            Some(204),
            None,
            "get gateway 1: HTTP 204: unexpected HTTP status 204 No Content; check the base URL",
        ),
    ] {
        let server = Server::start([act]).await;
        let error = get(&client(&server.url)).await.unwrap_err();
        assert_eq!(
            (
                error.kind(),
                error.status().map(|s| s.as_u16()),
                error.code()
            ),
            (kind, status, code),
            "{what}: {error}"
        );
        assert_eq!(
            (error.attempts(), server.seen().len()),
            (attempts, attempts as usize),
            "{what}: {error}"
        );
        assert!(error.to_string().starts_with(said), "{what}: {error}");
        assert!(!error.to_string().contains('\n'), "{what}: {error}");
        assert_eq!(
            (error.operation(), error.resource_id()),
            (Some(raw::Operation::GET_GATEWAY), Some("1"))
        );
        assert!(!error.outcome_unknown(), "{what}: reads leave no doubt");
    }
}

#[tokio::test]
async fn no_server_is_a_transport_error_that_names_the_address() {
    let url = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let error = get(&client(&url)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
    let said = error.to_string();
    assert!(
        said.starts_with(&format!("get gateway 1: can't connect to {url}: ")),
        "{said}"
    );
    assert!(said.contains("base URL") && error.is_transient());
    assert!(std::error::Error::source(&error).is_some());

    // Nothing can have been sent: even a create without an id is tried again, and leaves no doubt.
    let error = create(&client(&url), None).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome_unknown()), (4, false));
}

fn new_gateway(id: Option<&str>) -> CreateGatewayRequest {
    CreateGatewayRequest {
        id: id.map(str::to_owned),
        name: "chat".into(),
        weights_and_biases_auth: Some(WeightsAndBiasesAuth {
            api_key: Some("planted-key".into()),
            ..Default::default()
        }),
        ..Default::default()
    }
}

async fn create(client: &Client, id: Option<&str>) -> Result<CreateGatewayResponse, Error> {
    let response = client.raw().create_gateway(&new_gateway(id)).await?;
    Ok(response.into_inner())
}

#[tokio::test]
async fn a_create_whose_response_is_lost_is_retried_only_with_an_id() {
    for (id, attempts) in [(None, 1), (Some("1"), 2)] {
        for lost in [Act::Reset, cut(200), Act::json(503, "{}")] {
            let server =
                Server::start([lost, Act::json(409, r#"{"code":6,"message":"taken"}"#)]).await;
            let error = create(&client(&server.url), id).await.unwrap_err();
            assert_eq!(server.seen().len(), attempts);
            assert!(error.outcome_unknown(), "{error}");
            assert_eq!(error.is_already_exists(), id.is_some(), "{error}");
        }
    }
}

#[tokio::test]
async fn a_create_with_an_unreadable_response_has_an_unknown_outcome() {
    let server = Server::start([Act::json(200, "{")]).await;
    let error = create(&client(&server.url), Some("1")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn reading_stops_at_the_body_size_limit() {
    let announced = Act::WriteAndHang(b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n".into());
    let streamed = Act::WriteAndHang(
        [
            &b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n400\r\n"[..],
            &[b' '; 0x400],
        ]
        .concat(),
    );
    for act in [announced, streamed] {
        let server = Server::start([act]).await;
        let client = Client::builder()
            .token(TOKEN)
            .base_url(&server.url)
            .max_body_size(1000)
            .build()
            .unwrap();
        let error = get(&client).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.status()),
            (ErrorKind::BodyTooLarge, 1, Some(StatusCode::OK))
        );
        assert!(error.to_string().contains("1000 bytes"), "{error}");
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_accepted_in_one_chunk_or_many() {
    let chunks: String = GATEWAY
        .as_bytes()
        .chunks(7)
        .map(|c| format!("{:x}\r\n{}\r\n", c.len(), str::from_utf8(c).unwrap()))
        .collect();
    let chunked = format!("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    for act in [Act::json(200, GATEWAY), Act::Write(chunked.into())] {
        let server = Server::start([act]).await;
        let build = |max| {
            Client::builder()
                .token(TOKEN)
                .base_url(&server.url)
                .max_body_size(max)
                .build()
                .unwrap()
        };
        let gateway = get(&build(GATEWAY.len())).await.unwrap().gateway.unwrap();
        assert_eq!(gateway.spec.unwrap().name.as_deref(), Some("chat"));
        assert_eq!(
            get(&build(GATEWAY.len() - 1)).await.unwrap_err().kind(),
            ErrorKind::BodyTooLarge
        );
    }
}

#[tokio::test]
async fn slow_headers_and_slow_bodies_exceed_the_attempt_timeout() {
    for (act, status) in [
        (Act::WriteAndHang(Vec::new()), None),
        (
            Act::WriteAndHang(b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{".into()),
            Some(StatusCode::OK),
        ),
    ] {
        let server = Server::start([act, Act::json(200, GATEWAY)]).await;
        let options = CallOptions::new().attempt_timeout(Duration::from_millis(50));
        let error = get_with(&client(&server.url), options.clone().no_retries())
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Timeout, status));
        assert!(error.is_timeout() && error.is_transient());
        // The same call succeeds once the server responds.
        assert!(get(&client(&server.url)).await.is_ok());
    }
}

#[tokio::test]
async fn connections_are_reused() {
    let server = Server::start([
        Act::json(503, "{}"),
        Act::json(404, r#"{"code":5}"#),
        Act::json(200, GATEWAY),
    ])
    .await;
    let client = client(&server.url);
    assert!(get(&client).await.unwrap_err().is_not_found());
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    assert_eq!((server.seen().len(), server.connections()), (5, 1));
}

#[tokio::test]
async fn requests_carry_token_and_user_agent() {
    let server = Server::start([Act::json(200, GATEWAY)]).await;
    let build = || {
        Client::builder()
            .token(TOKEN)
            .base_url(format!("{}/prefix/", server.url))
    };
    get(&build().build().unwrap()).await.unwrap();
    get(&build()
        .user_agent_suffix(" my-program/1.0 ")
        .build()
        .unwrap())
    .await
    .unwrap();
    let seen = server.seen();
    assert!(
        seen[0]
            .head
            .starts_with("GET /prefix/v1alpha1/inference/gateways/1 HTTP/1.1\r\n"),
        "{}",
        seen[0].head
    );
    assert_eq!(
        seen[0].header("authorization"),
        Some("Bearer planted-token")
    );
    let ours = concat!("coreweave-inference-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(seen[0].header("user-agent"), Some(ours));
    assert_eq!(
        seen[1].header("user-agent"),
        Some(format!("{ours} my-program/1.0").as_str())
    );
    assert_eq!(seen[0].header("api-version"), None);
}

#[tokio::test]
async fn redirects_are_not_followed_even_by_a_custom_reqwest_client() {
    let elsewhere = Server::start([Act::json(200, GATEWAY)]).await;
    let target = format!("{}/v1alpha1/inference/gateways/1", elsewhere.url);
    let server = Server::start([Act::reply(302, &[("location", &target)], "")]).await;
    let builder = || Client::builder().token(TOKEN).base_url(&server.url);

    let stubborn = builder()
        .reqwest_builder(|http| http.redirect(reqwest::redirect::Policy::limited(5)))
        .build()
        .unwrap();
    assert_eq!(
        get(&stubborn).await.unwrap_err().kind(),
        ErrorKind::Redirect
    );
    assert!(elsewhere.seen().is_empty());

    let brought = builder()
        .http_client(reqwest::Client::new())
        .build()
        .unwrap();
    let error = get(&brought).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
    assert!(error.to_string().contains(&elsewhere.url), "{error}");
    assert!(
        elsewhere
            .seen()
            .iter()
            .all(|seen| seen.header("authorization").is_none())
    );

    // One that follows nothing is as good as ours.
    let careful = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let error = get(&builder().http_client(careful).build().unwrap())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Redirect, Some(StatusCode::FOUND))
    );
}

#[tokio::test]
async fn a_redirect_target_receives_no_body() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::start([Act::json(200, GATEWAY)]).await;
        let location = [("location", elsewhere.url.as_str())];
        let server = Server::start([Act::reply(status, &location, "")]).await;
        let client = Client::builder()
            .token(TOKEN)
            .base_url(&server.url)
            .http_client(reqwest::Client::new())
            .build()
            .unwrap();
        let error = create(&client, Some("1")).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
        let seen = elsewhere.seen();
        assert!(
            !format!("{seen:?}").contains("planted"),
            "{status}: {seen:?}"
        );
        let update = client.raw().update_gateway("1", &Default::default()).await;
        assert_eq!(update.unwrap_err().kind(), ErrorKind::Redirect);
        assert!(elsewhere.seen().iter().all(|seen| seen.body.is_empty()));
    }
}

#[tokio::test]
async fn the_raw_client_retries_and_explains_itself() {
    let page = "<title>Bad</title>";
    let server = Server::start([
        Act::json(503, "{}"),
        Act::json(200, GATEWAY),
        Act::reply(
            404,
            &[("x-a", "b"), ("x-request-id", "r-1")],
            r#"{"code":5,"message":"none"}"#,
        ),
        Act::json(503, "{}"),
        Act::reply(502, &[("x-a", "b")], page),
    ])
    .await;
    let client = client(&server.url);
    let response = client.raw().get_gateway("1").await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.report().attempts, 2);

    let error = client.raw().get_gateway("1").await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.headers().unwrap()["x-a"], "b");
    let said = "get gateway 1: NOT_FOUND (HTTP 404): none; check the id, and that the token is of the right organization \
                [request id r-1]";
    assert_eq!(error.to_string(), said);
    assert!(error.is_not_found());
    assert_eq!(
        (error.operation(), error.resource_id()),
        (Some(raw::Operation::GET_GATEWAY), Some("1"))
    );

    let error = client.raw().get_gateway("1").await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!((error.attempts(), error.body()), (4, page.as_bytes()));
    assert_eq!(error.headers().unwrap()["x-a"], "b");
    assert!(error.elapsed() > Duration::ZERO && error.is_unavailable());
    assert_eq!(server.seen().len(), 7);
}

#[tokio::test]
async fn a_truncated_response_keeps_its_status_and_what_was_received() {
    let server = Server::start([cut(502)]).await;
    let error = get(&client(&server.url)).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!((error.attempts(), error.body()), (4, &b"{\"gateway\""[..]));
    let server = Server::start([cut(200)]).await;
    let error = get(&client(&server.url)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.body()),
        (ErrorKind::Transport, &b"{\"gateway\""[..])
    );
}

#[tokio::test]
async fn a_transport_without_retries_has_the_same_errors() {
    let server = Server::start([
        Act::reply(
            404,
            &[("x-request-id", "r-1")],
            r#"{"code":5,"message":"none"}"#,
        ),
        Act::json(200, "{"),
        Act::Reset,
    ])
    .await;
    let http = raw::HttpTransport::new(reqwest::Client::new());
    let raw = raw::Client::new(&server.url, Arc::new(http)).unwrap();
    let error = raw.get_gateway("1").await.unwrap_err();
    assert!(error.is_not_found() && error.attempts() == 1);
    assert_eq!(
        (error.operation(), error.request_id()),
        (Some(raw::Operation::GET_GATEWAY), Some("r-1"))
    );
    let error = raw.get_gateway("1").await.unwrap_err();
    assert_eq!((error.kind(), error.body()), (ErrorKind::Decode, &b"{"[..]));
    let error = raw.get_gateway("1").await.unwrap_err();
    assert!(error.is_transport() && std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn echoed_secrets_are_redacted() {
    let echo = r#"{"code":3,"message":"bad planted-token and planted-key","details":[{"@type":"x/google.rpc.BadRequest",
        "fieldViolations":[{"field":"planted-key","description":"planted-token"}]},{"x":"planted-key"}]}"#;
    let reply = r#"{"gateway":{"spec":{"weightsAndBiasesAuth":{"apiKey":"planted-key"},"name":{"planted-token":1}},"x":"planted-key"}"#;
    let wrong = r#"{"gateway":{"spec":{"weightsAndBiasesAuth":{"apiKey":"planted-key"}},"status":"planted-key planted-token"}}"#;
    for act in [
        Act::json(400, echo),
        Act::reply(
            502,
            &[("content-type", "text/html")],
            "<title>planted-token</title>planted-key",
        ),
        Act::reply(502, &[], "planted-token planted-key"),
        Act::json(200, reply),
        Act::json(200, wrong),
        Act::reply(302, &[("location", "/planted-token/planted-key")], ""),
        Act::Reset,
    ] {
        let server = Server::start([act]).await;
        let client = client(&server.url);
        let error = create(&client, Some("1")).await.unwrap_err();
        let said = format!(
            "{error} {error:?} {error:#?} {:?} {:?}",
            error.message(),
            error.details()
        );
        assert!(!said.contains("planted"), "{said}");
        let builder = Client::builder()
            .token(TOKEN)
            .base_url("https://u:planted@x.test");
        let said = format!(
            "{client:?} {builder:?} {:?} {:?}",
            Token::new(TOKEN).unwrap(),
            client.raw()
        );
        assert!(!said.contains("planted"), "{said}");
    }
}

#[tokio::test]
async fn invalid_settings_are_named() {
    for (builder, said) in [
        (Client::builder(), "no token: "),
        (Client::builder().token(""), "the token is empty: "),
        (
            Client::builder().token("t").base_url("nonsense"),
            "the base URL isn't an absolute URL",
        ),
        (
            Client::builder().token("t").base_url("http://api.test"),
            "the base URL is plain http",
        ),
        (
            Client::builder().token("t").user_agent_suffix("a\nb"),
            "the user agent suffix has",
        ),
        (
            Client::builder()
                .token("t")
                .reqwest_builder(|http| http.user_agent("a\nb")),
            "the HTTP client can't be built",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().starts_with(said), "{error}");
    }
    assert!(
        Client::builder()
            .token("t")
            .base_url("http://api.test")
            .allow_plain_http(true)
            .build()
            .is_ok()
    );
}

#[test]
fn the_client_is_shared_among_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Client>();
    assert_eq!(size_of::<Client>(), size_of::<usize>());
}
