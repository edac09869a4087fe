//! What the benches have in common: a server that answers with canned bytes, and three ways to ask it.

pub(crate) mod by_hand;
pub(crate) mod decoding;
pub(crate) mod replies;
pub(crate) mod server;
pub(crate) mod ways;

use std::error::Error;
use std::future::Future;

use coreweave_inference::raw::types;

/// What goes wrong in a bench ends it.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A way of using the API.
pub(crate) trait Way: Sized {
    const NAME: &'static str;

    /// A client of the API under this URL.
    fn new(base: &str) -> Outcome<Self>;

    /// Reads a gateway.
    fn get(&self) -> impl Future<Output = Outcome<types::Gateway>>;

    /// Creates a gateway.
    fn create(&self) -> impl Future<Output = Outcome<types::Gateway>>;

    /// Lists the deployments; how many there are.
    fn list(&self) -> impl Future<Output = Outcome<usize>>;

    /// Reads a gateway that doesn't exist, and understands why not.
    fn refused(&self) -> impl Future<Output = Outcome<String>>;
}

/// What is asked for in one measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Get,
    /// The same, from a server that takes its time, as every real one does.
    GetFromAfar,
    Create,
    /// A list of 100 deployments.
    List,
    /// The answer is an error.
    Refused,
    /// The first answer is a 503, the second one is good.
    Retry,
    /// Reads at the same time.
    Together(usize),
}

impl Task {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Get,
        Self::GetFromAfar,
        Self::Create,
        Self::List,
        Self::Refused,
        Self::Retry,
        Self::Together(16),
        Self::Together(256),
    ];

    pub(crate) fn name(self) -> String {
        match self {
            Self::Get => "get".to_owned(),
            Self::GetFromAfar => "get, 2 ms away".to_owned(),
            Self::Create => "create".to_owned(),
            Self::List => "list of 100".to_owned(),
            Self::Refused => "get, refused".to_owned(),
            Self::Retry => "get, one retry".to_owned(),
            Self::Together(count) => format!("{count} gets at once"),
        }
    }

    /// The base URL that makes the server behave as the task needs it.
    pub(crate) fn base(self, server: &str) -> String {
        match self {
            Self::Retry => format!("{server}{}", server::FLAKY),
            Self::GetFromAfar => format!("{server}{}", server::FAR),
            _ => server.to_owned(),
        }
    }

    pub(crate) async fn run<W: Way>(self, way: &W) -> Outcome<()> {
        match self {
            Self::Get | Self::GetFromAfar | Self::Retry => {
                std::hint::black_box(way.get().await?);
            }
            Self::Create => {
                std::hint::black_box(way.create().await?);
            }
            Self::List => {
                std::hint::black_box(way.list().await?);
            }
            Self::Refused => {
                std::hint::black_box(way.refused().await?);
            }
            Self::Together(count) => {
                futures_util::future::try_join_all((0..count).map(|_| way.get())).await?;
            }
        }
        Ok(())
    }
}

/// A runtime of one thread, so that a measurement holds the client's work and nothing of the server's.
pub(crate) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}
