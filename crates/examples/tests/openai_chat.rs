//! What the OpenAI example promises.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use coreweave_inference::{Backoff, Client};
use coreweave_inference_fake::{FakeServer, Fault, Operation};
use serde_json::json;

#[allow(dead_code, unreachable_pub)]
#[path = "../openai_chat.rs"]
mod example;

fn client(fake: &FakeServer) -> Client {
    Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(1)))
        .build()
        .unwrap()
}

/// Runs the example, and checks that it has created something and left nothing.
async fn run(fake: &FakeServer) -> Result<(), String> {
    let client = client(fake);
    let result = example::run(&client).await;
    assert!(fake.count(Operation::CreateDeployment) > 0);
    assert!(client.deployments().list().await.unwrap().is_empty());
    assert!(client.gateways().list().await.unwrap().is_empty());
    result.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_chat_leaves_nothing() {
    let fake = FakeServer::builder().data_plane().start().await.unwrap();
    assert_eq!(run(&fake).await, Ok(()));
}

#[tokio::test]
async fn a_chat_that_is_refused_leaves_nothing() {
    let fake = FakeServer::builder().data_plane().start().await.unwrap();
    let endpoints = [format!("{}/gateways/unknown", fake.url())];
    let moved = json!({"gateway": {"status": {"endpoints": endpoints}}});
    fake.fault(Fault::merge_patch(moved).on(Operation::GetGateway));
    let error = run(&fake).await.unwrap_err();
    assert!(
        error.contains("the gateway unknown does not exist"),
        "{error}"
    );
}

#[tokio::test]
async fn a_deployment_that_fails_leaves_nothing() {
    let fake = FakeServer::builder().data_plane().start().await.unwrap();
    fake.fault(Fault::outcome(["STATUS_FAILED"]).on(Operation::CreateDeployment));
    let error = run(&fake).await.unwrap_err();
    assert!(error.contains("STATUS_FAILED"), "{error}");
}

#[tokio::test]
async fn a_failed_deletion_does_not_hide_why_the_chat_failed() {
    let fake = FakeServer::builder().data_plane().start().await.unwrap();
    fake.fault(Fault::outcome(["STATUS_FAILED"]).on(Operation::CreateDeployment));
    fake.fault(Fault::status(403).on(Operation::DeleteDeployment));
    let error = example::run(&client(&fake)).await.unwrap_err().to_string();
    assert!(
        error.contains("STATUS_FAILED") && error.contains("delete deployment"),
        "{error}"
    );
}

#[tokio::test]
async fn what_a_run_has_left_is_deleted_by_the_next() {
    let fake = FakeServer::builder().data_plane().start().await.unwrap();
    fake.fault(Fault::status(403).on(Operation::DeleteDeployment).once());
    let left = client(&fake);
    example::run(&left).await.unwrap_err();
    assert_eq!(left.deployments().list().await.unwrap().len(), 1);
    assert_eq!(run(&fake).await, Ok(()));
}
