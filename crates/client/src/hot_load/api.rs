//! The operations on hot-loads.

use super::after_active::AfterActive;
use super::complete::Complete;
use super::{HotLoad, HotLoadReplica, NewHotLoad, list};
use crate::api::Api;
use crate::call::{Call, Target};
use crate::create::{self, Create, NewResource};
use crate::deployment::Deployment;
use crate::list::Paginator;
use crate::raw::types::{CancelHotLoadRequest, HotLoadState};
use crate::raw::{self, Operation};
use crate::resource::{Describe, IntoId};
use crate::wait::Wait;

impl Api<HotLoad> {
    /// Starts a hot-load. Returns when the service has accepted it; with `.and_wait()`, when every replica serves it. Like
    /// every create it never makes two; see [`Api::create`](Api#method.create-1).
    ///
    /// A deployment has one hot-load at a time; a second one is [refused](crate::reason::HOT_LOAD_IN_PROGRESS), unless it is
    /// created [`after_active`](Create::after_active).
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
    pub fn create(&self, new: NewHotLoad) -> Create<HotLoad> {
        Call::new(&self.client, NewResource(new), create::run)
    }

    /// Lists hot-loads, newest first.
    pub fn list(&self) -> Paginator<HotLoad> {
        list::hot_loads(&self.client)
    }

    /// Lists the replicas that a hot-load concerns.
    pub fn replicas(&self, id: impl IntoId<HotLoad>) -> Paginator<HotLoadReplica> {
        list::replicas(&self.client, id)
    }

    /// Fetches the identity of the snapshot that a deployment serves: that of its newest completed hot-load. `None` if it
    /// still serves its base weights.
    pub fn current_identity(
        &self,
        deployment: impl IntoId<Deployment>,
    ) -> Call<'static, Target<Deployment>, Option<String>> {
        let deployment = Target::new(deployment);
        Call::new(&self.client, deployment, |context, deployment| {
            Box::pin(async move {
                let deployment = deployment.id(Operation::LIST_HOT_LOADS)?;
                let mut loads = list::hot_loads(&context.client).deployment(deployment);
                loads.context = context;
                let mut loads = loads.stream();
                while let Some(load) = loads.try_next().await? {
                    if load.is_complete() {
                        return Ok(Some(load.identity().to_owned()));
                    }
                }
                Ok(None)
            })
        })
    }

    /// Cancels a hot-load.
    ///
    /// # Errors
    /// Returns an error because the service does not implement this yet, which
    /// [`Error::is_unimplemented`](crate::Error::is_unimplemented) tells.
    pub fn cancel(&self, id: impl IntoId<HotLoad>) -> Call<'static, Target<HotLoad>, HotLoad> {
        Call::new(&self.client, Target::new(id), |context, target| {
            Box::pin(async move {
                let context = context.start();
                let id = target.id(Operation::CANCEL_HOT_LOAD)?;
                let body = CancelHotLoadRequest::default();
                let call = raw::Call::cancel_hot_load(id.as_str(), &body);
                match context.resource(call, id.as_str()).await {
                    // An earlier attempt, whose response was lost, may have canceled it.
                    Err(refused)
                        if refused.is_failed_precondition() && refused.outcome_unknown() =>
                    {
                        match context.get::<HotLoad>(id).await {
                            Ok(found) if *found.state() == HotLoadState::Canceled => Ok(found),
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
        let complete = Complete::new(Target::new(id));
        Wait::new(self.context(), complete, HotLoad::POLL.timeout)
    }
}

impl Call<'static, NewResource<HotLoad>, HotLoad> {
    /// Starts the hot-load and waits until it is completed and every replica serves it; see
    /// [`wait_complete`](Api::wait_complete).
    pub fn and_wait(self) -> Wait<'static, HotLoad> {
        let complete = Complete::after_create(self.body);
        Wait::new(self.context, complete, HotLoad::POLL.timeout)
    }

    /// Waits for the deployment's active hot-load to end, if there is one, and then creates this one.
    ///
    /// The progress callback gets the active hot-load. The default timeout is an hour.
    pub fn after_active(self) -> Wait<'static, HotLoad> {
        let after = AfterActive::new(self.body);
        Wait::new(self.context, after, HotLoad::POLL.timeout)
    }
}
