use super::{Goal, Probe, Progress, Rules, State, Step};
use crate::call::{Context, Target};
use crate::error::Error;
use crate::raw::{Managed as _, Operation, Resource as _};
use crate::resource::Managed;

/// Polls a resource until it is gone, after its deletion if that is part of the wait.
pub(crate) struct Deleted<R: Managed> {
    pub(crate) target: Target<R>,
    /// Whether the deletion still has to be accepted.
    pub(crate) deletes: bool,
}

impl<R: Managed> Deleted<R> {
    fn operation(&self) -> &'static Operation {
        match self.deletes {
            true => R::Raw::DELETE,
            false => R::Raw::GET,
        }
    }
}

impl<R: Managed> Probe<R, ()> for Deleted<R> {
    fn step(&mut self, context: Context, _: Rules) -> Step<'_, R, ()> {
        Box::pin(async move {
            let id = self.target.id(self.operation())?;
            let polled: Result<R, Error> = match self.deletes {
                true => context.delete(id).await,
                false => context.without_retries().get(id).await,
            };
            // There is no deleted status: a deletion ends in NOT_FOUND.
            let progress = match polled {
                Ok(seen) => Progress::new(seen, State::Pending(None)),
                Err(error) if error.is_not_found() => Progress::done(()),
                Err(error) => return Err(error),
            };
            self.deletes = false;
            Ok(progress)
        })
    }

    /// A refused deletion is asked for again: a gateway's deployments may still be being deleted.
    fn is_retryable(&self, error: &Error) -> bool {
        error.is_transient() || (self.deletes && error.is_failed_precondition())
    }

    fn goal(&self, seen: Option<&R>) -> Goal {
        Goal::new(self.operation(), self.target.text(), seen, "to be deleted")
    }
}
