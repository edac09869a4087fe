//! The client against the fake server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod create;
mod fake;
mod ids;
mod list;
mod memory;
mod responses;
mod update;
mod watch;
