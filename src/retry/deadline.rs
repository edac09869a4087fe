use std::time::Duration;

use tokio::time::Instant;

/// A point in time by which something must be done, and the setting that it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    allowed: Duration,
    scope: Scope,
}

/// What a deadline is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Attempt,
    Call,
}

impl Deadline {
    /// The deadline of something that starts now.
    pub(super) fn new(allowed: Duration, scope: Scope) -> Self {
        Self {
            at: after(allowed),
            allowed,
            scope,
        }
    }

    /// The earlier of two deadlines.
    pub(super) fn min(self, other: Self) -> Self {
        if other.at <= self.at { other } else { self }
    }

    /// A deadline that is this much later.
    pub(super) fn extend(self, time: Duration) -> Self {
        let at = self.at.checked_add(time).unwrap_or(self.at);
        Self { at, ..self }
    }

    pub(super) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// What to tell somebody who did not get something by then.
    pub(super) fn missed(&self, what: &str) -> String {
        let scope = match self.scope {
            Scope::Attempt => "one attempt",
            Scope::Call => "the entire call",
        };
        format!(
            "no {what} within the {:?} allowed for {scope}",
            self.allowed
        )
    }
}

/// The time in `delay` from now. A delay that the clock can't represent ends in the distant future.
fn after(delay: Duration) -> Instant {
    const DISTANT: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(delay).unwrap_or_else(|| now + DISTANT)
}
