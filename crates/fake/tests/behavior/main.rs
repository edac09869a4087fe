//! Tests of the fake over HTTP. Every response is validated against openapi.yaml, and so is every
//! request that was accepted.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected has failed"
)]

mod access;
mod capacity_claims;
mod clock;
mod control;
mod data_plane;
mod deployments;
mod faults;
mod gateways;
mod hot_loads;
mod http;
mod in_process;
mod load;
mod log;
mod model;
mod parameters;
mod program;
mod protobuf_json;
mod readme;
mod state;
mod support;
mod tls;
mod token_exchange;
mod transport;
mod updates;
