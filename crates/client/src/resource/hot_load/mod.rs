//! Hot-loads: new weights for a running deployment.

mod new;
mod replica;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use new::NewHotLoad;
pub use replica::HotLoadReplica;

use super::facts::{Facts, Names, Patience, Stage};
use super::handle::Handle;
use super::kind::{self, Kind};
use super::view::Resource;
use crate::error::Error;
use crate::ids::{DeploymentId, HotLoadId};
use crate::pages::{Page, Paged, Source};
use crate::raw::Operation;
use crate::raw::Response;
use crate::raw::types::{self, HotLoadState, SnapshotType};
use crate::request::{Request, Sender};
use crate::validate::Check;
use crate::wait::{Complete, Wait};

/// A hot-load: a snapshot of weights on its way into a running deployment.
pub type HotLoad = Resource<kind::HotLoad>;

/// The hot-loads of the account; see [`Client::hot_loads`](crate::Client::hot_loads).
pub type HotLoads = Handle<kind::HotLoad>;

/// A listing of hot-loads, newest first.
pub type HotLoadList = Paged<HotLoadsOf>;

/// A listing of the replicas that a hot-load is for, by zone and name.
pub type HotLoadReplicaList = Paged<ReplicasOf>;

impl Resource<kind::HotLoad> {
    /// The deployment that the weights are for.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, load: coreweave_inference::HotLoad)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let deployment = client.deployments().get(load.deployment_id()).await?;
    /// # let _ = deployment; Ok(()) }
    /// ```
    pub fn deployment_id(&self) -> DeploymentId {
        let id = self
            .raw()
            .spec
            .as_ref()
            .and_then(|spec| spec.deployment_id.as_deref());
        DeploymentId::from(id.unwrap_or_default())
    }

    /// The name of the snapshot.
    ///
    /// ```no_run
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// println!("{}: {}", load.identity(), load.state());
    /// # }
    /// ```
    pub fn identity(&self) -> &str {
        kind::HotLoad::facts(self.raw()).label.unwrap_or_default()
    }

    /// How far the hot-load has come.
    ///
    /// ```no_run
    /// use coreweave_inference::HotLoadState;
    ///
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// let failed = *load.state() == HotLoadState::Failed;
    /// # let _ = failed; }
    /// ```
    pub fn state(&self) -> &HotLoadState {
        state(self.raw())
    }

    /// Whether the API says that it is complete. [`wait_complete`](Handle::wait_complete) also asks the replicas.
    ///
    /// ```no_run
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// if load.is_complete() { /* … */ }
    /// # }
    /// ```
    pub fn is_complete(&self) -> bool {
        self.stage() == Stage::Ready
    }

    /// Whether it is over, one way or the other.
    ///
    /// ```no_run
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// let another_may_start = load.is_finished();
    /// # let _ = another_may_start; }
    /// ```
    pub fn is_finished(&self) -> bool {
        self.stage() != Stage::Underway
    }

    /// Whether the snapshot holds all weights or only what changed.
    ///
    /// ```no_run
    /// use coreweave_inference::SnapshotType;
    ///
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// let whole = *load.snapshot_type() == SnapshotType::Full;
    /// # let _ = whole; }
    /// ```
    pub fn snapshot_type(&self) -> &SnapshotType {
        self.raw()
            .spec
            .as_ref()
            .and_then(|spec| spec.type_.as_ref())
            .unwrap_or(&SnapshotType::Unspecified)
    }

    /// The snapshots that this one builds on, oldest first. A chain can't hold more than 128 increments.
    ///
    /// ```no_run
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// println!("{} snapshots deep", load.snapshot_chain().len());
    /// # }
    /// ```
    pub fn snapshot_chain(&self) -> &[types::SnapshotRef] {
        self.raw()
            .spec
            .as_ref()
            .map_or(&[], |spec| &spec.snapshot_chain)
    }

    /// When it was over.
    ///
    /// ```no_run
    /// # fn f(load: coreweave_inference::HotLoad) {
    /// let took = load.finished_at().zip(load.created_at()).map(|(end, start)| end - start);
    /// # let _ = took; }
    /// ```
    pub fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.raw().status.as_ref()?.finished_at
    }
}

fn state(raw: &types::HotLoad) -> &HotLoadState {
    raw.status
        .as_ref()
        .and_then(|status| status.state.as_ref())
        .unwrap_or(&HotLoadState::Unspecified)
}

impl Handle<kind::HotLoad> {
    /// Lists hot-loads, newest first, page by page.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let all = client.hot_loads().list().deployment(deployment.id()).await?;
    /// # let _ = all; Ok(()) }
    /// ```
    pub fn list(&self) -> HotLoadList {
        Paged::new(self.client.clone(), HotLoadsOf { deployment: None })
    }

    /// Lists the replicas that a hot-load is for, by zone and name, page by page.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, load: coreweave_inference::HotLoad)
    /// # -> Result<(), coreweave_inference::Error> {
    /// for replica in client.hot_loads().replicas(load.id()).await? {
    ///     println!("{replica}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn replicas(&self, id: impl Into<HotLoadId>) -> HotLoadReplicaList {
        Paged::new(
            self.client.clone(),
            ReplicasOf {
                hot_load: id.into(),
            },
        )
    }

    /// Cancels a hot-load.
    ///
    /// The API answers UNIMPLEMENTED so far; see [`Error::is_unimplemented`].
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, load: coreweave_inference::HotLoad)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.hot_loads().cancel(load.id()).await {
    ///     Err(e) if e.is_unimplemented() => println!("it has to run its course"),
    ///     canceled => println!("{}", canceled?.state()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn cancel(&self, id: impl Into<HotLoadId>) -> Request<'static, HotLoad> {
        const OPERATION: &Operation = Operation::CANCEL_HOT_LOAD;
        let id = id.into();
        Request::new(self.client.clone(), move |sender| async move {
            let id = id.for_path(OPERATION)?;
            let body = &types::CancelHotLoadRequest::default();
            let call = |raw: crate::raw::Client| async move { raw.cancel_hot_load(id, body).await };
            match sender.send(Some(id), call).await {
                Ok(reply) => {
                    HotLoad::from_reply(OPERATION, Some(id), reply.map(|reply| reply.hot_load))
                }
                // An earlier attempt whose answer was lost may have canceled it.
                Err(refused) if refused.is_failed_precondition() && refused.outcome_unknown() => {
                    match canceled(&sender, id).await {
                        Some(found) => Ok(found),
                        None => Err(refused),
                    }
                }
                Err(error) => Err(error),
            }
        })
    }

    /// Waits until a hot-load is complete and every replica is ready and serves its snapshot.
    ///
    /// By default this takes at most an hour and looks every 5 seconds, then less often. A hot-load that fails or is
    /// canceled ends the wait at once, with the conditions in the [error](Error::conditions).
    ///
    /// ```no_run
    /// use coreweave_inference::NewHotLoad;
    ///
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let load = client.hot_loads().create(NewHotLoad::full(deployment.id(), "step-100")).await?;
    /// client.hot_loads().wait_complete(load.id()).on_progress(|load| println!("{}", load.state())).await?;
    /// # Ok(()) }
    /// ```
    pub fn wait_complete(
        &self,
        id: impl Into<HotLoadId>,
    ) -> Wait<'static, kind::HotLoad, Complete> {
        Wait::new(
            self.client.clone(),
            Complete::new(id.into()),
            kind::HotLoad::PATIENCE.ready,
        )
    }
}

/// The hot-load, if it is canceled.
async fn canceled(sender: &Sender, id: &str) -> Option<HotLoad> {
    let found = kind::HotLoad::get(sender, id).await.ok()?.into_inner()?;
    let found = HotLoad::from_raw(found).ok()?;
    (*found.state() == HotLoadState::Canceled).then_some(found)
}

/// The source of [`HotLoadList`].
#[derive(Clone, Debug)]
pub struct HotLoadsOf {
    deployment: Option<DeploymentId>,
}

impl Paged<HotLoadsOf> {
    /// Only the hot-loads of this deployment.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let all = client.hot_loads().list().deployment(deployment.id()).await?;
    /// # let _ = all; Ok(()) }
    /// ```
    pub fn deployment(mut self, id: impl Into<DeploymentId>) -> Self {
        self.source.deployment = Some(id.into());
        self
    }
}

impl Source for HotLoadsOf {
    type Item = HotLoad;

    const OPERATION: &'static Operation = Operation::LIST_HOT_LOADS;

    async fn fetch(
        &self,
        sender: &Sender,
        size: Option<i32>,
        token: Option<&str>,
    ) -> Result<Page<HotLoad>, Error> {
        // An empty id would list the hot-loads of all deployments.
        let deployment = self
            .deployment
            .as_ref()
            .map(|id| id.for_path(Self::OPERATION))
            .transpose()?;
        let params = crate::raw::params::ListHotLoadsParams {
            max_page_size: size,
            page_token: token.map(str::to_owned),
            parent_deployment_id: deployment.map(str::to_owned),
            ..Default::default()
        };
        let call = |raw: crate::raw::Client| async move { raw.list_hot_loads(&params).await };
        let reply = sender.send(None, call).await?;
        let next = reply.body().next_page_token.clone();
        let loads = HotLoad::from_listing(Self::OPERATION, reply.map(|page| page.hot_loads))?;
        Ok(Page::new(loads, next))
    }
}

/// The source of [`HotLoadReplicaList`].
#[derive(Clone, Debug)]
pub struct ReplicasOf {
    hot_load: HotLoadId,
}

impl Source for ReplicasOf {
    type Item = HotLoadReplica;

    const OPERATION: &'static Operation = Operation::LIST_HOT_LOAD_REPLICAS;

    async fn fetch(
        &self,
        sender: &Sender,
        size: Option<i32>,
        token: Option<&str>,
    ) -> Result<Page<HotLoadReplica>, Error> {
        let id = self.hot_load.for_path(Self::OPERATION)?;
        let params = crate::raw::params::ListHotLoadReplicasParams {
            max_page_size: size,
            page_token: token.map(str::to_owned),
            ..Default::default()
        };
        let call =
            |raw: crate::raw::Client| async move { raw.list_hot_load_replicas(id, &params).await };
        let page = sender.send(Some(id), call).await?.into_inner();
        let replicas = page.replicas.into_iter().map(HotLoadReplica::from);
        Ok(Page::new(replicas.collect(), page.next_page_token))
    }
}

impl Kind for kind::HotLoad {
    const NOUN: &'static str = "hot-load";
    const NAMES: Names = Names {
        member: "hotLoad",
        get: Operation::GET_HOT_LOAD,
        create: Operation::CREATE_HOT_LOAD,
        unique_names: false,
    };
    const PATIENCE: Patience = Patience {
        ready: Duration::from_secs(3600),
        interval: Duration::from_secs(5),
    };

    type Raw = types::HotLoad;
    type Create = types::CreateHotLoadRequest;

    fn facts(raw: &types::HotLoad) -> Facts<'_> {
        let (spec, status) = (raw.spec.as_ref(), raw.status.as_ref());
        Facts {
            id: spec.and_then(|spec| spec.id.as_deref()),
            label: spec.and_then(|spec| spec.identity.as_deref()),
            state: state(raw).as_str(),
            conditions: status.map_or(&[], |status| &status.conditions),
            created_at: status.and_then(|status| status.created_at),
            updated_at: status.and_then(|status| status.updated_at),
        }
    }

    fn stage(raw: &types::HotLoad) -> Stage {
        match state(raw) {
            HotLoadState::Completed => Stage::Ready,
            HotLoadState::Failed | HotLoadState::Canceled => Stage::Failed,
            _ => Stage::Underway,
        }
    }

    fn id_to_create(body: &mut types::CreateHotLoadRequest) -> &mut Option<String> {
        &mut body.hot_load_id
    }

    fn answers_to(body: &types::CreateHotLoadRequest, raw: &types::HotLoad) -> bool {
        raw.spec.as_ref().is_some_and(|spec| {
            spec.identity.as_deref() == Some(body.identity.as_str())
                && spec.deployment_id.as_deref() == Some(body.deployment_id.as_str())
        })
    }

    fn check(body: &types::CreateHotLoadRequest, check: &mut Check) {
        new::check(body, check);
    }

    async fn get(sender: &Sender, id: &str) -> Result<Response<Option<types::HotLoad>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.get_hot_load(id).await };
        Ok(sender
            .send(Some(id), call)
            .await?
            .map(|reply| reply.hot_load))
    }

    async fn create(
        sender: &Sender,
        body: &types::CreateHotLoadRequest,
    ) -> Result<Response<Option<types::HotLoad>>, Error> {
        let call = |raw: crate::raw::Client| async move { raw.create_hot_load(body).await };
        Ok(sender
            .send(body.hot_load_id.as_deref(), call)
            .await?
            .map(|reply| reply.hot_load))
    }
}
