//! Values of the account.

use std::sync::OnceLock;
use std::time::Duration;

use coreweave_inference::Error;

use super::cache;
use crate::args::Account;
use crate::backend;
use crate::kind::Kind;
use crate::output::{Format, Output};
use crate::session::Session;

/// How long a shell waits for completion at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// Values that the service has to be asked for.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) enum Lookup {
    Names(Kind),
    Models,
    Zones,
    Engines,
    InstanceTypes,
}

impl Lookup {
    /// The values of a member.
    pub(super) fn of_member(path: &str) -> Option<Self> {
        match path {
            "zones" | "resources.zones" => Some(Lookup::Zones),
            "gateways" => Some(Lookup::Names(Kind::Gateways)),
            "runtime.engine" => Some(Lookup::Engines),
            "resources.instanceType" | "resources.instanceId" => Some(Lookup::InstanceTypes),
            _ => None,
        }
    }

    /// The values, those of a moment ago if there are any; none if the service does not say.
    pub(super) fn values(self) -> Vec<String> {
        let account = account();
        if account.demo {
            return self.ask(&account).unwrap_or_default();
        }
        cache::get_or(
            &(self, account.context.as_ref(), account.base_url.as_ref()),
            || self.ask(&account),
        )
    }

    fn ask(self, account: &Account) -> Option<Vec<String>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .ok()?;
        let asked = runtime.block_on(async {
            let output = Output {
                format: Format::Name,
            };
            let ask = async {
                let session = Session::open(account, output, None).await.ok()?;
                self.fetch(&session).await.ok()
            };
            tokio::time::timeout(PATIENCE, ask).await.ok().flatten()
        });
        runtime.shutdown_background();
        asked.map(|mut values| {
            values.sort();
            values.dedup();
            values
        })
    }

    async fn fetch(self, session: &Session) -> Result<Vec<String>, Error> {
        let client = &session.client;
        let list = |kind| backend::list(client, kind, None, usize::MAX);
        Ok(match self {
            Lookup::Names(kind) => list(kind)
                .await?
                .into_iter()
                .map(|view| view.name)
                .collect(),
            Lookup::Models => {
                let deployments = list(Kind::Deployments).await?;
                let models = deployments.iter().filter_map(|view| view.model());
                models.map(str::to_owned).collect()
            }
            Lookup::Zones => client.gateways().parameters().await?.zones().to_vec(),
            Lookup::Engines => {
                let parameters = client.deployments().parameters().await?;
                parameters
                    .engines()
                    .into_iter()
                    .map(str::to_owned)
                    .collect()
            }
            Lookup::InstanceTypes => {
                let parameters = client.capacity_claims().parameters().await?;
                let types = parameters
                    .zones()
                    .into_iter()
                    .flat_map(|zone| parameters.instance_types(zone));
                types.cloned().collect()
            }
        })
    }
}

/// The words of a shell that separates them in another way.
static WORDS: OnceLock<Vec<String>> = OnceLock::new();

pub(super) fn set_words(words: &[String]) {
    let _ = WORDS.set(words.to_vec());
}

/// The words that are being completed, without the program.
pub(super) fn words() -> impl Iterator<Item = String> {
    let words = WORDS.get_or_init(|| {
        let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
        words
            .map(|word| word.to_string_lossy().into_owned())
            .collect()
    });
    words.iter().skip(1).cloned()
}

/// The account that the words name so far. They are not a complete command line yet.
fn account() -> Account {
    let words: Vec<_> = words().collect();
    let value = |option: &str| {
        let mut values = words.iter().enumerate().filter_map(|(index, word)| {
            match word.strip_prefix(option)? {
                "" => words.get(index + 1).map(String::as_str),
                rest => rest.strip_prefix('='),
            }
        });
        values.next().map(str::to_owned)
    };
    Account {
        context: value("--context"),
        base_url: value("--base-url"),
        allow_plain_http: words.iter().any(|word| word == "--allow-plain-http"),
        demo: words.iter().any(|word| word == "--demo"),
    }
}
