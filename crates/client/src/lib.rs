//! A typed client for the CoreWeave Inference API: gateways, deployments, capacity claims and hot-loads.
//!
//! ```no_run
//! use std::pin::pin;
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
//! client.deployments().update(&id, |spec| spec.autoscaling.max = 8).await?;
//!
//! let mut loads = pin!(client.hot_loads().list().deployment(&id).stream());
//! while let Some(load) = loads.try_next().await? {
//!     println!("{load}");
//! }
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
//! - [`Client`] gives a [`Handle`] for each kind of resource. What must be given to a call is an argument, what may be
//!   given is a method, and `.await` sends it.
//! - A [`Resource`] has plain accessors. The type that the API's description makes of it is its [`raw`](Resource::raw).
//! - A [`NewResource`] is checked before it is sent, and creating it never makes two.
//! - A [`Wait`] looks until something is done, a [`Watch`] tells what changes, a [`Paged`] listing follows its pages.
//! - An [`Error`] says what was being done, what went wrong and what to do next, and has a predicate for each case that a
//!   program branches on.
//! - [`Client::raw`] is the generated client, every operation as it is, with the same token, retries and limits.

mod base_url;
mod builder;
mod client;
mod create;
mod environment;
mod error;
mod ids;
#[cfg(test)]
mod in_memory;
mod lists;
mod pages;
mod recent;
mod request;
mod resource;
mod token;
mod transport;
mod update;
mod validate;
mod variables;
mod wait;
mod watch;

pub use coreweave_inference_api as raw;
pub use reqwest;

pub use builder::ClientBuilder;
pub use client::Client;
pub use error::{
    BadRequest, Code, Conflict, DebugInfo, Detail, Error, ErrorInfo, ErrorKind, FieldViolation,
    Help, Link, LocalizedMessage, PreconditionFailure, PreconditionViolation, QuotaFailure,
    QuotaViolation, RequestInfo, ResourceInfo, RetryInfo,
};
pub use ids::{CapacityClaimId, DeploymentId, GatewayId, HotLoadId, Id, InvalidId};
pub use lists::List;
pub use pages::{Page, Paged};
pub use raw::types::{
    CapacityClass, CapacityType, ChecksumFormat, CompressionFormat, ConditionStatus,
    HotLoadReplicaState, HotLoadState, PromptCachePolicy, ResourceStatus, SnapshotType,
    TransitionMode,
};
pub use raw::{Secret, Unrecognized};
pub use request::Request;
pub use resource::capacity_claim::{
    CapacityClaim, CapacityClaimSpec, CapacityClaims, NewCapacityClaim,
};
pub use resource::condition::Condition;
pub use resource::deployment::{
    Deployment, DeploymentSpec, Deployments, Gpus, Model, NewDeployment,
};
pub use resource::gateway::{
    Gateway, GatewayAuth, GatewaySpec, Gateways, NewGateway, Routing, WandbAuth,
};
pub use resource::handle::Handle;
pub use resource::hot_load::{
    HotLoad, HotLoadList, HotLoadReplica, HotLoadReplicaList, HotLoads, NewHotLoad,
};
pub use resource::kind;
pub use resource::new::NewResource;
pub use resource::parameters::{CapacityClaimParameters, DeploymentParameters, GatewayParameters};
pub use resource::view::Resource;
pub use token::{Token, TokenError, TokenProvider};
pub use transport::{
    AttemptFailure, Backoff, CallOptions, FailedAttempt, RetryBudget, RetryPolicy,
};
pub use wait::{AllReady, Complete, Deleted, Ready, Wait};
pub use watch::{Change, Watch};
