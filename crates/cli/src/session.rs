//! What every command works with.

use chrono::{DateTime, Utc};
use coreweave_inference::{Client, ClientBuilder};

use crate::args::Args;
use crate::demo::Demo;
use crate::failure::Failure;
use crate::output::Output;

/// The client, the output and the time.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) output: Output,
    demo: Option<Demo>,
}

impl Session {
    pub(crate) async fn open(args: &Args) -> Result<Self, Failure> {
        let output = Output {
            format: args.output,
        };
        if args.demo {
            let demo = Demo::start().await?;
            return Ok(Self {
                client: demo.client()?,
                output,
                demo: Some(demo),
            });
        }
        let mut builder = ClientBuilder::from_env()?;
        if let Some(url) = &args.base_url {
            builder = builder.base_url(url);
        }
        let client = builder
            .user_agent_suffix(concat!("cwinf/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            output,
            demo: None,
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
