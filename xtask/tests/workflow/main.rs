//! The spec workflow as its user runs it: `cargo xtask sync`, `diff` and `check`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test panics"
)]

mod damage;
#[cfg(unix)]
mod github;
mod pages;
mod probe;
#[cfg(unix)]
mod release;
mod site;
mod sync;
mod upstream;
mod workspace;
