//! The store that a watch keeps up to date.

use std::any::Any;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::WatchEvent;
use super::relist::{Listed, Relist};
use crate::resource::{Id, Internal, IntoId, Phase, Resource};

/// How long a list that is older than what a call has written, by its time of update, is not believed.
const GRACE_PERIOD: Duration = Duration::from_secs(30);

/// The current state of all watched resources. Cheap to clone; see [`Watch::store`](crate::Watch::store).
///
/// It is as recent as the last poll of the stream that [`Watch::store`](crate::Watch::store) returns with it, and as the
/// last create, update or delete through the same client and its clones: what these return is in the store when they
/// return. A list that was requested before does not overwrite it.
#[derive(Clone)]
pub struct Store<R: Resource>(watch::Receiver<State<R>>);

struct State<R: Resource> {
    resources: HashMap<Id<R>, Entry<R>>,
    /// The events of the stream that are still to come.
    events: VecDeque<WatchEvent<R>>,
    ready: bool,
}

struct Entry<R> {
    resource: Arc<R>,
    /// When a call of the client wrote it.
    written: Option<Instant>,
}

/// Updates a [`Store`], and holds the events of its stream.
pub(super) struct Writer<R: Resource> {
    state: watch::Sender<State<R>>,
    /// Whether the watch sees all resources, so that one that it does not know is new.
    sees_all: bool,
}

impl<R: Resource> Writer<R> {
    pub(super) fn new(known: Vec<R>, sees_all: bool) -> Self {
        let mut state = State {
            resources: HashMap::new(),
            events: VecDeque::new(),
            ready: false,
        };
        known.into_iter().for_each(|known| state.put(known, None));
        state.events.clear();
        Self {
            state: watch::Sender::new(state),
            sees_all,
        }
    }

    pub(super) fn store(&self) -> Store<R> {
        Store(self.state.subscribe())
    }

    pub(super) fn next_event(&self) -> Option<WatchEvent<R>> {
        let mut event = None;
        self.state.send_if_modified(|state| {
            event = state.events.pop_front();
            false
        });
        event
    }

    /// Returns once there is an event.
    pub(super) async fn has_event(&self) {
        // Fails only without a sender, which is `self`.
        let _ = self
            .state
            .subscribe()
            .wait_for(|state| !state.events.is_empty())
            .await;
    }

    /// Takes what a create, an update or a delete has returned.
    pub(super) fn written(&self, resource: &dyn Any) {
        let Some(resource) = resource.downcast_ref::<R>() else {
            return;
        };
        self.change(|state| match state.resources.get(resource.id()) {
            // A list may have shown a later change, while the response was on its way.
            Some(known) if is_older(resource, &known.resource) => {}
            None if !self.sees_all => {}
            _ => state.put(resource.clone(), Some(Instant::now())),
        });
    }

    /// Takes a list that was requested at this time.
    pub(super) fn listed(
        &self,
        listed: Listed<R>,
        asked: Instant,
        list: &mut Relist<R>,
        pace: Duration,
    ) {
        self.change(|state| {
            let present: HashSet<_> = listed.resources.iter().map(|r| r.id().clone()).collect();
            for resource in listed.resources {
                let known = state.resources.get(resource.id());
                if !known.is_some_and(|known| known.outdates(&resource, asked)) {
                    state.put(resource, None);
                }
            }
            if listed.full {
                let missing = state.resources.iter().filter(|(id, entry)| {
                    !present.contains(*id) && entry.written.is_none_or(|written| written < asked)
                });
                let gone = list.confirm_missing(missing.map(|(id, _)| id.clone()));
                for entry in gone.iter().filter_map(|id| state.resources.remove(id)) {
                    let last = Arc::unwrap_or_clone(entry.resource);
                    state.events.push_back(WatchEvent::Deleted(last));
                }
            }
            let known = state.resources.iter();
            let deleting =
                known.filter(|(_, entry)| entry.resource.phase(Internal) == Phase::Deleting);
            let deleting = deleting.map(|(id, _)| id.clone()).collect();
            list.track_deletions(deleting, listed.full, pace);
            if list.becomes_exact() {
                state.ready = true;
                state.events.push_back(WatchEvent::InitDone);
            }
        });
    }

    /// Changes the state, and tells the store's consumers if there are new events.
    fn change(&self, change: impl FnOnce(&mut State<R>)) {
        self.state.send_if_modified(|state| {
            let events = state.events.len();
            change(state);
            state.events.len() > events
        });
    }
}

impl<R: Resource> State<R> {
    fn put(&mut self, resource: R, written: Option<Instant>) {
        let event = match self.resources.get_mut(resource.id()) {
            Some(known) if *known.resource == resource => {
                known.written = known.written.max(written);
                return;
            }
            Some(_) => WatchEvent::Modified(resource.clone()),
            None => WatchEvent::Added(resource.clone()),
        };
        self.events.push_back(event);
        let id = resource.id().clone();
        let resource = Arc::new(resource);
        self.resources.insert(id, Entry { resource, written });
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
        let state = self.0.borrow();
        state.resources.get(&id).map(|entry| entry.resource.clone())
    }

    /// Returns a resource that satisfies a predicate.
    pub fn find(&self, predicate: impl Fn(&R) -> bool) -> Option<Arc<R>> {
        let state = self.0.borrow();
        let mut resources = state.resources.values().map(|entry| &entry.resource);
        resources.find(|resource| predicate(resource)).cloned()
    }

    /// Returns all resources, in no particular order.
    pub fn state(&self) -> Vec<Arc<R>> {
        let state = self.0.borrow();
        let resources = state.resources.values();
        resources.map(|entry| entry.resource.clone()).collect()
    }

    /// Returns the number of resources.
    pub fn len(&self) -> usize {
        self.0.borrow().resources.len()
    }

    /// Returns whether there are no resources.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until the store holds all resources that existed when the watch began.
    ///
    /// Returns whether it does: `false` if the stream ended or was dropped before.
    pub async fn wait_until_ready(&self) -> bool {
        self.0.clone().wait_for(|state| state.ready).await.is_ok()
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
        self.0.changed().await.is_ok()
    }
}

impl<R: Resource> fmt::Debug for Store<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("len", &self.len())
            .field("ready", &self.0.borrow().ready)
            .finish()
    }
}
