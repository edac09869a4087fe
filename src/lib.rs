//! The [CoreWeave Inference API](https://docs.coreweave.com) as its OpenAPI description has it: every type, every
//! operation, nothing more.
//!
//! Most programs want the `coreweave-inference` crate instead, which puts typed resources, retries, waiting and one error
//! type on top. This crate is what it stands on, and what it hands out where a program needs the wire itself.
//!
//! All code here but a few small types is generated. With the feature `codegen` a build script makes it from
//! `openapi.yaml`; without, the committed snapshot of the same bytes is compiled and no generator is built.
//!
//! ```no_run
//! use std::sync::Arc;
//! use coreweave_inference_api::{Client, HttpTransport, params};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // Requests are sent as they are, without a token and without retries: the wrapper crate adds both.
//! let transport = HttpTransport::new(reqwest::Client::new());
//! let client = Client::new("https://api.coreweave.com", Arc::new(transport))?;
//! let gateways = client.list_gateways(&params::ListGatewaysParams::default()).await?.into_inner();
//! for gateway in gateways.items {
//!     println!("{:?}", gateway.spec.and_then(|spec| spec.name));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Rules that hold for every generated type
//!
//! - A member that is absent or `null` decodes to its default, whatever the spec requires: protobuf JSON leaves out zeros.
//! - A member that this version does not know is kept in `extra` and sent back, so that an update erases nothing.
//! - Enums are open: a value that this version does not know is kept as it came (see [`Unrecognized`]).
//! - Messages are built as `Message { name, ..Default::default() }`, which stays right when the API adds a member.
//!
//! # Features
//!
//! - `codegen` (default): generate at build time. Dependents that do not edit the spec turn it off.
//! - `mocks`: the module of this name, typed httpmock helpers, one per operation.

// The README's example is compiled as a doc test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod lenient;
mod open_enum;
mod operation;
mod runtime;
mod secret;

#[allow(missing_docs, unreachable_pub, rustdoc::all, clippy::all)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/client.rs");
}

/// Typed [httpmock](::httpmock) helpers, one per operation: a mock server that can't answer in a shape the API does not
/// have.
///
/// ```
/// use std::sync::Arc;
/// use coreweave_inference_api::mocks::MockServerExt;
/// use coreweave_inference_api::{Client, HttpTransport, types};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let server = httpmock::MockServer::start_async().await;
/// let mock = server.get_gateway_parameters(|_when, then| {
///     then.ok(&types::GetGatewayParametersResponse { zones: vec!["US-EAST-04A".into()], ..Default::default() });
/// });
/// let client = Client::new(&server.base_url(), Arc::new(HttpTransport::new(reqwest::Client::new())))?;
/// let zones = client.get_gateway_parameters().await?.into_inner().zones;
/// assert_eq!(zones, ["US-EAST-04A"]);
/// mock.assert();
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "mocks")]
#[allow(
    missing_docs,
    unreachable_pub,
    rustdoc::all,
    clippy::all,
    clippy::unwrap_used
)]
pub mod mocks {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/mocks.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/mocks.rs");
}

pub use generated::{OPERATIONS, params, types};
pub use open_enum::Unrecognized;
pub use operation::Operation;
pub use runtime::{
    BoxFuture, Client, Error, ErrorKind, HttpTransport, Report, Request, Response, Transport,
};
pub use secret::Secret;
