//! What all connections share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::auth::Auth;
use crate::clock::Clock;
use crate::fault::FaultQueue;
use crate::request_log::{RecordedRequest, RequestLog};
use crate::service::Service;

/// Called with each request after its response is determined.
pub(crate) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

/// What all connections share. No lock is held across an await.
pub(crate) struct AppState {
    pub(crate) service: Mutex<Service>,
    pub(crate) faults: Mutex<FaultQueue>,
    pub(crate) log: Mutex<RequestLog>,
    pub(crate) clock: Clock,
    pub(crate) auth: Auth,
    pub(crate) observer: Option<Observer>,
}

/// Locks a mutex, even if a thread panicked while it held the lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
