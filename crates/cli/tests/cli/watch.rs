//! `cwinf watch`, which runs until it is stopped.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};

use coreweave_inference_fake::{Fault, Operation};
use serde_json::{Value, json};

use super::account::Account;

/// A running `cwinf watch`.
struct Watch {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watch {
    fn start(account: &Account, arguments: &[&str]) -> Self {
        let mut command = account.command();
        command
            .arg("watch")
            .args(arguments)
            .args(["--interval", "50ms"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn one_line_per_change() {
    let account = Account::seeded();
    let mut watch = Watch::start(&account, &["gateways"]);
    let mut seen =
        [watch.line(), watch.line()].map(|line| line.split_once("  ").unwrap().1.to_owned());
    seen.sort();
    assert_eq!(
        seen,
        [
            "ADDED     gateway batch  READY",
            "ADDED     gateway chat  READY"
        ]
    );
    account
        .fake
        .seed_gateway(json!({"spec": {"name": "new"}}))
        .unwrap();
    assert!(watch.line().ends_with("ADDED     gateway new  READY"));
}

#[test]
fn changes_are_json_lines_on_request_and_an_outage_does_not_end_them() {
    let account = Account::seeded();
    let mut watch = Watch::start(&account, &["hot-loads", "-o", "json"]);
    let event: Value = serde_json::from_str(&watch.line()).unwrap();
    assert_eq!(
        (&event["type"], &event["kind"]),
        (&json!("ADDED"), &json!("hot-load"))
    );
    assert_eq!(event["object"]["spec"]["identity"], "step-100");
    account
        .fake
        .fault(Fault::status(503).on(Operation::ListHotLoads).times(2));
    account
        .fake
        .seed_hot_load(json!({"spec": {"identity": "step-110"}}))
        .unwrap();
    let event: Value = serde_json::from_str(&watch.line()).unwrap();
    assert_eq!(event["object"]["spec"]["identity"], "step-110");
}
