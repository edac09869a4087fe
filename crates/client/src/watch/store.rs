//! The store that a watch keeps up to date.

use std::any::Any;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::WatchEvent;
use super::relist::{Listed, Relist};
use crate::resource::{Id, IntoId, Phase, Resource};

/// How long a list that is older than what a call has written, by its time of update, is not believed.
const GRACE_PERIOD: Duration = Duration::from_secs(30);

/// The current state of all watched resources. Cheap to clone; see [`Watch::store`](crate::Watch::store).
///
/// It is as recent as the last poll of the stream that [`Watch::store`](crate::Watch::store) returns with it, and as the
/// last create, update or delete through the same client and its clones: what these return is in the store when they
/// return. A list that was requested before does not overwrite it.
pub struct Store<R: Resource> {
    resources: Arc<RwLock<Resources<R>>>,
    progress: watch::Receiver<Progress>,
}

type Resources<R> = HashMap<Id<R>, Entry<R>>;

struct Entry<R> {
    resource: Arc<R>,
    /// When a call of the client wrote it.
    written: Option<Instant>,
}

/// How far a store is.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    ready: bool,
    revision: u64,
}

/// Updates a [`Store`], and holds the events of its stream that are still to come.
pub(super) struct Writer<R: Resource> {
    resources: Arc<RwLock<Resources<R>>>,
    progress: watch::Sender<Progress>,
    events: Mutex<VecDeque<WatchEvent<R>>>,
    /// Whether the watch sees all resources, so that one that it does not know is new.
    sees_all: bool,
}

impl<R: Resource> Writer<R> {
    pub(super) fn new(known: Vec<R>, sees_all: bool) -> Self {
        let known = known.into_iter().map(|resource| {
            let id = resource.id().clone();
            let resource = Arc::new(resource);
            (
                id,
                Entry {
                    resource,
                    written: None,
                },
            )
        });
        Self {
            resources: Arc::new(RwLock::new(known.collect())),
            progress: watch::Sender::default(),
            events: Mutex::default(),
            sees_all,
        }
    }

    pub(super) fn store(&self) -> Store<R> {
        Store {
            resources: Arc::clone(&self.resources),
            progress: self.progress.subscribe(),
        }
    }

    pub(super) fn next_event(&self) -> Option<WatchEvent<R>> {
        self.events().pop_front()
    }

    /// Returns once there is an event.
    pub(super) async fn has_event(&self) {
        let mut progress = self.progress.subscribe();
        let wait = progress.wait_for(|_| !self.events().is_empty());
        // The sender is `self`.
        let _ = wait.await;
    }

    /// Takes what a create, an update or a delete has returned.
    pub(super) fn written(&self, resource: &dyn Any) {
        let Some(resource) = resource.downcast_ref::<R>() else {
            return;
        };
        let mut resources = self
            .resources
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match resources.get_mut(resource.id()) {
            // A list may have shown a later change, while the response was on its way.
            Some(known) if is_older(resource, &known.resource) => return,
            None if !self.sees_all => return,
            _ => {}
        }
        self.put(&mut resources, resource.clone(), Some(Instant::now()));
        self.advance(|_| {});
    }

    /// Takes a list that was requested at this time.
    pub(super) fn listed(
        &self,
        listed: Listed<R>,
        asked: Instant,
        list: &mut Relist<R>,
        pace: Duration,
    ) {
        let mut resources = self
            .resources
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let present: HashSet<_> = listed.resources.iter().map(|r| r.id().clone()).collect();
        for resource in listed.resources {
            let known = resources.get(resource.id());
            if known.is_some_and(|known| known.outdates(&resource, asked)) {
                continue;
            }
            self.put(&mut resources, resource, None);
        }
        if listed.full {
            let missing = resources.iter().filter(|(id, entry)| {
                !present.contains(*id) && entry.written.is_none_or(|written| written < asked)
            });
            let gone = list.confirm_missing(missing.map(|(id, _)| id.clone()));
            for entry in gone.iter().filter_map(|id| resources.remove(id)) {
                self.events()
                    .push_back(WatchEvent::Deleted((*entry.resource).clone()));
            }
        }
        let deleting = resources.values().map(|entry| &entry.resource);
        let deleting = deleting.filter(|resource| resource.phase() == Phase::Deleting);
        let deleting = deleting.map(|resource| resource.id().clone()).collect();
        list.track_deletions(deleting, listed.full, pace);
        let is_exact = list.becomes_exact();
        if is_exact {
            self.events().push_back(WatchEvent::InitDone);
        }
        self.advance(|progress| progress.ready |= is_exact);
    }

    fn put(&self, resources: &mut Resources<R>, resource: R, written: Option<Instant>) {
        let event = match resources.get_mut(resource.id()) {
            Some(known) if *known.resource == resource => {
                known.written = known.written.max(written);
                return;
            }
            Some(_) => WatchEvent::Modified(resource.clone()),
            None => WatchEvent::Added(resource.clone()),
        };
        let id = resource.id().clone();
        let resource = Arc::new(resource);
        resources.insert(id, Entry { resource, written });
        self.events().push_back(event);
    }

    /// Tells the store's consumers, if there is anything to tell.
    fn advance(&self, change: impl FnOnce(&mut Progress)) {
        let has_events = !self.events().is_empty();
        self.progress.send_if_modified(|progress| {
            change(progress);
            progress.revision += u64::from(has_events);
            has_events
        });
    }

    fn events(&self) -> MutexGuard<'_, VecDeque<WatchEvent<R>>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Resource> Entry<R> {
    /// Whether what a list shows of the resource may be from before a call wrote it.
    fn outdates(&self, listed: &R, asked: Instant) -> bool {
        self.written.is_some_and(|written| {
            written >= asked
                || (asked.duration_since(written) < GRACE_PERIOD
                    && is_older(listed, &self.resource))
        })
    }
}

fn is_older<R: Resource>(resource: &R, than: &R) -> bool {
    let times = (resource.metadata().updated_at, than.metadata().updated_at);
    matches!(times, (Some(this), Some(that)) if this < that)
}

impl<R: Resource> Store<R> {
    /// Returns the resource with this id.
    pub fn get(&self, id: impl IntoId<R>) -> Option<Arc<R>> {
        let id = id.into_id().ok()?;
        self.read(|resources| Some(resources.get(&id)?.resource.clone()))
    }

    /// Returns a resource that satisfies a predicate.
    pub fn find(&self, predicate: impl Fn(&R) -> bool) -> Option<Arc<R>> {
        self.read(|resources| {
            let mut resources = resources.values().map(|entry| &entry.resource);
            resources.find(|resource| predicate(resource)).cloned()
        })
    }

    /// Returns all resources, in no particular order.
    pub fn state(&self) -> Vec<Arc<R>> {
        self.read(|resources| {
            resources
                .values()
                .map(|entry| entry.resource.clone())
                .collect()
        })
    }

    /// Returns the number of resources.
    pub fn len(&self) -> usize {
        self.read(HashMap::len)
    }

    /// Returns whether there are no resources.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until the store holds all resources that existed when the watch began.
    ///
    /// Returns whether it does: `false` if the stream ended or was dropped before.
    pub async fn wait_until_ready(&self) -> bool {
        let mut progress = self.progress.clone();
        progress.wait_for(|progress| progress.ready).await.is_ok()
    }

    /// Waits until the store has changed since the last call of this method. Each clone of the store is a consumer of its
    /// own, which starts with what its original has seen. Several changes may be one.
    ///
    /// Returns `false` if the stream ended or was dropped, so that there will be no changes.
    ///
    /// ```no_run
    /// # async fn example(mut store: coreweave_inference::Store<coreweave_inference::Deployment>) {
    /// while store.changed().await {
    ///     let ready = store.state().iter().filter(|deployment| deployment.is_ready()).count();
    ///     println!("{ready} of {} deployments are ready", store.len());
    /// }
    /// # }
    /// ```
    pub async fn changed(&mut self) -> bool {
        self.progress.changed().await.is_ok()
    }

    fn read<T>(&self, f: impl FnOnce(&Resources<R>) -> T) -> T {
        f(&self
            .resources
            .read()
            .unwrap_or_else(PoisonError::into_inner))
    }
}

impl<R: Resource> Clone for Store<R> {
    fn clone(&self) -> Self {
        Self {
            resources: Arc::clone(&self.resources),
            progress: self.progress.clone(),
        }
    }
}

impl<R: Resource> fmt::Debug for Store<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("len", &self.len())
            .field("ready", &self.progress.borrow().ready)
            .finish()
    }
}
