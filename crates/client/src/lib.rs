//! A client for the CoreWeave Inference API: gateways, deployments, capacity claims and hot-loads.
//!
//! ```no_run
//! use std::time::{Duration, SystemTime};
//!
//! use coreweave_inference::{Client, GatewayAuth, NewGateway, Routing};
//! use futures_util::TryStreamExt;
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
//!     .await?;
//! let gateway = client.gateways().wait_ready(gateway.id())
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
//!   `.await` sends a request, and `.send()` returns a `'static` future for it.
//! - A [`Resource`] has accessors; [`raw`](Resource::raw) is the generated type.
//! - A [`NewResource`] is a request to create one, which never creates two.
//! - A [`Wait`] polls until a condition holds, a [`Watch`] reports changes, a [`Paginator`] follows pages.
//! - An [`Error`] says what was being done, what went wrong and what to do next, and has a predicate for each case that
//!   programs branch on.
//! - [`Client::raw`] is the generated client, with the same token, retries and limits.
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
//! Without any, only plain http, an [`http_client`](ClientBuilder::http_client) or a
//! [`transport`](ClientBuilder::transport) is possible, and [`build`](ClientBuilder::build) says so.

mod api;
mod base_url;
mod builder;
mod capacity_claim;
mod client;
mod deployment;
mod environment;
mod gateway;
mod hot_load;
#[cfg(test)]
mod in_memory;
pub mod reason;
mod resource;

pub use coreweave_inference_api as raw;
pub use reqwest;

pub use api::{
    Api, List, Page, PagedItem, Paginator, Request, Store, Update, Wait, Watch, WatchEvent,
    conditions,
};
pub use builder::ClientBuilder;
pub use capacity_claim::{
    CapacityClaim, CapacityClaimId, CapacityClaimParameters, CapacityClaimSpec, NewCapacityClaim,
};
pub use client::Client;
pub use deployment::{
    Deployment, DeploymentId, DeploymentParameters, DeploymentSpec, Gpus, Model, NewDeployment,
};
pub use gateway::{
    Gateway, GatewayAuth, GatewayId, GatewayParameters, GatewaySpec, NewGateway, Routing, WandbAuth,
};
pub use hot_load::{CreateHotLoad, HotLoad, HotLoadId, HotLoadReplica, NewHotLoad, SnapshotRef};
pub use raw::types::{
    CapacityClass, CapacityType, ChecksumFormat, CompressionFormat, ConditionStatus, EdgeProxyMode,
    HotLoadReplicaState, HotLoadState, PromptCachePolicy, ResourceStatus, SnapshotType,
    TransitionMode,
};
pub use raw::{Secret, Unrecognized};
#[doc(inline)]
pub use raw::{error, error::Error, error::ErrorKind, retry};
pub use resource::{Condition, Id, InvalidId, NewResource, Resource};
#[doc(inline)]
pub use retry::{Backoff, CallOptions, RetryBudget, Token, TokenProvider};

/// The kinds of resources, and the traits that describe them.
pub mod kind {
    pub use crate::capacity_claim::kind::CapacityClaim;
    pub use crate::deployment::kind::Deployment;
    pub use crate::gateway::kind::Gateway;
    pub use crate::hot_load::kind::HotLoad;
    pub use crate::resource::kind::{Kind, Managed};
}
