use std::convert::Infallible;
use std::error::Error as StdError;
use std::marker::PhantomData;
use std::time::Duration;

use crate::call::{Call, Context, Target};
use crate::client::Client;
use crate::create::{Create, NewResource};
use crate::delete::{Delete, Deletion};
use crate::list::{self, Filter, List};
use crate::raw::{Managed as _, Resource as _};
use crate::resource::{IntoId, Managed, Resource};
use crate::update::{self, Change, Update};
use crate::wait::{AllReady, Deleted, Until, Wait};
use crate::watch::Watch;

/// How long a deletion may take by default.
pub(crate) const DELETION_TIMEOUT: Duration = Duration::from_secs(20 * 60);

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
#[derive(Clone, Debug)]
pub struct Api<R: Resource> {
    pub(crate) client: Client,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Api<R> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            resource: PhantomData,
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
    pub fn get(&self, id: impl IntoId<R>) -> Call<'static, Target<R>, R> {
        Call::new(self.context(), Target::new(id), |context, target| {
            Box::pin(async move { context.get(target.id(R::Raw::GET)?).await })
        })
    }

    /// Fetches a resource by id, or `None` if the API knows no such resource.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// if let Some(gateway) = client.gateways().get_opt(id).await? {
    ///     println!("{gateway}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_opt(&self, id: impl IntoId<R>) -> Call<'static, Target<R>, Option<R>> {
        Call::new(self.context(), Target::new(id), |context, target| {
            Box::pin(async move {
                match context.get(target.id(R::Raw::GET)?).await {
                    Err(error) if error.is_not_found() => Ok(None),
                    found => found.map(Some),
                }
            })
        })
    }

    /// Waits until a condition holds. See [`conditions`](crate::wait::conditions) for ready-made ones and for combining them.
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
        id: impl IntoId<R>,
        condition: impl Fn(&R) -> bool + Send + 'a,
    ) -> Wait<'a, R> {
        self.wait_for(id, condition, "to meet a condition")
    }

    pub(crate) fn wait_for<'a>(
        &self,
        id: impl IntoId<R>,
        condition: impl Fn(&R) -> bool + Send + 'a,
        verb: &'static str,
    ) -> Wait<'a, R> {
        let until = Until::ready(Target::new(id), verb).condition(condition);
        Wait::new(self.context(), until).allow_disabled()
    }

    pub(crate) fn context(&self) -> Context {
        Context::new(self.client.clone())
    }
}

impl<R: Managed> Api<R> {
    /// Creates a resource. Returns when the service has accepted it; with `.and_wait()`, when it is ready.
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
    pub fn create(&self, new: R::New) -> Create<R> {
        Call::new(self.context(), NewResource::new(new), |context, new| {
            Box::pin(async move { new.create(&context).await })
        })
    }

    /// Lists all resources, or those that the options of the list select.
    pub fn list(&self) -> List<R> {
        Call::new(self.context(), Filter::default(), |context, filter| {
            Box::pin(async move { list::list(&context, &filter).await })
        })
    }

    /// Finds the resource with this name, which is unique within its kind. Fetches the full list.
    pub fn find_by_name(&self, name: impl Into<String>) -> Call<'static, String, Option<R>> {
        Call::new(self.context(), name.into(), |context, name| {
            Box::pin(async move {
                let all: Vec<R> = list::list(&context, &Filter::default()).await?;
                Ok(all
                    .into_iter()
                    .find(|resource| resource.metadata().name == Some(&name)))
            })
        })
    }

    /// Updates a resource: reads its spec, applies `change`, and sends the full spec back.
    ///
    /// Members that this version does not know are sent back, too. A change that leaves the spec as it was sends nothing.
    /// Returns when the service has accepted the update; with `.and_wait()`, when it has taken effect.
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
    pub fn update<'a>(
        &self,
        id: impl IntoId<R>,
        change: impl FnOnce(&mut R::Spec) + Send + 'a,
    ) -> Update<'a, R> {
        self.try_update(id, |spec| {
            change(spec);
            Ok::<_, Infallible>(())
        })
    }

    /// Updates a resource as [`update`](Self::update) does, by a change that may fail. Its error is the source of the error of the update.
    pub fn try_update<'a, E>(
        &self,
        id: impl IntoId<R>,
        change: impl FnOnce(&mut R::Spec) -> Result<(), E> + Send + 'a,
    ) -> Update<'a, R>
    where
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let change = Change::edit(Target::new(id), change);
        Call::new(self.context(), change, update::run)
    }

    /// Replaces the full spec of a resource, without reading it first. What the spec leaves out is reset.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let mut spec = deployment.to_spec();
    /// spec.disabled = Some(true);
    /// client.deployments().replace(deployment.id(), spec).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace(&self, id: impl IntoId<R>, spec: R::Spec) -> Update<'static, R> {
        let change = Change::replace(Target::new(id), spec);
        Call::new(self.context(), change, update::run)
    }

    /// Deletes a resource. Returns its last state when the service has accepted the deletion, which then takes a while; with
    /// `.and_wait()`, returns when the resource is gone.
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
    pub fn delete(&self, id: impl IntoId<R>) -> Delete<R> {
        Call::new(
            self.context(),
            Deletion(Target::new(id)),
            |context, deletion| {
                Box::pin(async move { context.delete(deletion.0.id(R::Raw::DELETE)?).await })
            },
        )
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
    pub fn wait_ready(&self, id: impl IntoId<R>) -> Wait<'static, R> {
        let until = Until::ready(Target::new(id), "to become ready");
        Wait::new(self.context(), until)
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
        ids: impl IntoIterator<Item = impl IntoId<R>>,
    ) -> Wait<'static, R, ()> {
        let all = AllReady::new(ids.into_iter().map(IntoId::into_id));
        Wait::new(self.context(), all)
    }

    /// Waits until a resource no longer exists, after its deletion was asked for. The default timeout is 20 minutes.
    pub fn wait_deleted(&self, id: impl IntoId<R>) -> Wait<'static, R, ()> {
        let target = Target::new(id);
        let deleted = Deleted {
            target,
            deletes: false,
        };
        Wait::new(self.context(), deleted).timeout(DELETION_TIMEOUT)
    }

    /// Watches all resources, or those that the options of the watch select.
    pub fn watch(&self) -> Watch<R> {
        Watch::new(self.context(), |list, context| {
            Box::pin(list.fetch(context))
        })
    }
}
