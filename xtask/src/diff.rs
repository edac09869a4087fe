//! `cargo xtask diff`: the differences between two specs.

use std::process::ExitCode;
use std::time::Duration;

use coreweave_inference_spec::diff::{Diff, Side, compare};

use crate::problems::Problems;
use crate::report::{Format, render};
use crate::source::{Source, fetch::Fetcher};

const RETRY_FOR: Duration = Duration::from_secs(60);

/// Show what changed from one spec to another.
///
/// Exits with 0 if nothing changed, 1 if something did, and 2 on errors.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The old spec: a file, a folder of reference pages, or a URL.
    a: String,
    /// The new spec, likewise.
    b: String,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match difference(arguments) {
        Ok(diff) => {
            print!("{}", render(&diff, arguments.format, ""));
            ExitCode::from(u8::from(!diff.is_empty()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn difference(arguments: &Arguments) -> Result<Diff, Box<dyn std::error::Error>> {
    let fetcher = Fetcher::new(RETRY_FOR)?;
    let load = |from: &str| {
        let loaded = Source::parse(from).load(&fetcher, &[])?;
        loaded
            .notes
            .iter()
            .for_each(|note| eprintln!("note: {note}"));
        Ok::<_, Problems>(loaded)
    };
    let (a, b) = (load(&arguments.a)?, load(&arguments.b)?);
    Ok(compare(
        Side {
            document: &a.document,
            complete: a.complete,
        },
        Side {
            document: &b.document,
            complete: b.complete,
        },
    ))
}
