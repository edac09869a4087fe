//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::condition::Condition;
use crate::kind::Kind;
use crate::output::Format;

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  diff: there are differences
  2  usage, an invalid manifest, or no token
  3  refused by the service
  4  not found
  5  timed out
  6  failed for good
  7  could not reach the service

Environment:
  COREWEAVE_API_TOKEN     API access token, else CW_API_TOKEN
  COREWEAVE_API_ENDPOINT  base URL, else COREWEAVE_API_URL or CW_BASE_URL
  COREWEAVE_HTTP_TIMEOUT  time limit of a request, such as 30s
  NO_COLOR                disables colors";

/// Operate CoreWeave Inference: gateways, deployments, capacity claims and hot-loads.
#[derive(Debug, Parser)]
#[command(name = "cwinf", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Args {
    /// Output format
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub(crate) output: Format,
    /// Base URL of the API, instead of the environment's
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Use an embedded fake service with a seeded account; needs no token
    #[arg(long, global = true, conflicts_with = "base_url")]
    pub(crate) demo: bool,
    /// How often to poll while waiting or watching, such as 2s
    #[arg(long, global = true, value_name = "TIME", value_parser = interval)]
    pub(crate) interval: Option<Duration>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Manage gateways
    #[command(subcommand, visible_alias = "gw", alias = "gateway")]
    Gateways(ResourceCommand),
    /// Manage deployments
    #[command(subcommand, visible_alias = "deploy", alias = "deployment")]
    Deployments(ResourceCommand),
    /// Manage capacity claims
    #[command(subcommand, aliases = ["claim", "capacity-claims"])]
    Claims(ResourceCommand),
    /// Manage hot-loads
    #[command(subcommand, visible_alias = "hl", alias = "hot-load")]
    HotLoads(HotLoadCommand),
    /// Show the values that the service accepts, such as zones and instance types
    Parameters {
        #[arg(value_enum)]
        kind: ParametersKind,
    },
    /// Wait until a resource reaches a state
    #[command(after_help = "\
Examples:
  cwinf wait gateways chat --for ready
  cwinf wait deployments llama --for condition=ResourcesApplied --timeout 10m
  cwinf wait hot-loads 5f0c3c1e-8a35-4c43-9e0f-3b1d2c0a7e11 --for complete")]
    Wait {
        #[arg(value_enum)]
        kind: Kind,
        /// Name or id
        #[arg(value_name = "NAME|ID")]
        resource: String,
        /// What to wait for: ready, applied, deleted, complete or condition=TYPE[=True|False|Unknown]
        #[arg(long = "for", value_name = "STATE")]
        condition: Condition,
        /// How long to wait, such as 90s, 10m or 1h
        #[arg(long, value_parser = duration)]
        timeout: Option<Duration>,
    },
    /// Print one line per change until interrupted
    Watch {
        /// Watch one kind only
        #[arg(value_enum)]
        kind: Option<Kind>,
    },
    /// Show a live dashboard
    Top,
    /// Show what apply would change
    Diff {
        #[command(flatten)]
        manifests: ManifestArgs,
    },
    /// Create and update resources as manifests describe them
    #[command(after_help = "\
Examples:
  cwinf apply -f chat.yaml --wait
  cwinf apply -f manifests/ --prune --yes
  cwinf export > account.yaml")]
    Apply {
        #[command(flatten)]
        manifests: ManifestArgs,
        /// Do not ask for confirmation
        #[arg(short, long)]
        yes: bool,
        /// How many changes to make at the same time at most; the service's rate limit lowers it
        #[arg(long, value_name = "NUMBER", default_value = "20", value_parser = clap::value_parser!(u16).range(1..))]
        parallelism: u16,
        #[command(flatten)]
        wait: WaitArgs,
        /// Fail as soon as a resource is in STATUS_ERROR, from which it may recover
        #[arg(long, requires = "wait")]
        fail_on_error: bool,
    },
    /// Print the account as manifests
    #[command(after_help = "\
Examples:
  cwinf export > account.yaml
  cwinf export deployments llama
  cwinf export --dir manifests")]
    Export {
        /// Export one kind only
        #[arg(value_enum)]
        kind: Option<ParametersKind>,
        /// Names or ids; by default all
        #[arg(value_name = "NAME|ID")]
        resources: Vec<String>,
        /// Write one file per resource to this folder, such as deployments/llama.yaml
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
        /// Overwrite files that differ
        #[arg(long, requires = "dir")]
        overwrite: bool,
    },
    /// Show or set the traffic weights of a model's deployments
    #[command(after_help = "\
Examples:
  cwinf traffic llama-3
  cwinf traffic llama-3 llama=90 llama-canary=10")]
    Traffic {
        /// Name of the model
        model: String,
        /// New weights, from 0 to 1000
        #[arg(value_name = "NAME=WEIGHT", value_parser = weight)]
        weights: Vec<(String, u32)>,
    },
    /// Send a raw request
    #[command(after_help = "\
Examples:
  cwinf api GET /v1alpha1/inference/gateways
  cwinf api POST /v1alpha1/inference/hotLoads -d @hot-load.json")]
    Api {
        /// HTTP method
        method: String,
        /// Path, with its query
        path: String,
        /// JSON body; @FILE reads it from a file, @- from standard input
        #[arg(short, long, value_name = "BODY")]
        data: Option<String>,
    },
    /// Print a completion script for a shell
    Completion {
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write the manual pages to a folder
    Man {
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// What can be done with gateways, deployments and capacity claims.
#[derive(Debug, Subcommand)]
pub(crate) enum ResourceCommand {
    /// List all
    #[command(visible_alias = "ls")]
    List,
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
  cwinf deployments update llama --set autoscaling.priority=null")]
    Update {
        /// Name or id
        #[arg(value_name = "NAME|ID")]
        resource: String,
        /// Member and value; null clears the member
        #[arg(long, value_name = "PATH=VALUE", required = true)]
        set: Vec<String>,
        #[command(flatten)]
        wait: WaitArgs,
    },
    /// Delete one
    #[command(visible_alias = "rm")]
    Delete {
        /// Name or id
        #[arg(value_name = "NAME|ID")]
        resource: String,
        /// Succeed if there is no such resource
        #[arg(long)]
        ignore_not_found: bool,
        #[command(flatten)]
        wait: WaitArgs,
    },
}

/// What can be done with hot-loads.
#[derive(Debug, Subcommand)]
pub(crate) enum HotLoadCommand {
    /// List all, newest first
    #[command(visible_alias = "ls")]
    List {
        /// Only those of this deployment, given by name or id
        #[arg(long, value_name = "NAME|ID")]
        deployment: Option<String>,
        /// List at most this many
        #[arg(long, value_name = "NUMBER")]
        limit: Option<usize>,
    },
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
  cwinf hot-loads create --deployment llama --identity step-110 --previous step-100
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

#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub(crate) struct WaitArgs {
    /// Wait for the result
    #[arg(long)]
    pub(crate) wait: bool,
    /// How long to wait, such as 90s, 10m or 1h
    #[arg(long, requires = "wait", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ManifestArgs {
    /// Manifest, or folder with manifests and subfolders; - for standard input; may be repeated
    #[arg(short, long = "file", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Delete resources that the manifests do not mention
    #[arg(long)]
    pub(crate) prune: bool,
    /// Delete and recreate resources that an update cannot change
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ParametersKind {
    #[value(alias = "gateway")]
    Gateways,
    #[value(alias = "deployment")]
    Deployments,
    #[value(alias = "claim")]
    Claims,
}

fn duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.strip_prefix(number).unwrap_or_default() {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("use a number with ms, s, m or h, such as 90s".to_owned()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "use a number with ms, s, m or h, such as 90s")?;
    Duration::try_from_secs_f64(number * unit).map_err(|error| error.to_string())
}

/// The time between two polls, which must not keep the service busy.
fn interval(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        interval if interval < Duration::from_millis(1) => Err("must be at least 1ms".to_owned()),
        interval => Ok(interval),
    }
}

fn weight(text: &str) -> Result<(String, u32), String> {
    let (name, weight) = text
        .rsplit_once('=')
        .ok_or("use NAME=WEIGHT, such as llama=90")?;
    let weight = weight
        .parse()
        .map_err(|error| format!("{weight}: {error}"))?;
    Ok((name.to_owned(), weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn durations_have_units() {
        for (text, millis) in [
            ("90s", 90_000),
            ("90", 90_000),
            ("1.5m", 90_000),
            ("2h", 7_200_000),
            ("50ms", 50),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "5d", "-1s", "1 s", "1s5"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
