//! Applying a plan.

mod concurrency;
mod event;
mod options;
mod run;
mod wait;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use coreweave_inference::Client;
use coreweave_inference::retry::CallOptions;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, SelectAll, StreamExt};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::change::{Action, Change};
use crate::error::Error;
use crate::kind::Kind;
use crate::plan::Plan;
use concurrency::{ConcurrencyLimit, ExceptRateLimits, is_rate_limit};
pub use event::{ApplyEvent, Outcome};
pub use options::ApplyOptions;
pub use run::merge_spec;
use run::{Made, Run};
use wait::{Events, Waits};

/// Applies a plan.
///
/// Independent changes are made at the same time: capacity claims and gateways, then deployments, then deletions, in
/// which gateways come last. A change is skipped if one that it depends on failed: a deployment if its gateway was not
/// created, the deletion of a gateway if a deployment that uses it remains.
pub fn apply(client: &Client, plan: Plan, options: ApplyOptions) -> Apply {
    let started = Instant::now();
    Apply {
        run: Run {
            client: client.clone(),
            options,
            waits: Waits {
                deadline: options
                    .timeout
                    .and_then(|timeout| started.checked_add(timeout)),
                fail_on_error: options.fail_on_error,
            },
        },
        changes: plan.changes.into_iter().map(Arc::new).collect(),
        next: 0,
        refused: BTreeSet::new(),
        limit: ConcurrencyLimit::new(options.parallelism),
        running: FuturesUnordered::new(),
        made: BTreeMap::new(),
        reported: 0,
        events: VecDeque::new(),
        failed: HashSet::new(),
        accepted: Vec::new(),
        waits: SelectAll::new(),
        is_stopped: false,
    }
}

/// A plan that is being applied. Nothing happens until [`next`](Self::next) is polled; dropping this cancels the rest.
pub struct Apply {
    run: Run,
    changes: Vec<Arc<Change>>,
    /// The index of the next change to make.
    next: usize,
    /// The changes that were refused for the rate of requests, and are made again.
    refused: BTreeSet<usize>,
    limit: ConcurrencyLimit,
    running: FuturesUnordered<BoxFuture<'static, Finished>>,
    /// The changes that are made and not reported, by index.
    made: BTreeMap<usize, Vec<Outcome>>,
    /// How many changes were reported.
    reported: usize,
    events: VecDeque<ApplyEvent>,
    /// The ids of resources that were not created, changed or deleted.
    failed: HashSet<String>,
    /// Changes to wait for once all are made.
    accepted: Vec<Arc<Change>>,
    /// The waits in progress.
    waits: SelectAll<Events>,
    is_stopped: bool,
}

/// A change that was made or failed: its index, the epoch of the limit when it began, and the result.
type Finished = (usize, usize, Result<Made, Error>);

impl Apply {
    /// Makes changes until there is something to report. Changes are reported in the order of the plan; after all of
    /// them, waits as they end.
    ///
    /// Nothing is lost if the future is dropped and this is called again.
    pub async fn next(&mut self) -> Option<ApplyEvent> {
        loop {
            self.report();
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            self.start();
            let finished = match self.limit.paused_until() {
                None => self.running.next().await,
                Some(until) if self.running.is_empty() && self.has_next() => {
                    sleep_until(until).await;
                    continue;
                }
                Some(until) => match timeout_at(until, self.running.next()).await {
                    Ok(finished) => finished,
                    Err(_) => continue,
                },
            };
            match finished {
                Some((index, epoch, result)) => self.finish(index, epoch, result),
                None if self.reported < self.changes.len() => {}
                None => break,
            }
        }
        if self.is_stopped {
            return None;
        }
        let accepted = self.accepted.drain(..);
        self.waits
            .extend(accepted.map(|change| self.run.waits.ready(&self.run.client, &change)));
        self.waits.next().await
    }

    /// Starts no further changes and no waits: [`next`](Self::next) reports the requests in flight as they end, and
    /// skips the rest.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    fn has_next(&self) -> bool {
        !self.refused.is_empty() || self.next < self.changes.len()
    }

    /// Starts the changes that the limit allows.
    fn start(&mut self) {
        while self.running.len() < self.limit.current() {
            if !self.is_stopped && self.limit.paused_until().is_some() {
                return;
            }
            let index = self.refused.first().copied().unwrap_or(self.next);
            let Some(change) = self.changes.get(index).map(Arc::clone) else {
                return;
            };
            if index == self.next {
                let before = index.checked_sub(1).and_then(|i| self.changes.get(i));
                let begins_stage = before.is_some_and(|before| stage(before) != stage(&change));
                if begins_stage && !self.running.is_empty() {
                    return;
                }
                self.next += 1;
            }
            self.refused.remove(&index);
            if let Some(reason) = self.skip(&change) {
                self.not_made(&change);
                self.made.insert(index, vec![Outcome::Skipped(reason)]);
                continue;
            }
            let (run, epoch) = (self.run.clone(), self.limit.epoch());
            let policy = ExceptRateLimits(run.client.retry_policy());
            let options = CallOptions::new().retry_policy(policy);
            self.running
                .push(async move { (index, epoch, run.make(&change, options).await) }.boxed());
        }
    }

    /// Why a change is not made.
    fn skip(&self, change: &Change) -> Option<String> {
        if self.is_stopped {
            return Some("interrupted".to_owned());
        }
        match &change.action {
            Action::Unchanged => return None,
            Action::Replace { reasons, .. } if !self.run.options.replace => {
                return Some(format!("it must be replaced: {}", reasons.join("; ")));
            }
            Action::Delete if !self.run.options.delete => {
                return Some("deletions are not allowed".to_owned());
            }
            _ => {}
        }
        let mut needs = change.needs.iter().map(|id| id.to_ascii_lowercase());
        let is_blocked = needs.any(|id| self.failed.contains(&id));
        is_blocked.then(|| {
            match change.action {
                Action::Delete => "a deployment that uses it remains",
                _ => "its gateway failed",
            }
            .to_owned()
        })
    }

    /// Blocks the changes that depend on one that was not made.
    fn not_made(&mut self, change: &Change) {
        let old_id = match &change.action {
            Action::Replace { old_id, .. } => Some(old_id),
            _ => None,
        };
        let ids = [Some(&change.id), old_id].into_iter().flatten();
        self.failed.extend(ids.map(|id| id.to_ascii_lowercase()));
    }

    fn finish(&mut self, index: usize, epoch: usize, result: Result<Made, Error>) {
        let Some(change) = self.changes.get(index).map(Arc::clone) else {
            return;
        };
        let mut outcomes = Vec::new();
        match result {
            Ok(Made { dropped, wait }) => {
                if change.action != Action::Unchanged {
                    self.limit.succeeded();
                }
                if !dropped.is_empty() {
                    outcomes.push(Outcome::Dropped(dropped));
                }
                outcomes.push(Outcome::Accepted);
                match wait {
                    Some(wait) => self.waits.push(wait),
                    None if change.action == Action::Delete || !self.run.options.wait => {}
                    None => self.accepted.push(change),
                }
            }
            Err(Error::Service(error))
                if is_rate_limit(&error) && self.limit.refused(epoch, error.retry_after()) =>
            {
                self.refused.insert(index);
                return;
            }
            Err(error) => {
                self.not_made(&change);
                outcomes.push(Outcome::Failed(error));
            }
        }
        self.made.insert(index, outcomes);
    }

    /// Moves what is next in the order of the plan to the events.
    fn report(&mut self) {
        while let (Some(outcomes), Some(change)) = (
            self.made.remove(&self.reported),
            self.changes.get(self.reported),
        ) {
            self.reported += 1;
            self.events
                .extend(outcomes.into_iter().map(|outcome| ApplyEvent {
                    change: Arc::clone(change),
                    outcome,
                }));
        }
    }
}

impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apply")
            .field("changes", &self.changes)
            .field("next", &self.next)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Changes of a stage wait for those of the stage before.
fn stage(change: &Change) -> u8 {
    match (&change.action, change.kind) {
        (Action::Delete, Kind::Deployment) => 2,
        (Action::Delete, _) => 3,
        (_, Kind::Deployment) => 1,
        _ => 0,
    }
}
