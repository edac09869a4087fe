//! Schemathesis, which makes requests up from openapi.yaml, against the fake as a program: it must answer each of them as
//! the spec says and never with a server error.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

const VERSION: &str = "4.32.5";
const TOKEN: &str = "schemathesis";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,ignored_auth,unsupported_method,use_after_free,ensure_resource_availability,missing_required_header";

/// Runs it, bounded and with a fixed seed. Without Python it is passed over, unless this is CI.
pub(super) fn run(root: &Path) -> Result<bool, Box<dyn Error>> {
    let metadata = tempfile::tempdir()?;
    if Command::new("python3").arg("--version").output().is_err() {
        println!("passed over: there is no python3");
        return Ok(env::var_os("CI").is_none());
    }
    let schemathesis = install(&root.join("target"))?;

    // The fake writes its state back when it ends; it must not be the committed file.
    let fixtures = root.join("crates/fake/tests/schemathesis");
    let state = metadata.path().join("state.json");
    fs::copy(fixtures.join("state.json"), &state)?;
    let fake = Fake::start(root, &state)?;

    let status = Command::new(schemathesis)
        .current_dir(metadata.path())
        .arg("--config-file")
        .arg(fixtures.join("schemathesis.toml"))
        .arg("run")
        .arg(root.join("openapi.yaml"))
        .args(["--url", &fake.url])
        .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
        .args(["--max-examples", "20", "--seed", "1"])
        .args([
            "--checks",
            CHECKS,
            "--warnings",
            "off",
            "--generation-database",
            "none",
        ])
        .status()?;
    Ok(status.success())
}

/// Installs it below `target`, once for each version, and returns the program's path.
fn install(target: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let environment = target.join(format!("schemathesis-{VERSION}"));
    let program = environment.join("bin/schemathesis");
    if !program.exists() {
        let python = environment.join("bin/python");
        done(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(&environment),
        )?;
        let package = format!("schemathesis=={VERSION}");
        done(Command::new(python).args(["-m", "pip", "install", "--quiet", &package]))?;
    }
    Ok(program)
}

fn done(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("`{command:?}` ended with {status}").into()),
    }
}

/// The fake as a program, stopped when dropped.
struct Fake {
    process: Child,
    url: String,
}

impl Fake {
    fn start(root: &Path, state: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(super::cargo())
            .current_dir(root)
            .args([
                "run",
                "--quiet",
                "--package",
                "coreweave-inference-fake",
                "--",
            ])
            .args([
                "--listen",
                "127.0.0.1:0",
                "--speed",
                "instant",
                "--seed",
                "1",
            ])
            // Today's service answers cancellations with 501, which is a server error.
            .arg("--cancel-supported")
            .args(["--admin-token", &format!("org-fake={TOKEN}"), "--state"])
            .arg(state)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match line.trim().strip_prefix("listening on ") {
            Some(url) => Ok(Self {
                process,
                url: url.to_owned(),
            }),
            None => {
                process.kill()?;
                Err("the fake did not say where it listens".into())
            }
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        // One that has ended by itself can't be stopped, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
