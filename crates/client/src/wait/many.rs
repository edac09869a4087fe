use std::collections::{BTreeMap, BTreeSet};

use super::{Goal, Probe, Progress, Rules, State, Step, Verdict, describe, verdict};
use crate::call::Context;
use crate::error::{Code, Error, ErrorKind};
use crate::raw::Resource as _;
use crate::resource::{Id, InvalidId, Managed};
use crate::watch::Relist;

/// How many resources a message names.
const NAMED: usize = 5;

/// Polls a list until all of these resources are ready.
pub(crate) struct AllReady<R: Managed> {
    /// What is known of each resource that is not ready yet; nothing before the first list.
    pending: BTreeMap<Id<R>, Option<String>>,
    invalid: Option<InvalidId>,
    list: Relist<R>,
}

impl<R: Managed> AllReady<R> {
    pub(crate) fn new(ids: impl Iterator<Item = Result<Id<R>, InvalidId>>) -> Self {
        let mut invalid = None;
        let pending = ids
            .filter_map(|id| id.map_err(|error| invalid = Some(error)).ok())
            .map(|id| (id, None))
            .collect();
        Self {
            pending,
            invalid,
            list: Relist::default(),
        }
    }

    async fn list(&mut self, context: &Context, rules: Rules) -> Result<Progress<R, ()>, Error> {
        if let Some(invalid) = &self.invalid {
            return Err(invalid.clone().refuse(R::Raw::LIST));
        }
        let mut events = Vec::new();
        if !self.pending.is_empty() {
            let listed = self.list.fetch(context).await?;
            let mut present = BTreeSet::new();
            for resource in listed.resources {
                if !self.pending.contains_key(resource.id()) {
                    continue;
                }
                let id = resource.id().clone();
                match verdict(R::Raw::LIST, &resource, rules) {
                    Verdict::Pending => {
                        self.pending.insert(id.clone(), Some(describe(&resource)));
                        present.insert(id);
                        continue;
                    }
                    Verdict::Ready => events.push(Ok(resource)),
                    Verdict::Failed(error) => events.push(Err(error)),
                }
                self.pending.remove(&id);
            }
            if listed.full {
                let missing = self.pending.keys().filter(|id| !present.contains(*id));
                let missing = self.list.confirm_missing(missing.cloned());
                let missing: BTreeSet<_> = missing.into_iter().collect();
                if !missing.is_empty() {
                    self.pending.retain(|id, _| !missing.contains(id));
                    events.push(Err(not_found::<R>(missing.iter())));
                }
            }
        }
        let state = match self.pending.is_empty() {
            true => State::Done(()),
            false => State::Pending(Some(self.still_pending())),
        };
        Ok(Progress {
            events,
            seen: None,
            state,
        })
    }

    /// What is missing, as the end of the message of a timeout.
    fn still_pending(&self) -> String {
        let known = self.pending.iter().map(|(id, state)| match state {
            Some(state) => state.clone(),
            None => format!("{id} was not found yet"),
        });
        let rest = match self.pending.len().checked_sub(NAMED) {
            None | Some(0) => String::new(),
            Some(rest) => format!("; and {rest} more"),
        };
        let shown: Vec<_> = known.take(NAMED).collect();
        format!("{}{rest}", shown.join("; "))
    }
}

impl<R: Managed> Probe<R, ()> for AllReady<R> {
    fn step(&mut self, context: Context, rules: Rules) -> Step<'_, R, ()> {
        Box::pin(async move { self.list(&context.without_retries(), rules).await })
    }

    fn goal(&self, _: Option<&R>) -> Goal {
        Goal {
            operation: R::Raw::LIST,
            id: None,
            text: format!("{} to become ready", named(self.pending.keys())),
        }
    }
}

fn not_found<'a, R: Managed>(missing: impl ExactSizeIterator<Item = &'a Id<R>>) -> Error {
    let message = format!("not found: {}", named(missing));
    Error::new(ErrorKind::WaitFailed, message)
        .with_code(Code::NotFound)
        .with_operation(R::Raw::LIST)
}

/// How many resources these are, with the first ids.
fn named<'a, R: Managed>(ids: impl ExactSizeIterator<Item = &'a Id<R>>) -> String {
    let count = ids.len();
    let shown: Vec<_> = ids.take(NAMED).map(Id::as_str).collect();
    let rest = if count > NAMED { ", …" } else { "" };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {}{plural} ({}{rest})", R::NOUN, shown.join(", "))
}
