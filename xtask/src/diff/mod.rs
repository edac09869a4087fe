//! `cargo xtask diff`: what changed from one spec to another, by what it means to a program that uses
//! the client.

mod call;
mod compare;
mod document;
mod entry;
mod operations;
mod reach;
mod report;
mod schema;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

pub(crate) use self::compare::{Side, compare};
pub(crate) use self::entry::{Diff, Entry};
pub(crate) use self::operations::{Operation, operations};
pub(crate) use self::report::{Format, render};
use crate::source::{Source, fetch::Fetcher};

/// Tell what changed from one spec to another.
///
/// Exits with 0 when nothing did, 1 when something did and 2 when that can't be told.
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
    let fetcher = Fetcher::new()?;
    let a = Source::parse(&arguments.a).load(&fetcher)?;
    let b = Source::parse(&arguments.b).load(&fetcher)?;
    Ok(compare(
        Side {
            document: a.spec.value(),
            complete: a.complete,
        },
        Side {
            document: b.spec.value(),
            complete: b.complete,
        },
    ))
}
