//! `cargo xtask ci`: everything that CI runs.

mod artifacts;
mod examples;
mod public_api;
mod report;
mod schemathesis;
mod tools;

use std::cell::LazyCell;
use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::check;
use artifacts::Artifacts;
use report::Report;
use tools::Tools;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Also test with native-tls, check every combination of features, build the packages, compare the public API and audit
    /// the workflows (needs cargo-hack, cargo-public-api with a nightly toolchain, zizmor and OpenSSL's headers).
    #[arg(long)]
    full: bool,
    /// Run only these steps.
    #[arg(value_name = "STEP", value_parser = [
        "format", "lints", "docs", "tests", "dependents", "gate", "examples", "schemathesis", "native-tls", "features",
        "packages", "public-api", "workflows",
    ])]
    steps: Vec<String>,
}

/// A command. With one set of features, dependencies compile once for lints and docs, and once for tests.
struct Step {
    name: &'static str,
    arguments: &'static str,
    environment: Option<(&'static str, &'static str)>,
}

const STEPS: [Step; 5] = [
    Step {
        name: "format",
        arguments: "fmt --all --check",
        environment: None,
    },
    Step {
        name: "lints",
        arguments: "clippy --workspace --all-features --locked --all-targets -- --deny warnings",
        environment: None,
    },
    Step {
        name: "docs",
        arguments: "doc --workspace --all-features --locked --no-deps",
        environment: Some(("RUSTDOCFLAGS", "--deny=warnings")),
    },
    Step {
        name: "tests",
        arguments: "test --workspace --all-features --locked --no-fail-fast",
        environment: None,
    },
    // Without the other packages' features and dev-dependencies.
    Step {
        name: "dependents",
        arguments: "check --package coreweave-inference --locked",
        environment: None,
    },
];

const FULL_STEPS: [Step; 3] = [
    Step {
        name: "native-tls",
        arguments: "test --package coreweave-inference --no-default-features --features native-tls --locked",
        environment: None,
    },
    Step {
        name: "features",
        arguments: "hack check --workspace --feature-powerset --no-dev-deps --locked",
        environment: None,
    },
    Step {
        name: "packages",
        arguments: "package --workspace --exclude xtask --exclude coreweave-inference-bench \
                    --exclude coreweave-inference-examples --locked",
        environment: None,
    },
];

/// Audits the workflows. Offline, since it needs nothing from the hosts of the actions.
const AUDIT: &str = "zizmor --offline .github/workflows";

/// Runs the steps, continues after failures, and prints a summary. Returns true if all steps passed.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let selected = |name: &str| {
        let full = FULL_STEPS.iter().map(|step| step.name);
        let default = arguments.full
            || full
                .chain(["public-api", "workflows"])
                .all(|step| step != name);
        match arguments.steps.as_slice() {
            [] => default,
            steps => steps.iter().any(|step| step == name),
        }
    };
    let mut report = Report::default();
    let needs_tools = selected("tests") || selected("schemathesis");
    let installation = needs_tools.then(|| Tools::install(root));
    let tools = LazyCell::new(move || installation.map_or(Ok(None), Tools::wait));
    for step in STEPS.iter().filter(|step| selected(step.name)) {
        if step.name == "tests" {
            LazyCell::force(&tools);
        }
        run_cargo(root, step, &mut report);
    }
    let artifacts = LazyCell::new(|| Artifacts::of_tests(root).map_err(|error| error.to_string()));
    let artifacts = || artifacts.as_ref().map_err(String::as_str);
    if selected("gate") {
        report.run("gate", "cargo xtask check", || {
            check::run(root, Some(&artifacts()?.generated))
        });
    }
    if selected("examples") {
        report.run("examples", "cargo xtask ci examples", || {
            examples::run(&artifacts()?.examples)
        });
    }
    if selected("schemathesis") {
        report.run("schemathesis", "cargo xtask ci schemathesis", || {
            let tools = tools.as_ref().map_err(String::as_str)?;
            schemathesis::run(root, tools.as_deref(), &artifacts()?.fake)
        });
    }
    for step in FULL_STEPS.iter().filter(|step| selected(step.name)) {
        run_cargo(root, step, &mut report);
    }
    if selected("public-api") {
        report.run("public-api", public_api::COMMAND, || public_api::run(root));
    }
    if selected("workflows") {
        report.run("workflows", AUDIT, || {
            let (program, arguments) = AUDIT.split_once(' ').unwrap_or((AUDIT, ""));
            run_command(
                Command::new(program)
                    .current_dir(root)
                    .args(arguments.split(' ')),
            )
        });
    }
    Ok(report.print())
}

fn run_cargo(root: &Path, step: &Step, report: &mut Report) {
    let variable = step
        .environment
        .map(|(name, value)| format!("{name}={value} "));
    let command = format!("{}cargo {}", variable.unwrap_or_default(), step.arguments);
    report.run(step.name, &command, || {
        run_command(
            Command::new(cargo())
                .current_dir(root)
                .args(step.arguments.split(' '))
                .envs(step.environment),
        )
    });
}

fn run_command(command: &mut Command) -> Result<bool, Box<dyn Error>> {
    let status = command
        .status()
        .map_err(|error| format!("running {}: {error}", command.get_program().display()))?;
    Ok(status.success())
}

/// The cargo that runs this task.
fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
