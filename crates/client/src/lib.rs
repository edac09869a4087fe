//! A typed client for the CoreWeave Inference API.

mod call;
mod client;
mod error;
mod raw;
mod transport;

pub use call::CallOptions;
pub use client::Client;
pub use error::{
    BadRequest, Code, DebugInfo, Detail, Error, ErrorInfo, ErrorKind, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo, ResourceInfo, RetryInfo,
    Taken,
};
pub use transport::{AttemptFailure, FailedAttempt, RetryPolicy};
