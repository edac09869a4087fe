//! Everything about one request that is not the request: its token, time limits, retries and spans.
//!
//! [`RetryTransport`] does all of it around another transport.

mod backoff;
mod budget;
mod deadline;
mod idempotency;
mod oidc;
mod options;
mod policy;
mod timeout;
mod token;
mod trace;
mod transport;

pub use backoff::Backoff;
pub use budget::RetryBudget;
pub use oidc::OidcToken;
pub use options::CallOptions;
pub use policy::RetryPolicy;
pub use timeout::WithTimeout;
pub use token::{Token, TokenError, TokenProvider};
pub use transport::RetryTransport;
