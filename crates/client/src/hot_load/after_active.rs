//! Creating a hot-load after the active one.

use super::HotLoad;
use super::list::newest;
use crate::call::{Context, Target};
use crate::create::{NewResource, create, with_id};
use crate::deployment::Deployment;
use crate::error::Error;
use crate::raw::types::CreateHotLoadRequest;
use crate::raw::{BoxFuture, Operation};
use crate::reason;
use crate::resource::{Id, InvalidId};
use crate::wait::{Goal, Probe, Progress, Rules, State};

/// Creates a hot-load as soon as no other one of its deployment is active.
pub(super) struct AfterActive {
    /// What to create, with the same id for each try, so that it is created once at most.
    new: Result<(Id<HotLoad>, CreateHotLoadRequest), InvalidId>,
    deployment: Target<Deployment>,
}

impl AfterActive {
    pub(super) fn new(new: NewResource<HotLoad>) -> Self {
        Self {
            deployment: Target::new(&new.0.body.deployment_id),
            new: with_id(new),
        }
    }

    async fn create(&self, context: Context) -> Result<Progress<HotLoad, HotLoad>, Error> {
        let refuse = |invalid: &InvalidId| invalid.clone().refuse(Operation::CREATE_HOT_LOAD);
        let (id, body) = self.new.as_ref().map_err(refuse)?;
        let deployment = self.deployment.id(Operation::LIST_HOT_LOADS)?;
        let newest = newest(&context.without_retries(), deployment).await?;
        if let Some(active) = newest.filter(|newest| !newest.is_finished()) {
            let reason = format!("hot-load {} is active", active.id());
            return Ok(Progress::new(active, State::Pending(Some(reason))));
        }
        let created = create(&context, id, body.clone()).await?;
        Ok(Progress::new(created.clone(), State::Done(created)))
    }
}

impl Probe<HotLoad, HotLoad> for AfterActive {
    fn step(
        &mut self,
        context: Context,
        _: Rules,
    ) -> BoxFuture<'_, Result<Progress<HotLoad, HotLoad>, Error>> {
        Box::pin(self.create(context))
    }

    /// Another client may have started a hot-load in between.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient() || error.is(reason::HOT_LOAD_IN_PROGRESS)
    }

    fn goal(&self) -> Goal {
        let id = self.new.as_ref().ok().map(|(id, _)| id.as_str().to_owned());
        Goal {
            operation: Operation::CREATE_HOT_LOAD,
            id,
            text: format!(
                "the active hot-load of deployment {} to end",
                self.deployment.text()
            ),
        }
    }
}
