//! Waiting, with progress and a way to resume.

use std::time::Duration;

use tokio::time::Instant;

use crate::backend::{self, Show};
use crate::condition::Condition;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::session::Session;
use crate::view::View;
use crate::{interrupt, output};

/// When all waits of a command have to end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline from now on.
    pub(crate) fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    /// The time that is left, if there is a limit, in full milliseconds: messages show it.
    pub(crate) fn remaining(self) -> Option<Duration> {
        let left = self.0?.saturating_duration_since(Instant::now());
        let millis = left.as_micros().div_ceil(1000);
        Some(Duration::from_millis(
            u64::try_from(millis).unwrap_or(u64::MAX),
        ))
    }
}

/// Waits until a resource meets a condition, and returns it unless it is gone.
pub(crate) async fn wait(
    session: &Session,
    view: &View,
    condition: &Condition,
    deadline: Deadline,
) -> Result<Option<View>, Failure> {
    if let Condition::Type { name, .. } = condition {
        warn_of_unknown(view, name);
    }
    let wait = async |show: &mut Show<'_>| {
        backend::wait(&session.client, view, condition, deadline.remaining(), show).await
    };
    follow(view, condition, wait).await
}

/// Names the conditions there are if none has this name: it may be misspelled, or not be there yet.
fn warn_of_unknown(view: &View, name: &str) {
    let names: Vec<_> = view.condition_names();
    if names.is_empty() || names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return;
    }
    output::warning(format_args!(
        "the {} {} has no condition `{name}` so far, only {}",
        view.kind.noun(),
        view.name,
        names.join(", ")
    ));
}

/// Runs a wait while it shows the progress.
///
/// An interruption ends the wait, not the change, and prints the command that resumes the wait.
pub(crate) async fn follow<T>(
    view: &View,
    condition: &Condition,
    wait: impl AsyncFnOnce(&mut Show<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (noun, name) = (view.kind.noun(), &view.name);
    let mut progress = Progress::start();
    let mut last = view.clone();
    let mut show = |view: View| {
        progress.show(format!(
            "waiting for {noun} {} ({condition}): {}",
            view.name,
            view.state()
        ));
        last = view;
    };
    show(view.clone());
    let done = tokio::select! {
        done = wait(&mut show) => done.map_err(|failure| failure.naming(&view.id, name)),
        exit = interrupt::interrupted() => Err(Failure::new(
            exit,
            format!("interrupted; the {noun} {name} keeps changing. To wait again:"),
        )
        .note(format_args!(
            "cwinf wait {kind} {id} --for {condition}",
            id = view.id,
            kind = view.kind.name(),
        ))),
    };
    // What the service says of the conditions is all that tells why.
    done.map_err(|failure| match (failure.exit, condition) {
        (Exit::TimedOut, Condition::Type { .. }) => failure.note(last.conditions_line()),
        _ => failure,
    })
}
