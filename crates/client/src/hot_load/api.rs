//! The operations on hot-loads.

use futures_util::TryStreamExt;

use super::after_active::AfterActive;
use super::complete::Complete;
use super::list::replicas;
use super::{HotLoad, HotLoadId, HotLoadReplica, NewHotLoad, kind};
use crate::api::{Api, BoxFuture, CallContext, Paginator, Request, Wait, await_sends, create};
use crate::deployment::DeploymentId;
use crate::error::Error;
use crate::raw::types::{self, HotLoadState};
use crate::raw::{self, Operation};
use crate::resource::kind::Kind as _;
use crate::retry::CallOptions;

impl Api<kind::HotLoad> {
    /// Starts a hot-load. Returns when the service has accepted it; [`wait_complete`](Self::wait_complete) waits for the
    /// rest. Like every create it never makes two; see [`Api::create`].
    ///
    /// A deployment has one hot-load at a time; a second one is
    /// [refused](crate::reason::HOT_LOAD_IN_PROGRESS), unless it is created
    /// [`after_active`](CreateHotLoad::after_active).
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
        CreateHotLoad {
            context: self.context(),
            new,
        }
    }

    /// Lists hot-loads, newest first.
    pub fn list(&self) -> Paginator<HotLoad> {
        Paginator::new(self.context(), Ok(None))
    }

    /// Lists the replicas that a hot-load concerns.
    pub fn replicas(&self, id: impl Into<HotLoadId>) -> Paginator<HotLoadReplica> {
        replicas(self.context(), &id.into())
    }

    /// Fetches the identity of the snapshot that a deployment serves: that of its newest completed hot-load. `None` if it
    /// still serves its base weights.
    pub fn current_identity(
        &self,
        deployment: impl Into<DeploymentId>,
    ) -> Request<'static, Option<String>> {
        let deployment = deployment.into();
        self.request(|context| async move {
            let mut loads = Paginator::new(context, Ok(None))
                .deployment(deployment)
                .stream();
            while let Some(load) = loads.try_next().await? {
                if load.is_complete() {
                    return Ok(Some(load.identity().to_owned()));
                }
            }
            Ok(None)
        })
    }

    /// Cancels a hot-load.
    ///
    /// # Errors
    /// The service does not implement this yet, which [`Error::is_unimplemented`](crate::Error::is_unimplemented) tells.
    pub fn cancel(&self, id: impl Into<HotLoadId>) -> Request<'static, HotLoad> {
        const OPERATION: &Operation = Operation::CANCEL_HOT_LOAD;
        let id = id.into();
        self.request(|context| async move {
            let context = context.start();
            let path = id.for_path(OPERATION)?;
            let call = |client: raw::Client| async move {
                let body = types::CancelHotLoadRequest::default();
                let response = client.cancel_hot_load(path, &body).await?;
                Ok(response.map(|body| body.hot_load))
            };
            let canceled = context.resource(OPERATION, path, call).await;
            match canceled {
                // An earlier attempt, whose response was lost, may have canceled it.
                Err(refused) if refused.is_failed_precondition() && refused.outcome_unknown() => {
                    match context.get(&id).await {
                        Ok(found) if *found.state() == HotLoadState::Canceled => Ok(found),
                        _ => Err(refused),
                    }
                }
                canceled => canceled,
            }
        })
    }

    /// Waits until a hot-load is completed and every replica is READY and serves its snapshot. The default timeout is an
    /// hour.
    ///
    /// A hot-load that fails or is canceled ends the wait with an error, and so does a replica in ERROR or a later hot-load
    /// of the deployment when this one is completed without being served everywhere.
    pub fn wait_complete(&self, id: impl Into<HotLoadId>) -> Wait<'static, kind::HotLoad> {
        let complete = Complete::new(id.into());
        Wait::new(self.context(), complete, kind::HotLoad::POLL.timeout)
    }
}

/// A hot-load that is ready to be created: `.await` creates it.
#[derive(Debug)]
#[must_use = "nothing is sent until the request is awaited"]
pub struct CreateHotLoad {
    context: CallContext,
    new: NewHotLoad,
}

impl CreateHotLoad {
    /// Overrides the client's timeouts and retries for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Waits for the deployment's active hot-load to end, if there is one, and then creates this one.
    ///
    /// The progress callback gets the active hot-load. The default timeout is an hour.
    pub fn after_active(self) -> Wait<'static, kind::HotLoad> {
        let after = AfterActive::new(self.new);
        Wait::new(self.context, after, kind::HotLoad::POLL.timeout)
    }

    /// Sends the request when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'static, Result<HotLoad, Error>> {
        Box::pin(async move { create(&self.context, self.new).await })
    }
}

await_sends!([] CreateHotLoad, HotLoad, 'static);
