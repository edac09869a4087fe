//! Diff, apply and export where the output, the signals and the files of a program matter.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use coreweave_inference_fake::{Fault, Operation};

#[cfg(unix)]
use super::account::kill;
use super::account::{Account, folder};

const DEPLOYMENTS: usize = 12;

/// Manifests of a gateway and its deployments, in a file.
fn manifest() -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
    let documents = fs::read_to_string(folder().join("manifests/account.yaml")).unwrap();
    let mut documents = documents.split("---\n");
    write!(file, "{}", documents.next().unwrap()).unwrap();
    let deployment = documents.next().unwrap();
    for index in 0..DEPLOYMENTS {
        let document = deployment.replace("name: llama\n", &format!("name: llama-{index}\n"));
        write!(file, "---\n{document}").unwrap();
    }
    file
}

fn start(command: &mut Command, arguments: &[&str], file: &Path) -> Child {
    command.args(arguments).arg("-f").arg(file);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs a command whose output nobody reads.
fn unread(account: &Account, arguments: &[&str], file: &Path) -> Output {
    let mut child = start(&mut account.command(), arguments, file);
    drop(child.stdout.take());
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn apply_makes_all_changes_though_nobody_reads_the_output() {
    let account = Account::empty();
    let file = manifest();
    let output = unread(&account, &["apply", "--yes"], file.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(account.fake.count(Operation::CreateDeployment), DEPLOYMENTS);
}

#[test]
fn apply_fails_as_it_would_though_nobody_reads_the_output() {
    let account = Account::empty();
    let file = manifest();
    account
        .fake
        .fault(Fault::status(403).on(Operation::CreateDeployment).once());
    let output = unread(&account, &["apply", "--yes"], file.path());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert_eq!(account.fake.count(Operation::CreateDeployment), DEPLOYMENTS);
}

#[test]
fn diff_tells_a_difference_though_nobody_reads_the_output() {
    let account = Account::empty();
    let file = manifest();
    let output = unread(&account, &["diff"], file.path());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

#[test]
fn diff_has_an_exit_code_of_its_own_for_a_service_that_cannot_be_reached() {
    let account = Account::empty();
    let arguments = [
        "diff",
        "-f",
        "manifests/account.yaml",
        "--base-url",
        "http://127.0.0.1:1",
    ];
    let output = run(&account, &arguments, Stdio::null());
    assert_eq!(output.status.code(), Some(7), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_fails_once_everything_is_done() {
    let account = Account::empty();
    let file = manifest();
    let mut command = account.command();
    command.args(["apply", "--yes", "-f"]).arg(file.path());
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("No space left"),
        "{}",
        stderr(&output)
    );
    assert_eq!(account.fake.count(Operation::CreateDeployment), DEPLOYMENTS);
}

#[cfg(unix)]
#[test]
fn control_c_starts_nothing_new_and_the_repetition_creates_nothing_twice() {
    interrupts("-INT", 130);
}

#[cfg(unix)]
#[test]
fn sigterm_starts_nothing_new_and_the_repetition_creates_nothing_twice() {
    interrupts("-TERM", 143);
}

#[cfg(unix)]
fn interrupts(signal: &str, code: i32) {
    let account = Account::empty();
    let file = manifest();
    account
        .fake
        .fault(Fault::delay(std::time::Duration::from_millis(100)).on(Operation::CreateDeployment));
    let arguments = ["apply", "--yes", "--parallelism", "2"];
    let child = start(&mut account.command(), &arguments, file.path());
    while account.fake.count(Operation::CreateDeployment) < 2 {
        std::thread::yield_now();
    }
    kill(signal, &child);
    let output = child.wait_with_output().unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{message}");
    assert!(
        message.contains("Run the same command again for the rest"),
        "{message}"
    );
    let created = account.fake.count(Operation::CreateDeployment);
    assert!(created < DEPLOYMENTS, "{created} creates\n{message}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.matches("created").count(), created + 1, "{printed}");

    account.fake.clear_faults();
    account.fake.clear_requests();
    let child = start(&mut account.command(), &["apply", "--yes"], file.path());
    assert!(child.wait_with_output().unwrap().status.success());
    let rest = account.fake.count(Operation::CreateDeployment);
    assert_eq!(created + rest, DEPLOYMENTS);
    let deployments = account.fake.state()["deployments"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(deployments, DEPLOYMENTS);
}

fn run(account: &Account, arguments: &[&str], stdin: Stdio) -> Output {
    let mut command = account.command();
    command.args(arguments).stdin(stdin);
    command.output().unwrap()
}

#[test]
fn an_exported_account_is_no_difference_in_any_format() {
    let account = Account::seeded();
    for format in ["yaml", "json"] {
        let mut file = tempfile::tempfile().unwrap();
        let exported = run(&account, &["export", "-o", format], Stdio::null());
        file.write_all(&exported.stdout).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        let output = run(&account, &["diff", "-f", "-"], file.into());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "6 unchanged\n");
    }
}

#[test]
fn an_account_is_exported_to_one_file_per_resource() {
    let account = Account::seeded();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    let exported = run(&account, &["export", "--dir", dir], Stdio::null());
    let printed = String::from_utf8(exported.stdout).unwrap();
    let files: Vec<_> = printed
        .lines()
        .map(|line| line.strip_prefix(dir).unwrap().trim_start_matches('/'))
        .collect();
    assert_eq!(
        files,
        [
            "claims/reserve.yaml",
            "gateways/batch.yaml",
            "gateways/chat.yaml",
            "deployments/broken.yaml",
            "deployments/llama.yaml",
            "deployments/llama-canary.yaml",
        ]
    );
    let output = run(&account, &["diff", "--prune", "-f", dir], Stdio::null());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let chat = folder.path().join("gateways/chat.yaml");
    fs::write(&chat, "# mine\n").unwrap();
    let refused = run(&account, &["export", "--dir", dir], Stdio::null());
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        stderr(&refused),
        format!(
            "error: {} would change; pass --overwrite to allow that\n",
            chat.display()
        )
    );
    assert_eq!(fs::read_to_string(&chat).unwrap(), "# mine\n");
    let overwritten = run(
        &account,
        &["export", "--dir", dir, "--overwrite"],
        Stdio::null(),
    );
    assert!(overwritten.status.success());
    assert!(
        fs::read_to_string(&chat)
            .unwrap()
            .starts_with("kind: Gateway\n")
    );
}
