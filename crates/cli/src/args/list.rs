//! How lists are narrowed and sorted.

use clap::Args;

use crate::view::Sort;

#[derive(Debug, Args)]
pub(crate) struct ListArgs<F: Args> {
    #[command(flatten)]
    pub(crate) filter: F,
    /// Only those with one of these statuses, such as READY or ERROR
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub(crate) status: Vec<String>,
    /// Sort by this, instead of the service's order
    #[arg(long, value_enum, value_name = "COLUMN")]
    pub(crate) sort_by: Option<Sort>,
    /// Print what changes after the list, until interrupted
    #[arg(short, long)]
    pub(crate) watch: bool,
}

/// The filters of a kind that has no others.
#[derive(Debug, Args)]
pub(crate) struct NoFilter {}

#[derive(Debug, Args)]
pub(crate) struct DeploymentFilter {
    /// Only those that use this gateway
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) gateway: Option<String>,
    /// Only those that serve this model
    #[arg(long, value_name = "NAME")]
    pub(crate) model: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct HotLoadFilter {
    /// Only those of this deployment
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) deployment: Option<String>,
    /// List at most this many
    #[arg(long, value_name = "NUMBER", conflicts_with = "watch")]
    pub(crate) limit: Option<usize>,
}
