//! Lists that are not paged.

use chrono::{DateTime, Utc};

use super::context::CallContext;
use super::request::{BoxFuture, await_sends};
use crate::client::Client;
use crate::error::Error;
use crate::resource::Resource;
use crate::resource::kind::Managed;
use crate::retry::CallOptions;

/// A request for all resources of a kind, as returned by [`Api::list`](crate::Api::list).
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
/// let gateways = client.gateways().list().updated_after(yesterday).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
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

await_sends!([K: Managed] List<K>, Vec<Resource<K>>, 'static);
