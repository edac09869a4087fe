//! Declarative management: diff, apply and export.

use std::io::{IsTerminal, Read, stdin};
use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use coreweave_inference_apply::{
    self as apply, Account, Action, ApplyEvent, ApplyOptions, Change, Manifest, ManifestReader,
    Outcome, Plan, PlanOptions, to_yaml,
};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::args::{ManifestArgs, WaitArgs};
use crate::failure::{Exit, Failure};
use crate::output::{self, Format, labeled};
use crate::progress::Progress;
use crate::session::Session;
use crate::table::printable;

/// Reads files, folders and standard input as one manifest, and prints its warnings.
pub(crate) fn read(
    files: impl IntoIterator<Item = impl AsRef<Path>>,
    default_kind: Option<apply::Kind>,
) -> Result<Manifest, Failure> {
    let mut reader = ManifestReader::new(default_kind);
    for file in files {
        match file.as_ref() {
            file if file == Path::new("-") => {
                let (name, text) = source(file)?;
                reader.text(&name, &text);
            }
            file => reader.path(file),
        }
    }
    let manifest = reader.finish()?;
    for warning in &manifest.warnings {
        labeled("warning", AnsiColor::Yellow, &warning.to_string())?;
    }
    Ok(manifest)
}

/// The name and the text of a file, or of standard input for `-`.
pub(crate) fn source(file: &Path) -> Result<(String, String), Failure> {
    if file == Path::new("-") {
        let mut text = String::new();
        stdin().read_to_string(&mut text)?;
        return Ok(("<stdin>".to_owned(), text));
    }
    let name = file.display().to_string();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok((name, text)),
        Err(error) => Err(Failure::usage(format!("cannot read {name}: {error}"))),
    }
}

async fn plan(session: &Session, args: &ManifestArgs) -> Result<Plan, Failure> {
    let manifest = read(&args.files, None)?;
    Ok(apply::plan(
        &session.client,
        &manifest,
        PlanOptions { prune: args.prune },
    )
    .await?)
}

/// Prints what apply would change; the exit code is 1 if there is anything, and 2 for any error.
pub(crate) async fn diff(session: &Session, args: &ManifestArgs) -> Result<ExitCode, Failure> {
    let print = async {
        let plan = plan(session, args).await?;
        let changes = || {
            plan.changes
                .iter()
                .filter(|change| change.action != Action::Unchanged)
        };
        let json = || changes().map(describe).collect();
        let names = || changes().map(|change| change.name.clone()).collect();
        session.output.print(json, names, || text(&plan))?;
        Ok(ExitCode::from(u8::from(!plan.is_unchanged())))
    };
    let result: Result<_, Failure> = print.await;
    result.map_err(|failure| failure.exiting(Exit::Usage))
}

/// A change for programs.
fn describe(change: &Change) -> Value {
    let mut value = json!({
        "action": change.action.to_string(),
        "kind": change.kind.manifest_name(),
        "name": change.name,
        "members": change.action.members(),
    });
    if let (Action::Replace { reasons, .. }, Some(value)) = (&change.action, value.as_object_mut())
    {
        value.insert("reasons".to_owned(), reasons.clone().into());
    }
    value
}

/// A plan for people: what changes, and how many changes of each sort there are.
fn text(plan: &Plan) -> String {
    let mut lines = String::new();
    let mut line = |text: String| {
        lines.push_str(&text);
        lines.push('\n');
    };
    for change in &plan.changes {
        let (sign, color) = match change.action {
            Action::Create => ("+", AnsiColor::Green),
            Action::Update(_) => ("~", AnsiColor::Yellow),
            Action::Replace { .. } => ("-/+", AnsiColor::Red),
            Action::Delete => ("-", AnsiColor::Red),
            Action::Unchanged => continue,
        };
        let style = Style::new().fg_color(Some(color.into()));
        let (action, kind, name) = (&change.action, change.kind, printable(&change.name));
        line(format!("{style}{sign} {action} {kind} {name}{style:#}"));
        if let Action::Replace { reasons, .. } = action {
            reasons
                .iter()
                .for_each(|reason| line(format!("    because {}", printable(reason))));
        }
        for member in action.members() {
            line(format!(
                "    {}: {} -> {}",
                printable(&member.path),
                value(&member.old),
                value(&member.new)
            ));
        }
    }
    let count = |word: &str| {
        plan.changes
            .iter()
            .filter(|change| change.action.to_string() == word)
            .count()
    };
    let counts: Vec<_> = ["create", "update", "replace", "delete"]
        .into_iter()
        .map(|word| (count(word), word))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} to {word}"))
        .chain([format!("{} unchanged", count("unchanged"))])
        .collect();
    line(counts.join(", "));
    lines
}

fn value(value: &Option<Value>) -> String {
    match value {
        None | Some(Value::Null) => "unset".to_owned(),
        Some(Value::String(text)) => printable(text),
        Some(value) => printable(&value.to_string()),
    }
}

/// Makes the changes of a plan.
pub(crate) async fn apply(
    session: &Session,
    args: &ManifestArgs,
    replace: bool,
    yes: bool,
    wait: WaitArgs,
) -> Result<(), Failure> {
    let plan = plan(session, args).await?;
    if let (Some(change), false) = (
        plan.changes
            .iter()
            .find(|c| matches!(c.action, Action::Replace { .. })),
        replace,
    ) {
        let Action::Replace { reasons, .. } = &change.action else {
            return Ok(());
        };
        return Err(Failure::usage(format!(
            "the {} {} would have to be deleted and created again: {}; pass --replace to allow that",
            change.kind,
            change.name,
            reasons.join("; ")
        )));
    }
    if !plan.is_unchanged() && !yes {
        confirm(&plan)?;
    }
    let options = ApplyOptions {
        replace,
        delete: args.prune,
        wait: wait.wait,
        timeout: wait.timeout,
    };
    let mut results = Vec::new();
    let outcome = tokio::select! {
        outcome = carry_out(session, plan, options, &mut results) => outcome,
        _ = tokio::signal::ctrl_c() => Err(Failure::new(
            Exit::Interrupted,
            "interrupted; what is accepted goes on. Run the same command again for the rest",
        )),
    };
    if matches!(session.output.format, Format::Json | Format::Yaml) {
        session
            .output
            .print(|| results.into(), Vec::new, String::new)?;
    }
    outcome
}

async fn carry_out(
    session: &Session,
    plan: Plan,
    options: ApplyOptions,
    results: &mut Vec<Value>,
) -> Result<(), Failure> {
    let mut progress = Progress::start();
    let mut failure = None;
    let total = plan.changes.len();
    let mut events = apply::apply(&session.client, plan, options);
    let mut ready = 0;
    while let Some(ApplyEvent { change, outcome }) = events.next().await {
        let (kind, name) = (change.kind, printable(&change.name));
        let done = match (&outcome, &change.action) {
            (Outcome::Ready, _) => "ready",
            (Outcome::Accepted, Action::Create) => "created",
            (Outcome::Accepted, Action::Update(_)) => "updated",
            (Outcome::Accepted, Action::Replace { .. }) => "replaced",
            (Outcome::Accepted, Action::Delete) => "deleted",
            (Outcome::Accepted, Action::Unchanged) => "unchanged",
            (Outcome::Failed(_), _) => "failed",
            _ => "skipped",
        };
        let mut result = json!({"kind": kind.manifest_name(), "name": change.name, "id": change.id, "result": done});
        match outcome {
            Outcome::Failed(error) => {
                result = with_reason(result, error.to_string());
                let error = Failure::from(error).within(format!("{kind} {name}"));
                failure = Some(match failure.take() {
                    None => error,
                    Some(earlier) => error.after(earlier),
                });
            }
            Outcome::Skipped(reason) => {
                progress.suspend(|| {
                    labeled(
                        "warning",
                        AnsiColor::Yellow,
                        &format!("{kind} {name} skipped: {reason}"),
                    )
                })?;
                result = with_reason(result, reason);
            }
            _ => {
                if matches!(session.output.format, Format::Table | Format::Wide) {
                    progress.suspend(|| output::write(&format!("{kind} {name} {done}\n")))?;
                } else if session.output.format == Format::Name && done != "ready" {
                    progress.suspend(|| output::write(&format!("{name}\n")))?;
                }
            }
        }
        results.push(result);
        ready += usize::from(done == "ready");
        if options.wait && results.len() >= total {
            progress.show(format!("{ready} of {total} resources are ready"));
        }
    }
    failure.map_or(Ok(()), Err)
}

fn with_reason(mut result: Value, reason: String) -> Value {
    if let Some(result) = result.as_object_mut() {
        result.insert("reason".to_owned(), reason.into());
    }
    result
}

/// Shows the plan and asks whether to make the changes.
fn confirm(plan: &Plan) -> Result<(), Failure> {
    anstream::eprint!("{}", text(plan));
    if !stdin().is_terminal() {
        return Err(Failure::usage(
            "cannot ask for confirmation without a terminal; pass --yes to make these changes",
        ));
    }
    anstream::eprint!("Make these changes? [y/N] ");
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::usage("nothing was changed")),
    }
}

/// Prints the account as manifests.
pub(crate) async fn export(session: &Session) -> Result<(), Failure> {
    let documents = Account::fetch(&session.client).await?.export();
    let names = || {
        documents
            .iter()
            .filter_map(|document| Some(document.get("name")?.as_str()?.to_owned()))
            .collect()
    };
    let yaml = || {
        documents
            .iter()
            .map(to_yaml)
            .collect::<Vec<_>>()
            .join("---\n")
    };
    match session.output.format {
        // Documents, which apply reads, rather than one list.
        Format::Yaml => output::write(&yaml()),
        _ => session
            .output
            .print(|| documents.clone().into(), names, yaml),
    }
}
