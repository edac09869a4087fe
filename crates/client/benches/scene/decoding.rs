//! Decoding alone: what a reply costs once its bytes are there.

use coreweave_inference::Deployment;
use coreweave_inference::raw::types;
use serde::Deserialize;

use super::Outcome;

/// As a program without this crate would decode a list.
pub(crate) fn plain(body: &[u8]) -> Outcome<Vec<types::Deployment>> {
    Ok(serde_json::from_slice::<types::ListDeploymentsResponse>(body)?.items)
}

/// As the wrapper does: decoded, and each one checked to have an id.
pub(crate) fn wrapped(body: &[u8]) -> Outcome<Vec<Deployment>> {
    let items = plain(body)?;
    let mut deployments = Vec::with_capacity(items.len());
    for raw in items {
        deployments.push(Deployment::from_raw(raw)?);
    }
    Ok(deployments)
}

/// Statuses as this crate has them, which keep what they don't know.
pub(crate) fn open(body: &[u8]) -> Outcome<Vec<types::ResourceStatus>> {
    Ok(serde_json::from_slice(body)?)
}

/// Statuses as serde's derive has them, which refuse what they don't know.
pub(crate) fn closed(body: &[u8]) -> Outcome<Vec<ClosedStatus>> {
    Ok(serde_json::from_slice(body)?)
}

#[derive(Deserialize)]
pub(crate) enum ClosedStatus {
    #[serde(rename = "STATUS_UNSPECIFIED")]
    Unspecified,
    #[serde(rename = "STATUS_CREATING")]
    Creating,
    #[serde(rename = "STATUS_UPDATING")]
    Updating,
    #[serde(rename = "STATUS_READY")]
    Ready,
    #[serde(rename = "STATUS_ERROR")]
    Error,
    #[serde(rename = "STATUS_DELETING")]
    Deleting,
    #[serde(rename = "STATUS_FAILED")]
    Failed,
}
