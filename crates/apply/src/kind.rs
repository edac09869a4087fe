//! The kinds of resources that a manifest can hold.

use std::fmt;

use crate::schema::{self, Member};

/// A kind of resource that a manifest can hold.
///
/// The order is the order of creation: a deployment needs its gateways to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `kind: CapacityClaim`.
    CapacityClaim,
    /// `kind: Gateway`.
    Gateway,
    /// `kind: Deployment`.
    Deployment,
}

impl Kind {
    /// All kinds, in the order of creation.
    pub const ALL: [Kind; 3] = [Kind::CapacityClaim, Kind::Gateway, Kind::Deployment];

    /// Returns the value of `kind` in a manifest.
    pub fn manifest_name(self) -> &'static str {
        match self {
            Kind::CapacityClaim => "CapacityClaim",
            Kind::Gateway => "Gateway",
            Kind::Deployment => "Deployment",
        }
    }

    /// Returns the request that creates a resource of this kind.
    pub fn schema(self) -> Member {
        schema::of_kind(self.manifest_name())
    }
}

/// The kind in a sentence, such as `capacity claim`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::CapacityClaim => "capacity claim",
            Kind::Gateway => "gateway",
            Kind::Deployment => "deployment",
        })
    }
}
