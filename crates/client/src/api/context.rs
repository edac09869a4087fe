//! What the requests of one call share, and how their responses become resources.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use super::page::Page;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::raw::{self, Operation, Response};
use crate::resource::kind::{Items, Kind, Managed, RawResult};
use crate::resource::{Id, Resource};
use crate::retry::CallOptions;

/// What the requests of one call share: the client and the options.
#[derive(Clone, Debug)]
pub struct CallContext {
    pub(crate) client: Client,
    pub(crate) options: CallOptions,
}

impl CallContext {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            options: CallOptions::new(),
        }
    }

    /// A call of several requests, which share one deadline that starts now.
    pub(crate) fn start(&self) -> Self {
        Self {
            client: self.client.clone(),
            options: self.options.clone().start(self.client.call_timeout()),
        }
    }

    /// The same call, after a time that does not count.
    pub(crate) fn after_idling(&self, time: Duration) -> Self {
        Self {
            client: self.client.clone(),
            options: self.options.clone().extend(time),
        }
    }

    /// The same call, with requests that are not retried.
    pub(crate) fn without_retries(&self) -> Self {
        Self {
            client: self.client.clone(),
            options: self.options.clone().no_retries(),
        }
    }

    /// Runs one generated method on a raw client that is bound to this call. `id` is the resource that it is about.
    pub(crate) async fn send<T, F, Fut>(
        &self,
        id: Option<&str>,
        method: F,
    ) -> Result<Response<T>, Error>
    where
        F: FnOnce(raw::Client) -> Fut + Send,
        Fut: Future<Output = RawResult<T>> + Send,
        T: Send,
    {
        self.client.call(id, &self.options, method).await
    }

    /// Runs a generated method and takes the resource out of its response.
    pub(crate) async fn resource<K: Kind, F, Fut>(
        &self,
        operation: &'static Operation,
        id: &str,
        method: F,
    ) -> Result<Resource<K>, Error>
    where
        F: FnOnce(raw::Client) -> Fut + Send,
        Fut: Future<Output = RawResult<Option<K::Raw>>> + Send,
    {
        let (raw, response) = self.send(Some(id), method).await?.into_parts();
        raw.ok_or_else(|| {
            let message = format!("the response has no `{}`", K::MEMBER);
            Error::new(ErrorKind::Protocol, message)
        })
        .and_then(Resource::from_raw)
        .map_err(|error| {
            error
                .with_operation(operation)
                .with_resource_id(id)
                .with_response(response.map(|()| Bytes::new()))
        })
    }

    pub(crate) async fn get<K: Kind>(&self, id: &Id<K>) -> Result<Resource<K>, Error> {
        let id = id.for_path(K::GET)?;
        self.resource(K::GET, id, |client| K::get(client, id)).await
    }

    pub(crate) async fn delete<K: Managed>(&self, id: &Id<K>) -> Result<Resource<K>, Error> {
        let id = id.for_path(K::DELETE)?;
        self.resource(K::DELETE, id, |client| K::delete(client, id))
            .await
    }

    /// Fetches a list that is not paged.
    pub(crate) async fn list<K: Managed>(
        &self,
        params: &K::Params,
    ) -> Result<Vec<Resource<K>>, Error> {
        K::check_params(params)?;
        let call = |client| K::list(client, params);
        let page = self.page(K::LIST, None, call, Resource::from_raw).await?;
        Ok(page.items)
    }

    /// Runs a generated list method and converts the items of its response.
    ///
    /// An empty list beside unknown members is an error: the list may have been renamed, and must not be taken for the
    /// deletion of everything.
    pub(crate) async fn page<T, U, F, Fut>(
        &self,
        operation: &'static Operation,
        id: Option<&str>,
        method: F,
        convert: impl Fn(T) -> Result<U, Error>,
    ) -> Result<Page<U>, Error>
    where
        T: Send,
        F: FnOnce(raw::Client) -> Fut + Send,
        Fut: Future<Output = RawResult<Items<T>>> + Send,
    {
        let (body, response) = self.send(id, method).await?.into_parts();
        let explain = |error: Error| {
            let response = response.clone().map(|()| Bytes::new());
            let error = error.with_operation(operation).with_response(response);
            match id {
                Some(id) => error.with_resource_id(id),
                None => error,
            }
        };
        if let (true, Some(member)) = (body.items.is_empty(), body.unknown.keys().next()) {
            let message = format!("the response has no items, but an unknown member `{member}`");
            return Err(explain(Error::new(ErrorKind::Decode, message)));
        }
        // Collecting results would lose the size, and move everything each time the vector grows.
        let mut items = Vec::with_capacity(body.items.len());
        for item in body.items {
            items.push(convert(item).map_err(explain)?);
        }
        Ok(Page::new(items, body.next_page_token))
    }
}
