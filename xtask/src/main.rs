//! Development tasks: `cargo xtask --help`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod check;
mod ci;
mod diff;
mod generate;
mod lock;
mod probe;
mod problems;
mod report;
mod source;
mod sync;
mod transaction;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks of this workspace")]
struct Arguments {
    /// The root of the workspace.
    #[arg(long, global = true, value_name = "DIR", default_value_os_t = own_workspace())]
    workspace: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Generate code from openapi.yaml into generated/, and rewrite openapi.yaml in canonical form.
    Generate,
    /// Check that the spec, the generated code, the wrapper and the README agree.
    Check,
    /// Run all that continuous integration runs.
    Ci(ci::Arguments),
    Sync(sync::Arguments),
    Diff(diff::Arguments),
    Probe(probe::Arguments),
}

fn main() -> ExitCode {
    let Arguments { workspace, task } = Arguments::parse();
    match task {
        Task::Generate => finished(generate::run(&workspace).map(|()| true)),
        Task::Check => finished(check::run(&workspace, None)),
        Task::Ci(arguments) => finished(ci::run(&workspace, &arguments)),
        Task::Sync(arguments) => sync::run(&workspace, &arguments),
        Task::Diff(arguments) => diff::run(&arguments),
        Task::Probe(arguments) => probe::run(&workspace, &arguments),
    }
}

/// Exit code 0 if the task passed, otherwise 1.
fn finished(outcome: Result<bool, Box<dyn Error>>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A path relative to the workspace.
fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The workspace that contains this program's source.
fn own_workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}
