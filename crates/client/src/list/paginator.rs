use std::fmt;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::time::Instant;

use super::Page;
use crate::call::{Call, Context};
use crate::error::{Error, ErrorKind};
use crate::raw::{BoxFuture, Operation};
use crate::resource::{IntoId, InvalidId};
use crate::stream::ResultStream;

/// A paged list: `.await` collects all items, `.stream()` yields them, `.pages()` yields pages.
///
/// Pages are fetched as they are needed. The call timeout covers the requests for all pages, not the time between them.
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
/// # -> Result<(), coreweave_inference::Error> {
/// let mut loads = client.hot_loads().list().deployment(id).stream();
/// while let Some(load) = loads.try_next().await? {
///     println!("{load}");
/// }
/// # Ok(())
/// # }
/// ```
pub type Paginator<T> = Call<'static, Pages<T>, Vec<T>>;

/// What a paged list selects.
pub struct Pages<T> {
    request: PageRequest,
    operation: &'static Operation,
    fetch: Fetch<T>,
}

/// A request for one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageRequest {
    /// The id of what the items belong to, or the error of an id that is none.
    parent: Option<Result<String, InvalidId>>,
    pub(crate) size: Option<i32>,
    pub(crate) token: Option<String>,
}

impl PageRequest {
    /// Returns the id of what the items belong to.
    pub(crate) fn parent(&self, operation: &'static Operation) -> Result<Option<String>, Error> {
        let parent = self.parent.clone().transpose();
        parent.map_err(|invalid| invalid.refuse(operation))
    }
}

type Fetch<T> = for<'c> fn(&'c Context, &'c PageRequest) -> BoxFuture<'c, Result<Page<T>, Error>>;

/// Creates the list of what `fetch` fetches the pages of.
pub(crate) fn paginate<T: Send + 'static>(
    context: Context,
    operation: &'static Operation,
    fetch: Fetch<T>,
) -> Paginator<T> {
    let pages = Pages {
        request: PageRequest::default(),
        operation,
        fetch,
    };
    Call::new(context, pages, |context, pages| {
        Box::pin(async move {
            let mut walk = Walk::new(context, pages);
            let mut items = Vec::new();
            while let Some(page) = walk.next().await? {
                items.extend(page.items);
            }
            Ok(items)
        })
    })
}

impl<T: Send + 'static> Call<'static, Pages<T>, Vec<T>> {
    /// Sets the number of items per page: 50 by default, 1000 at most.
    pub fn page_size(mut self, items: u32) -> Self {
        self.body.request.size = Some(i32::try_from(items).unwrap_or(i32::MAX));
        self
    }

    /// Starts at the page of this token, which belongs to the same query.
    pub fn page_token(mut self, token: impl Into<String>) -> Self {
        self.body.request.token = Some(token.into());
        self
    }

    /// Selects items that belong to this resource.
    pub(crate) fn parent<R>(mut self, id: impl IntoId<R>) -> Self {
        self.body.request.parent = Some(id.into_id().map(String::from));
        self
    }

    /// Returns a stream of the items. The first error ends it.
    pub fn stream(self) -> ResultStream<'static, T> {
        let pages = self.pages().map_ok(|page| stream::iter(page.items).map(Ok));
        ResultStream::new(pages.try_flatten())
    }

    /// Returns a stream of the pages. The first error ends it; a page token that the server repeats is such an error.
    pub fn pages(self) -> ResultStream<'static, Page<T>> {
        let walk = Walk::new(self.context, self.body);
        ResultStream::new(stream::try_unfold(walk, |mut walk| async move {
            Ok(walk.next().await?.map(|page| (page, walk)))
        }))
    }
}

/// A walk over the pages.
struct Walk<T> {
    context: Context,
    pages: Pages<T>,
    /// The page tokens so far.
    seen: Vec<String>,
    /// When the previous page was returned.
    idle_since: Option<Instant>,
    /// Whether there are no more pages.
    has_ended: bool,
}

impl<T> Walk<T> {
    fn new(context: Context, pages: Pages<T>) -> Self {
        Self {
            context,
            pages,
            seen: Vec::new(),
            idle_since: None,
            has_ended: false,
        }
    }

    /// Returns the next page.
    async fn next(&mut self) -> Result<Option<Page<T>>, Error> {
        if self.has_ended {
            return Ok(None);
        }
        if let Some(token) = &self.pages.request.token {
            if self.seen.contains(token) {
                let message = "the server repeated a page token, so that the list would never end";
                let error = Error::new(ErrorKind::Protocol, message);
                return Err(error.with_operation(self.pages.operation));
            }
            self.seen.push(token.clone());
        }
        self.context = match self.idle_since {
            None => self.context.start(),
            Some(idle_since) => self.context.after_idling(idle_since.elapsed()),
        };
        let page = (self.pages.fetch)(&self.context, &self.pages.request).await?;
        self.idle_since = Some(Instant::now());
        self.pages.request.token = page.next_page_token.clone();
        self.has_ended = page.next_page_token.is_none();
        Ok(Some(page))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}
