//! `cargo xtask sync`: upstream -> openapi.yaml, openapi.lock, generated/.

mod candidate;
mod splice;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use coreweave_inference_spec::diff::{Diff, Side, compare};
use coreweave_inference_spec::yaml::{Data, Node};
use coreweave_inference_spec::{Operation, Spec, canonical, operations};
use heck::ToKebabCase as _;

use self::candidate::Candidate;
use crate::lock::{self, Lock};
use crate::report::{Format, render};

use crate::problems::Problems;
use crate::source::fetch::Fetcher;
use crate::source::{Loaded, SITE, Source};
use crate::{relative, transaction};

const SPEC: &str = "openapi.yaml";

/// Update openapi.yaml, openapi.lock and generated/ from upstream.
///
/// Reads the published spec, prints what changed since the last sync, and checks that the workspace compiles with the
/// new spec before it writes anything. By default the spec is the document that the documentation site publishes; if
/// there is none, it is assembled from the site's reference pages.
///
/// Exit codes: 0 if nothing changed, 1 if something changed, 2 on errors. After an error nothing was written. If the new
/// spec can't be used, it is kept in target/xtask-candidate.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to read: a documentation site, its index (….txt), a document or a reference page (….md) by URL; a document or
    /// page as a file; or a folder of pages. Pages may cover a part of the API: then only that part is compared and
    /// replaced.
    #[arg(long, value_name = "URL|FILE|DIR", default_value = SITE)]
    from: String,
    /// The page to believe where two pages contradict each other, by the end of its name. May be repeated.
    #[arg(long, value_name = "PAGE")]
    prefer: Vec<String>,
    /// Take operations that have no page any more for removed. A set of pages may lack some by mistake; a document that lacks
    /// them is taken at its word.
    #[arg(long)]
    accept_removals: bool,
    /// Compare only, and write nothing.
    #[arg(long)]
    check: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Which changes give exit code 1.
    #[arg(long, value_enum, default_value_t)]
    fail_on: FailOn,
    /// For how many seconds to retry a failed download.
    #[arg(long, value_name = "SECONDS", default_value_t = 90, hide = true)]
    retry_for: u64,
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
    let fetcher = Fetcher::new(Duration::from_secs(arguments.retry_for))?;
    let mut upstream = Source::parse(&arguments.from).load(&fetcher, &arguments.prefer)?;
    keep_servers(&mut upstream.document, &vendored.document);
    let diff = compare(
        Side {
            document: &vendored.document,
            complete: true,
        },
        Side {
            document: &upstream.document,
            complete: upstream.complete,
        },
    );
    for note in &upstream.notes {
        eprintln!("note: {note}");
    }
    let remark = coverage(&vendored.document, &upstream);
    print!("{}", render(&diff, arguments.format, &remark));
    if arguments.format == Format::Json && !remark.is_empty() {
        eprintln!("{remark}");
    }
    if !arguments.accept_removals {
        refuse_losses(&vendored, &upstream)?;
    }
    if !arguments.check {
        for path in update(root, vendored, upstream, &diff)? {
            eprintln!("wrote {}", relative(root, &path));
        }
    }
    Ok(diff)
}

/// Keeps the vendored `servers` where upstream has none, or had nothing but a placeholder.
fn keep_servers(upstream: &mut Node, vendored: &Node) {
    let has_none = upstream.get("servers").is_none();
    if let (Data::Object(members), Some(servers)) = (&mut upstream.data, vendored.get("servers"))
        && has_none
    {
        members.push(("servers".to_owned(), servers.clone()));
    }
}

/// The workspace's spec and lock; empty if there is no spec yet.
struct Vendored {
    lock: Lock,
    text: String,
    document: Node,
}

impl Vendored {
    fn load(root: &Path) -> Result<Self, Problems> {
        let lock = Lock::load(root)?;
        let text = match std::fs::read_to_string(root.join(SPEC)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self {
                    lock,
                    text: String::new(),
                    document: Node {
                        line: 0,
                        data: Data::Object(Vec::new()),
                    },
                });
            }
            Err(error) => {
                return Err(Problems::with(
                    SPEC,
                    format_args!("can't read the file: {error}"),
                ));
            }
        };
        let document = Spec::parse(SPEC, &text)?.into_node();
        Ok(Self {
            lock,
            text,
            document,
        })
    }
}

/// Fails if pages lack operations that they should have: all pages of an index together, and a page that an operation was
/// read from or is the name of.
fn refuse_losses(vendored: &Vendored, upstream: &Loaded) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let found = operations(&upstream.document);
    let lost = operations(&vendored.document);
    let lost = lost
        .iter()
        .filter(|old| !found.iter().any(|new| new.key == old.key));
    let lost: Vec<_> = lost.filter(|_| upstream.from_pages).collect();
    for (name, location) in &upstream.skipped {
        let page = location.rsplit('/').next().unwrap_or(location);
        let is_named = |operation: &&&Operation<'_, Node>| {
            let name = operation.id.rsplit('_').next().unwrap_or_default();
            page == format!("{}.md", name.to_kebab_case())
        };
        let known = lost
            .iter()
            .find(is_named)
            .map(|operation| operation.id.as_str());
        if let Some(operation) = known.or_else(|| vendored.lock.operation_of(location)) {
            problems.push(format!(
                "{name}: the page has no spec block any more, and is that of {operation}"
            ));
        }
    }
    for operation in lost.iter().filter(|_| upstream.complete) {
        let method = operation.key.method().to_uppercase();
        problems.push(format!(
            "no page has the operation {} ({method} {})",
            operation.id, operation.path
        ));
    }
    if !problems.is_empty() {
        problems.push(
            "nothing was changed; if the API lost them, say so with `--accept-removals`".to_owned(),
        );
    }
    problems.unless_any(())
}

/// A sentence that lists the operations that the pages lack, if any.
fn coverage(vendored: &Node, upstream: &Loaded) -> String {
    if upstream.complete {
        return String::new();
    }
    let covered = operations(&upstream.document);
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

/// Writes every file that changes, and returns their paths.
///
/// The generated files are among them even if the spec is unchanged, so that an interrupted update is completed.
fn update(
    root: &Path,
    vendored: Vendored,
    upstream: Loaded,
    diff: &Diff,
) -> Result<Vec<PathBuf>, Problems> {
    let document = if upstream.complete {
        upstream.document.value()
    } else {
        splice::splice(&vendored.document.value(), &upstream.document.value())
    };
    let text = canonical::write(&document);
    let spec = Spec::parse("the new openapi.yaml", &text)?;
    let mut lock = vendored.lock;
    if !lock.matches(&text) || !lock.covers(&upstream.origins) {
        lock = lock.sync(&text, upstream.origins, upstream.complete);
    }
    let changed = text != vendored.text;
    let mut files = vec![
        (PathBuf::from(SPEC), text),
        (PathBuf::from(lock::FILE), lock.text()?),
    ];
    if changed {
        let candidate = Candidate::write(root, &files)?;
        let usable = candidate::generated(root, &spec).and_then(|generated| {
            files.extend(generated);
            candidate.compile(root, diff)
        });
        match usable {
            Ok(()) => candidate.remove()?,
            Err(problems) => return Err(candidate.keep(problems)),
        }
    } else {
        files.extend(candidate::generated(root, &spec)?);
    }
    let files = files
        .into_iter()
        .map(|(path, text)| (root.join(path), text))
        .collect();
    transaction::write_all(files).map_err(|error| Problems::with("nothing was changed", error))
}
