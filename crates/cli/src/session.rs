//! What every command works with.

use std::time::Duration;

use chrono::{DateTime, Utc};
use coreweave_inference::{Backoff, Client, ClientBuilder};

use crate::args::Args;
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
}

impl Session {
    pub(crate) async fn open(args: &Args) -> Result<Self, Failure> {
        let mut demo = None;
        let mut builder = match args.demo {
            true => demo.insert(Demo::start().await?).client_builder(),
            false => ClientBuilder::from_env()?,
        };
        if let Some(url) = &args.base_url {
            builder = builder.base_url(url);
        }
        if let Some(interval) = args.interval {
            builder = builder.poll_backoff(Backoff::constant(interval));
        }
        builder = builder.user_agent_suffix(concat!("cwinf/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            client: builder.build()?,
            output: Output {
                format: args.output,
            },
            interval: args.interval,
            demo,
        })
    }

    /// The current time; in the demo, that of the fake, which runs faster.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.demo.as_ref().map_or_else(Utc::now, Demo::now)
    }

    /// Where the resources are, in a few words.
    pub(crate) fn place(&self) -> &str {
        match self.demo {
            Some(_) => "demo account",
            None => self.client.base_url(),
        }
    }
}
