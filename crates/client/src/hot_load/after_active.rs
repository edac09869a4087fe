//! Starting a hot-load after the active one.

use super::HotLoad;
use super::create::Start;
use super::list::newest;
use crate::call::{Context, Target};
use crate::deployment::Deployment;
use crate::error::Error;
use crate::raw::Operation;
use crate::reason;
use crate::wait::{Goal, Probe, Progress, Rules, State, Step, Verdict, describe, verdict};

/// Starts a hot-load as soon as its deployment can take one.
pub(super) struct AfterActive(pub(super) Start);

impl AfterActive {
    fn deployment(&self) -> &str {
        &self.0.new.body.deployment_id
    }
}

/// Whether the state of the deployment may be why a hot-load is refused.
fn is_due_to_state(refused: &Error) -> bool {
    let reason = refused.reason();
    reason.is_none_or(|reason| reason == reason::DEPLOYMENT_NOT_READY)
}

impl Probe<HotLoad, HotLoad> for AfterActive {
    fn step(&mut self, context: Context, rules: Rules) -> Step<'_, HotLoad, HotLoad> {
        Box::pin(async move {
            self.0.new.target.id(Operation::CREATE_HOT_LOAD)?;
            let deployment = Target::<Deployment>::new(self.deployment());
            let deployment = deployment.id(Operation::LIST_HOT_LOADS)?;
            let reads = context.without_retries();
            let newest = newest(&reads, deployment).await?;
            if let Some(active) = newest.filter(|newest| !newest.is_finished()) {
                let reason = format!("hot-load {} is active", active.id());
                return Ok(Progress::new(active, State::Pending(Some(reason))));
            }
            match self.0.create(&context).await {
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
                created => created.map(Progress::done),
            }
        })
    }

    /// Another client may have started a hot-load or an update in between.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient()
            || error.is(reason::HOT_LOAD_IN_PROGRESS)
            || error.is(reason::DEPLOYMENT_NOT_READY)
    }

    fn goal(&self, _: Option<&HotLoad>) -> Goal {
        let deployment = self.deployment();
        Goal {
            operation: Operation::CREATE_HOT_LOAD,
            id: Some(self.0.new.target.text().to_owned()),
            text: format!("the active hot-load of deployment {deployment} to end"),
        }
    }
}
