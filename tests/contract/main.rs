//! The contract between openapi.yaml, the generated client, the wrapper and the fake server.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod common;

mod concurrency;
mod faults;
mod lifecycle;
#[cfg(feature = "mocks")]
mod operations;
#[cfg(feature = "mocks")]
mod operations_raw;
mod proxies;
mod real_servers;
mod recorded;
mod reference_pages;
mod schemas;
mod spec_errors;
mod tls;
mod workload_identity;
