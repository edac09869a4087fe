//! The check that a release workflow starts with.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const CARGO_TOML: &str = "[workspace]\nmembers = []\n\n[workspace.package]\nversion = \"1.2.3\"\nrepository = \"https://git.test/a/b\"\n\n[package]\nversion.workspace = true\n";
const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n";

fn check(changelog: &str, tag: &str, repository: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), CARGO_TOML).unwrap();
    fs::write(folder.path().join("CHANGELOG.md"), changelog).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/release-check.sh");
    Command::new("bash")
        .arg(script)
        .current_dir(folder.path())
        .env("TAG", tag)
        .env("REPOSITORY", repository)
        .output()
        .unwrap()
}

#[test]
fn a_release_whose_tag_version_changelog_and_repository_agree_can_be_published() {
    let output = check(CHANGELOG, "v1.2.3", "https://git.test/a/b");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_release_that_disagrees_is_stopped_with_the_reason() {
    let undated = CHANGELOG.replace("2026-01-02", "unreleased");
    for (changelog, tag, repository, reason) in [
        (
            CHANGELOG,
            "v1.2.4",
            "https://git.test/a/b",
            "the tag is v1.2.4, but the version in Cargo.toml is 1.2.3",
        ),
        (
            &undated,
            "v1.2.3",
            "https://git.test/a/b",
            "CHANGELOG.md has no entry \"## [1.2.3] - DATE\"",
        ),
        (
            CHANGELOG,
            "v1.2.3",
            "https://git.test/fork/b",
            "but this is https://git.test/fork/b",
        ),
    ] {
        let output = check(changelog, tag, repository);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && message.contains(reason),
            "{message}"
        );
    }
}
