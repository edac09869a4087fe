//! Declarative management: diff and apply.

use std::io::{IsTerminal, Read, stdin};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use coreweave_inference_apply::{
    self as apply, Action, Apply, ApplyEvent, ApplyOptions, Change, Manifest, ManifestReader,
    MemberChange, Outcome, Plan, PlanOptions, Problem,
};
use serde_json::{Value, json};

use crate::args::ManifestArgs;
use crate::failure::{Exit, Failure};
use crate::interrupt::{self, Interruptions};
use crate::output::{self, Format};
use crate::progress::Progress;
use crate::session::Session;
use crate::text::Text;

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
    warn(&manifest.warnings);
    Ok(manifest)
}

fn warn(warnings: &[Problem]) {
    warnings.iter().for_each(output::warning);
}

/// The name and the text of a file, or of standard input for `-`.
pub(crate) fn source(file: &Path) -> Result<(String, String), Failure> {
    if file == Path::new("-") {
        let mut text = String::new();
        stdin()
            .read_to_string(&mut text)
            .map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
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
    let options = PlanOptions { prune: args.prune };
    let plan = apply::plan(&session.client, &manifest, options).await?;
    warn(&plan.warnings);
    Ok(plan)
}

/// Prints what apply would change; the exit code is 1 if there is anything.
pub(crate) async fn diff(session: &Session, args: &ManifestArgs) -> Result<Exit, Failure> {
    let plan = plan(session, args).await?;
    print(session, &plan);
    if let (false, Some(refusal)) = (args.replace, refusal(&plan)) {
        output::note(format_args!("note: {refusal}"));
    }
    Ok(match plan.is_unchanged() {
        true => Exit::Success,
        false => Exit::Differences,
    })
}

/// Prints the changes of a plan.
pub(crate) fn print(session: &Session, plan: &Plan) {
    let changes = || {
        plan.changes
            .iter()
            .filter(|change| change.action != Action::Unchanged)
    };
    let json = || changes().map(describe).collect();
    let names = || changes().map(|change| change.name.clone()).collect();
    session.output.print(json, names, || text(plan));
}

/// Why a plan cannot be applied without the permission to replace resources.
fn refusal(plan: &Plan) -> Option<String> {
    plan.changes.iter().find_map(|change| match &change.action {
        Action::Replace { reasons, .. } => Some(format!(
            "the {} {} would have to be deleted and created again: {}; pass --replace to allow that",
            change.kind,
            change.name,
            reasons.join("; ")
        )),
        _ => None,
    })
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
fn text(plan: &Plan) -> Text {
    let mut text = Text::default();
    for change in &plan.changes {
        let (sign, color) = match change.action {
            Action::Create(_) => ("+", AnsiColor::Green),
            Action::Update(_) => ("~", AnsiColor::Yellow),
            Action::Replace { .. } => ("-/+", AnsiColor::Red),
            Action::Delete => ("-", AnsiColor::Red),
            Action::Unchanged => continue,
        };
        let style = Style::new().fg_color(Some(color.into()));
        let (action, kind, name) = (&change.action, change.kind, &change.name);
        text = text
            .styled(style, format_args!("{sign} {action} {kind} {name}"))
            .end();
        if let Action::Replace { reasons, .. } = action {
            text = text.lines(reasons.iter().map(|reason| format!("    because {reason}")));
        }
        for member in action.members() {
            let MemberChange { path, new, .. } = member;
            text = match action {
                // The heading has the name.
                Action::Create(_) if path == "name" => text,
                Action::Create(_) => text.line(format_args!("    {path}: {}", value(new))),
                _ => text.line(change_line(member)),
            };
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
    text.line(counts.join(", "))
}

/// How a member changes.
pub(crate) fn change_line(MemberChange { path, old, new }: &MemberChange) -> String {
    format!("    {path}: {} -> {}", value(old), value(new))
}

fn value(value: &Option<Value>) -> String {
    match value {
        None | Some(Value::Null) => "unset".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// Makes the changes of a plan.
pub(crate) async fn apply(
    session: &Session,
    args: &ManifestArgs,
    yes: bool,
    options: ApplyOptions,
) -> Result<(), Failure> {
    let plan = plan(session, args).await?;
    if let (false, Some(refusal)) = (args.replace, refusal(&plan)) {
        return Err(Failure::usage(refusal));
    }
    if !plan.is_unchanged() && !yes {
        confirm(&plan)?;
    }
    let mut report = Report::new(session.output.format, &plan, options.wait);
    let mut applying = apply::apply(&session.client, plan, options);
    let interruption = carry_out(&mut applying, &mut report).await;
    report.finish(session, interruption)
}

/// Reports changes until all are made. An interruption starts nothing new, a second one leaves at once. Returns the exit
/// code for it.
async fn carry_out(applying: &mut Apply, report: &mut Report) -> Option<Exit> {
    let _held = interrupt::hold();
    let mut interruptions = Interruptions::listen();
    let mut interruption = None;
    loop {
        tokio::select! {
            event = applying.next() => match event {
                Some(event) => report.event(event),
                None => return interruption,
            },
            exit = interruptions.next() => {
                if interruption.is_some() {
                    return interruption;
                }
                interruption = Some(exit);
                applying.stop();
                report.interrupted();
            }
        }
    }
}

/// What came of the changes.
struct Report {
    format: Format,
    progress: Progress,
    results: Vec<Value>,
    failure: Option<Failure>,
    /// How many changes there are, how many of them were made or failed, and how many resources are ready of those that
    /// will be.
    total: usize,
    done: usize,
    ready: usize,
    to_be_ready: usize,
    interrupted: bool,
}

impl Report {
    fn new(format: Format, plan: &Plan, wait: bool) -> Self {
        let stays = |change: &&Change| change.action != Action::Delete;
        Self {
            format,
            progress: Progress::start(),
            results: Vec::new(),
            failure: None,
            total: plan.changes.len(),
            done: 0,
            ready: 0,
            to_be_ready: match wait {
                true => plan.changes.iter().filter(stays).count(),
                false => 0,
            },
            interrupted: false,
        }
    }

    fn event(&mut self, ApplyEvent { change, outcome }: ApplyEvent) {
        let (kind, name) = (change.kind, &change.name);
        if let Outcome::Pending { status, reason } = outcome {
            let (ready, total) = (self.ready, self.to_be_ready);
            let status = status.trim_start_matches("STATUS_");
            let reason = reason.map_or(String::new(), |reason| format!(" ({reason})"));
            return self.progress.show(format!(
                "waiting for {kind} {name}, {ready} of {total} are ready: {status}{reason}"
            ));
        }
        let done = match (&outcome, &change.action) {
            (Outcome::Ready, _) if change.is_disabled() => "applied",
            (Outcome::Ready, _) => "ready",
            (Outcome::Accepted, Action::Create(_)) => "created",
            (Outcome::Accepted, Action::Update(_)) => "updated",
            (Outcome::Accepted, Action::Replace { .. }) => "replaced",
            (Outcome::Accepted, Action::Delete) => "deleted",
            (Outcome::Accepted, Action::Unchanged) => "unchanged",
            (Outcome::Failed(_), _) => "failed",
            (Outcome::Dropped(_), _) => "dropped",
            _ => "skipped",
        };
        let mut result = json!({"kind": kind.manifest_name(), "name": change.name, "id": change.id, "result": done});
        let mut add = |member: &str, value: Value| {
            if let Some(result) = result.as_object_mut() {
                result.insert(member.to_owned(), value);
            }
        };
        let mut warning = None;
        match outcome {
            Outcome::Failed(error) => {
                add("reason", error.to_string().into());
                let located = change.locate(&error);
                let names_it =
                    matches!(&error, apply::Error::Service(e) if e.resource_id().is_some());
                let mut error = Failure::from(error).naming(&change.id, name);
                if !names_it {
                    error = error.within(format_args!("{kind} {name}"));
                }
                Failure::add(
                    &mut self.failure,
                    located.into_iter().fold(error, Failure::with),
                );
            }
            Outcome::Skipped(_) if self.interrupted => return,
            Outcome::Skipped(reason) => {
                warning = Some(format!("{kind} {name} skipped: {reason}"));
                add("reason", reason.into());
            }
            Outcome::Dropped(members) => {
                let dropped = members.join("`, `");
                warning = Some(format!(
                    "{kind} {name}: the service does not know `{dropped}` and dropped it"
                ));
                add("members", members.into());
            }
            _ => {
                let line = match self.format {
                    Format::Table | Format::Wide => Some(format!("{kind} {name} {done}")),
                    Format::Name if !matches!(done, "ready" | "applied") => Some(name.clone()),
                    _ => None,
                };
                if let Some(line) = line {
                    self.progress
                        .suspend(|| output::write(&Text::default().line(line)));
                }
            }
        }
        if let Some(warning) = warning {
            self.progress.suspend(|| output::warning(warning));
        }
        self.results.push(result);
        match done {
            "ready" | "applied" => self.ready += 1,
            "dropped" => {}
            _ => self.done += 1,
        }
    }

    fn interrupted(&mut self) {
        self.interrupted = true;
        self.progress.show(
            "interrupted; waiting for the requests in flight. Press Ctrl-C again to leave at once"
                .to_owned(),
        );
    }

    fn finish(mut self, session: &Session, interruption: Option<Exit>) -> Result<(), Failure> {
        if matches!(self.format, Format::Json | Format::Yaml) {
            let results = std::mem::take(&mut self.results);
            session
                .output
                .print(|| results.into(), Vec::new, Text::default);
        }
        let mut failure = self.failure;
        if let Some(exit) = interruption {
            let left = self.total - self.done;
            let message = format!(
                "interrupted; {} of {} changes were made or failed, {left} were not. What the service accepted goes on. Run the \
                 same command again for the rest",
                self.done, self.total
            );
            let interruption = Failure::new(exit, message);
            failure = Some(match failure {
                None => interruption,
                Some(earlier) => interruption.after(earlier).exiting(exit),
            });
        }
        failure.map_or(Ok(()), Err)
    }
}

/// Shows the plan and asks whether to make the changes.
fn confirm(plan: &Plan) -> Result<(), Failure> {
    output::write_to_stderr(&text(plan));
    if !stdin().is_terminal() {
        return Err(Failure::usage(
            "cannot ask for confirmation without a terminal; pass --yes to make these changes",
        ));
    }
    ask("Make these changes?")
}

/// Asks a question on the terminal, and fails unless the answer is yes.
pub(crate) fn ask(question: &str) -> Result<(), Failure> {
    output::write_to_stderr(&Text::default().plain(format_args!("{question} [y/N] ")));
    let mut answer = String::new();
    // Without an answer, nothing is changed.
    let _ = stdin().read_line(&mut answer);
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::usage("nothing was changed")),
    }
}
