//! Lists that are not paged.

use std::fmt;
use std::future::IntoFuture;

use chrono::{DateTime, Utc};

use super::request::{BoxFuture, CallContext};
use crate::client::Client;
use crate::error::Error;
use crate::resource::Resource;
use crate::resource::kind::Managed;
use crate::transport::CallOptions;

/// A request for all resources of a kind, as returned by [`Api::list`](crate::Api::list).
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
/// let gateways = client.gateways().list().updated_after(yesterday).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the list is awaited"]
pub struct List<K: Managed> {
    context: CallContext,
    pub(crate) params: K::Params,
}

impl<K: Managed> List<K> {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            context: CallContext::new(client),
            params: K::Params::default(),
        }
    }

    /// Only resources that changed after this time. Deletions do not show in such a list.
    pub fn updated_after(mut self, time: impl Into<DateTime<Utc>>) -> Self {
        K::set_updated_after(&mut self.params, Some(time.into()));
        self
    }

    /// Overrides the client's timeouts and retries for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Sends the request when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'static, Result<Vec<Resource<K>>, Error>> {
        Box::pin(async move { self.context.list(&self.params).await })
    }
}

impl<K: Managed> IntoFuture for List<K> {
    type Output = Result<Vec<Resource<K>>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

impl<K: Managed> fmt::Debug for List<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}
