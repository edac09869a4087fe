//! Schemathesis generates requests from openapi.yaml and sends them to the fake, which must respond as the spec says and
//! never with a server error.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

const FOLDER: &str = "crates/fake/tests/schemathesis";
const TOKEN: &str = "schemathesis";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,ignored_auth,unsupported_method,use_after_free,ensure_resource_availability,missing_required_header";

/// Runs with a fixed seed and a bounded number of requests. Without Python this is skipped, except in CI.
pub(super) fn run(root: &Path, tools: Option<&Path>, fake: &Path) -> Result<bool, Box<dyn Error>> {
    let Some(tools) = tools else {
        println!("skipped: python3 is not installed");
        return Ok(env::var_os("CI").is_none());
    };
    let folder = root.join(FOLDER);
    let temporary = tempfile::tempdir()?;
    // The fake writes its state back as it changes, so it gets a copy of the committed file.
    let state = temporary.path().join("state.json");
    fs::copy(folder.join("state.json"), &state)?;
    let fake = Fake::start(fake, &state)?;
    let status = Command::new(tools.join("bin/schemathesis"))
        .current_dir(temporary.path())
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .arg("run")
        .arg(root.join("openapi.yaml"))
        .args(["--url", &fake.url, "--checks", CHECKS])
        .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
        .args(["--max-examples", "20", "--seed", "1"])
        .args(["--warnings", "off", "--generation-database", "none"])
        // Otherwise the command that it prints for a failure is not the request that failed.
        .args(["--output-sanitize", "false"])
        .status()?;
    Ok(status.success())
}

/// The fake as a program, killed when dropped.
struct Fake {
    process: Child,
    url: String,
}

impl Fake {
    fn start(program: &Path, state: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--speed", "instant"])
            // The service responds to cancellations with 501, which is a server error.
            .args(["--seed", "1", "--cancel-supported"])
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
                Err("the fake did not print where it listens".into())
            }
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
