//! The store that a watch keeps up to date.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::WatchEvent;
use crate::resource::{Id, IntoId, Managed};

/// The current state of all watched resources. Cheap to clone; see [`Watch::store`](crate::Watch::store).
///
/// It is as recent as the last poll of the stream that [`Watch::store`](crate::Watch::store) returns with it.
pub struct Store<R: Managed> {
    resources: Arc<Resources<R>>,
    ready: watch::Receiver<bool>,
}

type Resources<R> = RwLock<HashMap<Id<R>, Arc<R>>>;

/// Updates a [`Store`].
pub(super) struct Writer<R: Managed> {
    resources: Arc<Resources<R>>,
    ready: watch::Sender<bool>,
}

pub(super) fn store<R: Managed>(known: impl Iterator<Item = R>) -> (Store<R>, Writer<R>) {
    let known = known.map(|resource| (resource.id().clone(), Arc::new(resource)));
    let resources = Arc::new(RwLock::new(known.collect()));
    let (sender, receiver) = watch::channel(false);
    let store = Store {
        resources: Arc::clone(&resources),
        ready: receiver,
    };
    let writer = Writer {
        resources,
        ready: sender,
    };
    (store, writer)
}

impl<R: Managed> Writer<R> {
    pub(super) fn apply(&mut self, event: &WatchEvent<R>) {
        let mut resources = self
            .resources
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match event {
            WatchEvent::Added(resource) | WatchEvent::Modified(resource) => {
                resources.insert(resource.id().clone(), Arc::new(resource.clone()));
            }
            WatchEvent::Deleted(resource) => {
                resources.remove(resource.id());
            }
            WatchEvent::InitDone => {
                self.ready.send_replace(true);
            }
        }
    }
}

impl<R: Managed> Store<R> {
    /// Returns the resource with this id.
    pub fn get(&self, id: impl IntoId<R>) -> Option<Arc<R>> {
        let id = id.into_id().ok()?;
        self.read(|resources| resources.get(&id).cloned())
    }

    /// Returns a resource that satisfies a predicate.
    pub fn find(&self, predicate: impl Fn(&R) -> bool) -> Option<Arc<R>> {
        self.read(|resources| resources.values().find(|r| predicate(r)).cloned())
    }

    /// Returns all resources, in no particular order.
    pub fn state(&self) -> Vec<Arc<R>> {
        self.read(|resources| resources.values().cloned().collect())
    }

    /// Returns the number of resources.
    pub fn len(&self) -> usize {
        self.read(HashMap::len)
    }

    /// Whether there are no resources.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until the store holds all resources that existed when the watch began.
    ///
    /// Returns whether it does: `false` if the stream ended or was dropped before.
    pub async fn wait_until_ready(&self) -> bool {
        self.ready.clone().wait_for(|ready| *ready).await.is_ok()
    }

    fn read<T>(&self, f: impl FnOnce(&HashMap<Id<R>, Arc<R>>) -> T) -> T {
        f(&self
            .resources
            .read()
            .unwrap_or_else(PoisonError::into_inner))
    }
}

impl<R: Managed> Clone for Store<R> {
    fn clone(&self) -> Self {
        Self {
            resources: Arc::clone(&self.resources),
            ready: self.ready.clone(),
        }
    }
}

impl<R: Managed> fmt::Debug for Store<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("len", &self.len())
            .field("ready", &*self.ready.borrow())
            .finish()
    }
}
