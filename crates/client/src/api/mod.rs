//! The operations that kinds have in common.

mod context;
mod create;
mod incremental;
mod list;
mod page;
mod paginator;
mod poll;
mod request;
mod update;
pub(crate) mod wait;
mod watch;

use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

pub(crate) use context::CallContext;
pub(crate) use create::create;
pub use list::List;
pub use page::Page;
pub use paginator::{PagedItem, Paginator};
pub(crate) use poll::may_pass;
pub use request::Request;
pub(crate) use request::{BoxFuture, await_sends};
pub use update::Update;
pub use wait::{Wait, conditions};
pub use watch::{Store, Watch, WatchEvent};

use crate::client::Client;
use crate::resource::kind::{Kind, Managed};
use crate::resource::{Id, NewResource, Resource};
use update::Change;
use wait::{AllReady, Deleted, Until};

/// How long a deletion may take by default.
const DELETION_TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// The operations on the resources of one kind.
///
/// [`Client::gateways`], [`Client::deployments`], [`Client::capacity_claims`] and [`Client::hot_loads`] return one.
/// Required inputs are arguments; optional ones are methods of what is returned. `.await` sends a request, and `.send()`
/// turns it into a `'static` future for `tokio::spawn` and combinators.
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let gateways = client.gateways();
/// for gateway in gateways.list().await? {
///     println!("{gateway}");
/// }
/// let task = tokio::spawn(gateways.get("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11").send());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Api<K: Kind> {
    pub(crate) client: Client,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Api<K> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            kind: PhantomData,
        }
    }

    /// Fetches a resource by id.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().get("5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11").await {
    ///     Err(e) if e.is_not_found() => println!("no such gateway"),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, id: impl Into<Id<K>>) -> Request<'static, Resource<K>> {
        let id = id.into();
        self.request(|context| async move { context.get(&id).await })
    }

    /// Waits until a condition holds. See [`conditions`] for ready-made ones and for combining them.
    ///
    /// The timeout is that of [`wait_ready`](Self::wait_ready). A resource that has failed for good or is being deleted
    /// ends the wait with an error.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.gateways().wait_until(id, |gateway| !gateway.endpoints().is_empty()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_until<'a>(
        &self,
        id: impl Into<Id<K>>,
        condition: impl Fn(&Resource<K>) -> bool + Send + 'a,
    ) -> Wait<'a, K> {
        let until = Until::new(id.into(), condition, "to meet a condition");
        Wait::new(self.context(), until, K::POLL.timeout)
    }

    pub(crate) fn context(&self) -> CallContext {
        CallContext::new(self.client.clone())
    }

    pub(crate) fn request<'a, T, F, Fut>(&self, run: F) -> Request<'a, T>
    where
        F: FnOnce(CallContext) -> Fut + Send + 'a,
        Fut: Future<Output = Result<T, crate::Error>> + Send + 'a,
    {
        Request::new(self.client.clone(), run)
    }
}

impl<K: Managed> Api<K> {
    /// Creates a resource. Returns when the service has accepted it; [`wait_ready`](Self::wait_ready) waits for the rest.
    ///
    /// A create never makes two resources. It carries an id, and if an attempt fails with ALREADY_EXISTS, the resource
    /// with this id is returned if it matches the request. Otherwise [`Error::reason`](crate::Error::reason) says
    /// whether the id or the name belongs to another resource.
    ///
    /// ```no_run
    /// use coreweave_inference::{GatewayAuth, NewGateway, Routing, reason};
    ///
    /// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let new = NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// match client.gateways().create(new).await {
    ///     Err(e) if e.is(reason::NAME_TAKEN) => println!("there is a gateway named chat"),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, new: NewResource<K>) -> Request<'static, Resource<K>> {
        self.request(|context| async move { create(&context, new).await })
    }

    /// Lists all resources, or those that the options of the list select.
    pub fn list(&self) -> List<K> {
        List::new(self.client.clone())
    }

    /// Finds the resource with this name, which is unique within its kind. Fetches the full list.
    pub fn find_by_name(&self, name: impl Into<String>) -> Request<'static, Option<Resource<K>>> {
        let name = name.into();
        self.request(|context| async move {
            let all = context.list::<K>(&K::Params::default()).await?;
            Ok(all.into_iter().find(|resource| resource.name() == name))
        })
    }

    /// Updates a resource: reads its spec, applies `change`, and sends the full spec back.
    ///
    /// Members that this version does not know are sent back, too. A change that leaves the spec as it was sends nothing.
    /// Returns when the service has accepted the update; [`Update::and_wait`] waits until it has taken effect.
    ///
    /// The API has no versions: if another client updates the resource between the read and the write, the last write
    /// wins.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// client.deployments().update(id, |spec| spec.autoscaling.max = 8).and_wait().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update<'a, F>(&self, id: impl Into<Id<K>>, change: F) -> Update<'a, K>
    where
        F: FnOnce(&mut K::Spec) + Send + 'a,
    {
        let edit = |spec: &mut K::Spec| {
            change(spec);
            Ok(())
        };
        Update::new(self.client.clone(), id.into(), Change::Edit(Box::new(edit)))
    }

    /// Like [`update`](Self::update), with a change that may fail. Its error is the source of the error of the update.
    pub fn try_update<'a, F, E>(&self, id: impl Into<Id<K>>, change: F) -> Update<'a, K>
    where
        F: FnOnce(&mut K::Spec) -> Result<(), E> + Send + 'a,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let edit = |spec: &mut K::Spec| change(spec).map_err(Into::into);
        Update::new(self.client.clone(), id.into(), Change::Edit(Box::new(edit)))
    }

    /// Replaces the full spec of a resource, without reading it first. What the spec leaves out is reset.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut spec = deployment.spec()?;
    /// spec.disabled = Some(true);
    /// client.deployments().replace(deployment.id(), spec).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace(&self, id: impl Into<Id<K>>, spec: K::Spec) -> Update<'static, K> {
        Update::new(self.client.clone(), id.into(), Change::Replace(spec))
    }

    /// Deletes a resource. Returns its last state when the service has accepted the deletion, which then takes a while;
    /// see [`delete_and_wait`](Self::delete_and_wait).
    ///
    /// If the response to one attempt was lost, the next may fail with NOT_FOUND because the resource is already gone;
    /// [`Error::outcome_unknown`](crate::Error::outcome_unknown) tells this from an id that never existed.
    ///
    /// ```no_run
    /// use coreweave_inference::reason;
    ///
    /// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().delete(id).await {
    ///     Err(e) if e.is(reason::GATEWAY_IN_USE) => println!("delete its deployments first"),
    ///     Err(e) if e.is_not_found() => println!("already deleted"),
    ///     gateway => println!("{}", gateway?.status()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self, id: impl Into<Id<K>>) -> Request<'static, Resource<K>> {
        let id = id.into();
        self.request(|context| async move { context.delete(&id).await })
    }

    /// Waits until a resource is ready.
    ///
    /// The default timeout is 10 minutes for a gateway, an hour for a deployment and 45 minutes for a capacity claim. A
    /// resource that has failed permanently, is being deleted or is disabled ends the wait with an error.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let gateway = client.gateways().wait_ready(id)
    ///     .timeout(std::time::Duration::from_secs(900))
    ///     .on_progress(|gateway| println!("{}", gateway.status()))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_ready(&self, id: impl Into<Id<K>>) -> Wait<'static, K> {
        let until = Until::new(id.into(), conditions::is_ready(), "to become ready");
        Wait::new(self.context(), until.or_never_ready(), K::POLL.timeout)
    }

    /// Waits until all of these resources are ready, with one list request per poll.
    ///
    /// The first that fails or does not exist ends the wait with an error. As a [stream](Wait::stream), the wait yields
    /// each resource that becomes ready and an error for each that fails, and continues.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let all = client.deployments().list().await?;
    /// client.deployments().wait_all_ready(all.iter().map(|deployment| deployment.id())).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_all_ready(
        &self,
        ids: impl IntoIterator<Item = impl Into<Id<K>>>,
    ) -> Wait<'static, K, ()> {
        let all = AllReady::new(ids.into_iter().map(Into::into));
        Wait::new(self.context(), all, K::POLL.timeout)
    }

    /// Waits until a resource no longer exists, after its deletion was asked for. The default timeout is 20 minutes.
    pub fn wait_deleted(&self, id: impl Into<Id<K>>) -> Wait<'static, K, ()> {
        let deleted = Deleted::new(id.into(), false);
        Wait::new(self.context(), deleted, DELETION_TIMEOUT)
    }

    /// Deletes a resource and waits until it no longer exists. One that does not exist is a success.
    ///
    /// A deletion that is refused because something must happen first is tried again with each poll: a gateway may still
    /// have deployments, a deployment may have a hot-load in progress. [`Wait::on_trouble`] reports each refusal.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, gateway: coreweave_inference::Gateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// for deployment in client.deployments().list().gateway(gateway.id()).await? {
    ///     client.deployments().delete(deployment.id()).await?;
    /// }
    /// client.gateways().delete_and_wait(gateway.id()).on_trouble(|e| eprintln!("{e}")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_and_wait(&self, id: impl Into<Id<K>>) -> Wait<'static, K, ()> {
        let deleted = Deleted::new(id.into(), true);
        Wait::new(self.context(), deleted, DELETION_TIMEOUT)
    }

    /// Watches all resources, or those that the options of the watch select.
    pub fn watch(&self) -> Watch<K> {
        Watch::new(self.client.clone())
    }
}

impl<K: Kind> fmt::Debug for Api<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("kind", &K::NOUN).finish()
    }
}
