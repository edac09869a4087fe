//! Shell completion and manual pages.

use std::fs;

use super::account::Account;

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
            output.status.success() && script.contains("hot-loads"),
            "{shell}: {script}"
        );
    }
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
