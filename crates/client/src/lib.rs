//! A typed client for the CoreWeave Inference API.

mod call;
mod client;
mod error;
mod transport;

pub use coreweave_inference_api as raw;

pub use call::CallOptions;
pub use client::Client;
pub use error::{
    BadRequest, Code, DebugInfo, Detail, Error, ErrorInfo, ErrorKind, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo, ResourceInfo, RetryInfo,
    Taken,
};
pub use transport::{AttemptFailure, FailedAttempt, RetryPolicy};
