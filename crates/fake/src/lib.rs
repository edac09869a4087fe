//! The CoreWeave Inference API as a server of one's own: for tests of programs that use it.
//!
//! [`FakeServer::start`] listens on a loopback port and behaves as the service does: every
//! operation, every rule, resources that change as time goes by. Time is a [`Clock`] in the
//! test's hand, and what goes wrong is a [`Fault`] by script. The same server is a program, for
//! tests in any language; see the README.
//!
//! It shares no code with the client, so that a misunderstanding of the API in one is not
//! repeated in the other.

mod api;
mod catalogue;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod connection;
mod control;
mod failure;
mod fault;
mod kind;
mod lock;
mod operation;
mod paging;
mod query;
mod request_log;
mod rules;
mod server;
mod state;
mod tenancy;
#[cfg(feature = "tls")]
mod tls;
mod world;

pub use clock::{Clock, Durations};
pub use fault::{Fault, FaultSyntax};
pub use operation::{Operation, UnknownOperation};
pub use request_log::RecordedRequest;
pub use server::{FakeServer, FakeServerBuilder};
pub use world::SeedError;

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
