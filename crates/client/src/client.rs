//! The client.

use std::sync::Arc;

use crate::call::{CallInfo, CallOptions};
use crate::error::{Error, ErrorKind};
use crate::raw;

/// A client of the CoreWeave Inference API.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    raw: raw::Client,
}

impl Client {
    /// The generated client, with the same token, retries and limits.
    pub fn raw(&self) -> &raw::Client {
        &self.0.raw
    }

    /// Runs one generated method on a raw client that is bound to this call.
    pub(crate) async fn call<T, F, Fut>(&self, call: CallInfo<'_>, _options: &CallOptions, f: F) -> Result<T, Error>
    where
        F: FnOnce(raw::Client) -> Fut,
        Fut: Future<Output = Result<raw::ResponseValue<T>, raw::Error<()>>>,
    {
        match f(self.0.raw.clone()).await {
            Ok(value) => Ok(value.into_inner()),
            Err(_) => Err(Error::new(ErrorKind::Api, "").during(call)),
        }
    }
}
