//! `cargo xtask ci`: everything that CI runs, in the order in which a mistake is cheapest to find.

mod schemathesis;

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::check;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Also compile every combination of features, one by one (needs cargo-hack).
    #[arg(long)]
    full: bool,
}

/// A cargo command and the environment it needs.
struct Step {
    what: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const STEPS: &[Step] = &[
    Step {
        what: "formatting",
        arguments: &["fmt", "--all", "--check"],
        environment: &[],
    },
    Step {
        what: "lints",
        arguments: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "--deny",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        what: "tests and doc tests",
        arguments: &["test", "--workspace", "--all-features", "--no-fail-fast"],
        environment: &[],
    },
    Step {
        what: "the committed snapshot's tests",
        arguments: &[
            "test",
            "--package",
            "coreweave-inference-api",
            "--no-default-features",
            "--features",
            "mocks",
        ],
        environment: &[],
    },
    Step {
        what: "documentation",
        arguments: &["doc", "--workspace", "--all-features", "--no-deps"],
        environment: &[("RUSTDOCFLAGS", "--deny warnings")],
    },
];

const FULL: Step = Step {
    what: "every combination of features",
    arguments: &[
        "hack",
        "check",
        "--workspace",
        "--feature-powerset",
        "--no-dev-deps",
    ],
    environment: &[],
};

/// Runs every step, going on after one that failed, and sums up. True where all of them passed.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let mut summary = Summary::default();
    for step in STEPS.iter().chain(arguments.full.then_some(&FULL)) {
        let command = format!("cargo {}", step.arguments.join(" "));
        summary.step(step.what, &command, || run_cargo(root, step))?;
    }
    summary.step("the drift gate", "cargo xtask check", || check::run(root))?;
    summary.step("the fake under made-up requests", "schemathesis", || {
        schemathesis::run(root)
    })?;
    Ok(summary.tell())
}

/// How each step went.
#[derive(Default)]
struct Summary(Vec<(&'static str, bool, Duration)>);

impl Summary {
    fn step(
        &mut self,
        what: &'static str,
        command: &str,
        run: impl FnOnce() -> Result<bool, Box<dyn Error>>,
    ) -> Result<(), Box<dyn Error>> {
        println!("\n==> {what}: {command}");
        let begun = Instant::now();
        let passed = run()?;
        self.0.push((what, passed, begun.elapsed()));
        Ok(())
    }

    fn tell(&self) -> bool {
        println!();
        for (what, passed, took) in &self.0 {
            let verdict = if *passed { "ok    " } else { "FAILED" };
            println!("{verdict} {what} ({} s)", took.as_secs());
        }
        self.0.iter().all(|(_, passed, _)| *passed)
    }
}

fn run_cargo(root: &Path, step: &Step) -> Result<bool, Box<dyn Error>> {
    let status = Command::new(cargo())
        .current_dir(root)
        .args(step.arguments)
        .envs(step.environment.iter().copied())
        .status()
        .map_err(|error| format!("running cargo {}: {error}", step.arguments.join(" ")))?;
    Ok(status.success())
}

/// The cargo that runs this task.
fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
