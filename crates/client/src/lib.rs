//! A typed client for the CoreWeave Inference API.

mod base_url;
mod builder;
mod call;
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
mod wait;
mod watch;

pub use coreweave_inference_api as raw;
pub use reqwest;

pub use builder::ClientBuilder;
pub use call::CallOptions;
pub use client::Client;
pub use error::{
    BadRequest, Code, DebugInfo, Detail, Error, ErrorInfo, ErrorKind, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo, ResourceInfo, RetryInfo,
    Taken,
};
pub use ids::{CapacityClaimId, DeploymentId, GatewayId, HotLoadId, Id, InvalidId};
pub use lists::List;
pub use pages::{Page, Paged};
pub use raw::types::{
    CapacityClass, CapacityType, ChecksumFormat, CompressionFormat, ConditionStatus, HotLoadReplicaState, HotLoadState,
    PromptCachePolicy, ResourceStatus, SnapshotType, TransitionMode,
};
pub use raw::{Secret, Unrecognized};
pub use request::Request;
pub use resource::capacity_claim::{CapacityClaim, CapacityClaimSpec, CapacityClaims, NewCapacityClaim};
pub use resource::condition::Condition;
pub use resource::deployment::{Deployment, DeploymentSpec, Deployments, Gpus, Model, NewDeployment};
pub use resource::gateway::{Gateway, GatewayAuth, GatewaySpec, Gateways, NewGateway, Routing, WandbAuth};
pub use resource::handle::Handle;
pub use resource::hot_load::{HotLoad, HotLoadList, HotLoadReplica, HotLoadReplicaList, HotLoads, NewHotLoad};
pub use resource::kind;
pub use resource::new::NewResource;
pub use resource::parameters::{CapacityClaimParameters, DeploymentParameters, GatewayParameters};
pub use resource::view::Resource;
pub use token::{Token, TokenError, TokenProvider};
pub use transport::{AttemptFailure, Backoff, FailedAttempt, RetryBudget, RetryPolicy};
pub use wait::{AllReady, Complete, Deleted, Ready, Wait};
pub use watch::{Change, Watch};
