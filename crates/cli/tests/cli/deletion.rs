//! Deletions of what is still in use.

use std::time::Duration;

use coreweave_inference_fake::{Clock, Operation};
use serde_json::json;

use super::account::{Account, kill};

/// An account whose time stands still, with a gateway that a deployment in deletion uses.
fn account() -> Account {
    let clock = Clock::manual("2026-01-01T00:00:00Z".parse().unwrap());
    let account = Account::start(|fake| fake.clock(clock));
    let gateway = json!({"spec": {"name": "chat"}});
    let gateway = account.fake.seed_gateway(gateway).unwrap();
    let spec = json!({"name": "llama", "gatewayIds": [gateway]});
    account.fake.seed_deployment(json!({"spec": spec})).unwrap();
    let mut command = account.command();
    command.args(["deployments", "delete", "llama"]);
    assert!(command.output().unwrap().status.success());
    account
}

/// Deletes the gateway, and waits for its deployment first.
const DELETE: &str = "gateways delete chat --wait --interval 10ms";

#[test]
fn a_gateway_is_deleted_once_its_deployments_are() {
    let account = account();
    let child = account.start_polling(DELETE);
    assert_eq!(account.fake.count(Operation::DeleteGateway), 1);
    account.fake.clock().advance(Duration::from_secs(3600));
    // The next deletion was accepted once the gateway is polled.
    while account.fake.count(Operation::GetGateway) < 1 {
        std::thread::yield_now();
    }
    account.fake.clock().advance(Duration::from_secs(3600));
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    let waited = stderr.find("waiting for deployment llama (deleted): DELETING");
    assert!(waited < stderr.find("gateway chat deleted"), "{stderr}");
}

#[test]
fn an_interruption_before_the_gateway_is_deleted_says_how_to_go_on() {
    let account = account();
    let child = account.start_polling(DELETE);
    kill("-INT", &child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    let next = "cwinf gateways delete chat --wait";
    assert!(stderr.trim_end().ends_with(next), "{stderr}");
}
