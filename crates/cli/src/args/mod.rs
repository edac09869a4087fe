//! The command line.

mod hot_load;
mod list;
#[cfg(test)]
mod reference;
mod resource;
mod value;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;

use crate::condition::Condition;
use crate::kind::{Kind, ParametersKind};
use crate::output::Format;

pub(crate) use hot_load::HotLoadCommand;
pub(crate) use list::{DeploymentFilter, HotLoadFilter, ListArgs, NoFilter};
pub(crate) use resource::ResourceCommand;
pub(crate) use value::{Share, duration};
use value::{interval, kind, member, share};

const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    diff: there are differences
  2    usage, an invalid manifest, or no token
  3    refused by the service
  4    not found
  5    timed out
  6    failed for good
  7    could not reach the service
  130  interrupted by Ctrl-C
  143  by SIGTERM

Environment:
  COREWEAVE_API_TOKEN     API access token, else CW_API_TOKEN
  COREWEAVE_API_ENDPOINT  base URL, else COREWEAVE_API_URL or CW_BASE_URL
  COREWEAVE_SERVICE_ACCOUNT_UID
                          without a token: service account whose token is exchanged for the OIDC token in
                          COREWEAVE_OIDC_TOKEN_FILE, a file, or in COREWEAVE_OIDC_TOKEN
  COREWEAVE_HTTP_TIMEOUT  time limit of a request, such as 30s
  CWINF_CONTEXT           context to use, as --context
  CWINF_CONFIG            file with contexts, instead of ~/.config/cwinf/config.yaml
  HTTPS_PROXY             proxy for https, else ALL_PROXY, such as http://proxy:3128 or socks5h://proxy:1080;
                          http to this machine uses none
  NO_PROXY                hosts, domains, addresses and ranges without a proxy, separated by commas; * for all names
  SSL_CERT_FILE           file with the certificates to trust, instead of the system's; SSL_CERT_DIR for a folder
  NO_COLOR                disables colors";

/// The heading of the options of every command.
const GLOBAL: &str = "Global options";

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
        value_name = "FORMAT",
        help_heading = GLOBAL
    )]
    pub(crate) output: Format,
    #[command(flatten)]
    pub(crate) account: Account,
    /// How often to poll while waiting or watching, such as 2s
    #[arg(long, global = true, value_name = "TIME", value_parser = interval, help_heading = GLOBAL)]
    pub(crate) interval: Option<Duration>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the resources are.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = GLOBAL)]
pub(crate) struct Account {
    /// Context to use, instead of the chosen one and the environment
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "demo")]
    pub(crate) context: Option<String>,
    /// Base URL of the API, instead of that of the context or the environment
    #[arg(long, global = true, value_name = "URL", conflicts_with = "demo")]
    pub(crate) base_url: Option<String>,
    /// Allow plain http to other machines, which exposes the token
    #[arg(long, global = true)]
    pub(crate) allow_plain_http: bool,
    /// Use an embedded fake service with a seeded account; needs no token
    #[arg(long, global = true)]
    pub(crate) demo: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Manage gateways
    #[command(subcommand, visible_alias = "gw", alias = "gateway")]
    Gateways(ResourceCommand<NoFilter>),
    /// Manage deployments
    #[command(subcommand, visible_alias = "deploy", alias = "deployment")]
    Deployments(ResourceCommand<DeploymentFilter>),
    /// Manage capacity claims
    #[command(subcommand, aliases = ["claim", "capacity-claims"])]
    Claims(ResourceCommand<NoFilter>),
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
  cwinf traffic llama-3 llama=900 llama-canary=100 --wait
  cwinf traffic llama-3 llama=90% llama-canary=10%")]
    Traffic {
        /// Name of the model
        model: String,
        /// New weights, from 0 to 1000, or percentages that add up to 100%
        #[arg(value_name = "NAME=WEIGHT|PERCENT%", value_parser = share)]
        shares: Vec<(String, Share)>,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        wait: WaitArgs,
    },
    /// Explain what a manifest may hold
    #[command(after_help = "\
Examples:
  cwinf explain deployment
  cwinf explain deployment.autoscaling
  cwinf explain gateway --recursive")]
    Explain {
        /// Kind, and the path of a member
        #[arg(value_name = "KIND[.PATH]", value_parser = member)]
        target: (Kind, String),
        /// Show members of members too, without descriptions
        #[arg(short, long)]
        recursive: bool,
    },
    /// Print the JSON Schema of manifests, for editors
    Schema,
    /// Print a manifest to start from, with every member described
    New {
        /// Kind
        #[arg(value_parser = kind)]
        kind: Kind,
    },
    /// Send one message to a model through a gateway, and print the answer as it comes
    #[command(after_help = "\
Examples:
  cwinf chat chat --model llama-3 'Say hello'
  echo 'Say hello' | cwinf chat chat --model llama-3 -

The token is sent to the gateway; for Weights & Biases authentication, the key in WANDB_API_KEY.")]
    Chat {
        /// Name or id of the gateway
        #[arg(value_name = "GATEWAY")]
        gateway: String,
        /// Name of the model
        #[arg(short, long, value_name = "NAME")]
        model: String,
        /// Message; - reads it from standard input
        text: String,
        /// Instructions that go before the message
        #[arg(long, value_name = "TEXT")]
        system: Option<String>,
        /// Longest answer, in tokens
        #[arg(long, value_name = "NUMBER")]
        max_tokens: Option<u32>,
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
    /// Name the accounts to work with
    #[command(subcommand, visible_alias = "ctx", alias = "contexts")]
    Context(ContextCommand),
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

/// What can be done with contexts.
#[derive(Debug, Subcommand)]
pub(crate) enum ContextCommand {
    /// List all
    #[command(visible_alias = "ls")]
    List,
    /// Use one from now on, where no token is in the environment
    Use {
        /// Name of the context
        #[arg(required_unless_present = "none")]
        name: Option<String>,
        /// Use the environment again
        #[arg(long, conflicts_with = "name")]
        none: bool,
    },
    /// Show where the account and its token are
    Show {
        /// Name of the context; by default that in use
        name: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
