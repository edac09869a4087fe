//! Waiting until many resources are ready.

use std::collections::HashSet;

use super::error::{Goal, failed, failure};
use super::{Poll, PollContext, PollFuture, Progress, State};
use crate::api::incremental::IncrementalList;
use crate::error::{Code, Error, ErrorKind};
use crate::reason;
use crate::resource::Id;
use crate::resource::kind::{Managed, Phase};

/// How many ids a message names.
const NAMED: usize = 5;

/// Polls a list until all of these are ready. It keeps the ids that are still pending and nothing else of a resource.
pub(crate) struct AllReady<K: Managed> {
    pending: HashSet<Id<K>>,
    list: IncrementalList<K>,
}

impl<K: Managed> AllReady<K> {
    pub(crate) fn new(ids: impl Iterator<Item = Id<K>>) -> Self {
        Self {
            pending: ids.collect(),
            list: IncrementalList::default(),
        }
    }

    fn state(&self) -> State<()> {
        if self.pending.is_empty() {
            return State::Done(());
        }
        State::Pending(Some(format!("not ready yet: {}", named(&self.pending))))
    }

    async fn step(&mut self, poll: &PollContext) -> Result<Progress<K, ()>, Error> {
        for id in &self.pending {
            id.for_path(K::LIST)?;
        }
        let mut events = Vec::new();
        if self.pending.is_empty() {
            let state = State::Done(());
            return Ok(Progress { events, state });
        }
        let listed = self.list.fetch(&poll.call).await?;
        let mut present = HashSet::new();
        for resource in listed.resources {
            if !self.pending.contains(resource.id()) {
                continue;
            }
            let error = match K::never_ready(resource.raw()) {
                Some(what) => Some(failed(K::LIST, &resource, what, reason::DISABLED)),
                None => failure(K::LIST, &resource, poll.fail_on_error),
            };
            let event = match error {
                _ if resource.phase() == Phase::Ready => Ok(resource),
                Some(error) => Err(error),
                None => {
                    present.insert(resource.id().clone());
                    continue;
                }
            };
            let id = event.as_ref().map_or_else(
                |error| error.resource_id().map(Id::from),
                |resource| Some(resource.id().clone()),
            );
            id.map(|id| self.pending.remove(&id));
            events.push(event);
        }
        if listed.full {
            let missing = self.pending.difference(&present).cloned();
            let missing = self.list.confirm_missing(missing);
            if !missing.is_empty() {
                self.pending.retain(|id| !missing.contains(id));
                events.push(Err(not_found(&missing)));
            }
        }
        let state = self.state();
        Ok(Progress { events, state })
    }
}

impl<K: Managed> Poll<K, ()> for AllReady<K> {
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, K, ()> {
        Box::pin(self.step(poll))
    }

    fn goal(&self) -> Goal<'_> {
        Goal {
            operation: K::LIST,
            id: None,
            text: format!("{} to become ready", named(&self.pending)),
        }
    }
}

fn not_found<K: Managed>(missing: &HashSet<Id<K>>) -> Error {
    Error::new(
        ErrorKind::WaitFailed,
        format!("not found: {}", named(missing)),
    )
    .with_code(Code::NotFound)
    .with_operation(K::LIST)
}

/// How many resources these are, with the first ids.
fn named<K: Managed>(ids: &HashSet<Id<K>>) -> String {
    let mut sorted: Vec<_> = ids.iter().collect();
    sorted.sort_unstable();
    let shown: Vec<_> = sorted.iter().take(NAMED).map(|id| id.as_str()).collect();
    let rest = if ids.len() > NAMED { ", …" } else { "" };
    let plural = if ids.len() == 1 { "" } else { "s" };
    format!(
        "{} {}{plural} ({}{rest})",
        ids.len(),
        K::NOUN,
        shown.join(", ")
    )
}
