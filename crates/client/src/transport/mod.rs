//! Sending the requests of all calls, those of [`Client::raw`](crate::Client::raw) included.

mod backoff;
mod budget;
mod deadline;
mod idempotency;
mod options;
mod policy;
mod retrying;
mod timeout;
mod trace;

pub use backoff::Backoff;
pub use budget::RetryBudget;
pub(crate) use deadline::after;
pub use options::CallOptions;
pub use policy::{AttemptFailure, FailedAttempt, RetryPolicy};
pub(crate) use retrying::{RetryingTransport, Settings, Tokens};
pub(crate) use timeout::WithTimeout;
