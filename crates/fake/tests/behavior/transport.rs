//! Clients without a connection.

use std::time::Duration;

use coreweave_inference::{Client, Error, ErrorKind, GatewayAuth, NewGateway, Routing};
use coreweave_inference_fake::{Clock, FakeServer, Fault, Operation};
use serde_json::json;

fn client(fake: &FakeServer) -> Client {
    let builder = Client::builder().base_url(fake.url()).token(fake.token());
    builder.transport(fake.transport()).build().unwrap()
}

fn new_gateway() -> NewGateway {
    NewGateway::new(
        "chat",
        "US-EAST-04A",
        GatewayAuth::CoreWeave,
        Routing::OpenAiBody,
    )
}

#[tokio::test(start_paused = true)]
async fn a_client_waits_and_retries_under_paused_time() {
    let fake = FakeServer::builder().clock(Clock::real()).build();
    let client = client(&fake);
    fake.fault(
        Fault::status(503)
            .retry_after_seconds(20)
            .on(Operation::CreateGateway)
            .once(),
    );
    fake.fault(
        Fault::reset_after_effect()
            .on(Operation::CreateGateway)
            .once(),
    );
    let started = tokio::time::Instant::now();
    let gateway = client.gateways().create(new_gateway()).await.unwrap();
    client.gateways().wait_ready(gateway.id()).await.unwrap();
    assert!(
        started.elapsed() >= Duration::from_secs(200),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(fake.count(Operation::CreateGateway), 3);
}

#[tokio::test(start_paused = true)]
async fn faults_are_errors_of_the_same_kinds_as_over_http() {
    let fake = FakeServer::builder().build();
    let client = client(&fake);
    for (fault, kind) in [
        (Fault::reset_before_effect(), ErrorKind::Transport),
        (Fault::truncate(), ErrorKind::Transport),
        (Fault::oversize(17 << 20), ErrorKind::BodyTooLarge),
        (Fault::oversize_declared(1 << 40), ErrorKind::BodyTooLarge),
        (Fault::cut_json(), ErrorKind::Decode),
        (
            Fault::delay(Duration::from_secs(86_400)),
            ErrorKind::Timeout,
        ),
        (Fault::status(400).html(), ErrorKind::Api),
        (
            Fault::redirect("http://elsewhere.example/"),
            ErrorKind::Redirect,
        ),
    ] {
        let case = fault.to_string();
        fake.fault(fault.on(Operation::ListGateways));
        let error: Error = client.gateways().list().await.map(drop).unwrap_err();
        assert_eq!(error.kind(), kind, "{case}: {error}");
        fake.clear_faults();
    }
    fake.seed_gateway(json!({"spec": {"name": "chat"}}))
        .unwrap();
    assert_eq!(client.gateways().list().await.unwrap()[0].name(), "chat");
}
