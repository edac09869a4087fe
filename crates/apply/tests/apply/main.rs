//! Manifests, plans and their application, against the fake.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected has failed"
)]

mod account;
mod applying;
mod manifests;
mod planning;
mod preflight;
mod properties;
mod schema;
