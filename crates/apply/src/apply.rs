//! Applying a plan.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use coreweave_inference::kind::{self, Managed};
use coreweave_inference::{Api, Client, NewResource, Wait};
use futures_util::future::ready;
use futures_util::stream::{self, BoxStream, SelectAll, StreamExt, TryStreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::compare;
use crate::error::Error;
use crate::kind::Kind;
use crate::plan::{Action, Change, Plan};

/// Options for [`apply`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Whether to replace resources; otherwise replacements are skipped.
    pub replace: bool,
    /// Whether to delete resources; otherwise deletions are skipped.
    pub delete: bool,
    /// Whether to wait until every resource of the manifest is ready.
    pub wait: bool,
    /// How long each wait may take; by default, as long as the client's waits.
    pub timeout: Option<Duration>,
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
    /// The resource is ready. Reported only with [`ApplyOptions::wait`].
    Ready,
    /// The change or the wait failed. Changes that do not depend on it are still made.
    Failed(Error),
    /// The change was not made, for the given reason.
    Skipped(String),
}

/// Applies a plan and reports the progress of each change.
///
/// Capacity claims and gateways come before deployments. A deployment is skipped if one of its gateways failed. The
/// stream does nothing until it is polled; dropping it cancels the rest.
pub fn apply(client: &Client, plan: Plan, options: ApplyOptions) -> BoxStream<'static, ApplyEvent> {
    let run = Run {
        client: client.clone(),
        options,
        queue: plan.changes.into_iter().map(Arc::new).collect(),
        accepted: Vec::new(),
        failed: HashSet::new(),
        waits: SelectAll::new(),
    };
    stream::unfold(run, |mut run| async move {
        let event = run.next().await?;
        Some((event, run))
    })
    .boxed()
}

type Events = BoxStream<'static, ApplyEvent>;

struct Run {
    client: Client,
    options: ApplyOptions,
    queue: VecDeque<Arc<Change>>,
    /// Changes to wait for once all are made.
    accepted: Vec<Arc<Change>>,
    /// The ids of resources that were not created or changed.
    failed: HashSet<String>,
    /// The waits in progress.
    waits: SelectAll<Events>,
}

impl Run {
    async fn next(&mut self) -> Option<ApplyEvent> {
        let Some(change) = self.queue.pop_front() else {
            self.wait_for_accepted();
            return self.waits.next().await;
        };
        let outcome = match self.skip(&change) {
            Some(reason) => Outcome::Skipped(reason),
            None => match self.make(&change).await {
                Ok(()) => Outcome::Accepted,
                Err(error) => Outcome::Failed(error),
            },
        };
        if !matches!(outcome, Outcome::Accepted) {
            self.failed.insert(change.id.clone());
        }
        Some(ApplyEvent { change, outcome })
    }

    /// Why a change is not made.
    fn skip(&self, change: &Change) -> Option<String> {
        match &change.action {
            Action::Replace { reasons, .. } if !self.options.replace => {
                return Some(format!("it must be replaced: {}", reasons.join("; ")));
            }
            Action::Delete if !self.options.delete => {
                return Some("deletions are not allowed".to_owned());
            }
            _ => {}
        }
        let gateways = change.spec.get("gatewayIds").and_then(Value::as_array);
        let mut gateways = gateways.into_iter().flatten().filter_map(Value::as_str);
        gateways
            .any(|id| self.failed.contains(id))
            .then(|| "its gateway was not created".to_owned())
    }

    async fn make(&mut self, change: &Arc<Change>) -> Result<(), Error> {
        match change.kind {
            Kind::CapacityClaim => self.make_in(self.client.capacity_claims(), change).await,
            Kind::Gateway => self.make_in(self.client.gateways(), change).await,
            Kind::Deployment => self.make_in(self.client.deployments(), change).await,
        }
    }

    async fn make_in<K>(&mut self, api: Api<K>, change: &Arc<Change>) -> Result<(), Error>
    where
        K: Managed,
        K::Create: DeserializeOwned,
        K::Spec: Serialize + DeserializeOwned,
    {
        let id = change.id.as_str();
        match &change.action {
            Action::Unchanged => {}
            Action::Create => create(&api, change).await?,
            Action::Update(_) => {
                let members = change.update();
                let update = api.try_update(id, move |spec| merge_spec(spec, &members));
                if self.options.wait {
                    return self
                        .update_and_wait(update.and_wait(), Arc::clone(change))
                        .await;
                }
                update.await?;
            }
            Action::Replace { old_id, .. } => {
                self.within_timeout(api.delete_and_wait(old_id.as_str()))
                    .await?;
                create(&api, change).await?;
            }
            Action::Delete => {
                // A gateway is refused its deletion until its deployments are gone.
                match change.kind {
                    Kind::Gateway => self.within_timeout(api.delete_and_wait(id)).await?,
                    _ => drop(api.delete(id).await?),
                }
                return Ok(());
            }
        }
        if self.options.wait {
            self.accepted.push(Arc::clone(change));
        }
        Ok(())
    }

    /// Sends an update and queues the wait for its effect. Unlike a later wait, it can tell a READY from before the update.
    async fn update_and_wait<K: Managed>(
        &mut self,
        wait: Wait<'static, K>,
        change: Arc<Change>,
    ) -> Result<(), Error> {
        let mut states = self.within_timeout(wait).stream();
        // The first is the response to the update.
        states.try_next().await?;
        self.waits.push(
            stream::once(async move {
                let outcome = match states.try_for_each(|_| ready(Ok(()))).await {
                    Ok(()) => Outcome::Ready,
                    Err(error) => Outcome::Failed(error.into()),
                };
                ApplyEvent { change, outcome }
            })
            .boxed(),
        );
        Ok(())
    }

    fn within_timeout<'a, K: kind::Kind, T: Send + 'a>(
        &self,
        wait: Wait<'a, K, T>,
    ) -> Wait<'a, K, T> {
        match self.options.timeout {
            Some(timeout) => wait.timeout(timeout),
            None => wait,
        }
    }

    /// Starts to wait for the accepted changes, with one list request per poll and kind.
    fn wait_for_accepted(&mut self) {
        for kind in Kind::ALL {
            let changes: Vec<_> = self
                .accepted
                .extract_if(.., |change| change.kind == kind)
                .collect();
            if changes.is_empty() {
                continue;
            }
            let wait = match kind {
                Kind::CapacityClaim => self.wait_in(self.client.capacity_claims(), changes),
                Kind::Gateway => self.wait_in(self.client.gateways(), changes),
                Kind::Deployment => self.wait_in(self.client.deployments(), changes),
            };
            self.waits.push(wait);
        }
    }

    fn wait_in<K: Managed>(&self, api: Api<K>, changes: Vec<Arc<Change>>) -> Events {
        let wait = self
            .within_timeout(api.wait_all_ready(changes.iter().map(|change| change.id.as_str())));
        let find = move |id: Option<&str>| {
            let is_it =
                |change: &&Arc<Change>| id.is_some_and(|id| change.id.eq_ignore_ascii_case(id));
            changes.iter().find(is_it).or(changes.first()).cloned()
        };
        let events = wait.stream().filter_map(move |state| {
            let (change, outcome) = match state {
                Ok(resource) => (find(Some(resource.id().as_str())), Outcome::Ready),
                Err(error) => (find(error.resource_id()), Outcome::Failed(error.into())),
            };
            ready(change.map(|change| ApplyEvent { change, outcome }))
        });
        events.boxed()
    }
}

/// Merges members into a spec of the client, as [`merge`](crate::merge) does.
///
/// # Errors
/// If a value does not fit its member; the spec then stays as it was.
pub fn merge_spec<S: Serialize + DeserializeOwned>(
    spec: &mut S,
    body: &Map<String, Value>,
) -> serde_json::Result<()> {
    let current: Map<String, Value> = serde_json::from_value(serde_json::to_value(&*spec)?)?;
    *spec = serde_json::from_value(compare::merge(&current, body).into())?;
    Ok(())
}

async fn create<K>(api: &Api<K>, change: &Change) -> Result<(), Error>
where
    K: Managed,
    K::Create: DeserializeOwned,
{
    let body = serde_json::from_value(change.spec.clone().into())?;
    api.create(NewResource::from_raw(body).id(change.id.as_str()))
        .await?;
    Ok(())
}
