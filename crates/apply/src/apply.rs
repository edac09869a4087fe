//! Applying a plan.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use coreweave_inference::kind::{self, Managed};
use coreweave_inference::retry::CallOptions;
use coreweave_inference::{Api, Client, NewResource, Resource, ResourceStatus, Wait};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{self, BoxStream, FuturesUnordered, SelectAll, StreamExt, TryStreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::account;
use crate::change::{Action, Change};
use crate::compare;
use crate::concurrency::{ConcurrencyLimit, Throttle, lock};
use crate::error::Error;
use crate::kind::Kind;
use crate::plan::Plan;
use crate::schema;

/// Options for [`apply`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Whether to replace resources; otherwise replacements are skipped.
    pub replace: bool,
    /// Whether to delete resources; otherwise deletions are skipped.
    pub delete: bool,
    /// Whether to wait until every resource of the manifest is ready; a disabled deployment, until it is applied.
    pub wait: bool,
    /// How long to wait for everything together, from the call of [`apply`]; by default, each wait takes as long as
    /// the client's.
    pub timeout: Option<Duration>,
    /// Whether a resource in STATUS_ERROR ends its wait; otherwise it may recover.
    pub fail_on_error: bool,
    /// How many changes are made at the same time at most. It begins with 10, adapts to the service, and is 20 by
    /// default.
    pub parallelism: usize,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            replace: false,
            delete: false,
            wait: false,
            timeout: None,
            fail_on_error: false,
            parallelism: 20,
        }
    }
}

/// The progress of one change.
#[derive(Debug)]
pub struct ApplyEvent {
    /// The change.
    pub change: Arc<Change>,
    /// What happened to it.
    pub outcome: Outcome,
}

/// What happened to a change.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The service accepted the change, which takes effect later; or nothing had to change.
    Accepted,
    /// The service accepted the change without these members, which it does not know. Comes before
    /// [`Accepted`](Self::Accepted).
    Dropped(Vec<String>),
    /// The resource is not ready yet. Reported with [`ApplyOptions::wait`], whenever the state changes.
    Pending {
        /// Its status, such as `STATUS_CREATING`.
        status: String,
        /// The first condition that is not met, with its message.
        reason: Option<String>,
    },
    /// The resource is ready, or applied if it is a disabled deployment. Reported only with [`ApplyOptions::wait`].
    Ready,
    /// The change or the wait failed. Changes that do not depend on it are still made.
    Failed(Error),
    /// The change was not made, for the given reason.
    Skipped(String),
}

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
            deadline: options
                .timeout
                .and_then(|timeout| started.checked_add(timeout)),
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

type Events = BoxStream<'static, ApplyEvent>;

/// A change that was made or failed: its index and the result.
type Finished = (usize, Result<Made, Error>);

/// A change that the service accepted.
#[derive(Default)]
struct Made {
    /// The members that the service does not know.
    dropped: Vec<String>,
    /// The rest of an update's wait.
    wait: Option<Events>,
}

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
            .extend(accepted.map(|change| self.run.wait_for(&change)));
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

/// What every change is made with.
#[derive(Clone)]
struct Run {
    client: Client,
    options: ApplyOptions,
    /// When the time for all waits is up.
    deadline: Option<Instant>,
}

impl Run {
    async fn make(&self, change: &Arc<Change>, options: CallOptions) -> Result<Made, Error> {
        match change.kind {
            Kind::CapacityClaim => {
                self.make_in(self.client.capacity_claims(), change, options)
                    .await
            }
            Kind::Gateway => self.make_in(self.client.gateways(), change, options).await,
            Kind::Deployment => {
                self.make_in(self.client.deployments(), change, options)
                    .await
            }
        }
    }

    async fn make_in<K>(
        &self,
        api: Api<K>,
        change: &Arc<Change>,
        options: CallOptions,
    ) -> Result<Made, Error>
    where
        K: Managed,
        K::Create: DeserializeOwned,
        K::Spec: Serialize + DeserializeOwned,
    {
        let id = change.id.as_str();
        let mut wait = None;
        let resource = match &change.action {
            Action::Unchanged => return Ok(Made::default()),
            Action::Create(_) => Some(create(&api, change, options).await?),
            Action::Update(_) => {
                let members = change.body.clone();
                let update = api
                    .try_update(id, move |spec| merge_spec(spec, &members))
                    .options(options);
                match self.options.wait {
                    // Unlike a wait that begins later, this can tell a READY from before the update.
                    true => {
                        let mut states = self.within_time(update.and_wait()).stream();
                        let response = states.try_next().await?;
                        wait = Some(events(change, states));
                        response
                    }
                    false => Some(update.await?),
                }
            }
            Action::Replace { old_id, .. } => {
                self.within_time(api.delete_and_wait(old_id.as_str()))
                    .await?;
                Some(create(&api, change, options).await?)
            }
            Action::Delete => {
                // A gateway is refused its deletion until its deployments are gone.
                match change.kind {
                    Kind::Gateway => self.within_time(api.delete_and_wait(id)).await?,
                    _ => drop(api.delete(id).options(options).await?),
                }
                return Ok(Made::default());
            }
        };
        let dropped = resource.map_or_else(Vec::new, |resource| dropped(change, &resource));
        Ok(Made { dropped, wait })
    }

    /// Limits a wait to what is left of the time for all.
    fn within_time<'a, K: kind::Kind, T: Send + 'a>(
        &self,
        mut wait: Wait<'a, K, T>,
    ) -> Wait<'a, K, T> {
        if self.options.fail_on_error {
            wait = wait.fail_on_error();
        }
        match self.deadline {
            Some(deadline) => wait.timeout(deadline.saturating_duration_since(Instant::now())),
            None => wait,
        }
    }

    /// Waits until a resource is ready; a disabled deployment never is, and is done once it is applied.
    fn wait_for(&self, change: &Arc<Change>) -> Events {
        let id = change.id.as_str();
        match change.kind {
            Kind::CapacityClaim => {
                let wait = self.client.capacity_claims().wait_ready(id);
                events(change, self.within_time(wait).stream())
            }
            Kind::Gateway => {
                let wait = self.client.gateways().wait_ready(id);
                events(change, self.within_time(wait).stream())
            }
            Kind::Deployment => {
                let deployments = self.client.deployments();
                let wait = match change.is_disabled() {
                    true => deployments.wait_applied(id),
                    false => deployments.wait_ready(id),
                };
                events(change, self.within_time(wait).stream())
            }
        }
    }
}

/// What a wait reports: states as they change, then its end.
fn events<K: Managed>(
    change: &Arc<Change>,
    states: BoxStream<'static, Result<Resource<K>, coreweave_inference::Error>>,
) -> Events {
    let change = Arc::clone(change);
    let outcomes = stream::unfold(Some((states, None)), |wait| async move {
        let (mut states, mut last) = wait?;
        loop {
            let outcome = match states.next().await {
                None => Outcome::Ready,
                Some(Err(error)) => Outcome::Failed(error.into()),
                Some(Ok(resource)) => {
                    let now = Some(state(&resource));
                    if now == last || resource.status() == &ResourceStatus::Ready {
                        continue;
                    }
                    last.clone_from(&now);
                    let (status, reason) = now?;
                    return Some((Outcome::Pending { status, reason }, Some((states, last))));
                }
            };
            return Some((outcome, None));
        }
    });
    let event = move |outcome| {
        let change = Arc::clone(&change);
        ApplyEvent { change, outcome }
    };
    outcomes.map(event).boxed()
}

/// The status of a resource, and the first condition that is not met.
fn state<K: Managed>(resource: &Resource<K>) -> (String, Option<String>) {
    let mut conditions = resource.conditions();
    let unmet =
        conditions.find(|condition| !condition.is_true() && !condition.message().is_empty());
    let reason = unmet.map(|condition| format!("{}: {}", condition.kind(), condition.message()));
    (resource.status().to_string(), reason)
}

/// Merges members into a spec of the client, as [`merge`](crate::merge) does.
///
/// # Errors
/// Returns an error if a value does not fit its member; the spec then stays as it was.
pub fn merge_spec<S: Serialize + DeserializeOwned>(
    spec: &mut S,
    body: &Map<String, Value>,
) -> serde_json::Result<()> {
    let current: Map<String, Value> = serde_json::from_value(serde_json::to_value(&*spec)?)?;
    *spec = serde_json::from_value(compare::merge(&current, body).into())?;
    Ok(())
}

async fn create<K>(
    api: &Api<K>,
    change: &Change,
    options: CallOptions,
) -> Result<Resource<K>, Error>
where
    K: Managed,
    K::Create: DeserializeOwned,
{
    let body = serde_json::from_value(change.spec.clone().into())?;
    Ok(api
        .create(NewResource::from_raw(body).id(change.id.as_str()))
        .options(options)
        .await?)
}

/// The members that were sent and that the service dropped, because it does not know them either.
fn dropped<K: Managed>(change: &Change, resource: &Resource<K>) -> Vec<String> {
    let members = compare::differences(&account::spec(resource), &change.spec);
    let unknown = members.into_iter().filter(|member| {
        member.old.is_none() && schema::find(change.kind.members(), &member.path).is_none()
    });
    unknown.map(|member| member.path).collect()
}
