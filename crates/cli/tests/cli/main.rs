//! The program against the fake.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected has failed"
)]

mod account;
mod api;
mod chat;
mod declarative;
#[cfg(unix)]
mod deletion;
mod generated;
mod golden;
#[cfg(unix)]
mod interactive;
mod lost_output;
mod recording;
mod schema;
mod terminal;
mod top;
mod watch;
