//! Waiting until an update has taken effect.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::send::{Change, send};
use crate::api::context::CallContext;
use crate::api::wait::conditions::RESOURCES_APPLIED;
use crate::api::wait::{Goal, Poll, PollContext, PollFuture, Progress, State, failure};
use crate::resource::kind::{Managed, Phase};
use crate::resource::{Id, Resource};

/// Sends an update with the first poll, and then polls the resource until it is ready and not stale.
pub(super) struct Updated<'a, K: Managed> {
    id: Id<K>,
    grace_period: Duration,
    /// The update, with a context that retries, until it is sent.
    update: Option<(CallContext, Change<'a, K>)>,
    sent: Option<Sent>,
}

/// An update that was accepted.
struct Sent {
    at: Instant,
    updated_at: Option<DateTime<Utc>>,
    saw_updating: bool,
}

impl<'a, K: Managed> Updated<'a, K> {
    pub(super) fn new(
        context: CallContext,
        id: Id<K>,
        change: Change<'a, K>,
        grace_period: Duration,
    ) -> Self {
        Self {
            id,
            grace_period,
            update: Some((context, change)),
            sent: None,
        }
    }

    fn judge(&mut self, seen: Resource<K>, fail_on_error: bool) -> Progress<K, Resource<K>> {
        let phase = seen.phase();
        if !self.is_current(&seen, phase) && phase != Phase::Deleting {
            return Progress::new(seen, State::Pending(None));
        }
        if let Some(error) = failure(K::GET, &seen, fail_on_error) {
            return Progress::failed(seen, error);
        }
        let reached = match K::never_ready(seen.raw()) {
            Some(_) => seen.has_condition(RESOURCES_APPLIED),
            None => phase == Phase::Ready,
        };
        match reached {
            true => Progress::new(seen.clone(), State::Done(seen)),
            false => Progress::new(seen, State::Pending(None)),
        }
    }

    /// Whether the status shows the effect of the update rather than what was before it.
    fn is_current(&mut self, seen: &Resource<K>, phase: Phase) -> bool {
        let Some(sent) = &mut self.sent else {
            return true;
        };
        sent.saw_updating |= phase == Phase::Updating;
        let times = seen.updated_at().zip(sent.updated_at);
        sent.saw_updating
            || times.is_some_and(|(seen, sent)| seen > sent)
            || sent.at.elapsed() >= self.grace_period
    }
}

impl<K: Managed> Poll<K, Resource<K>> for Updated<'_, K> {
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, K, Resource<K>> {
        Box::pin(async move {
            let Some((context, change)) = self.update.take() else {
                let seen = poll.call.get(&self.id).await?;
                return Ok(self.judge(seen, poll.fail_on_error));
            };
            match send(&context, &self.id, change).await {
                Ok((unchanged, false)) => Ok(self.judge(unchanged, poll.fail_on_error)),
                Ok((seen, true)) => {
                    self.sent = Some(Sent {
                        at: Instant::now(),
                        updated_at: seen.updated_at(),
                        saw_updating: false,
                    });
                    Ok(Progress::new(seen, State::Pending(None)))
                }
                // It has been retried already, and the change cannot be applied a second time.
                Err(error) => Ok(Progress {
                    events: vec![Err(error)],
                    state: State::Failed,
                }),
            }
        })
    }

    fn goal(&self) -> Goal<'_> {
        Goal::new(K::GET, &self.id, "to be updated")
    }
}
