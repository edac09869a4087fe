//! Creating a hot-load after the active one.

use super::list::newest;
use super::{HotLoad, NewHotLoad, kind};
use crate::api::create;
use crate::api::wait::{Goal, Poll, PollContext, PollFuture, Progress, State};
use crate::deployment::DeploymentId;
use crate::error::Error;
use crate::resource::kind::Kind;

/// Polls the newest hot-load of a deployment until it is finished, and then creates another.
pub(super) struct AfterActive {
    new: NewHotLoad,
    deployment: DeploymentId,
}

impl AfterActive {
    pub(super) fn new(mut new: NewHotLoad) -> Self {
        // The same id for each try, so that it creates one hot-load at most.
        let id = kind::HotLoad::create_id(&mut new.body);
        if id.as_ref().is_none_or(String::is_empty) {
            *id = Some(super::HotLoadId::random().into_string());
        }
        let deployment = DeploymentId::from(&new.body.deployment_id);
        Self { new, deployment }
    }
}

impl Poll<kind::HotLoad, HotLoad> for AfterActive {
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, kind::HotLoad, HotLoad> {
        Box::pin(async move {
            if let Some(newest) = newest(&poll.call, &self.deployment).await?
                && !newest.is_finished()
            {
                let reason = format!("hot-load {} is active", newest.id());
                return Ok(Progress::new(newest, State::Pending(Some(reason))));
            }
            let created = create(&poll.call, self.new.clone()).await?;
            Ok(Progress::new(created.clone(), State::Done(created)))
        })
    }

    /// Another client may have started a hot-load in between.
    fn tolerates(&self) -> fn(&Error) -> bool {
        |error| crate::api::may_pass(error) || error.is(crate::reason::HOT_LOAD_IN_PROGRESS)
    }

    fn goal(&self) -> Goal<'_> {
        Goal {
            operation: kind::HotLoad::CREATE,
            id: self.new.body.hot_load_id.as_deref(),
            text: format!(
                "the active hot-load of deployment {} to end",
                self.deployment
            ),
        }
    }
}
