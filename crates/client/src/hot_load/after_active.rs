//! Starting a hot-load after the active one.

use super::HotLoad;
use super::create::{Prepared, Start};
use super::list::newest;
use crate::call::{Context, Target};
use crate::deployment::Deployment;
use crate::error::Error;
use crate::raw::{BoxFuture, Operation};
use crate::reason;
use crate::resource::InvalidId;
use crate::wait::{Goal, Probe, Progress, Rules, State, Verdict, describe, verdict};

/// Starts a hot-load as soon as its deployment can take one.
pub(super) struct AfterActive {
    new: Result<Prepared, InvalidId>,
    deployment: Target<Deployment>,
}

impl AfterActive {
    pub(super) fn new(start: Start) -> Self {
        Self {
            deployment: Target::new(&start.new.raw().deployment_id),
            new: Prepared::new(start),
        }
    }

    async fn create(
        &self,
        context: &Context,
        rules: Rules,
    ) -> Result<Progress<HotLoad, HotLoad>, Error> {
        let refuse = |invalid: &InvalidId| invalid.clone().refuse(Operation::CREATE_HOT_LOAD);
        let new = self.new.as_ref().map_err(refuse)?;
        let deployment = self.deployment.id(Operation::LIST_HOT_LOADS)?;
        let reads = context.without_retries();
        let newest = newest(&reads, deployment).await?;
        if let Some(active) = newest.filter(|newest| !newest.is_finished()) {
            let reason = format!("hot-load {} is active", active.id());
            return Ok(Progress::new(active, State::Pending(Some(reason))));
        }
        match new.create(context).await {
            Err(refused) if refused.is_failed_precondition() && is_due_to_state(&refused) => {
                let found: Deployment = reads.get(deployment).await?;
                match verdict(Operation::GET_DEPLOYMENT, &found, rules) {
                    Verdict::Ready => Err(refused),
                    Verdict::Failed(error) => Err(error),
                    Verdict::Pending => {
                        let refused = refused.with_reason(reason::DEPLOYMENT_NOT_READY);
                        Err(refused.with_note(&format!("deployment {}", describe(&found))))
                    }
                }
            }
            created => Ok(Progress {
                events: Vec::new(),
                seen: None,
                state: State::Done(created?),
            }),
        }
    }
}

/// Whether the state of the deployment may be why a hot-load is refused.
fn is_due_to_state(refused: &Error) -> bool {
    let reason = refused.reason();
    reason.is_none_or(|reason| reason == reason::DEPLOYMENT_NOT_READY)
}

impl Probe<HotLoad, HotLoad> for AfterActive {
    fn step(
        &mut self,
        context: Context,
        rules: Rules,
    ) -> BoxFuture<'_, Result<Progress<HotLoad, HotLoad>, Error>> {
        Box::pin(async move { self.create(&context, rules).await })
    }

    /// Another client may have started a hot-load or an update in between.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient()
            || error.is(reason::HOT_LOAD_IN_PROGRESS)
            || error.is(reason::DEPLOYMENT_NOT_READY)
    }

    fn goal(&self) -> Goal {
        let id = self.new.as_ref().ok().map(|new| new.id.as_str().to_owned());
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
