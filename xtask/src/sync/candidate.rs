//! Checks that a new spec can be used: code can be generated from it, and the workspace compiles with that code.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use coreweave_inference_codegen::{EnumTable, generate};
use coreweave_inference_spec::Spec;
use coreweave_inference_spec::diff::{Diff, Entry};
use heck::ToSnakeCase as _;
use serde_json::Value;

use crate::problems::Problems;
use crate::transaction;

/// The most compiler errors to show.
const MAX_ERRORS: usize = 5;
/// What build.rs generates from instead of openapi.yaml.
const SPEC_VARIABLE: &str = "COREWEAVE_INFERENCE_OPENAPI";
/// Gives the packages that depend on the spec build output of their own; all others share what is built already.
const SEPARATE_OUTPUT: &str = "profile.dev.package.coreweave-inference-api.codegen-units=1";

/// Files by their paths in the workspace.
pub(super) type Files = Vec<(PathBuf, String)>;

/// The files that code generation makes from a spec.
pub(super) fn generated(root: &Path, spec: &Spec) -> Result<Files, Problems> {
    let enums = EnumTable::load(root.join(EnumTable::FILE))?;
    let generated = generate(spec, &enums)
        .map_err(|error| Problems::with("can't generate code from the new spec", error))?;
    let files = generated.files();
    Ok(files
        .into_iter()
        .map(|(name, text)| (Path::new("generated").join(name), text.to_owned()))
        .collect())
}

/// New files that are kept beside the workspace's own until it is known that they can be used.
pub(super) struct Candidate {
    folder: PathBuf,
}

impl Candidate {
    /// Writes the files below `target/xtask-candidate`.
    pub(super) fn write(root: &Path, files: &Files) -> Result<Self, Problems> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        let folder = target.join("xtask-candidate");
        let files = files
            .iter()
            .map(|(path, text)| (folder.join(path), text.clone()))
            .collect();
        transaction::write_all(files)
            .map_err(|error| Problems::with("can't write the new files", error))?;
        Ok(Self { folder })
    }

    /// Compiles the workspace with the new spec, in place: build.rs reads it from where it is.
    pub(super) fn compile(&self, root: &Path, diff: &Diff) -> Result<(), Problems> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .current_dir(root)
            .env(SPEC_VARIABLE, self.folder.join("openapi.yaml"))
            .args(["check", "--workspace", "--all-features", "--locked"])
            .args(["--quiet", "--message-format", "json"])
            .args(["--config", SEPARATE_OUTPUT])
            .output()
            .map_err(|error| Problems::with("can't run cargo", error))?;
        if output.status.success() {
            Ok(())
        } else {
            Err(explain(&output, diff))
        }
    }

    /// Adds to the problems where the new files are.
    pub(super) fn keep(self, mut problems: Problems) -> Problems {
        problems.push(format!(
            "nothing was changed; the new files are in {}",
            self.folder.display()
        ));
        problems
    }

    /// Removes the new files.
    pub(super) fn remove(self) -> Result<(), Problems> {
        std::fs::remove_dir_all(&self.folder).map_err(|error| {
            Problems::with(
                self.folder.display(),
                format_args!("can't remove the folder: {error}"),
            )
        })
    }
}

/// The compiler's errors, and the changes of the spec that they are about.
fn explain(output: &Output, diff: &Diff) -> Problems {
    let messages = String::from_utf8_lossy(&output.stdout);
    let errors: Vec<String> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message
                .pointer("/message/level")
                .is_some_and(|level| level == "error")
        })
        .filter_map(|message| Some(message.pointer("/message/rendered")?.as_str()?.to_owned()))
        .collect();
    let text = if errors.is_empty() {
        String::from_utf8_lossy(&output.stderr).into_owned()
    } else {
        let shown: Vec<_> = errors.iter().take(MAX_ERRORS).cloned().collect();
        shown.join("\n")
    };
    let mut problems = Problems::with(
        "the workspace doesn't compile with the new spec",
        text.trim_end(),
    );
    let concerned = |entry: &&Entry| errors.iter().any(|error| is_about(error, entry));
    // What only reads differently is no cause.
    let changes = diff.breaking.iter().chain(&diff.additive);
    let mut causes: Vec<_> = changes.filter(concerned).collect();
    if causes.is_empty() {
        causes = diff.breaking.iter().collect();
    }
    for entry in causes {
        let operation = entry.operation.as_ref();
        let operation = operation.map(|id| format!("{id}: ")).unwrap_or_default();
        problems.push(format!(
            "probable cause: {operation}{} — {}",
            entry.message, entry.path
        ));
    }
    problems
}

/// Whether a compiler error names what an entry's message quotes: an operation, a schema or a member, as generated code
/// spells it.
fn is_about(error: &str, entry: &Entry) -> bool {
    let words: Vec<&str> = error
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let mut quoted = entry.message.split('`').skip(1).step_by(2).map(|name| {
        let name = name.rsplit('.').next().unwrap_or(name);
        name.split_once("Service_").map_or(name, |(_, name)| name)
    });
    quoted.any(|name| words.contains(&name) || words.contains(&name.to_snake_case().as_str()))
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
            entry("`GatewaySpec.organizationId` was removed (reaches GatewayService_GetGateway)");
        let schema = entry("the schema `GatewaySpec` was renamed to `Specification`");
        let operation =
            entry("the operation `GatewayService_GetGateway` (GET /gateways/{id}) was removed");
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
