//! Declarative management of CoreWeave Inference resources.
//!
//! A [`Manifest`] says which gateways, deployments and capacity claims should exist. [`plan()`] compares it with the
//! account, and [`apply()`] applies the resulting [`Plan`]. Resources are matched by name, so there is no state file,
//! and a run that was interrupted can be repeated.
//!
//! ```no_run
//! use coreweave_inference_apply::{ApplyOptions, Manifest, PlanOptions, apply, plan};
//!
//! # async fn example(client: coreweave_inference::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let manifest = Manifest::read(["account.yaml"])?;
//! let plan = plan(&client, &manifest, PlanOptions::default()).await?;
//! for change in &plan.changes {
//!     println!("{} {} {}", change.action, change.kind, change.name);
//! }
//! let mut progress = apply(&client, plan, ApplyOptions::default());
//! while let Some(event) = progress.next().await {
//!     println!("{} {}: {:?}", event.change.kind, event.change.name, event.outcome);
//! }
//! # Ok(()) }
//! ```
//!
//! A member that the manifest leaves out keeps its value, `null` clears it, and members that this version does not know
//! are sent as given. Defaults of the service and equivalent forms of a value are not differences.

mod account;
mod apply;
mod change;
mod check;
mod compare;
mod error;
mod kind;
mod manifest;
mod plan;
mod preflight;
mod problem;
pub mod schema;

pub use account::{Account, Existing};
pub use apply::{Apply, ApplyEvent, ApplyOptions, Outcome, apply, merge_spec};
pub use change::{Action, Change, MemberChange};
pub use check::parse_request;
pub use compare::merge;
pub use error::Error;
pub use kind::Kind;
pub use manifest::{Manifest, ManifestReader, ManifestResource, to_yaml};
pub use plan::{Plan, PlanOptions, plan};
pub use preflight::Parameters;
pub use problem::{Location, Problem, Problems};
