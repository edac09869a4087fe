use std::time::Duration;

use tokio::time::Instant;

use super::{Goal, Probe, Progress, Rules, State, Step, Verdict, verdict};
use crate::call::{Context, Target};
use crate::error::Error;
use crate::raw::{BoxFuture, Operation, Resource as _};
use crate::resource::{Internal, Phase, Resource};

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
    confirm: Option<Confirm<R>>,
    /// Until when the status may date from before an update, unless UPDATING is seen.
    distrusted_until: Option<Instant>,
}

type Condition<'a, R> = Box<dyn Fn(&R) -> bool + Send + 'a>;

/// The request that a wait begins with. It returns the resource, and for how long to distrust its status.
type Begin<'a, R> = Box<dyn FnOnce(Context) -> Begun<'a, R> + Send + 'a>;
type Begun<'a, R> = BoxFuture<'a, Result<(R, Option<Duration>), Error>>;

/// Has the last word on what a poll has found.
type Confirm<R> = for<'c> fn(&'c Context, Progress<R, R>) -> Step<'c, R, R>;

impl<'a, R: Resource> Until<'a, R> {
    /// Waits until the resource is ready.
    pub(crate) fn ready(target: Target<R>, verb: &'static str) -> Self {
        Self {
            target,
            verb,
            begins_with: None,
            begin: None,
            condition: None,
            confirm: None,
            distrusted_until: None,
        }
    }

    /// Waits until a condition holds.
    pub(crate) fn condition(mut self, condition: impl Fn(&R) -> bool + Send + 'a) -> Self {
        self.condition = Some(Box::new(condition));
        self
    }

    /// Passes what polls find through a function that may look at more than the resource.
    pub(crate) fn confirm(mut self, confirm: Confirm<R>) -> Self {
        self.confirm = Some(confirm);
        self
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

    fn judge(&self, seen: R, rules: Rules) -> Progress<R, R> {
        let may_be_old = matches!(
            seen.phase(Internal),
            Phase::Ready | Phase::Error | Phase::Failed
        );
        if may_be_old
            && self
                .distrusted_until
                .is_some_and(|until| until > Instant::now())
        {
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
    fn step(&mut self, context: Context, rules: Rules) -> Step<'_, R, R> {
        Box::pin(async move {
            let reads = context.without_retries();
            let seen = match self.begin.take() {
                Some(begin) => {
                    let (seen, distrust) = begin(context).await?;
                    self.begins_with = None;
                    self.distrusted_until =
                        distrust.and_then(|time| Instant::now().checked_add(time));
                    seen
                }
                None => {
                    let seen: R = reads.get(self.target.id(R::Raw::GET)?).await?;
                    // UPDATING outranks every other status, so it shows that the update was taken up. In the response to
                    // the update it does not: a read may still be older.
                    if seen.phase(Internal) == Phase::Updating {
                        self.distrusted_until = None;
                    }
                    seen
                }
            };
            let progress = self.judge(seen, rules);
            match self.confirm {
                Some(confirm) => confirm(&reads, progress).await,
                None => Ok(progress),
            }
        })
    }

    fn goal(&self, seen: Option<&R>) -> Goal {
        let operation = self.begins_with.unwrap_or(R::Raw::GET);
        Goal::new(operation, self.target.text(), seen, self.verb)
    }

    /// The request that the wait begins with has been retried already.
    fn is_retryable(&self, error: &Error) -> bool {
        self.begins_with.is_none() && error.is_transient()
    }
}
