//! A typed client for the CoreWeave Inference API.

mod base_url;
mod builder;
mod call;
mod client;
mod environment;
mod error;
mod token;
mod transport;

pub use coreweave_inference_api as raw;

pub use builder::ClientBuilder;
pub use call::CallOptions;
pub use client::Client;
pub use error::{
    BadRequest, Code, DebugInfo, Detail, Error, ErrorInfo, ErrorKind, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo, ResourceInfo, RetryInfo,
    Taken,
};
pub use token::{Token, TokenError, TokenProvider};
pub use transport::{AttemptFailure, Backoff, FailedAttempt, RetryBudget, RetryPolicy};
