//! Whether a new spec would do: it must generate, and the wrapper must compile with what it gives.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use coreweave_inference_codegen::{EnumTable, generate};
use coreweave_inference_spec::Spec;
use serde_json::Value;

use crate::source::Problems;
use coreweave_inference_spec::diff::{Diff, Entry};

/// As many compiler errors as help.
const SHOWN: usize = 5;

/// Files by their paths in the workspace.
pub(super) type Files = Vec<(PathBuf, String)>;

/// Tries the new spec out in a copy of the workspace that has `files`, the spec among them, and gives
/// these files with those generated from it. A copy that fails stays, to be mended or taken from.
///
/// The copy has build output of its own. Cargo tells packages apart by their place in a workspace, so
/// the workspace would otherwise take what was built from the copy for its own.
pub(super) fn try_out(
    root: &Path,
    spec: &Spec,
    files: Files,
    diff: &Diff,
) -> Result<Files, Problems> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |dir| root.join(dir));
    let copy = target.join("xtask-candidate");
    let unwritable = |error: io::Error| {
        Problems::with(
            copy.display(),
            format_args!("can't copy the workspace: {error}"),
        )
    };
    remove(&copy).map_err(unwritable)?;
    copy_workspace(root, &copy).map_err(unwritable)?;
    write(&copy, &files).map_err(unwritable)?;
    let all = generated(root, spec).and_then(|generated| {
        write(&copy, &generated).map_err(unwritable)?;
        compiles(&copy, &target.join("xtask-candidate-build"), diff)?;
        Ok([files, generated].concat())
    });
    match all {
        Ok(all) => remove(&copy).map(|()| all).map_err(unwritable),
        Err(mut problems) => {
            problems.push(format!("the new files are in {}", copy.display()));
            Err(problems)
        }
    }
}

fn generated(root: &Path, spec: &Spec) -> Result<Files, Problems> {
    let enums = EnumTable::load(root.join(EnumTable::FILE));
    let generated = enums
        .map_err(Into::into)
        .and_then(|enums| generate(spec, &enums));
    let generated = generated.map_err(|error| {
        Problems::with(
            "the new spec can't be generated from, so nothing was changed",
            error,
        )
    })?;
    let files = crate::generate::files(&generated);
    Ok(files
        .into_iter()
        .map(|(name, text)| (Path::new("generated").join(name), text.to_owned()))
        .collect())
}

fn compiles(copy: &Path, target: &Path, diff: &Diff) -> Result<(), Problems> {
    let output = check(copy, target).map_err(|error| Problems::with("can't run cargo", error))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(explain(&output, diff))
    }
}

fn write(copy: &Path, files: &Files) -> io::Result<()> {
    files
        .iter()
        .try_for_each(|(path, text)| fs::write(copy.join(path), text))
}

fn check(copy: &Path, target: &Path) -> io::Result<Output> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .args(["check", "--quiet", "--message-format", "json"])
        .args(["--package", "coreweave-inference"])
        .args(["--package", "coreweave-inference-api"])
        // The snapshot, which the new files are, and no TLS library: neither concerns the wrapper's code.
        .args([
            "--no-default-features",
            "--features",
            "coreweave-inference-api/mocks",
        ])
        .output()
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Copies everything but build output and history.
fn copy_workspace(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if kind.is_dir() && name != OsStr::new("target") && name != OsStr::new(".git") {
            copy_workspace(&entry.path(), &to.join(name))?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// The compiler's words, and the changes of the spec that they are about.
fn explain(output: &Output, diff: &Diff) -> Problems {
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let errors: Vec<String> = messages
        .filter(|message| {
            message
                .pointer("/message/level")
                .is_some_and(|level| level == "error")
        })
        .filter_map(|message| {
            Some(
                message
                    .pointer("/message/rendered")?
                    .as_str()?
                    .trim_end()
                    .to_owned(),
            )
        })
        .collect();
    let words = if errors.is_empty() {
        String::from_utf8_lossy(&output.stderr)
            .trim_end()
            .to_owned()
    } else {
        errors
            .iter()
            .take(SHOWN)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    };
    let mut problems = Problems::with(
        "the wrapper doesn't compile with the new spec, so nothing was changed",
        words,
    );
    let concerned = |entry: &&Entry| errors.iter().any(|error| is_about(error, entry));
    let mut causes: Vec<_> = diff
        .iter()
        .map(|(_, entry)| entry)
        .filter(concerned)
        .collect();
    if causes.is_empty() {
        causes = diff.breaking.iter().collect();
    }
    for Entry {
        operation,
        path,
        message,
        ..
    } in causes
    {
        let operation = operation
            .as_ref()
            .map(|id| format!("{id}: "))
            .unwrap_or_default();
        problems.push(format!(
            "probably because of this change: {operation}{message} — {path}"
        ));
    }
    problems
}

/// Whether a compiler error names what an entry is about: an operation, a schema or a member that its
/// message quotes, as generated code spells it.
fn is_about(error: &str, entry: &Entry) -> bool {
    let spoken: Vec<&str> = error
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let mut quoted = entry.message.split('`').skip(1).step_by(2).map(|name| {
        let name = name.rsplit('.').next().unwrap_or(name);
        name.split_once("Service_").map_or(name, |(_, name)| name)
    });
    quoted.any(|name| spoken.contains(&name) || spoken.contains(&snake_case(name).as_str()))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_error_is_traced_to_the_change_it_names() {
        let entry = |message: &str| Entry {
            kind: "any",
            operation: None,
            path: String::new(),
            message: message.to_owned(),
        };
        let member =
            entry("`GatewaySpec.organizationId` is gone (reaches GatewayService_GetGateway)");
        let schema = entry("the schema `GatewaySpec` is now called `Specification`");
        let operation =
            entry("the operation `GatewayService_GetGateway` (GET /gateways/{id}) is gone");
        let error = "error[E0609]: no field `organization_id` on type `GatewaySpec`";
        assert!(
            is_about(error, &member) && is_about(error, &schema) && !is_about(error, &operation)
        );
        let error = "error[E0599]: no method named `get_gateway` found for struct `Client`";
        assert!(
            !is_about(error, &member) && !is_about(error, &schema) && is_about(error, &operation)
        );
    }
}
