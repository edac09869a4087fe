//! An in-process fake of the CoreWeave Inference API, for tests.
//!
//! [`FakeServer::start`] listens on a loopback port and behaves as the service does: it performs
//! every operation, enforces the API's rules, and changes resources over time. A [`Clock`] controls
//! time, and a [`Fault`] makes requests fail.
//!
//! The same server is a program, `coreweave-inference-fake`, for tests in any language; see the
//! README.
//!
//! Without a socket, [`FakeServer::handle`] takes requests, and the feature `transport` lets a client
//! send them.
//!
//! It shares no code with the client but that transport's trait, so that both are unlikely to
//! misunderstand the API in the same way.

mod app;
mod auth;
mod builder;
mod catalog;
mod clock;
#[cfg(feature = "conformance")]
mod conformance;
mod connection;
mod control;
#[cfg(feature = "data-plane")]
mod data_plane;
mod error;
mod fault;
mod in_process;
mod json;
mod kind;
mod operation;
mod paging;
mod protojson;
mod query;
mod request_log;
mod schema;
mod server;
mod service;
mod state;
mod store;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "transport")]
mod transport;
mod validation;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use builder::FakeServerBuilder;
pub use clock::{Clock, Durations};
pub use fault::Fault;
pub use operation::{Operation, UnknownOperation};
pub use request_log::RecordedRequest;
pub use server::FakeServer;
pub use service::SeedError;
