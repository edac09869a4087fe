//! Applying a plan.

mod concurrency;
mod event;
mod options;
mod run;
mod wait;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use coreweave_inference::Client;
use coreweave_inference::retry::CallOptions;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, SelectAll, StreamExt};

use crate::change::{Action, Change};
use crate::error::Error;
use crate::kind::Kind;
use crate::plan::Plan;
use concurrency::{ConcurrencyLimit, Throttle, lock};
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
        limit: Arc::new(Mutex::new(ConcurrencyLimit::new(options.parallelism))),
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
    limit: Arc<Mutex<ConcurrencyLimit>>,
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

/// A change that was made or failed: its index and the result.
type Finished = (usize, Result<Made, Error>);

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
            match self.running.next().await {
                Some((index, result)) => self.finish(index, result),
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

    /// Starts the changes that the limit allows.
    fn start(&mut self) {
        while self.running.len() < lock(&self.limit).current() {
            let Some(change) = self.changes.get(self.next) else {
                return;
            };
            let before = self.next.checked_sub(1).and_then(|i| self.changes.get(i));
            let begins_stage = before.is_some_and(|before| stage(before) != stage(change));
            if begins_stage && !self.running.is_empty() {
                return;
            }
            let (index, change) = (self.next, Arc::clone(change));
            self.next += 1;
            if let Some(reason) = self.skip(&change) {
                self.failed.insert(change.id.to_ascii_lowercase());
                self.made.insert(index, vec![Outcome::Skipped(reason)]);
                continue;
            }
            let run = self.run.clone();
            let throttle = Throttle {
                epoch: lock(&self.limit).epoch(),
                limit: Arc::clone(&self.limit),
                policy: self.run.client.retry_policy(),
            };
            let options = CallOptions::new().retry_policy(throttle);
            self.running
                .push(async move { (index, run.make(&change, options).await) }.boxed());
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

    fn finish(&mut self, index: usize, result: Result<Made, Error>) {
        let Some(change) = self.changes.get(index) else {
            return;
        };
        let mut outcomes = Vec::new();
        match result {
            Ok(Made { dropped, wait }) => {
                if change.action != Action::Unchanged {
                    lock(&self.limit).succeeded();
                }
                if !dropped.is_empty() {
                    outcomes.push(Outcome::Dropped(dropped));
                }
                outcomes.push(Outcome::Accepted);
                match wait {
                    Some(wait) => self.waits.push(wait),
                    None if change.action == Action::Delete || !self.run.options.wait => {}
                    None => self.accepted.push(Arc::clone(change)),
                }
            }
            Err(error) => {
                self.failed.insert(change.id.to_ascii_lowercase());
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
