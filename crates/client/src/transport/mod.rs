//! What every request passes, also those of [`Client::raw`](crate::Client::raw).

mod retry;

pub use retry::{AttemptFailure, FailedAttempt, RetryPolicy};
