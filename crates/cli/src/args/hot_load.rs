//! The commands for hot-loads.

use std::path::PathBuf;

use clap::Subcommand;

use super::WaitArgs;
use super::list::{HotLoadFilter, ListArgs};

/// What can be done with hot-loads.
#[derive(Debug, Subcommand)]
pub(crate) enum HotLoadCommand {
    /// List all, newest first
    #[command(visible_alias = "ls")]
    List(ListArgs<HotLoadFilter>),
    /// Show one
    Get {
        /// Id, or the identity of its snapshot
        #[arg(value_name = "ID|IDENTITY")]
        resource: String,
    },
    /// Load a snapshot into a deployment
    #[command(after_help = "\
Examples:
  cwinf hot-loads create --deployment llama --identity step-100 --wait
  cwinf hot-loads create --deployment llama --identity step-110 --previous step-100 --after-active
  cwinf hot-loads create -f hot-load.yaml")]
    Create {
        /// YAML or JSON file with the members of the request; - for standard input
        #[arg(short, long, required_unless_present_all = ["deployment", "identity"])]
        file: Option<PathBuf>,
        /// Name or id of the deployment
        #[arg(
            long,
            value_name = "NAME|ID",
            requires = "identity",
            conflicts_with = "file"
        )]
        deployment: Option<String>,
        /// Identity of the snapshot
        #[arg(long, requires = "deployment")]
        identity: Option<String>,
        /// Identity of the snapshot that an incremental one builds on
        #[arg(long, value_name = "IDENTITY", requires = "identity")]
        previous: Option<String>,
        /// Wait until the active hot-load of the deployment has ended
        #[arg(long)]
        after_active: bool,
        #[command(flatten)]
        wait: WaitArgs,
    },
    /// Cancel one
    Cancel {
        /// Id, or the identity of its snapshot
        #[arg(value_name = "ID|IDENTITY")]
        resource: String,
    },
    /// List the replicas of one
    Replicas {
        /// Id, or the identity of its snapshot
        #[arg(value_name = "ID|IDENTITY")]
        resource: String,
    },
}
