//! A client for the CoreWeave Inference API: gateways, deployments, capacity claims and hot-loads.
//!
//! ```no_run
//! use std::time::{Duration, SystemTime};
//!
//! use coreweave_inference::{Client, GatewayAuth, NewGateway, Routing};
//!
//! # async fn example(id: coreweave_inference::DeploymentId) -> Result<(), coreweave_inference::Error> {
//! let client = Client::from_env()?;
//!
//! let yesterday = SystemTime::now() - Duration::from_secs(86_400);
//! for gateway in client.gateways().list().updated_after(yesterday).await? {
//!     println!("{} {} {}", gateway.id(), gateway.name(), gateway.status());
//! }
//!
//! let gateway = client.gateways()
//!     .create(NewGateway::new("chat", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody))
//!     .and_wait()
//!     .timeout(Duration::from_secs(600))
//!     .on_progress(|gateway| println!("{}", gateway.status()))
//!     .await?;
//!
//! client.deployments().update(&id, |spec| spec.autoscaling.max = 8).and_wait().await?;
//!
//! let mut loads = client.hot_loads().list().deployment(&id).stream();
//! while let Some(load) = loads.try_next().await? {
//!     println!("{load}");
//! }
//!
//! let task = tokio::spawn(client.gateways().get(gateway.id()).send());
//!
//! match client.gateways().get(gateway.id()).await {
//!     Err(e) if e.is_not_found() => {}
//!     Err(e) => eprintln!("{e}"),
//!     Ok(gateway) => println!("{:?}", gateway.openai_base_url()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - A [`Client`] has an [`Api`] for each kind of resource. Required inputs are arguments; optional ones are methods.
//!   `.await` sends a [call](call::Call), and `.send()` returns a `'static` future for it.
//! - A [`Gateway`], [`Deployment`], [`CapacityClaim`] or [`HotLoad`] has accessors; `raw()` is the generated type.
//! - A [`NewGateway`] and its siblings are requests to create one. A create never makes two.
//! - `.and_wait()` on a create, an update or a delete waits for its effect. A [`Wait`] polls until a condition holds, a
//!   [`Paginator`](call::Paginator) follows pages.
//! - A [`Watch`] reports changes, of hot-loads too. A [`Store`] has the current state, and [`changed`](Store::changed) tells
//!   any number of consumers of it. A [`Controller`] brings resources to the state that a program wants.
//! - An [`Error`] says what was being done, what went wrong and what to do next. It has a predicate for each case that
//!   programs branch on, and a [`reason`] where a code of the API covers several.
//! - [`Client::raw`] is the generated client, with the same token, retries and limits.
//!
//! # Examples
//!
//! Programs for one task each, which run against a fake of the service:
//!
//! - [`canary_rollout`]: replace a deployment by a new one. It [shifts traffic](Api::shift_traffic) in steps, after each of
//!   which the new one has to stay ready [for a time](Wait::stable_for), and back if that fails.
//! - [`hot_load_loop`]: serve a model while it is trained. It asks for the [current](Api::current) snapshot, and starts the next
//!   hot-load [after the active one](call::CreateHotLoad::after_active), as a delta where that is possible.
//! - [`controller`]: keep deployments as a program wants them, with a [`Controller`].
//! - [`batch_job`]: deploy many models, [wait for all](Api::wait_all_ready), say what became of each, and delete them. Ids
//!   [derived from names](Id::from_name) make it safe to run again.
//! - [`openai_chat`]: deploy a model, and send it requests with an OpenAI client, which needs the gateway's
//!   [base URL](Gateway::openai_base_url) and the client's [token](Client::token).
//!
//! [Others](https://docs.rs/crate/coreweave-inference/latest/source/examples/) show errors, watches, tests against the fake, a
//! retry policy, tokens that rotate, TLS and proxies, and the generated client.
//!
//! [`canary_rollout`]: https://docs.rs/crate/coreweave-inference/latest/source/examples/canary_rollout.rs
//! [`hot_load_loop`]: https://docs.rs/crate/coreweave-inference/latest/source/examples/hot_load_loop.rs
//! [`controller`]: https://docs.rs/crate/coreweave-inference/latest/source/examples/controller.rs
//! [`batch_job`]: https://docs.rs/crate/coreweave-inference/latest/source/examples/batch_job.rs
//! [`openai_chat`]: https://github.com/coreweave-inference-rust/coreweave-inference/blob/main/crates/examples/openai_chat.rs
//!
//! # Features
//!
//! TLS is one of these; with several, rustls is used, and ring in it. A crypto provider of rustls that the program has
//! installed process-wide is used instead of either. Certificates are verified by the platform.
//!
//! | feature | TLS | builds | brings |
//! | --- | --- | --- | --- |
//! | `rustls` (default) | rustls with ring | fastest | |
//! | `aws-lc-rs` | rustls with aws-lc-rs | slower, and needs a C compiler | offers post-quantum key exchange; FIPS, with a provider that the program installs |
//! | `native-tls` | OpenSSL, Schannel or Secure Transport | needs OpenSSL's headers on Linux | the platform's settings |
//!
//! Also:
//!
//! - `socks`: SOCKS proxies. Without it, a client for which the environment names one is not built.
//!
//! Without any TLS, only plain http, an [`http_client`](ClientBuilder::http_client) or a
//! [`transport`](ClientBuilder::transport) is possible, and [`build`](ClientBuilder::build) says so.
//!
//! # Proxies and certificates
//!
//! A proxy is taken from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, unless `NO_PROXY` exempts the host: [`raw::Proxy`] has the
//! rules. Errors name the proxy and its variable, unless the HTTP client is customized. A base URL on this machine
//! (`localhost`, a name below it, or a loopback address) is never reached through a proxy. Another one may be plain http only
//! if that is [allowed](ClientBuilder::allow_plain_http).
//! [`reqwest_builder`](ClientBuilder::reqwest_builder) can set another proxy, or none.
//!
//! With rustls on Linux, the authorities are those of the system. `SSL_CERT_FILE`, a PEM file, and `SSL_CERT_DIR`, a folder of
//! PEM files of any name, replace them as soon as one of both is set, even to nothing. Plain http needs none.
//! [`reqwest_builder`](ClientBuilder::reqwest_builder) can add an authority.

// The README's example is compiled as a doc test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod api;
mod base_url;
mod builder;
pub mod call;
mod capacity_claim;
mod client;
mod create;
mod delete;
mod deployment;
mod environment;
mod gateway;
mod hot_load;
mod list;
pub mod reason;
mod resource;
mod stream;
mod update;
mod wait;
mod watch;
mod written;

pub use coreweave_inference_api as raw;
#[doc(inline)]
pub use raw::{error, retry};
pub use reqwest;
pub use uuid::Uuid;

pub use api::Api;
pub use builder::ClientBuilder;
pub use capacity_claim::{
    CapacityClaim, CapacityClaimId, CapacityClaimParameters, CapacityClaimSpec, NewCapacityClaim,
};
pub use client::Client;
pub use deployment::{
    Deployment, DeploymentId, DeploymentParameters, DeploymentSpec, Model, NewDeployment, Resources,
};
#[doc(inline)]
pub use error::{Error, ErrorKind};
pub use gateway::{
    Gateway, GatewayAuth, GatewayId, GatewayParameters, GatewaySpec, NewGateway, Routing, WandbAuth,
};
pub use hot_load::{HotLoad, HotLoadId, HotLoadReplica, NewHotLoad, SnapshotRef};
pub use raw::Secret;
pub use resource::{Condition, Id, IntoId, InvalidId};
#[doc(inline)]
pub use retry::{Backoff, CallOptions, Token};
pub use stream::ResultStream;
pub use wait::{Wait, conditions};
pub use watch::{Action, Controller, Observed, Store, Watch, WatchError, WatchEvent, WatchStream};

/// The traits that describe kinds of resources, for generic code.
pub mod kind {
    pub use crate::resource::{Managed, Resource};
}

/// The enums of the API, which keep values that this version does not know.
pub mod types {
    pub use crate::raw::Unrecognized;
    pub use crate::raw::types::{
        CapacityClass, CapacityType, ChecksumFormat, CompressionFormat, ConditionStatus,
        EdgeProxyMode, HotLoadReplicaState, HotLoadState, PromptCachePolicy, ResourceStatus,
        SnapshotType, TransitionMode,
    };
}
