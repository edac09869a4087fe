//! Requests to models, through gateways of every sort.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Output, Stdio};

use coreweave_inference_fake::{FakeServerBuilder, Fault, Operation};
use serde_json::json;

use super::account::Account;

/// An account with a gateway, and a deployment of the model `llama/3` behind it.
fn account(gateway: serde_json::Value) -> Account {
    let account = Account::start(FakeServerBuilder::data_plane);
    let mut spec = json!({"name": "chat"});
    spec.as_object_mut()
        .unwrap()
        .extend(gateway.as_object().unwrap().clone());
    account.fake.seed_gateway(json!({"spec": spec})).unwrap();
    let model = json!({"name": "llama/3", "bucket": "models", "path": "llama"});
    account
        .fake
        .seed_deployment(json!({"spec": {"name": "llama", "model": model}}))
        .unwrap();
    account
}

fn chat(account: &Account, more: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = account.command();
    command
        .args(["chat", "chat", "--model", "llama/3", "Say hello"])
        .args(more);
    command.envs(environment.iter().copied()).output().unwrap()
}

#[test]
fn the_model_is_named_as_the_gateway_routes() {
    for routing in [
        json!({"bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}}),
        json!({"headerBasedRouting": {"headerName": "x-model"}}),
        json!({"pathBasedRouting": {}}),
    ] {
        let output = chat(&account(routing.clone()), &[], &[]);
        assert!(output.status.success(), "{routing}: {output:?}");
        assert_eq!(output.stdout, b"You said: Say hello\n", "{routing}");
    }
}

#[test]
fn weights_and_biases_authentication_takes_its_own_key() {
    let auth = json!({"weightsAndBiasesAuth": {"apiKey": "wandb-key"}, "pathBasedRouting": {}});
    let account = account(auth);
    let output = chat(&account, &[], &[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("WANDB_API_KEY is not set"), "{stderr}");
    let output = chat(&account, &[], &[("WANDB_API_KEY", "any-key")]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn events_are_printed_as_json_on_request() {
    let output = chat(
        &account(json!({"pathBasedRouting": {}})),
        &["-o", "json"],
        &[],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(events.len() > 2, "{text}");
    assert!(
        events
            .iter()
            .all(|event| event["object"] == "chat.completion.chunk"),
        "{text}"
    );
}

/// Runs a chat with a server of one response, whose second part is sent once the first is printed.
fn served(first: &str, second: &str) -> (String, Output) {
    let account = account(json!({"bodyBasedRouting": {"apiType": "API_TYPE_OPENAI"}}));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let patch = json!({"gateway": {"status": {"endpoints": [endpoint]}}});
    account
        .fake
        .fault(Fault::merge_patch(patch).on(Operation::GetGateway));
    let mut command = account.command();
    command.args(["chat", "chat", "--model", "llama/3", "Say hello"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(&stream);
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") {
        reader.read_line(&mut request).unwrap();
    }
    (&stream).write_all(first.as_bytes()).unwrap();
    let mut printed = [0; 6];
    if first.contains("Hello") {
        child
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut printed)
            .unwrap();
        assert_eq!(&printed, b"Hello ");
    }
    (&stream).write_all(second.as_bytes()).unwrap();
    drop(reader);
    drop(stream);
    (request, child.wait_with_output().unwrap())
}

const HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

fn delta(text: &str) -> String {
    let event = json!({"choices": [{"index": 0, "delta": {"content": text}}]});
    format!("data: {event}\n\n")
}

#[test]
fn the_answer_is_printed_as_it_comes() {
    let rest = delta("wor\nld\u{1b}[2J\u{202e}") + "data: [DONE]\n\n";
    let (request, output) = served(&(HEAD.to_owned() + &delta("Hello ")), &rest);
    assert!(
        request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("authorization: Bearer cw-token\r\n"),
        "{request}"
    );
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "wor\nld\u{fffd}[2J\u{fffd}\n"
    );
    assert!(output.status.success(), "{:?}", output.stderr);
}

#[test]
fn an_answer_that_ends_early_is_a_failure() {
    let (_, output) = served(&(HEAD.to_owned() + &delta("Hello ")), "");
    assert_eq!(output.status.code(), Some(7), "{output:?}");
}

#[test]
fn an_error_of_the_model_is_a_failure() {
    let error = "data: {\"error\": {\"message\": \"out of memory\"}}\n\n";
    let (_, output) = served(&(HEAD.to_owned() + &delta("Hello ")), error);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("the model failed: out of memory"),
        "{stderr}"
    );
}

#[test]
fn an_error_page_is_quoted() {
    let page = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9\r\n\r\nno nodes\n";
    let (_, output) = served(page, "");
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("gateway chat: HTTP 502: no nodes"),
        "{stderr}"
    );
}

#[test]
fn a_token_of_workload_identity_reaches_the_model() {
    let account = account(json!({"coreWeaveAuth": {}}));
    let mut command = account.command();
    command
        .env_remove("COREWEAVE_API_TOKEN")
        .env("COREWEAVE_SERVICE_ACCOUNT_UID", "ci")
        .env("COREWEAVE_OIDC_TOKEN", "oidc-token");
    command.args(["chat", "chat", "--model", "llama/3", "Say hello"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(account.fake.count(Operation::ExchangeToken), 1);
}
