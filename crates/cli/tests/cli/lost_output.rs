//! Output that nobody reads, or that cannot be written.

use std::fs::File;
use std::process::{Output, Stdio};

use coreweave_inference_fake::{Fault, Operation};

use super::account::Account;

/// A pipe whose reader has gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn run(account: &Account, arguments: &[&str], stdout: Stdio, stderr: Stdio) -> Output {
    let mut command = account.command();
    command.args(arguments).stdout(stdout).stderr(stderr);
    command.spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn apply_completes_without_a_reader() {
    let account = Account::empty();
    let arguments = ["apply", "-f", "manifests/account.yaml", "--yes"];
    let output = run(&account, &arguments, closed(), Stdio::piped());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(account.fake.count(Operation::CreateDeployment), 1);
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_failure_is_no_success_without_a_reader() {
    let account = Account::empty();
    account
        .fake
        .fault(Fault::status(403).on(Operation::CreateDeployment));
    let arguments = ["apply", "-f", "manifests/account.yaml", "--yes"];
    let output = run(&account, &arguments, closed(), Stdio::piped());
    assert_eq!(output.status.code(), Some(3), "{output:?}");
}

#[test]
fn differences_keep_their_exit_code_without_a_reader() {
    let account = Account::empty();
    let arguments = ["diff", "-f", "manifests/account.yaml"];
    let output = run(&account, &arguments, closed(), Stdio::piped());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn a_watch_ends_when_its_reader_has_gone() {
    let account = Account::seeded();
    let arguments = ["watch", "--interval", "50ms"];
    let output = run(&account, &arguments, closed(), Stdio::piped());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_wait_goes_on_without_stderr() {
    let account = Account::seeded();
    let arguments = [
        "gateways",
        "create",
        "-f",
        "manifests/gateway.yaml",
        "--wait",
        "--interval",
        "10ms",
        "-o",
        "name",
    ];
    let output = run(&account, &arguments, Stdio::piped(), closed());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(output.stdout, b"new\n");
}

#[test]
fn an_error_keeps_its_exit_code_without_stderr() {
    let account = Account::seeded();
    let output = run(&account, &["gateways", "get", "none"], closed(), closed());
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let account = Account::seeded();
    let full = || File::create("/dev/full").unwrap().into();
    let output = run(&account, &["export"], full(), Stdio::piped());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        stderr,
        "error: cannot write to standard output: No space left on device (os error 28)\n"
    );
    let output = run(&account, &["gateways", "get", "none"], full(), full());
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}
