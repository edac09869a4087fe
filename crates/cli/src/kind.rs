//! The kinds of resources.

use clap::ValueEnum;
use coreweave_inference_apply as apply;
use coreweave_inference_apply::schema::{self, Member};

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub(crate) enum Kind {
    #[value(aliases = ["gateway", "gw"])]
    Gateways,
    #[value(aliases = ["deployment", "deploy"])]
    Deployments,
    #[value(aliases = ["claim", "capacity-claims", "capacity-claim"])]
    Claims,
    #[value(aliases = ["hot-load", "hl"])]
    HotLoads,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [
        Kind::Gateways,
        Kind::Deployments,
        Kind::Claims,
        Kind::HotLoads,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Gateways => "gateways",
            Kind::Deployments => "deployments",
            Kind::Claims => "claims",
            Kind::HotLoads => "hot-loads",
        }
    }

    /// The name in a manifest and in its schema.
    pub(crate) fn schema_name(self) -> &'static str {
        match self {
            Kind::Gateways => "Gateway",
            Kind::Deployments => "Deployment",
            Kind::Claims => "CapacityClaim",
            Kind::HotLoads => "HotLoad",
        }
    }

    /// The kind with a name on the command line or in a manifest.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let schema = |kind: &Kind| kind.schema_name().eq_ignore_ascii_case(name);
        let on_command_line = Kind::from_str(name, true).ok();
        on_command_line.or_else(|| Kind::ALL.into_iter().find(schema))
    }

    /// One of them in a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Gateways => "gateway",
            Kind::Deployments => "deployment",
            Kind::Claims => "capacity claim",
            Kind::HotLoads => "hot-load",
        }
    }

    /// One or several of them in a sentence.
    pub(crate) fn nouns(self, number: usize) -> String {
        let ending = if number == 1 { "" } else { "s" };
        format!("{}{ending}", self.noun())
    }

    /// The kind that they belong to.
    pub(crate) fn parent(self) -> Option<Self> {
        match self {
            Kind::Gateways | Kind::Claims => None,
            Kind::Deployments => Some(Kind::Gateways),
            Kind::HotLoads => Some(Kind::Deployments),
        }
    }

    /// The statuses that are known.
    pub(crate) fn statuses(self) -> &'static [&'static str] {
        match self {
            Kind::HotLoads => &["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED", "CANCELED"],
            _ => &[
                "CREATING", "UPDATING", "READY", "ERROR", "FAILED", "DELETING",
            ],
        }
    }

    /// The request that creates one.
    pub(crate) fn schema(self) -> Member {
        schema::of_kind(self.schema_name())
    }
}

impl Kind {
    /// The kind of a manifest, which a hot-load is not.
    pub(crate) fn in_manifests(self) -> Option<apply::Kind> {
        apply::Kind::ALL
            .into_iter()
            .find(|kind| Kind::from(*kind) == self)
    }
}

impl From<apply::Kind> for Kind {
    fn from(kind: apply::Kind) -> Self {
        match kind {
            apply::Kind::Gateway => Kind::Gateways,
            apply::Kind::Deployment => Kind::Deployments,
            apply::Kind::CapacityClaim => Kind::Claims,
        }
    }
}

/// A kind that has parameters, and that a manifest can hold.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ParametersKind {
    #[value(alias = "gateway")]
    Gateways,
    #[value(alias = "deployment")]
    Deployments,
    #[value(alias = "claim")]
    Claims,
}

impl From<ParametersKind> for apply::Kind {
    fn from(kind: ParametersKind) -> Self {
        match kind {
            ParametersKind::Gateways => apply::Kind::Gateway,
            ParametersKind::Deployments => apply::Kind::Deployment,
            ParametersKind::Claims => apply::Kind::CapacityClaim,
        }
    }
}
