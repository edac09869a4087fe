//! Types and operations of the [CoreWeave Inference API](https://docs.coreweave.com), generated from its OpenAPI description.
//!
//! Most programs want the `coreweave-inference` crate instead. It is built on this one and adds typed resources, waiting and
//! watching; its `Client::raw` returns this crate's [`Client`].
//!
//! The code is a committed snapshot. With the feature `codegen`, a build script generates the same bytes from `openapi.yaml`.
//!
//! ```no_run
//! use std::sync::Arc;
//! use coreweave_inference_api::retry::{RetryTransport, Token};
//! use coreweave_inference_api::{Client, HttpTransport, params};
//!
//! # async fn example() -> Result<(), coreweave_inference_api::Error> {
//! // A transport sends each request. Over HTTP it does so once, as it is; the transport around it adds the token, retries,
//! // time limits and spans.
//! let http = HttpTransport::new(reqwest::Client::new());
//! let transport = RetryTransport::new(http).token(Token::new("CW-SECRET-1")?);
//! let client = Client::new("https://api.coreweave.com", Arc::new(transport))?;
//! let gateways = client.list_gateways(&params::ListGatewaysParams::default()).await?.into_inner();
//! for gateway in gateways.items {
//!     println!("{:?}", gateway.spec.and_then(|spec| spec.name));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - An [`Error`] says what was being done, what went wrong and what to do next. The module [`error`] has its parts.
//! - The module [`retry`] has tokens, retries and time limits. [`Client::with_options`] overrides them for one call.
//! - [`Client::send_json`] makes a request that no generated method makes.
//!
//! # Conventions
//!
//! - A member that is absent or `null` decodes to its default, even if the spec requires it: protobuf JSON omits defaults.
//! - Unknown members are kept in `extra` and sent back, so that an update does not erase them.
//! - Enums are open: unknown values are kept as they were received (see [`Unrecognized`]), and known ones may be sent as
//!   names or as protobuf numbers.
//! - Optional query parameters are structs in [`params`]. List operations take one; other operations that have optional
//!   query parameters have a second method, `<name>_with`, that takes one.
//! - Construct messages and parameters as `Message { name, ..Default::default() }`, so that a new member does not break the
//!   program.
//!
//! # Features
//!
//! - `codegen`: generate the code at build time. Only needed to change `openapi.yaml`.
//! - `socks`: SOCKS proxies.
//! - `mocks`: the module `mocks`, typed httpmock helpers for every operation.

// The README's example is compiled as a doc test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod error;
pub mod normalization;
mod open_enum;
mod operation;
mod proto_json;
mod resource;
pub mod retry;
mod runtime;
mod secret;

#[allow(missing_docs, unreachable_pub, rustdoc::all, clippy::all)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/client.rs");
}

/// Typed [httpmock](::httpmock) helpers for every operation.
///
/// ```
/// use std::sync::Arc;
/// use coreweave_inference_api::mocks::MockServerExt;
/// use coreweave_inference_api::{Client, HttpTransport, types};
///
/// # let _ = rustls::crypto::ring::default_provider().install_default();
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

#[doc(inline)]
pub use error::{Error, ErrorKind};
/// The JSON Schema (draft 2020-12) of manifests, which describe resources that should exist.
///
/// A manifest is an object with the member `kind` and the members of a create request, or a list of such objects.
/// `#/$defs/Gateway/properties` and its like describe the members of one kind where they stand: types, values that are known,
/// defaults, and `x-immutable` for what no update can change.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(coreweave_inference_api::MANIFEST_SCHEMA)?;
/// let name = &schema["$defs"]["Gateway"]["properties"]["name"];
/// assert_eq!((&name["type"], &name["x-immutable"]), (&"string".into(), &true.into()));
/// # Ok::<_, serde_json::Error>(())
/// ```
pub const MANIFEST_SCHEMA: &str = {
    #[cfg(feature = "codegen")]
    const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/manifest.schema.json"));
    #[cfg(not(feature = "codegen"))]
    const TEXT: &str = include_str!("../generated/manifest.schema.json");
    TEXT
};

pub use generated::{OPERATIONS, params, types};
pub use open_enum::Unrecognized;
pub use operation::Operation;
pub use resource::{Items, Managed, Message, Metadata, Resource};
pub use runtime::{
    BoxFuture, Call, Client, FromJson, HttpTransport, Proxy, Report, Request, Response, Transport,
};
pub use secret::Secret;
