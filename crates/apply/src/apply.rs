//! Making the changes of a plan.

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

/// How [`apply`] goes about its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Make replacements too; without it they are skipped.
    pub replace: bool,
    /// Make deletions too; without it they are skipped.
    pub delete: bool,
    /// Wait until every resource of the manifest is ready.
    pub wait: bool,
    /// How long to wait for each kind; the client's defaults if `None`.
    pub timeout: Option<Duration>,
}

/// A step of the work on one resource.
#[derive(Debug)]
pub struct ApplyEvent {
    /// The change that it is about.
    pub change: Arc<Change>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a step.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The service accepted the change; it takes effect in the background. Nothing was sent for an unchanged resource.
    Accepted,
    /// The resource is ready; sent only when waiting was asked for.
    Ready,
    /// The change or the wait failed; independent changes are still made.
    Failed(Error),
    /// The change was not made, for this reason.
    Skipped(String),
}

/// Makes the changes of a plan, and reports each step.
///
/// Capacity claims and gateways come before deployments. A deployment is skipped if one of its gateways failed. The
/// stream does nothing until it is polled; dropping it stops the work after the request that is under way.
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
    /// Waits under way.
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

    /// Sends an update, and waits for its effect later on. Only this wait knows a READY from before the update.
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

    /// Begins to wait for everything that is created or was there, with one list for each kind.
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
