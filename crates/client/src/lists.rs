//! Listings that come whole.

use std::fmt;
use std::future::IntoFuture;

use chrono::{DateTime, Utc};

use crate::client::Client;
use crate::error::Error;
use crate::request::{BoxFuture, Sender};
use crate::resource::Resource;
use crate::resource::kind::Managed;
use crate::transport::CallOptions;

/// A listing of gateways, deployments or capacity claims: `.await` fetches it, whole.
///
/// ```no_run
/// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
/// for gateway in client.gateways().list().updated_after(yesterday).await? {
///     println!("{} {} {}", gateway.id(), gateway.name(), gateway.status());
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until the listing is awaited"]
pub struct List<K: Managed> {
    sender: Sender,
    pub(crate) filter: K::Filter,
    updated_after: Option<DateTime<Utc>>,
}

impl<K: Managed> List<K> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            sender: Sender::new(client),
            filter: K::Filter::default(),
            updated_after: None,
        }
    }

    /// Only what changed after this time.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let midnight = "2026-01-02T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    /// let changed = client.capacity_claims().list().updated_after(midnight).await?;
    /// # let _ = changed; Ok(()) }
    /// ```
    pub fn updated_after(mut self, time: impl Into<DateTime<Utc>>) -> Self {
        self.updated_after = Some(time.into());
        self
    }

    /// Sets what this call does differently from its client.
    ///
    /// ```no_run
    /// # use coreweave_inference::CallOptions;
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let gateways = client.gateways().list().options(CallOptions::new().no_retries()).await?;
    /// # let _ = gateways; Ok(()) }
    /// ```
    pub fn options(mut self, options: CallOptions) -> Self {
        self.sender.options = options;
        self
    }
}

impl<K: Managed> IntoFuture for List<K> {
    type Output = Result<Vec<Resource<K>>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { fetch(&self.sender, &self.filter, self.updated_after).await })
    }
}

impl<K: Managed> fmt::Debug for List<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("filter", &self.filter)
            .field("updated_after", &self.updated_after)
            .finish_non_exhaustive()
    }
}

/// Fetches a listing once.
pub(crate) async fn fetch<K: Managed>(
    sender: &Sender,
    filter: &K::Filter,
    updated_after: Option<DateTime<Utc>>,
) -> Result<Vec<Resource<K>>, Error> {
    let reply = K::list(sender, filter, updated_after).await?;
    Resource::from_listing(K::LIFE.list, reply)
}
