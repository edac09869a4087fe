//! Until a resource is gone.

use std::time::Duration;

use super::{End, Goal, Look};
use crate::error::Error;
use crate::ids::Id;
use crate::request::CallInfo;
use crate::request::Sender;
use crate::resource::Resource;
use crate::resource::kind::Managed;

/// How long a deletion usually takes at most.
pub(crate) const USUAL: Duration = Duration::from_secs(20 * 60);

/// The goal of [`Handle::wait_deleted`](crate::Handle::wait_deleted) and
/// [`Handle::delete_and_wait`](crate::Handle::delete_and_wait).
#[derive(Clone, Debug)]
pub struct Deleted<K: Managed> {
    id: Id<K>,
    /// Whether the API has yet to accept the deletion.
    ask: bool,
    last: Option<Resource<K>>,
}

impl<K: Managed> Deleted<K> {
    pub(crate) fn new(id: Id<K>) -> Self {
        Self {
            id,
            ask: false,
            last: None,
        }
    }

    pub(crate) fn asking_first(id: Id<K>) -> Self {
        Self {
            id,
            ask: true,
            last: None,
        }
    }
}

impl<K: Managed> Goal<K> for Deleted<K> {
    type Output = ();

    async fn look(&mut self, sender: &Sender) -> Result<Look<K, ()>, Error> {
        let operation = if self.ask {
            K::LIFE.delete
        } else {
            K::NAMES.get
        };
        let id = self.id.for_path(operation)?;
        let reply = if self.ask {
            K::delete(sender, id).await
        } else {
            K::get(sender, id).await
        };
        match reply {
            Ok(reply) => {
                self.ask = false;
                let seen = Resource::from_reply(operation, Some(id), reply)?;
                self.last = Some(seen.clone());
                Ok(Look {
                    events: vec![Ok(seen)],
                    end: End::NotYet,
                })
            }
            // There is no deleted status: this is how a deletion ends.
            Err(error) if error.is_not_found() => Ok(Look {
                events: Vec::new(),
                end: End::Reached(()),
            }),
            Err(error) => Err(error),
        }
    }

    fn tolerates(&self, error: &Error) -> bool {
        error.is_transient() || (self.ask && error.is_failed_precondition())
    }

    fn call(&self) -> CallInfo<'_> {
        let operation = if self.ask {
            K::LIFE.delete
        } else {
            K::NAMES.get
        };
        CallInfo::new(operation, Some(self.id.as_str()))
    }

    fn last_seen(&self) -> Option<&Resource<K>> {
        self.last.as_ref()
    }
}
