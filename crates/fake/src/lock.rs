//! Locks that outlive a panic in a test that held one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also when a panic left the lock poisoned: every change under our locks is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
