use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use coreweave_inference_codegen::Generated;
use serde_json::Value;

use super::{Failure, Outcome, difference, read_or_empty};

const PACKAGE: &str = "coreweave-inference-api";

/// Whether the build script writes the bytes that a build without `codegen` compiles.
///
/// Without the directory that the build script has written to, this builds the package to find it.
pub(super) fn check(root: &Path, generated: &Generated, out_dir: Option<&Path>) -> Outcome {
    let out = match out_dir {
        Some(out_dir) => out_dir.to_owned(),
        None => build_script_output(root)?,
    };
    let mut failures = Vec::new();
    for (name, _) in generated.files() {
        let built = read_or_empty(&out.join(name))?;
        let committed = read_or_empty(&root.join("generated").join(name))?;
        let path = format!("generated/{name}");
        if let Some(what) = difference(&committed, &built, &path, "written by build.rs") {
            failures.push(Failure {
                what,
                remedy: "run `cargo xtask generate`; if the difference stays, build.rs and xtask no longer do the same",
            });
        }
    }
    Ok(failures)
}

fn build_script_output(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args([
            "check",
            "--locked",
            "--quiet",
            "--package",
            PACKAGE,
            "--features",
            "codegen",
        ])
        .args(["--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(
            format!("`cargo check --package {PACKAGE}` failed; its message is above").into(),
        );
    }
    let messages = String::from_utf8(output.stdout)?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message
                .get("reason")
                .is_some_and(|reason| reason == "build-script-executed")
        })
        .find(|message| {
            let id = message.get("package_id").and_then(Value::as_str);
            id.is_some_and(|id| id.contains(&format!("#{PACKAGE}@")))
        })
        .and_then(|message| message.get("out_dir")?.as_str().map(PathBuf::from))
        .ok_or_else(|| {
            format!("cargo did not say where the build script of {PACKAGE} writes").into()
        })
}
