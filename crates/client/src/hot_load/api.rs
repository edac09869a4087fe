//! The operations on hot-loads.

use super::complete::complete;
use super::create::{CreateHotLoad, Start};
use super::{HotLoad, HotLoadReplica, NewHotLoad, list};
use crate::api::Api;
use crate::call::{Call, Target};
use crate::deployment::Deployment;
use crate::list::Paginator;
use crate::raw::types::{CancelHotLoadRequest, HotLoadState};
use crate::raw::{self, Operation};
use crate::resource::IntoId;
use crate::wait::Wait;
use crate::watch::Watch;

impl Api<HotLoad> {
    /// Starts a hot-load. Returns when the service has accepted it; with `.and_wait()`, when every replica serves it. Like
    /// every create it never makes two; see [`Api::create`](Api#method.create-1).
    ///
    /// A deployment has one hot-load at a time; a second one is [refused](crate::reason::HOT_LOAD_IN_PROGRESS), unless it is
    /// created [`after_active`](CreateHotLoad::after_active).
    ///
    /// ```no_run
    /// use coreweave_inference::NewHotLoad;
    ///
    /// # async fn example(client: coreweave_inference::Client, deployment: coreweave_inference::Deployment)
    /// # -> Result<(), coreweave_inference::Error> {
    /// let new = NewHotLoad::full(deployment.id(), "step-100");
    /// let load = client.hot_loads().create(new).after_active().await?;
    /// client.hot_loads().wait_complete(load.id()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, new: NewHotLoad) -> CreateHotLoad {
        Call::new(self.context(), Start::new(new), |context, start| {
            Box::pin(async move { start.create(&context).await })
        })
    }

    /// Lists hot-loads, newest first.
    pub fn list(&self) -> Paginator<HotLoad> {
        list::hot_loads(self.context())
    }

    /// Watches hot-loads, of all deployments or of [one](Watch#method.deployment).
    ///
    /// A poll fetches the newest pages, as far back as there can be news; a full list of all pages comes with each
    /// [resync](Watch::resync_interval).
    pub fn watch(&self) -> Watch<HotLoad> {
        Watch::new(self.context(), |list, context| {
            Box::pin(list::relist(list, context))
        })
    }

    /// Lists the replicas that a hot-load concerns.
    pub fn replicas(&self, id: impl IntoId<HotLoad>) -> Paginator<HotLoadReplica> {
        list::replicas(self.context(), id)
    }

    /// Fetches the newest completed hot-load of a deployment, whose snapshot it serves. `None` if it still serves its base
    /// weights.
    ///
    /// ```no_run
    /// # async fn example(client: coreweave_inference::Client, deployment: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.hot_loads().current(&deployment).await? {
    ///     Some(load) => println!("{}, {} deltas", load.identity(), load.delta_count()),
    ///     None => println!("the base weights"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn current(
        &self,
        deployment: impl IntoId<Deployment>,
    ) -> Call<'static, Target<Deployment>, Option<HotLoad>> {
        let deployment = Target::new(deployment);
        Call::new(self.context(), deployment, |context, deployment| {
            Box::pin(async move { list::current(&context, &deployment).await })
        })
    }

    /// Cancels a hot-load.
    ///
    /// # Errors
    /// Returns an error because the service does not implement this yet, which
    /// [`Error::is_unimplemented`](crate::Error::is_unimplemented) tells.
    pub fn cancel(&self, id: impl IntoId<HotLoad>) -> Call<'static, Target<HotLoad>, HotLoad> {
        Call::new(self.context(), Target::new(id), |context, target| {
            Box::pin(async move {
                let context = context.start();
                let id = target.id(Operation::CANCEL_HOT_LOAD)?;
                let body = CancelHotLoadRequest::default();
                let call = raw::Call::cancel_hot_load(id.as_str(), &body);
                match context.write(call, id.as_str()).await {
                    // An earlier attempt, whose response was lost, may have canceled it.
                    Err(refused)
                        if refused.is_failed_precondition() && refused.outcome_unknown() =>
                    {
                        match context.get::<HotLoad>(id).await {
                            Ok(found) if *found.state() == HotLoadState::Canceled => {
                                Ok(context.written(found))
                            }
                            _ => Err(refused),
                        }
                    }
                    canceled => canceled,
                }
            })
        })
    }

    /// Waits until a hot-load is completed and every replica is READY and serves its snapshot. The default timeout is an
    /// hour.
    ///
    /// A hot-load that fails or is canceled ends the wait with an error, and so does a replica in ERROR or a later hot-load
    /// of the deployment when this one is completed without being served everywhere.
    pub fn wait_complete(&self, id: impl IntoId<HotLoad>) -> Wait<'static, HotLoad> {
        let until = complete(Target::new(id));
        Wait::new(self.context(), until)
    }
}
