//! Lists that are paged.

use std::collections::HashSet;
use std::future::Future;

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use tokio::time::Instant;

use super::context::CallContext;
use super::page::Page;
use super::request::{BoxFuture, await_sends};
use crate::error::{Error, ErrorKind};
use crate::raw::Operation;
use crate::retry::CallOptions;

/// An item of a paged list.
pub trait PagedItem: Sized + Send + 'static {
    #[doc(hidden)]
    const LIST: &'static Operation;
    /// Fetches one page of the items below a parent.
    #[doc(hidden)]
    fn fetch(
        context: &CallContext,
        parent: Option<&str>,
        size: Option<i32>,
        token: Option<&str>,
    ) -> impl Future<Output = Result<Page<Self>, Error>> + Send;
}

/// A paged list: `.await` collects all items, [`stream`](Self::stream) yields them, [`pages`](Self::pages) yields pages.
///
/// Pages are fetched as they are needed. The deadline covers the requests for all pages, not the time between them.
///
/// ```no_run
/// use futures_util::TryStreamExt;
///
/// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
/// # -> Result<(), coreweave_inference::Error> {
/// let mut loads = client.hot_loads().list().deployment(id).stream();
/// while let Some(load) = loads.try_next().await? {
///     println!("{load}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until the list is awaited or streamed"]
pub struct Paginator<T> {
    context: CallContext,
    /// The id of the parent, or the error of an invalid one.
    pub(crate) parent: Result<Option<String>, Error>,
    size: Option<u32>,
    token: Option<String>,
    item: std::marker::PhantomData<fn() -> T>,
}

impl<T: PagedItem> Paginator<T> {
    pub(crate) fn new(context: CallContext, parent: Result<Option<String>, Error>) -> Self {
        Self {
            context,
            parent,
            size: None,
            token: None,
            item: std::marker::PhantomData,
        }
    }

    /// The number of items per page: 50 by default, 1000 at most.
    pub fn page_size(mut self, items: u32) -> Self {
        self.size = Some(items);
        self
    }

    /// Starts at the page of this token, which belongs to the same query.
    pub fn page_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Overrides the client's timeouts and retries for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.context.options = options;
        self
    }

    /// Collects all items when the returned future is polled. The same as `.await`.
    pub fn send(self) -> BoxFuture<'static, Result<Vec<T>, Error>> {
        Box::pin(self.stream().try_collect())
    }

    /// A stream of the items. The first error ends it.
    pub fn stream(self) -> BoxStream<'static, Result<T, Error>> {
        self.pages()
            .map_ok(|page| stream::iter(page.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }

    /// A stream of the pages. The first error ends it; a page token that the server repeats is such an error.
    pub fn pages(self) -> BoxStream<'static, Result<Page<T>, Error>> {
        let walk = Walk {
            seen: self.token.iter().cloned().collect(),
            list: self,
            idle_since: None,
            repeated: false,
        };
        stream::try_unfold(Some(walk), |walk| async move {
            match walk {
                Some(walk) => walk.next().await.map(Some),
                None => Ok(None),
            }
        })
        .boxed()
    }
}

await_sends!([T: PagedItem] Paginator<T>, Vec<T>, 'static);

/// A walk over the pages.
struct Walk<T> {
    list: Paginator<T>,
    seen: HashSet<String>,
    /// When the previous page was returned.
    idle_since: Option<Instant>,
    repeated: bool,
}

impl<T: PagedItem> Walk<T> {
    /// The next page, and the rest of the walk.
    async fn next(mut self) -> Result<(Page<T>, Option<Self>), Error> {
        let list = &mut self.list;
        if self.repeated {
            let message = "the server repeated a page token";
            let error = Error::new(ErrorKind::Protocol, message);
            return Err(error.with_operation(T::LIST));
        }
        let parent = std::mem::replace(&mut list.parent, Ok(None))?;
        let size = list
            .size
            .map(|size| i32::try_from(size).unwrap_or(i32::MAX));
        list.context = match self.idle_since {
            None => list.context.start(),
            Some(idle_since) => list.context.after_idling(idle_since.elapsed()),
        };
        let page = T::fetch(
            &list.context,
            parent.as_deref(),
            size,
            list.token.as_deref(),
        )
        .await?;
        self.idle_since = Some(Instant::now());
        list.parent = Ok(parent);
        list.token = page.next_page_token.clone();
        let rest = match &list.token {
            Some(token) => {
                self.repeated = !self.seen.insert(token.clone());
                Some(self)
            }
            None => None,
        };
        Ok((page, rest))
    }
}

#[cfg(test)]
mod tests;
