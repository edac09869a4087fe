//! The operations that kinds have in common.

use std::fmt;
use std::marker::PhantomData;

use super::kind::{Kind, Managed};
use super::new::NewResource;
use super::view::Resource;
use crate::client::Client;
use crate::create;
use crate::ids::Id;
use crate::lists::{self, List};
use crate::request::Request;
use crate::update;
use crate::wait::{AllReady, Deleted, Ready, USUAL_DELETION, Wait};
use crate::watch::Watch;

/// The resources of one kind, and what can be done with them.
///
/// [`Client::gateways`], [`Client::deployments`], [`Client::capacity_claims`] and [`Client::hot_loads`] give one. It is
/// cheap to make, to clone and to keep. What only one kind can do is here, too, in an `impl` of its own.
///
/// ```no_run
/// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let gateways = client.gateways();
/// for gateway in gateways.list().await? {
///     println!("{gateway}");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Handle<K: Kind> {
    pub(crate) client: Client,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Handle<K> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            kind: PhantomData,
        }
    }

    /// Fetches one by its id.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().get("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11").await {
    ///     Err(e) if e.is_not_found() => println!("none"),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn get(&self, id: impl Into<Id<K>>) -> Request<'static, Resource<K>> {
        let id = id.into();
        Request::new(self.client.clone(), move |sender| async move {
            let id = id.for_path(K::NAMES.get)?;
            Resource::from_reply(K::NAMES.get, Some(id), K::get(&sender, id).await?)
        })
    }

    /// Creates one. It returns when the API has accepted it; see [`wait_ready`](Self::wait_ready) for the rest.
    ///
    /// The request is checked first, unless it is [`unchecked`](NewResource::unchecked). A create never makes two: it carries an
    /// id, and when the answer to one try was lost and the next is told ALREADY_EXISTS, a look at that id settles whose
    /// the resource is. If it is ours, it is returned as if nothing had happened; if not,
    /// [`Error::taken`](crate::Error::taken) says whether the id or the name belongs to another.
    ///
    /// An id of your own that is taken at the first try counts as ours only if the resource has the same name and is in
    /// everything what was asked for.
    ///
    /// ```no_run
    /// use coreweave_inference::{GatewayAuth, NewGateway, Routing, Conflict};
    ///
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// match client.gateways().create(new).await {
    ///     Err(e) if e.conflict() == Some(Conflict::Name) => println!("there is a gateway called chat"),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: NewResource<K>) -> Request<'static, Resource<K>> {
        Request::new(self.client.clone(), move |sender| {
            create::create(sender, new)
        })
    }
}

impl<K: Managed> Handle<K> {
    /// Lists them all, or those that the options of the listing leave.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let ready = client.gateways().list().await?.into_iter().filter(|gateway| gateway.is_ready());
    /// # let _ = ready; Ok(()) }
    /// ```
    pub fn list(&self) -> List<K> {
        List::new(self.client.clone())
    }

    /// Finds the one with this name. Names are unique within a kind.
    ///
    /// The API has no such query, so this fetches the listing.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// if let Some(gateway) = client.gateways().find_by_name("chat").await? {
    ///     println!("{:?}", gateway.openai_base_url());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn find_by_name(&self, name: impl Into<String>) -> Request<'static, Option<Resource<K>>> {
        let name = name.into();
        Request::new(self.client.clone(), move |sender| async move {
            let all = lists::fetch::<K>(&sender, &K::Filter::default(), None).await?;
            Ok(all.into_iter().find(|resource| resource.name() == name))
        })
    }

    /// Changes one: reads its spec, lets `change` at it, and sends all of it back.
    ///
    /// The API resets what an update leaves out, so nothing is left out, members that this version doesn't know included.
    /// It returns when the API has accepted the update. What can't be changed (a gateway's name, say) is refused before
    /// anything is sent, and so is a change that breaks a known rule.
    ///
    /// There are no versions in the API: if somebody else updates the same resource between the read and the write, the
    /// last write wins.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let deployment = client.deployments().update(id, |spec| spec.autoscaling.max = 8).await?;
    /// # let _ = deployment; Ok(()) }
    /// ```
    pub fn update<'a, F>(&self, id: impl Into<Id<K>>, change: F) -> Request<'a, Resource<K>>
    where
        F: FnOnce(&mut K::Spec) + Send + 'a,
    {
        let id = id.into();
        Request::new(self.client.clone(), move |sender| {
            update::update(sender, id, change)
        })
    }

    /// Gives one a whole new spec, for those who hold it. What the spec leaves out is reset.
    ///
    /// A spec with another resource's id is refused; one with none gets this one's.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut spec = deployment.spec()?;
    /// spec.disabled = Some(true);
    /// client.deployments().replace(deployment.id(), spec).await?;
    /// # Ok(()) }
    /// ```
    pub fn replace(&self, id: impl Into<Id<K>>, spec: K::Spec) -> Request<'static, Resource<K>> {
        let id = id.into();
        Request::new(self.client.clone(), move |sender| {
            update::replace(sender, id, spec)
        })
    }

    /// Deletes one. It returns its last state when the API has accepted the deletion, which then takes a while; see
    /// [`delete_and_wait`](Self::delete_and_wait).
    ///
    /// If the answer to one try was lost, the next may be told NOT_FOUND because the resource is gone already;
    /// [`Error::outcome_unknown`](crate::Error::outcome_unknown) tells that from an id that never was.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().delete(id).await {
    ///     Err(e) if e.is_gateway_in_use() => println!("delete its deployments first"),
    ///     Err(e) if e.is_not_found() => println!("gone already"),
    ///     gateway => println!("{}", gateway?.status()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn delete(&self, id: impl Into<Id<K>>) -> Request<'static, Resource<K>> {
        let id = id.into();
        Request::new(self.client.clone(), move |sender| async move {
            let id = id.for_path(K::LIFE.delete)?;
            Resource::from_reply(K::LIFE.delete, Some(id), K::delete(&sender, id).await?)
        })
    }

    /// Waits until one is ready.
    ///
    /// By default a gateway gets 10 minutes, a deployment an hour and a capacity claim 45 minutes. A resource that has
    /// failed for good or is being deleted ends the wait at once, with its conditions in the
    /// [error](crate::Error::conditions). One in trouble may recover, and is waited for.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let gateway = client.gateways().wait_ready(id)
    ///     .timeout(Duration::from_secs(900))
    ///     .on_progress(|gateway| println!("{}", gateway.status()))
    ///     .await?;
    /// # let _ = gateway; Ok(()) }
    /// ```
    pub fn wait_ready(&self, id: impl Into<Id<K>>) -> Wait<'static, K, Ready<K>> {
        Wait::new(
            self.client.clone(),
            Ready::new(id.into()),
            K::PATIENCE.ready,
        )
    }

    /// Waits until all of these are ready, with one listing for each interval however many they are.
    ///
    /// The first of them that fails or doesn't exist ends the wait with an error; as a [`stream`](Wait::stream) the wait
    /// hands out each one as it gets ready, reports those that don't, and goes on. All it remembers is the ids that are
    /// not ready yet.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let all = client.deployments().list().await?;
    /// client.deployments().wait_all_ready(all.iter().map(|deployment| deployment.id())).await?;
    /// # Ok(()) }
    /// ```
    pub fn wait_all_ready(
        &self,
        ids: impl IntoIterator<Item = impl Into<Id<K>>>,
    ) -> Wait<'static, K, AllReady<K>> {
        Wait::new(
            self.client.clone(),
            AllReady::new(ids.into_iter().map(Into::into)),
            K::PATIENCE.ready,
        )
    }

    /// Waits until one is gone, after somebody has deleted it. By default that may take 20 minutes.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().delete(&id).await?;
    /// client.deployments().wait_deleted(&id).await?;
    /// # Ok(()) }
    /// ```
    pub fn wait_deleted(&self, id: impl Into<Id<K>>) -> Wait<'static, K, Deleted<K>> {
        Wait::new(self.client.clone(), Deleted::new(id.into()), USUAL_DELETION)
    }

    /// Deletes one and waits until it is gone. One that is gone already is a success.
    ///
    /// A deletion that is refused because something must happen first is asked for again at each interval: a gateway whose
    /// deployments are still being deleted, a deployment in the middle of a hot-load. If that doesn't come to pass in
    /// time, the error has the refusal as its source.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, gateway: coreweave_inference::Gateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// for deployment in client.deployments().list().gateway(gateway.id()).await? {
    ///     client.deployments().delete(deployment.id()).await?;
    /// }
    /// client.gateways().delete_and_wait(gateway.id()).await?;
    /// # Ok(()) }
    /// ```
    pub fn delete_and_wait(&self, id: impl Into<Id<K>>) -> Wait<'static, K, Deleted<K>> {
        Wait::new(
            self.client.clone(),
            Deleted::asking_first(id.into()),
            USUAL_DELETION,
        )
    }

    /// Watches them: a stream of what appears, changes and goes away.
    ///
    /// ```no_run
    /// use std::pin::pin;
    /// use coreweave_inference::Change;
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let mut changes = pin!(client.deployments().watch().stream());
    /// while let Some(change) = changes.try_next().await? {
    ///     match change {
    ///         Change::Appeared(deployment) => println!("new: {deployment}"),
    ///         Change::Changed(deployment) => println!("now: {deployment}"),
    ///         Change::Gone(deployment) => println!("gone: {deployment}"),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn watch(&self) -> Watch<K> {
        Watch::new(self.client.clone())
    }
}

impl<K: Kind> fmt::Debug for Handle<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle of {}s", K::NOUN)
    }
}

impl Client {
    /// The gateways: where inference requests come in.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let gateway = client.gateways().get("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11").await?;
    /// # let _ = gateway; Ok(()) }
    /// ```
    pub fn gateways(&self) -> super::gateway::Gateways {
        Handle::new(self.clone())
    }

    /// The deployments: models being served.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let deployments = client.deployments().list().await?;
    /// # let _ = deployments; Ok(()) }
    /// ```
    pub fn deployments(&self) -> super::deployment::Deployments {
        Handle::new(self.clone())
    }

    /// The capacity claims: reserved instances.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let claims = client.capacity_claims().list().await?;
    /// # let _ = claims; Ok(()) }
    /// ```
    pub fn capacity_claims(&self) -> super::capacity_claim::CapacityClaims {
        Handle::new(self.clone())
    }

    /// The hot-loads: new weights for running deployments.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let newest_first = client.hot_loads().list().await?;
    /// # let _ = newest_first; Ok(()) }
    /// ```
    pub fn hot_loads(&self) -> super::hot_load::HotLoads {
        Handle::new(self.clone())
    }
}
