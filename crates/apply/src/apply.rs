//! Making the changes of a plan.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use coreweave_inference::kind::Managed;
use coreweave_inference::{Api, Client, NewResource};
use futures_util::stream::{self, BoxStream, SelectAll, StreamExt};
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
        failed_gateways: HashSet::new(),
        waits: None,
    };
    stream::unfold(run, |mut run| async move {
        let event = run.next().await?;
        Some((event, run))
    })
    .boxed()
}

struct Run {
    client: Client,
    options: ApplyOptions,
    queue: VecDeque<Arc<Change>>,
    accepted: Vec<Arc<Change>>,
    failed_gateways: HashSet<String>,
    waits: Option<SelectAll<BoxStream<'static, ApplyEvent>>>,
}

impl Run {
    async fn next(&mut self) -> Option<ApplyEvent> {
        let Some(change) = self.queue.pop_front() else {
            if self.waits.is_none() {
                self.waits = Some(self.waits());
            }
            return self.waits.as_mut()?.next().await;
        };
        let outcome = match self.skip(&change) {
            Some(reason) => Outcome::Skipped(reason),
            None => match make(&self.client, &change, self.options).await {
                Ok(()) => Outcome::Accepted,
                Err(error) => Outcome::Failed(error),
            },
        };
        match outcome {
            Outcome::Accepted => self.accepted.push(Arc::clone(&change)),
            _ => {
                self.failed_gateways.insert(change.id.clone());
            }
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
            .any(|id| self.failed_gateways.contains(id))
            .then(|| "its gateway was not created".to_owned())
    }

    fn waits(&self) -> SelectAll<BoxStream<'static, ApplyEvent>> {
        let mut waits = SelectAll::new();
        if self.options.wait {
            for kind in Kind::ALL {
                let changes = self.accepted.iter().filter(|change| change.kind == kind);
                let changes: Vec<_> = changes
                    .filter(|change| change.action != Action::Delete)
                    .cloned()
                    .collect();
                if changes.is_empty() {
                    continue;
                }
                waits.push(match kind {
                    Kind::CapacityClaim => {
                        wait(self.client.capacity_claims(), changes, self.options.timeout)
                    }
                    Kind::Gateway => wait(self.client.gateways(), changes, self.options.timeout),
                    Kind::Deployment => {
                        wait(self.client.deployments(), changes, self.options.timeout)
                    }
                });
            }
        }
        waits
    }
}

async fn make(client: &Client, change: &Change, options: ApplyOptions) -> Result<(), Error> {
    match change.kind {
        Kind::CapacityClaim => make_in(client.capacity_claims(), change, options).await,
        Kind::Gateway => make_in(client.gateways(), change, options).await,
        Kind::Deployment => make_in(client.deployments(), change, options).await,
    }
}

async fn make_in<K>(api: Api<K>, change: &Change, options: ApplyOptions) -> Result<(), Error>
where
    K: Managed,
    K::Create: DeserializeOwned,
    K::Spec: Serialize + DeserializeOwned,
{
    match &change.action {
        Action::Unchanged => {}
        Action::Create => create(&api, change).await?,
        Action::Update(_) => {
            let mut body = change.body.clone();
            if change.kind == Kind::CapacityClaim {
                // The name of a claim is no member of the update.
                body.remove("name");
            }
            api.try_update(change.id.as_str(), |spec| merge_spec(spec, &body))
                .await?;
        }
        Action::Replace { old_id, .. } => {
            let mut deletion = api.delete_and_wait(old_id.as_str());
            if let Some(timeout) = options.timeout {
                deletion = deletion.timeout(timeout);
            }
            deletion.await?;
            create(&api, change).await?;
        }
        // A gateway is refused its deletion until its deployments are gone.
        Action::Delete if change.kind == Kind::Gateway => {
            api.delete_and_wait(change.id.as_str()).await?;
        }
        Action::Delete => {
            api.delete(change.id.as_str()).await?;
        }
    }
    Ok(())
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

fn wait<K: Managed>(
    api: Api<K>,
    changes: Vec<Arc<Change>>,
    timeout: Option<Duration>,
) -> BoxStream<'static, ApplyEvent> {
    let mut wait = api.wait_all_ready(changes.iter().map(|change| change.id.as_str()));
    if let Some(timeout) = timeout {
        wait = wait.timeout(timeout);
    }
    let find = move |id: Option<&str>| {
        let found = changes
            .iter()
            .find(|change| id.is_some_and(|id| change.id.eq_ignore_ascii_case(id)));
        found.or(changes.first()).cloned()
    };
    wait.stream()
        .filter_map(move |event| {
            let (change, outcome) = match event {
                Ok(resource) => (find(Some(resource.id().as_str())), Outcome::Ready),
                Err(error) => (find(error.resource_id()), Outcome::Failed(error.into())),
            };
            std::future::ready(change.map(|change| ApplyEvent { change, outcome }))
        })
        .boxed()
}
