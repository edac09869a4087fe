//! The four kinds of resources, over one description of what a kind is.

pub(crate) mod capacity_claim;
pub(crate) mod condition;
pub(crate) mod deployment;
pub(crate) mod facts;
pub(crate) mod gateway;
pub(crate) mod handle;
pub(crate) mod hot_load;
pub mod kind;
pub(crate) mod new;
pub(crate) mod parameters;
mod spec;
pub(crate) mod view;

pub(crate) use view::Resource;
