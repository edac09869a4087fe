//! The four kinds of resource, and how each is spelled.

use serde::{Deserialize, Serialize};

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

    /// The member that holds one in a reply.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::Deployment => "deployment",
            Kind::CapacityClaim => "capacityClaim",
            Kind::HotLoad => "hotLoad",
        }
    }

    /// The member that holds several in a reply.
    pub(crate) fn list_member(self) -> &'static str {
        match self {
            Kind::Gateway | Kind::Deployment => "items",
            Kind::CapacityClaim => "capacityClaims",
            Kind::HotLoad => "hotLoads",
        }
    }

    /// What messages call it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::Deployment => "deployment",
            Kind::CapacityClaim => "capacity claim",
            Kind::HotLoad => "hot-load",
        }
    }

    /// The member of its status that holds the status's name.
    pub(crate) fn status_member(self) -> &'static str {
        match self {
            Kind::HotLoad => "state",
            _ => "status",
        }
    }

    /// The status it is seeded with unless another is given.
    pub(crate) fn settled_status(self) -> &'static str {
        match self {
            Kind::HotLoad => "HOT_LOAD_STATE_COMPLETED",
            _ => "STATUS_READY",
        }
    }
}
