//! Until a resource is ready.

use super::{End, Goal, Look, last_seen};
use crate::error::Error;
use crate::ids::Id;
use crate::raw::Operation;
use crate::request::CallInfo;
use crate::request::Sender;
use crate::resource::Resource;
use crate::resource::facts::Stage;
use crate::resource::kind::{Kind, Managed};

/// The goal of [`Handle::wait_ready`](crate::Handle::wait_ready).
#[derive(Clone, Debug)]
pub struct Ready<K: Managed> {
    id: Id<K>,
    last: Option<Resource<K>>,
}

impl<K: Managed> Ready<K> {
    pub(crate) fn new(id: Id<K>) -> Self {
        Self { id, last: None }
    }
}

impl<K: Managed> Goal<K> for Ready<K> {
    type Output = Resource<K>;

    async fn look(&mut self, sender: &Sender) -> Result<Look<K, Resource<K>>, Error> {
        let seen = fetch(sender, &self.id).await?;
        let end = match seen.stage() {
            Stage::Ready => End::Reached(seen.clone()),
            Stage::Underway => End::NotYet,
            Stage::Failed | Stage::Deleting => End::Failed,
        };
        let failed = matches!(end, End::Failed).then(|| Err(wont_get_there(K::NAMES.get, &seen)));
        self.last = Some(seen.clone());
        Ok(Look {
            events: std::iter::once(Ok(seen)).chain(failed).collect(),
            end,
        })
    }

    fn call(&self) -> CallInfo<'_> {
        CallInfo::new(K::NAMES.get, Some(self.id.as_str()))
    }

    fn last_seen(&self) -> Option<&Resource<K>> {
        self.last.as_ref()
    }
}

/// Fetches the resource that a wait is about.
pub(super) async fn fetch<K: Kind>(sender: &Sender, id: &Id<K>) -> Result<Resource<K>, Error> {
    let id = id.for_path(K::NAMES.get)?;
    Resource::from_reply(K::NAMES.get, Some(id), K::get(sender, id).await?)
}

/// The error for a resource in a state that it won't leave for the better.
pub(super) fn wont_get_there<K: Kind>(
    operation: &'static Operation,
    resource: &Resource<K>,
) -> Error {
    let message = match resource.stage() {
        Stage::Deleting => format!("the {} is being deleted", K::NOUN),
        _ => format!(
            "the {} ended in {}",
            K::NOUN,
            K::facts(resource.raw()).state
        ),
    };
    Error::wait_failed(
        operation,
        Some(resource.id().as_str()),
        message,
        last_seen(resource),
    )
}
