//! Waiting, with progress and a way to resume.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::progress::Progress;
use crate::service;
use crate::session::Session;
use crate::view::View;

/// What to wait for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Ready,
    Applied,
    Deleted,
    Complete,
    /// The condition of this type is true.
    Type(String),
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ready" => Ok(Condition::Ready),
            "applied" => Ok(Condition::Applied),
            "deleted" => Ok(Condition::Deleted),
            "complete" => Ok(Condition::Complete),
            _ => match text.strip_prefix("condition=") {
                Some(name) if !name.is_empty() => Ok(Condition::Type(name.to_owned())),
                _ => Err("use ready, applied, deleted, complete or condition=TYPE".to_owned()),
            },
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Ready => f.write_str("ready"),
            Condition::Applied => f.write_str("applied"),
            Condition::Deleted => f.write_str("deleted"),
            Condition::Complete => f.write_str("complete"),
            Condition::Type(name) => write!(f, "condition={name}"),
        }
    }
}

impl Condition {
    /// Whether resources of a kind can meet the condition.
    fn applies_to(&self, kind: Kind) -> bool {
        match self {
            Condition::Ready | Condition::Deleted => kind != Kind::HotLoads,
            Condition::Applied => kind == Kind::Deployments,
            Condition::Complete => kind == Kind::HotLoads,
            Condition::Type(_) => true,
        }
    }

    /// Fails unless resources of a kind can meet the condition.
    pub(crate) fn check(&self, kind: Kind) -> Result<(), Failure> {
        if self.applies_to(kind) {
            return Ok(());
        }
        Err(self.misplaced(kind))
    }

    /// The failure of waiting for what resources of a kind never meet.
    pub(crate) fn misplaced(&self, kind: Kind) -> Failure {
        let all = [
            Condition::Ready,
            Condition::Applied,
            Condition::Deleted,
            Condition::Complete,
        ];
        let possible = all
            .iter()
            .filter(|condition| condition.applies_to(kind))
            .map(ToString::to_string);
        let possible: Vec<_> = possible.chain(["condition=TYPE".to_owned()]).collect();
        Failure::usage(format!(
            "a {} is never {self}; wait for {}",
            kind.noun(),
            possible.join(" or ")
        ))
    }
}

/// Waits until a resource meets a condition, and returns it unless it is gone.
pub(crate) async fn wait(
    session: &Session,
    view: &View,
    condition: Condition,
    timeout: Option<Duration>,
) -> Result<Option<View>, Failure> {
    let wait = async |show: &mut Show<'_>| {
        service::wait(&session.client, view, &condition, timeout, show).await
    };
    follow(view, &condition, wait).await
}

/// Shows a resource as it is now.
pub(crate) type Show<'a> = dyn FnMut(View) + Send + 'a;

/// Runs a wait while it shows the progress.
///
/// Ctrl-C ends the wait, not the change, and prints the command that resumes the wait.
pub(crate) async fn follow<T>(
    view: &View,
    condition: &Condition,
    wait: impl AsyncFnOnce(&mut Show<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (noun, name) = (view.kind.noun(), &view.name);
    let mut progress = Progress::start();
    let mut show = |view: View| {
        let problem = view
            .problem()
            .map(|problem| format!(" ({problem})"))
            .unwrap_or_default();
        progress.show(format!(
            "waiting for {noun} {name} ({condition}): {}{problem}",
            view.status
        ));
    };
    show(view.clone());
    tokio::select! {
        done = wait(&mut show) => done,
        _ = tokio::signal::ctrl_c() => Err(Failure::new(
            Exit::Interrupted,
            format!(
                "interrupted; the {noun} {name} keeps changing. To wait again:\n  cwinf wait {kind} {id} --for {condition}",
                id = view.id,
                kind = view.kind.name(),
            ),
        )),
    }
}
