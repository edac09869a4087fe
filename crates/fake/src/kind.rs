//! The four kinds of resource.

use serde::{Deserialize, Serialize};

use crate::schema::{self, Message};

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    Gateway,
    Deployment,
    CapacityClaim,
    HotLoad,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [
        Kind::Gateway,
        Kind::Deployment,
        Kind::CapacityClaim,
        Kind::HotLoad,
    ];

    /// The name in error messages.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::Deployment => "deployment",
            Kind::CapacityClaim => "capacity claim",
            Kind::HotLoad => "hot-load",
        }
    }

    /// The member of a response that holds one resource.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::Deployment => "deployment",
            Kind::CapacityClaim => "capacityClaim",
            Kind::HotLoad => "hotLoad",
        }
    }

    /// The member of a list response that holds the resources.
    pub(crate) fn list_member(self) -> &'static str {
        match self {
            Kind::Gateway | Kind::Deployment => "items",
            Kind::CapacityClaim => "capacityClaims",
            Kind::HotLoad => "hotLoads",
        }
    }

    /// The member of a create request that chooses the id.
    pub(crate) fn id_member(self) -> &'static str {
        match self {
            Kind::HotLoad => "hotLoadId",
            _ => "id",
        }
    }

    /// The member of the status message that holds the lifecycle status.
    pub(crate) fn status_member(self) -> &'static str {
        match self {
            Kind::HotLoad => "state",
            _ => "status",
        }
    }

    /// The status that a resource settles in.
    pub(crate) fn settled_status(self) -> &'static str {
        match self {
            Kind::HotLoad => "HOT_LOAD_STATE_COMPLETED",
            _ => "STATUS_READY",
        }
    }

    /// The spec's message.
    pub(crate) fn spec(self) -> Message {
        match self {
            Kind::Gateway => schema::GATEWAY_SPEC,
            Kind::Deployment => schema::DEPLOYMENT_SPEC,
            Kind::CapacityClaim => schema::CAPACITY_CLAIM_SPEC,
            Kind::HotLoad => schema::HOT_LOAD_SPEC,
        }
    }

    /// The members of all responses of this kind's operations.
    pub(crate) fn response(self) -> Message {
        match self {
            Kind::Gateway => schema::GATEWAY_RESPONSE,
            Kind::Deployment => schema::DEPLOYMENT_RESPONSE,
            Kind::CapacityClaim => schema::CAPACITY_CLAIM_RESPONSE,
            Kind::HotLoad => schema::HOT_LOAD_RESPONSE,
        }
    }
}
