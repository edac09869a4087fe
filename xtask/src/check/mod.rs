//! `cargo xtask check`: the spec, the generated code, the wrapper and the README agree. Works offline.

mod build;
mod canonical;
mod coverage;
mod enum_table;
mod lock;
mod readme;
mod snapshot;

use std::error::Error;
use std::path::Path;

use coreweave_inference_codegen::{EnumTable, generate, operations};
use coreweave_inference_spec::Spec;
use similar::TextDiff;

/// A failed check.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    /// What is wrong: a unified diff, or the names of what is missing.
    what: String,
    /// What to do about it, in one line.
    remedy: &'static str,
}

type Outcome = Result<Vec<Failure>, Box<dyn Error>>;

/// Runs every check and prints each one's outcome. Returns true if all of them passed.
///
/// `out_dir` is where build.rs has written the generated client, if it is known.
pub(crate) fn run(root: &Path, out_dir: Option<&Path>) -> Result<bool, Box<dyn Error>> {
    let spec = Spec::load(root.join("openapi.yaml"))?;
    let enums = EnumTable::load(root.join(EnumTable::FILE))?;
    let generated = generate(&spec, &enums)?;
    let operations = operations(&spec)?;
    let checks: [(&str, Outcome); 7] = [
        (
            "openapi.yaml is in canonical form",
            canonical::check(root, &spec),
        ),
        ("openapi.lock is true of openapi.yaml", lock::check(root)),
        (
            "openapi.enums.json has every enum value",
            enum_table::check(&spec, &enums),
        ),
        (
            "generated/ is what codegen makes of it",
            snapshot::check(root, &generated),
        ),
        (
            "a build with codegen compiles the same bytes",
            build::check(root, &generated, out_dir),
        ),
        (
            "the wrapper reaches every operation",
            coverage::check(root, &operations),
        ),
        (
            "the README's operation table is true",
            readme::check(root, &operations),
        ),
    ];
    let mut passed = true;
    for (name, outcome) in checks {
        let failures = outcome?;
        println!(
            "{} {name}",
            if failures.is_empty() {
                "ok    "
            } else {
                "FAILED"
            }
        );
        for failure in failures {
            passed = false;
            println!("{}\n  remedy: {}", failure.what.trim_end(), failure.remedy);
        }
    }
    Ok(passed)
}

/// The unified diff from `old` to `new`, where there is a difference.
pub(crate) fn difference(old: &str, new: &str, old_name: &str, new_name: &str) -> Option<String> {
    (old != new).then(|| {
        TextDiff::from_lines(old, new)
            .unified_diff()
            .context_radius(3)
            .header(old_name, new_name)
            .to_string()
    })
}

/// A file's text; a file that is not there has none.
fn read_or_empty(path: &Path) -> Result<String, Box<dyn Error>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(format!("reading {}: {error}", path.display()).into()),
    }
}
