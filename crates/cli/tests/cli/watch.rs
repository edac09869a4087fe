//! Watching, which goes on until it is stopped.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};

use coreweave_inference_fake::{Fault, Operation};
use serde_json::{Value, json};

use super::account::Account;

/// A running command that watches.
struct Watch {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watch {
    fn start(account: &Account, arguments: &[&str]) -> Self {
        let mut command = account.command();
        command.args(arguments).args(["--interval", "50ms"]);
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
    let mut watch = Watch::start(&account, &["watch", "gateways"]);
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
    let mut watch = Watch::start(&account, &["watch", "hot-loads", "-o", "json"]);
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

#[test]
fn hot_loads_that_a_page_cuts_off_are_not_deleted() {
    let account = Account::seeded();
    let seed = |number: u32| {
        let identity = format!("more-{number:04}");
        let created = format!("2020-02-01T00:{:02}:{:02}Z", number / 60, number % 60);
        let seed = json!({"spec": {"identity": identity}, "status": {"createdAt": created}});
        account.fake.seed_hot_load(seed).unwrap();
    };
    (0..1005).for_each(seed);
    let mut watch = Watch::start(&account, &["watch", "hot-loads", "-o", "json"]);
    let event = |watch: &mut Watch| {
        let event: Value = serde_json::from_str(&watch.line()).unwrap();
        let name = event["object"]["spec"]["identity"]
            .as_str()
            .unwrap()
            .to_owned();
        (event["type"].as_str().unwrap().to_owned(), name)
    };
    let first: Vec<_> = (0..1006).map(|_| event(&mut watch)).collect();
    assert!(first.contains(&("ADDED".to_owned(), "step-100".to_owned())));
    // Pages of a thousand no longer hold the oldest.
    (2000..2003).for_each(seed);
    let added: Vec<_> = (0..3).map(|_| event(&mut watch)).collect();
    assert!(
        added.iter().all(|(change, _)| change == "ADDED"),
        "{added:?}"
    );
    (3000..3001).for_each(seed);
    assert_eq!(
        event(&mut watch),
        ("ADDED".to_owned(), "more-3000".to_owned())
    );
}

#[test]
fn a_list_goes_on_with_what_changes() {
    let account = Account::seeded();
    let arguments = [
        "gateways",
        "list",
        "--watch",
        "--sort-by",
        "name",
        "--status",
        "ready",
    ];
    let mut watch = Watch::start(&account, &arguments);
    let columns = |line: String| {
        let words = line.split_whitespace().map(str::to_owned);
        words.take(2).collect::<Vec<_>>()
    };
    assert_eq!(columns(watch.line()), ["NAME", "STATUS"]);
    assert_eq!(columns(watch.line()), ["batch", "READY"]);
    assert_eq!(columns(watch.line()), ["chat", "READY"]);
    let new = json!({"spec": {"name": "new"}, "status": {"status": "STATUS_ERROR"}});
    account.fake.seed_gateway(new).unwrap();
    let new = json!({"spec": {"name": "newer"}});
    account.fake.seed_gateway(new).unwrap();
    assert_eq!(watch.line().find("READY"), Some("NAME   ".len()));
    let mut update = account.command();
    let ranges = "endpointConfiguration.allowedSourceIpRanges=192.0.2.0/24";
    update.args(["gateways", "update", "batch", "--set", ranges]);
    assert!(update.output().unwrap().status.success());
    assert_eq!(columns(watch.line()), ["batch", "READY"]);
}

#[test]
fn a_list_in_json_is_one_line_per_change() {
    let account = Account::seeded();
    let arguments = ["hot-loads", "list", "--watch", "-o", "json"];
    let mut watch = Watch::start(&account, &arguments);
    let load: Value = serde_json::from_str(&watch.line()).unwrap();
    assert_eq!(load["spec"]["identity"], "step-100");
}
