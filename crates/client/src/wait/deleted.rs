use super::{Goal, Probe, Progress, Rules, State};
use crate::call::{Context, Target};
use crate::error::Error;
use crate::raw::{BoxFuture, Managed as _, Resource as _};
use crate::resource::Managed;

/// Polls a resource until it is gone, after its deletion if that is part of the wait.
pub(crate) struct Deleted<R: Managed> {
    target: Target<R>,
    /// Whether the deletion still has to be accepted.
    deletes: bool,
}

impl<R: Managed> Deleted<R> {
    pub(crate) fn new(target: Target<R>) -> Self {
        Self {
            target,
            deletes: false,
        }
    }

    /// Begins the wait with the deletion.
    pub(crate) fn after_delete(target: Target<R>) -> Self {
        Self {
            target,
            deletes: true,
        }
    }
}

/// There is no deleted status: a deletion ends in NOT_FOUND.
fn progress<R: Managed>(polled: Result<R, Error>) -> Result<Progress<R, ()>, Error> {
    match polled {
        Ok(seen) => Ok(Progress::new(seen, State::Pending(None))),
        Err(error) if error.is_not_found() => Ok(Progress {
            events: Vec::new(),
            seen: None,
            state: State::Done(()),
        }),
        Err(error) => Err(error),
    }
}

impl<R: Managed> Probe<R, ()> for Deleted<R> {
    fn step(
        &mut self,
        context: Context,
        _: Rules,
    ) -> BoxFuture<'_, Result<Progress<R, ()>, Error>> {
        Box::pin(async move {
            if !self.deletes {
                let id = self.target.id(R::Raw::GET)?;
                return progress(context.without_retries().get(id).await);
            }
            let id = self.target.id(R::Raw::DELETE)?;
            let progress = progress(context.delete(id).await)?;
            self.deletes = false;
            Ok(progress)
        })
    }

    /// A refused deletion is asked for again: a gateway's deployments may still be being deleted.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient() || (self.deletes && error.is_failed_precondition())
    }

    fn goal(&self) -> Goal {
        let operation = match self.deletes {
            true => R::Raw::DELETE,
            false => R::Raw::GET,
        };
        Goal::new::<R>(operation, self.target.text(), "to be deleted")
    }
}
