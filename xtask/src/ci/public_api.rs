//! The wrapper's public API, as it was recorded.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::check::difference;

/// The recorded API: one line per item.
const RECORD: &str = "crates/client/public-api.txt";
/// What prints the API, which needs cargo-public-api and a nightly toolchain.
pub(super) const COMMAND: &str =
    "cargo public-api --package coreweave-inference --all-features -sss --color never";

/// Compares the public API with the record, and prints the difference. Returns true if there is none.
pub(super) fn run(root: &Path) -> Result<bool, Box<dyn Error>> {
    let arguments = COMMAND.split(' ').skip(1);
    let output = Command::new(super::cargo())
        .current_dir(root)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Ok(false);
    }
    let recorded = fs::read_to_string(root.join(RECORD))?;
    let current = String::from_utf8(output.stdout)?;
    let Some(difference) = difference(&recorded, &current, RECORD, "the public API") else {
        return Ok(true);
    };
    println!("{difference}");
    println!(
        "If the change is intended, run `{COMMAND} > {RECORD}` and describe it in CHANGELOG.md."
    );
    Ok(false)
}
