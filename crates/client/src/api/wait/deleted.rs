//! Waiting until a resource is deleted.

use super::error::Goal;
use super::{Poll, PollContext, PollFuture, Progress, State};
use crate::api::poll::may_pass;
use crate::error::Error;
use crate::resource::Id;
use crate::resource::kind::Managed;

/// Polls a resource until it is gone, after asking for its deletion if that is part of the wait.
pub(crate) struct Deleted<K: Managed> {
    id: Id<K>,
    /// Whether the deletion still has to be asked for.
    request: bool,
}

impl<K: Managed> Deleted<K> {
    pub(crate) fn new(id: Id<K>, request: bool) -> Self {
        Self { id, request }
    }
}

impl<K: Managed> Poll<K, ()> for Deleted<K> {
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, K, ()> {
        Box::pin(async move {
            let polled = match self.request {
                true => poll.call.delete(&self.id).await,
                false => poll.call.get(&self.id).await,
            };
            match polled {
                Ok(seen) => {
                    self.request = false;
                    Ok(Progress::new(seen, State::Pending(None)))
                }
                // There is no deleted status: a deletion ends in NOT_FOUND.
                Err(error) if error.is_not_found() => Ok(Progress {
                    events: Vec::new(),
                    state: State::Done(()),
                }),
                Err(error) => Err(error),
            }
        })
    }

    /// A refused deletion is asked for again: a gateway's deployments may still be being deleted.
    fn tolerates(&self) -> fn(&Error) -> bool {
        |error| {
            may_pass(error)
                || (error.is_failed_precondition() && error.operation() == Some(K::DELETE))
        }
    }

    fn goal(&self) -> Goal<'_> {
        let operation = if self.request { K::DELETE } else { K::GET };
        Goal::new(operation, &self.id, "to be deleted")
    }
}
