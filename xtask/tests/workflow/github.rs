//! The script of the scheduled workflow, with a local repository and a stub `gh`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Prints a number for `… list` once there is something to list, and logs its arguments.
const GH: &str = r#"#!/bin/sh
echo "$*" >> "$STUB/gh.log"
while [ $# -gt 0 ]; do
  if [ "$1" = --body-file ]; then cp "$2" "$STUB/body.md"; fi
  case "$1-$2" in
    pr-list) [ -e "$STUB/open" ] && echo 1 || echo 0 ;;
    issue-list) [ -e "$STUB/open" ] && echo 7 ;;
  esac
  shift
done
exit 0
"#;

/// Stands for `cargo xtask`: `sync` writes what the test put into `new.yaml`, and exits with the test's code.
const XTASK: &str = r#"#!/bin/sh
case "$1" in
  sync)
    [ -e "$STUB/new.yaml" ] && cp "$STUB/new.yaml" openapi.yaml
    cat "$STUB/report.md"
    echo "the log" >&2
    exit "$(cat "$STUB/code")" ;;
  diff) cat "$STUB/report.json"; exit 1 ;;
esac
"#;

struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new(code: i32, severity: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let this = Self { folder };
        for name in ["stub", "checkout/generated", "origin"] {
            fs::create_dir_all(this.path(name)).unwrap();
        }
        for (name, script) in [("gh", GH), ("xtask", XTASK)] {
            let path = this.path("stub").join(name);
            fs::write(&path, script).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut report = serde_json::json!({"breaking": [], "additive": [], "documentation": []});
        report[severity] = serde_json::json!([{}]);
        for (name, text) in [
            ("stub/code", code.to_string()),
            ("stub/report.json", report.to_string()),
            ("stub/report.md", "## API changes\n\nSome.\n\n### Added\n\n- A member\n\n### Documentation\n\n- Words\n".to_owned()),
            ("checkout/openapi.yaml", "old\n".to_owned()),
            ("checkout/openapi.lock", "{}\n".to_owned()),
            ("checkout/generated/client.rs", "\n".to_owned()),
            ("checkout/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n- First\n".to_owned()),
        ] {
            fs::write(this.path(name), text).unwrap();
        }
        this.git("origin", &["init", "--quiet", "--bare"]);
        this.git("checkout", &["init", "--quiet", "--initial-branch", "main"]);
        this.git("checkout", &["config", "user.name", "Test"]);
        this.git("checkout", &["config", "user.email", "test@example.com"]);
        this.git("checkout", &["remote", "add", "origin", "../origin"]);
        this.git("checkout", &["add", "."]);
        this.git("checkout", &["commit", "--quiet", "--message", "First"]);
        this
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.path(folder))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path("stub").join(name), text).unwrap();
    }

    /// Runs the script and returns its exit code.
    fn run(&self) -> i32 {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/spec-sync.sh");
        let stub = self.path("stub");
        let path = format!("{}:{}", stub.display(), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .arg(script)
            .current_dir(self.path("checkout"))
            .env("PATH", path)
            .env("STUB", &stub)
            .env("SYNC", "xtask")
            .output()
            .unwrap();
        output.status.code().unwrap()
    }

    fn gh(&self) -> String {
        fs::read_to_string(self.path("stub/gh.log")).unwrap_or_default()
    }

    fn body(&self) -> String {
        fs::read_to_string(self.path("stub/body.md")).unwrap()
    }
}

#[test]
fn no_change_does_nothing() {
    let repository = Repository::new(0, "documentation");
    assert_eq!(repository.run(), 0);
    let gh = repository.gh();
    assert!(gh.lines().all(|line| line.contains(" list ")), "{gh}");
    assert_eq!(repository.git("origin", &["branch", "--list"]), "");
}

#[test]
fn what_is_settled_is_closed() {
    let repository = Repository::new(0, "documentation");
    repository.put("open", "");
    assert_eq!(repository.run(), 0);
    let gh = repository.gh();
    assert!(gh.contains("issue close 7 --comment"), "{gh}");
    assert!(gh.contains("pr close spec-sync --comment"), "{gh}");

    let repository = Repository::new(1, "additive");
    repository.put("open", "");
    repository.put("new.yaml", "new\n");
    assert_eq!(repository.run(), 0);
    let gh = repository.gh();
    assert!(gh.contains("issue close 7 --comment"), "{gh}");
    assert!(!gh.contains("pr close"), "{gh}");
}

#[test]
fn a_change_opens_one_pull_request_and_then_updates_it() {
    let repository = Repository::new(1, "additive");
    repository.put("new.yaml", "new\n");
    assert_eq!(repository.run(), 0);
    let gh = repository.gh();
    assert!(
        gh.contains("pr create --head spec-sync --title Update the spec from upstream (additive)"),
        "{gh}"
    );
    assert!(gh.contains("--label spec: additive"), "{gh}");
    assert!(repository.body().starts_with("## API changes"));
    assert_eq!(
        repository.git("origin", &["show", "spec-sync:openapi.yaml"]),
        "new\n"
    );
    assert_eq!(
        repository.git("origin", &["show", "spec-sync:CHANGELOG.md"]),
        "# Changelog\n\n## [Unreleased]\n\n### API changes\n\nSome.\n\n#### Added\n\n- A member\n\n\n- First\n"
    );

    repository.git("checkout", &["switch", "--quiet", "main"]);
    repository.put("open", "");
    repository.put("new.yaml", "newer\n");
    assert_eq!(repository.run(), 0);
    let gh = repository.gh();
    assert_eq!(gh.matches("pr create").count(), 1, "{gh}");
    assert!(
        gh.contains("pr edit spec-sync --add-label spec: additive"),
        "{gh}"
    );
    assert_eq!(
        repository.git("origin", &["show", "spec-sync:openapi.yaml"]),
        "newer\n"
    );
}

#[test]
fn changes_of_wording_are_not_in_the_changelog() {
    let repository = Repository::new(1, "documentation");
    repository.put("new.yaml", "new\n");
    assert_eq!(repository.run(), 0);
    assert!(repository.gh().contains("--label spec: documentation"));
    let changelog = repository.git("origin", &["show", "spec-sync:CHANGELOG.md"]);
    assert_eq!(changelog, "# Changelog\n\n## [Unreleased]\n\n- First\n");
}

#[test]
fn a_failure_opens_one_issue_and_then_updates_it() {
    let repository = Repository::new(2, "breaking");
    assert_eq!(repository.run(), 2);
    assert!(
        repository
            .gh()
            .contains("issue create --title The spec sync failed")
    );
    assert!(repository.body().contains("## API changes") && repository.body().contains("the log"));
    repository.put("open", "");
    assert_eq!(repository.run(), 2);
    let gh = repository.gh();
    assert_eq!(gh.matches("issue create").count(), 1, "{gh}");
    assert!(gh.contains("issue edit 7 --body-file"), "{gh}");
    assert_eq!(repository.git("origin", &["branch", "--list"]), "");
}
