//! The commands for gateways, deployments and capacity claims.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::WaitArgs;
use super::list::ListArgs;

/// What can be done with gateways, deployments and capacity claims.
#[derive(Debug, Subcommand)]
pub(crate) enum ResourceCommand<F: Args> {
    /// List all
    #[command(visible_alias = "ls")]
    List(ListArgs<F>),
    /// Show one
    Get {
        /// Name or id
        #[arg(value_name = "NAME|ID")]
        resource: String,
    },
    /// Create from a file
    Create {
        /// YAML or JSON file, in the form of a manifest; - for standard input
        #[arg(short, long)]
        file: PathBuf,
        #[command(flatten)]
        wait: WaitArgs,
    },
    /// Change members of one
    #[command(after_help = "\
Examples:
  cwinf deployments update llama --set autoscaling.max=8 --set traffic.weight=50
  cwinf deployments update llama --set runtime.engineConfig.dtype=half --wait
  cwinf gateways update chat --set endpointConfiguration.allowedSourceIpRanges=192.0.2.0/24,198.51.100.0/24
  cwinf deployments update llama --set autoscaling.priority=null --dry-run")]
    Update {
        /// Name or id
        #[arg(value_name = "NAME|ID")]
        resource: String,
        /// Member and value; null clears the member, commas separate the items of a list
        #[arg(long, value_name = "PATH=VALUE", required = true)]
        set: Vec<String>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        wait: WaitArgs,
    },
    /// Delete one or more; asks first on a terminal
    #[command(
        visible_alias = "rm",
        after_help = "\
Examples:
  cwinf deployments delete llama llama-canary --wait
  cwinf gateways delete -f chat.yaml --yes"
    )]
    Delete {
        /// Names or ids
        #[arg(value_name = "NAME|ID", required_unless_present = "file")]
        resources: Vec<String>,
        /// Delete those of this kind that a manifest or folder describes; - for standard input; may be repeated
        #[arg(short, long, conflicts_with = "resources")]
        file: Vec<PathBuf>,
        /// Succeed for those that do not exist
        #[arg(long)]
        ignore_not_found: bool,
        /// Do not ask for confirmation
        #[arg(short, long)]
        yes: bool,
        /// Show what would be deleted, and delete nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        wait: WaitArgs,
    },
}
