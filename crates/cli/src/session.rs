//! What every command works with.

use std::time::Duration;

use chrono::{DateTime, Utc};
use coreweave_inference::{Backoff, Client, ClientBuilder, Token};

use crate::args::Account;
use crate::context::{self, Context, Credential};
use crate::demo::Demo;
use crate::failure::Failure;
use crate::output::Output;

/// The client, the output and the time.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) output: Output,
    /// How often to poll, if the user says.
    pub(crate) interval: Option<Duration>,
    demo: Option<Demo>,
    /// The context in use.
    context: Option<Context>,
}

impl Session {
    pub(crate) async fn open(
        account: &Account,
        output: Output,
        interval: Option<Duration>,
    ) -> Result<Self, Failure> {
        let mut demo = None;
        let mut context = None;
        let mut builder = match account.demo {
            true => demo.insert(Demo::start().await?).client_builder(),
            false => match context::in_use(account.context.as_deref())? {
                Some(used) => builder_of(context.insert(used))?,
                None => ClientBuilder::from_env().map_err(context::suggest_one)?,
            },
        };
        if let Some(url) = &account.base_url {
            builder = builder.base_url(url);
        }
        if account.allow_plain_http {
            builder = builder.allow_plain_http(true);
        }
        if let Some(interval) = interval {
            builder = builder.poll_backoff(Backoff::constant(interval));
        }
        builder = builder.user_agent_suffix(concat!("cwinf/", env!("CARGO_PKG_VERSION")));
        let source = match (&account.base_url, &context) {
            (None, Some(context)) => format!("`baseUrl` of the context {}", context.name),
            _ => "--base-url".to_owned(),
        };
        let client = builder
            .build()
            .map_err(|error| Failure::from(error).naming("the base URL", &source))?;
        Ok(Self {
            client,
            output,
            interval,
            demo,
            context,
        })
    }

    /// The current time; in the demo, that of the fake, which runs faster.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.demo.as_ref().map_or_else(Utc::now, Demo::now)
    }

    /// Says where a token that the service refuses is from, if it is not from the environment.
    pub(crate) fn name_token(&self, failure: Failure) -> Failure {
        let Some(context) = &self.context else {
            return failure;
        };
        let [first, second] = Token::VARIABLES;
        failure.replacing(
            &format!("set {first} (or {second}) to a valid API access token"),
            &format!(
                "check the token of the context {}: {}",
                context.name, context.credential
            ),
        )
    }

    /// Where the resources are, in a few words.
    pub(crate) fn place(&self) -> String {
        match (&self.demo, &self.context) {
            (Some(_), _) => "demo account".to_owned(),
            (None, Some(context)) => format!("{} ({})", context.name, self.client.base_url()),
            (None, None) => self.client.base_url().to_owned(),
        }
    }
}

fn builder_of(context: &Context) -> Result<ClientBuilder, Failure> {
    let builder = Client::builder().allow_plain_http(context.allow_plain_http);
    let mut builder = match &context.credential {
        Credential::Token(source) => {
            let provider = source
                .provider()
                .map_err(|failure| failure.within(format_args!("context {}", context.name)))?;
            builder.token_provider(provider)
        }
        Credential::WorkloadIdentity {
            service_account_uid,
            token,
        } => builder.oidc_token(service_account_uid, token.clone()),
    };
    if let Some(url) = &context.base_url {
        builder = builder.base_url(url);
    }
    if let Some(timeout) = context::timeout()? {
        builder = builder.attempt_timeout(timeout);
    }
    Ok(builder)
}
