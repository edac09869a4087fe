//! Reasons of failures that the codes of the API do not tell apart.
//!
//! [`Error::reason`] returns one, and [`Error::is`] compares:
//!
//! ```no_run
//! use coreweave_inference::reason;
//!
//! # async fn example(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
//! # -> Result<(), coreweave_inference::Error> {
//! match client.gateways().delete(id).await {
//!     Err(e) if e.is(reason::GATEWAY_IN_USE) => println!("delete its deployments first"),
//!     gateway => println!("{}", gateway?.status()),
//! }
//! # Ok(())
//! # }
//! ```

use crate::error::{Error, Reason};
use crate::raw::Operation;

/// A create is refused because the id belongs to another resource.
pub const ID_TAKEN: Reason = Reason::new(
    "ID_TAKEN",
    "the id is taken by another resource: choose another one, or leave it out",
);

/// A create is refused because another resource has the name.
pub const NAME_TAKEN: Reason = Reason::new("NAME_TAKEN", "the name is taken: choose another one");

/// The gateway cannot be deleted because deployments, perhaps some being deleted, still use it.
pub const GATEWAY_IN_USE: Reason = Reason::new(
    "GATEWAY_IN_USE",
    "delete the deployments that use the gateway first",
);

/// Another hot-load of the deployment is in progress, which blocks new ones and updates of the deployment.
pub const HOT_LOAD_IN_PROGRESS: Reason = Reason::new(
    "HOT_LOAD_IN_PROGRESS",
    "wait for the running hot-load to end",
);

/// A hot-load is refused because its deployment is not ready, for example while it is updating.
pub const DEPLOYMENT_NOT_READY: Reason =
    Reason::new("DEPLOYMENT_NOT_READY", "wait until the deployment is ready");

/// A hot-load of a delta is refused because its chain is too long, or does not begin with a full snapshot.
pub const FULL_SNAPSHOT_NEEDED: Reason =
    Reason::new("FULL_SNAPSHOT_NEEDED", "load a full snapshot first");

/// A hot-load of a delta is refused because the deployment has not loaded the snapshot that it follows.
pub const PREVIOUS_SNAPSHOT_UNKNOWN: Reason = Reason::new(
    "PREVIOUS_SNAPSHOT_UNKNOWN",
    "load the previous snapshot, or a full one, first",
);

/// A hot-load was not started because the deployment serves [another snapshot](crate::call::CreateHotLoad::if_current).
pub const NOT_CURRENT: Reason = Reason::new(
    "NOT_CURRENT",
    "get the current hot-load, and continue from its snapshot",
);

/// A wait failed because the deployment is disabled, so that it does not become ready.
pub const DISABLED: Reason = Reason::new("DISABLED", "");

/// A wait failed, or an update was refused, because the resource is being deleted.
pub const DELETING: Reason = Reason::new("DELETING", "wait until it is gone, then create it again");

/// A wait failed, or an update was refused, because the resource has failed for good. For a hot-load, also because a
/// replica has failed.
pub const FAILED: Reason = Reason::new(
    "FAILED",
    "it has failed for good: delete it and create another one",
);

/// A wait failed because the hot-load was canceled.
pub const CANCELED: Reason = Reason::new("CANCELED", "");

/// A wait that fails on STATUS_ERROR has seen it.
pub const IN_ERROR: Reason = Reason::new("IN_ERROR", "");

/// A wait failed because a later hot-load has replaced the snapshot.
pub const SUPERSEDED: Reason = Reason::new("SUPERSEDED", "");

/// Names the reason of a refusal, where it is one of these.
pub(crate) fn explain(error: Error) -> Error {
    let said = |text| error.message().to_ascii_lowercase().contains(text);
    if !error.is_failed_precondition() {
        error
    } else if said("already in progress") {
        error.with_reason(HOT_LOAD_IN_PROGRESS)
    } else if error.operation() == Some(Operation::DELETE_GATEWAY) {
        error.with_reason(GATEWAY_IN_USE)
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Response;

    #[test]
    fn a_refusal_with_a_reason_says_what_to_do_about_it() {
        let refused = |operation, status, body: &'static str| {
            let error = Error::from_response(Response::new(status, body));
            explain(error.with_operation(operation)).to_string()
        };
        assert_eq!(
            refused(
                Operation::DELETE_GATEWAY,
                400,
                r#"{"code":9,"message":"2 deployments"}"#
            ),
            "delete gateway: FAILED_PRECONDITION (HTTP 400): 2 deployments; delete the deployments that use the gateway first"
        );
        assert_eq!(
            refused(
                Operation::CREATE_HOT_LOAD,
                412,
                r#"{"code":9,"message":"h is Already in progress"}"#
            ),
            "create hot load: FAILED_PRECONDITION (HTTP 412): h is Already in progress; wait for the running hot-load to end"
        );
        assert_eq!(
            refused(
                Operation::UPDATE_DEPLOYMENT,
                400,
                r#"{"code":9,"message":"no"}"#
            ),
            "update deployment: FAILED_PRECONDITION (HTTP 400): no"
        );
    }
}
