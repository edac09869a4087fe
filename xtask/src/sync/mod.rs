//! `cargo xtask sync`: upstream -> openapi.yaml, openapi.lock, generated/.

mod candidate;
mod splice;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use coreweave_inference_spec::diff::{Diff, Side, compare};
use coreweave_inference_spec::{Spec, canonical, operations};
use serde_json::Value;

use crate::lock::{self, Lock};
use crate::report::{Format, render};
use crate::source::fetch::Fetcher;
use crate::source::{Loaded, Problems, REFERENCE_INDEX, Source};
use crate::transaction;

const SPEC: &str = "openapi.yaml";

/// Bring openapi.yaml, openapi.lock and generated/ up to date with upstream.
///
/// Exits with 0 when nothing changed upstream, 1 when something did and 2 when that can't be told, or
/// when the new spec can't be used; then nothing was written.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A documentation index, a spec or a reference page by URL, a spec or page as a file, or a folder
    /// of reference pages.
    #[arg(long, value_name = "URL|FILE|DIR", default_value = REFERENCE_INDEX)]
    from: String,
    /// Only compare; write nothing.
    #[arg(long)]
    check: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The changes that make the exit code 1.
    #[arg(long, value_enum, default_value_t)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Changes that can break a program.
    Breaking,
    /// Changes of any kind.
    #[default]
    Any,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    let diff = match sync(root, arguments) {
        Ok(diff) => diff,
        Err(problems) => {
            eprintln!("error: {problems}");
            return ExitCode::from(2);
        }
    };
    let fails = match arguments.fail_on {
        FailOn::Breaking => !diff.breaking.is_empty(),
        FailOn::Any => !diff.is_empty(),
    };
    ExitCode::from(u8::from(fails))
}

fn sync(root: &Path, arguments: &Arguments) -> Result<Diff, Problems> {
    let vendored = Vendored::load(root)?;
    let upstream = Source::parse(&arguments.from).load(&Fetcher::new()?)?;
    let diff = compare(
        Side {
            document: &vendored.document,
            complete: true,
        },
        Side {
            document: upstream.spec.value(),
            complete: upstream.complete,
        },
    );
    let remark = coverage(&vendored.document, &upstream);
    let written = if arguments.check {
        Vec::new()
    } else {
        update(root, &vendored, upstream, &diff)?
    };
    print!("{}", render(&diff, arguments.format, &remark));
    if arguments.format == Format::Json && !remark.is_empty() {
        eprintln!("{remark}");
    }
    for path in written {
        eprintln!(
            "wrote {}",
            path.strip_prefix(root).unwrap_or(&path).display()
        );
    }
    Ok(diff)
}

/// The spec that the workspace has; none at all is one that says nothing.
struct Vendored {
    text: String,
    document: Value,
}

impl Vendored {
    fn load(root: &Path) -> Result<Self, Problems> {
        let text = match std::fs::read_to_string(root.join(SPEC)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self {
                    text: String::new(),
                    document: Value::Object(serde_json::Map::new()),
                });
            }
            Err(error) => {
                return Err(Problems::with(
                    SPEC,
                    format_args!("can't read the file: {error}"),
                ));
            }
        };
        let document = Spec::parse(SPEC, &text)?.into_value();
        Ok(Self { text, document })
    }
}

/// What the pages leave out, in words; nothing where they leave out nothing.
fn coverage(vendored: &Value, upstream: &Loaded) -> String {
    if upstream.complete {
        return String::new();
    }
    let covered = operations(upstream.spec.value());
    let all = operations(vendored);
    let left_out: Vec<_> = all
        .iter()
        .filter(|old| !covered.iter().any(|new| new.key == old.key))
        .collect();
    if left_out.is_empty() {
        return String::new();
    }
    let names: Vec<_> = left_out
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    let compared = all.len() - left_out.len();
    format!(
        "Compared are {compared} of {} operations; these have no page here: {}.",
        all.len(),
        names.join(", ")
    )
}

/// Writes what changed, all of it or nothing, and gives the paths written.
fn update(
    root: &Path,
    vendored: &Vendored,
    upstream: Loaded,
    diff: &Diff,
) -> Result<Vec<PathBuf>, Problems> {
    let document = if upstream.complete {
        upstream.spec.into_value()
    } else {
        splice::splice(&vendored.document, upstream.spec.value())
    };
    let text = canonical::write(&document);
    let lock = Lock::load(root)?;
    if text == vendored.text && lock.covers(&upstream.origins) {
        return Ok(Vec::new());
    }
    let lock = lock
        .of(&text)
        .read_from(upstream.origins, upstream.complete);
    let mut files = vec![(PathBuf::from(lock::FILE), lock.text()?)];
    if text != vendored.text {
        let spec = Spec::parse("the new openapi.yaml", &text)?;
        files.push((PathBuf::from(SPEC), text));
        files = candidate::try_out(root, &spec, files, diff)?;
    }
    let files = files
        .into_iter()
        .map(|(path, text)| (root.join(path), text))
        .collect();
    transaction::write_all(files).map_err(|error| Problems::with("nothing was changed", error))
}
