//! `cargo xtask probe`: whether a live service still does what openapi.yaml says.

#[cfg(feature = "probe")]
mod account;
#[cfg(feature = "probe")]
mod record;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::report::Format;

/// Compare what a live account returns with openapi.yaml.
///
/// Calls every list, get and parameters operation, changes nothing, and reports members, enum values and types that the
/// spec lacks. Token and address are those of the client: COREWEAVE_API_TOKEN, and COREWEAVE_API_ENDPOINT if set.
///
/// Exit codes: 0 if the service conforms, 1 if not, 2 on errors.
#[derive(clap::Args)]
#[cfg_attr(
    not(feature = "probe"),
    allow(dead_code, reason = "read by the build that has the client")
)]
pub(crate) struct Arguments {
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the responses to this folder as test fixtures, without secrets, names and ids.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    match probe(root, arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

#[cfg(feature = "probe")]
fn probe(root: &Path, arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    use coreweave_inference_spec::Spec;

    let spec = Spec::load(root.join("openapi.yaml"))?;
    let probed = account::probe(&spec)?;
    if let Some(folder) = &arguments.record {
        record::write(&spec, &probed.responses, folder)?;
    }
    print!(
        "{}",
        crate::report::render(&probed.diff, arguments.format, "")
    );
    for failure in &probed.failures {
        eprintln!("error: {failure}");
    }
    Ok(ExitCode::from(
        match (&probed.failures[..], probed.diff.is_empty()) {
            ([], true) => 0,
            ([], false) => 1,
            _ => 2,
        },
    ))
}

/// Runs the build that has the client. `generate` and `sync` must work while the client does not compile.
#[cfg(not(feature = "probe"))]
fn probe(root: &Path, _: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .current_dir(root)
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "xtask",
            "--features",
            "probe",
            "--",
        ])
        .args(std::env::args_os().skip(1))
        .status()
        .map_err(|error| format!("can't run cargo: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(2)))
}
