//! What is measured.

use std::hint::black_box;

use crate::clients::{ApiClient, RawClient, Reqwest, Wrapper};
use crate::{Result, fixtures};

#[derive(Clone, Copy)]
pub(crate) enum Workload {
    Get,
    Create,
    /// A list of 100 deployments.
    List,
    /// A get of a gateway that does not exist, up to the decoded error.
    NotFound,
    /// A list of 10,000 deployments that is already in memory.
    Decode,
}

/// Runs a workload this many times.
pub(crate) type Run = Box<dyn FnMut(u32) -> Result<()>>;

impl Workload {
    pub(crate) const ALL: [Self; 5] = [
        Self::Get,
        Self::Create,
        Self::List,
        Self::NotFound,
        Self::Decode,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Create => "create",
            Self::List => "list 100 deployments",
            Self::NotFound => "get, 404",
            Self::Decode => "decode 10,000 deployments",
        }
    }

    pub(crate) fn from_name(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|workload| workload.name() == name)
            .ok_or_else(|| format!("there is no workload {name:?}").into())
    }

    /// Number of figures to take the median of.
    pub(crate) fn samples(self) -> u32 {
        match self {
            Self::Decode => 1,
            _ => 3,
        }
    }

    /// Number of runs for one figure: enough for a million instructions.
    pub(crate) fn repetitions(self) -> u32 {
        match self {
            Self::Get | Self::Create | Self::NotFound => 50,
            Self::List => 4,
            Self::Decode => 1,
        }
    }

    /// Prepares the workload for the client of this name: connected, and run twice.
    pub(crate) fn prepare(self, client: &str, url: &str) -> Result<Run> {
        match client {
            Reqwest::NAME => self.prepare_for::<Reqwest>(url),
            RawClient::NAME => self.prepare_for::<RawClient>(url),
            Wrapper::NAME => self.prepare_for::<Wrapper>(url),
            _ => Err(format!("there is no client {client:?}").into()),
        }
    }

    fn prepare_for<C: ApiClient + 'static>(self, url: &str) -> Result<Run> {
        if let Self::Decode = self {
            let body = fixtures::deployments(10_000);
            return Ok(Box::new(move |times| {
                (0..times).try_for_each(|_| {
                    black_box(C::decode(body.as_bytes())?);
                    Ok(())
                })
            }));
        }
        let client = C::new(url)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let run = move |times| (0..times).try_for_each(|_| runtime.block_on(self.call(&client)));
        run(2)?;
        Ok(Box::new(run))
    }

    async fn call<C: ApiClient>(self, client: &C) -> Result<()> {
        match self {
            Self::Get => drop(black_box(client.get().await?)),
            Self::Create => drop(black_box(client.create().await?)),
            Self::List => drop(black_box(client.list().await?)),
            Self::NotFound => drop(black_box(client.not_found().await?)),
            Self::Decode => {}
        }
        Ok(())
    }
}
