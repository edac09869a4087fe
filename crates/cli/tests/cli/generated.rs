//! Shell completion and manual pages.

use std::fs;

use coreweave_inference_fake::{Fault, Operation};

use super::account::Account;
use super::terminal::Terminal;

#[test]
fn completion_scripts_exist_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = Account::empty()
            .command()
            .args(["completion", shell])
            .output()
            .unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && script.contains("COMPLETE") && script.contains("cwinf"),
            "{shell}: {script}"
        );
    }
}

/// Types into a bash that completes, which prints what the program would get.
#[test]
#[cfg(unix)]
fn bash_completes_words_with_an_equals_sign() {
    let account = Account::seeded();
    let script = "\
        bind 'set enable-bracketed-paste off'
        source <(cwinf completion bash)
        complete -o bashdefault -F _cwinf show
        show() { printf '<%s>' \"$@\"; echo; }
        PS1='> '";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rc");
    fs::write(&file, script).unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_cwinf"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let environment = [
        ("PATH", path),
        ("CW_BASE_URL", account.fake.url()),
        ("COREWEAVE_API_TOKEN", "cw-token".to_owned()),
    ];
    let arguments = ["--noprofile", "--rcfile", file.to_str().unwrap(), "-i"];
    let mut terminal = Terminal::run("bash", &arguments, environment, 20, 200);
    for (typed, completed) in [
        ("show gateways get b\t", "<gateways><get><batch>"),
        (
            "show traffic llama-3 llama-c\t5",
            "<traffic><llama-3><llama-canary=5>",
        ),
        (
            "show gateways update chat --set zones=US-EAST-04A,EU\t",
            "<gateways><update><chat><--set><zones=US-EAST-04A,EU-SOUTH-04A>",
        ),
        (
            "show deployments list --gateway=ch\t",
            "<deployments><list><--gateway=chat>",
        ),
    ] {
        terminal.press(&format!("{typed}\r"));
        terminal.shows(completed);
    }
}

#[test]
fn completion_asks_the_service_once_in_a_while() {
    let account = Account::seeded();
    let cache = tempfile::tempdir().unwrap();
    let complete = |token: &str| {
        let mut command = account.command();
        command
            .env("COMPLETE", "fish")
            .env("XDG_CACHE_HOME", cache.path())
            .env("COREWEAVE_API_TOKEN", token)
            .args(["--", "cwinf", "gateways", "get", "c"]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert_eq!(complete("cw-token"), "chat\n");
    assert_eq!(account.fake.count(Operation::ListGateways), 1);
    account.fake.fault(Fault::status(503));
    assert_eq!(complete("cw-token"), "chat\n");
    assert_eq!(account.fake.count(Operation::ListGateways), 1);
    // Another token may be that of another account.
    account.fake.clear_faults();
    complete("cw-viewer");
    assert_eq!(account.fake.count(Operation::ListGateways), 2);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = Account::empty()
        .command()
        .arg("man")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    for page in [
        "cwinf",
        "cwinf-apply",
        "cwinf-gateways-list",
        "cwinf-hot-loads-create",
        "cwinf-top",
    ] {
        let text = fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
}
