//! Waiting until a condition holds.

use super::error::{Goal, failed, failure};
use super::{Poll, PollContext, PollFuture, Progress, State};
use crate::reason;
use crate::resource::kind::Kind;
use crate::resource::{Id, Resource};

/// Polls a resource until a condition holds.
pub(crate) struct Until<K: Kind, C> {
    id: Id<K>,
    condition: C,
    /// Completes the phrase `waiting for {resource}`.
    verb: &'static str,
    /// Why the condition will never hold.
    never: fn(&Resource<K>) -> Option<&'static str>,
}

impl<K: Kind, C> Until<K, C> {
    pub(crate) fn new(id: Id<K>, condition: C, verb: &'static str) -> Self {
        Self {
            id,
            condition,
            verb,
            never: |_| None,
        }
    }

    /// Fails when the resource cannot become ready.
    pub(crate) fn or_never_ready(mut self) -> Self {
        self.never = |resource| K::never_ready(resource.raw());
        self
    }
}

impl<K, C> Poll<K, Resource<K>> for Until<K, C>
where
    K: Kind,
    C: Fn(&Resource<K>) -> bool + Send,
{
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, K, Resource<K>> {
        Box::pin(async move {
            let seen = poll.call.get(&self.id).await?;
            if (self.condition)(&seen) {
                return Ok(Progress::new(seen.clone(), State::Done(seen)));
            }
            let error = match (self.never)(&seen) {
                Some(what) => Some(failed(K::GET, &seen, what, reason::DISABLED)),
                None => failure(K::GET, &seen, poll.fail_on_error),
            };
            Ok(match error {
                Some(error) => Progress::failed(seen, error),
                None => Progress::new(seen, State::Pending(None)),
            })
        })
    }

    fn goal(&self) -> Goal<'_> {
        Goal::new(K::GET, &self.id, self.verb)
    }
}
