//! Tells the watches of a client what its calls have written.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Takes a resource of any kind.
type Report = dyn Fn(&dyn Any) + Send + Sync;
pub(crate) type Listener = Arc<Report>;

/// The listeners that still exist.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Vec<Weak<Report>>>);

impl Listeners {
    /// Adds a listener for as long as it exists.
    pub(crate) fn add(&self, listener: &Listener) {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Arc::downgrade(listener));
    }

    /// Reports a resource as the service returned it from a create, an update or a delete.
    pub(crate) fn report(&self, resource: &dyn Any) {
        // A listener may be the last owner of a watch, which is not to be dropped while the lock is held.
        let listeners: Vec<_> = {
            let listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            listeners.iter().filter_map(Weak::upgrade).collect()
        };
        for listener in listeners {
            listener(resource);
        }
    }
}
