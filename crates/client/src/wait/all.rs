//! Until many resources are ready.

use std::collections::HashSet;

use super::ready::wont_get_there;
use super::{End, Goal, Look};
use crate::error::{Code, Error, ErrorKind};
use crate::ids::Id;
use crate::lists;
use crate::recent::Recent;
use crate::request::CallInfo;
use crate::request::Sender;
use crate::resource::facts::Stage;
use crate::resource::kind::Managed;

/// How many ids an error names.
const NAMED: usize = 5;

/// The goal of [`Handle::wait_all_ready`](crate::Handle::wait_all_ready).
#[derive(Clone, Debug)]
pub struct AllReady<K: Managed> {
    /// What isn't ready yet. This is all that is kept of each resource.
    pending: HashSet<Id<K>>,
    recent: Recent,
}

impl<K: Managed> AllReady<K> {
    pub(crate) fn new(ids: impl Iterator<Item = Id<K>>) -> Self {
        Self {
            pending: ids.collect(),
            recent: Recent::default(),
        }
    }

    fn end(&self) -> End<()> {
        if self.pending.is_empty() {
            End::Reached(())
        } else {
            End::NotYet
        }
    }
}

impl<K: Managed> Goal<K> for AllReady<K> {
    type Output = ();

    async fn look(&mut self, sender: &Sender) -> Result<Look<K, ()>, Error> {
        for id in &self.pending {
            id.for_path(K::LIFE.list)?;
        }
        if self.pending.is_empty() {
            return Ok(Look {
                events: Vec::new(),
                end: End::Reached(()),
            });
        }
        let since = self.recent.since();
        let listing = lists::fetch::<K>(sender, &K::Filter::default(), since).await?;
        self.recent
            .listed(since, listing.iter().map(|resource| resource.updated_at()));

        let mut events = Vec::new();
        let mut there = HashSet::new();
        for resource in listing {
            match resource.stage() {
                _ if !self.pending.contains(resource.id()) => {}
                Stage::Underway if since.is_none() => drop(there.insert(resource.id().clone())),
                Stage::Underway => {}
                Stage::Ready => {
                    self.pending.remove(resource.id());
                    events.push(Ok(resource));
                }
                Stage::Failed | Stage::Deleting => {
                    self.pending.remove(resource.id());
                    events.push(Err(wont_get_there(K::LIFE.list, &resource)));
                }
            }
        }
        if since.is_none() && there.len() < self.pending.len() {
            let missing: Vec<_> = self.pending.extract_if(|id| !there.contains(id)).collect();
            events.push(Err(not_found(&missing)));
        }
        Ok(Look {
            events,
            end: self.end(),
        })
    }

    fn call(&self) -> CallInfo<'_> {
        CallInfo::new(K::LIFE.list, None)
    }

    fn obstacle(&self) -> Option<Error> {
        let mut left: Vec<_> = self.pending.iter().collect();
        left.sort_unstable();
        Some(Error::new(
            ErrorKind::WaitTimeout,
            format!("not ready yet: {}", named(K::NOUN, &left)),
        ))
    }
}

fn not_found<K: Managed>(missing: &[Id<K>]) -> Error {
    let mut missing: Vec<_> = missing.iter().collect();
    missing.sort_unstable();
    Error::new(
        ErrorKind::WaitFailed,
        format!("not found: {}", named(K::NOUN, &missing)),
    )
    .with_code(Code::NotFound)
    .during(K::LIFE.list, None)
}

/// The ids by number and, as far as that can be read, by name.
fn named<K: Managed>(noun: &str, ids: &[&Id<K>]) -> String {
    let shown: Vec<_> = ids.iter().take(NAMED).map(|id| id.as_str()).collect();
    let rest = if ids.len() > NAMED { ", …" } else { "" };
    let plural = if ids.len() == 1 { "" } else { "s" };
    format!("{} {noun}{plural} ({}{rest})", ids.len(), shown.join(", "))
}
