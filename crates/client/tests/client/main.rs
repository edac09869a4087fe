//! The client against the fake server, scripted sockets, and an API in memory under paused time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod calls;
mod create;
mod examples;
mod fake;
mod hot_load;
mod ids;
mod in_memory;
mod list;
mod memory;
mod paging;
mod responses;
mod server;
mod sockets;
mod spans;
mod traffic;
mod update;
mod wait;
mod watch;
