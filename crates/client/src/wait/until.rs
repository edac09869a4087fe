use std::time::Duration;

use tokio::time::Instant;

use super::{Goal, Probe, Progress, Rules, State, Verdict, verdict};
use crate::call::{Context, Target};
use crate::error::Error;
use crate::raw::{BoxFuture, Operation, Resource as _};
use crate::resource::{Phase, Resource};

/// Polls a resource until it is ready or a condition holds, perhaps after a request that creates or changes it.
pub(crate) struct Until<'a, R: Resource> {
    target: Target<R>,
    /// Completes the phrase `waiting for {resource}`.
    verb: &'static str,
    /// The operation of the request that the wait begins with, until it is accepted.
    begins_with: Option<&'static Operation>,
    begin: Option<Begin<'a, R>>,
    /// What to wait for in place of being ready.
    condition: Option<Condition<'a, R>>,
    distrust: Option<Distrust>,
}

type Condition<'a, R> = Box<dyn Fn(&R) -> bool + Send + 'a>;

/// The request that a wait begins with. It returns the resource, and whether to distrust its status.
type Begin<'a, R> = Box<dyn FnOnce(Context) -> Begun<'a, R> + Send + 'a>;
type Begun<'a, R> = BoxFuture<'a, Result<(R, Option<Distrust>), Error>>;

/// The status of a resource right after an update may date from before it.
pub(crate) struct Distrust {
    until: Instant,
}

impl Distrust {
    /// Distrusts the status until UPDATING was seen, or for this long.
    pub(crate) fn new(grace_period: Duration) -> Option<Self> {
        let until = Instant::now().checked_add(grace_period)?;
        Some(Self { until })
    }
}

impl<'a, R: Resource> Until<'a, R> {
    /// Waits until the resource is ready.
    pub(crate) fn ready(target: Target<R>, verb: &'static str) -> Self {
        Self {
            target,
            verb,
            begins_with: None,
            begin: None,
            condition: None,
            distrust: None,
        }
    }

    /// Waits until a condition holds.
    pub(crate) fn condition(
        target: Target<R>,
        condition: impl Fn(&R) -> bool + Send + 'a,
        verb: &'static str,
    ) -> Self {
        Self {
            condition: Some(Box::new(condition)),
            ..Self::ready(target, verb)
        }
    }

    /// Begins the wait with a request.
    pub(crate) fn after(
        mut self,
        operation: &'static Operation,
        begin: impl FnOnce(Context) -> Begun<'a, R> + Send + 'a,
    ) -> Self {
        self.begins_with = Some(operation);
        self.begin = Some(Box::new(begin));
        self
    }

    fn judge(&mut self, seen: R, rules: Rules) -> Progress<R, R> {
        let may_be_old = matches!(seen.phase(), Phase::Ready | Phase::Error | Phase::Failed);
        let is_distrusted = |distrust: &Distrust| distrust.until > Instant::now();
        if may_be_old && self.distrust.as_ref().is_some_and(is_distrusted) {
            return Progress::new(seen, State::Pending(None));
        }
        let holds = self.condition.as_ref().map(|condition| condition(&seen));
        if holds == Some(true) {
            return Progress::new(seen.clone(), State::Done(seen));
        }
        match verdict(R::Raw::GET, &seen, rules) {
            Verdict::Failed(error) => Progress::failed(seen, error),
            Verdict::Ready if holds.is_none() => Progress::new(seen.clone(), State::Done(seen)),
            Verdict::Ready | Verdict::Pending => Progress::new(seen, State::Pending(None)),
        }
    }
}

impl<R: Resource> Probe<R, R> for Until<'_, R> {
    fn step(
        &mut self,
        context: Context,
        rules: Rules,
    ) -> BoxFuture<'_, Result<Progress<R, R>, Error>> {
        Box::pin(async move {
            let Some(begin) = self.begin.take() else {
                let id = self.target.id(R::Raw::GET)?;
                let seen: R = context.without_retries().get(id).await?;
                // UPDATING outranks every other status, so it shows that the update was taken up. In the response to the
                // update it does not: a read may still be older.
                if seen.phase() == Phase::Updating {
                    self.distrust = None;
                }
                return Ok(self.judge(seen, rules));
            };
            let (seen, distrust) = begin(context).await?;
            self.begins_with = None;
            self.distrust = distrust;
            Ok(self.judge(seen, rules))
        })
    }

    fn goal(&self) -> Goal {
        let operation = self.begins_with.unwrap_or(R::Raw::GET);
        Goal::new::<R>(operation, self.target.text(), self.verb)
    }

    /// The request that the wait begins with has been retried already.
    fn is_retryable(&self, error: &Error) -> bool {
        self.begins_with.is_none() && error.is_transient()
    }
}
