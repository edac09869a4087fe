//! Listings that come in pages.

use std::collections::HashSet;
use std::fmt;
use std::future::{Future, IntoFuture};

use futures_core::Stream;
use futures_util::{TryStreamExt, stream};

use crate::client::Client;
use crate::error::Error;
use crate::raw::Operation;
use crate::request::{BoxFuture, Sender};
use crate::transport::CallOptions;

/// What a paged listing is of.
#[doc(hidden)]
pub trait Source: Clone + fmt::Debug + Send + Sync + 'static {
    type Item: Send + 'static;

    const OPERATION: &'static Operation;

    fn fetch(
        &self,
        sender: &Sender,
        size: Option<i32>,
        token: Option<&str>,
    ) -> impl Future<Output = Result<Page<Self::Item>, Error>> + Send;
}

/// A listing that comes in pages: of hot-loads, or of a hot-load's replicas.
///
/// [`stream`](Self::stream) follows the pages as its items are taken, and fetches none before it is needed.
/// [`pages`](Self::pages) gives them as they come. `.await` fetches all of them into one list.
///
/// ```no_run
/// use std::pin::pin;
/// use futures_util::TryStreamExt;
///
/// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
/// # -> Result<(), coreweave_inference::Error> {
/// let mut loads = pin!(client.hot_loads().list().deployment(id).stream());
/// while let Some(load) = loads.try_next().await? {
///     println!("{load}");
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until the listing is awaited or streamed"]
#[derive(Clone)]
pub struct Paged<S: Source> {
    sender: Sender,
    pub(crate) source: S,
    size: Option<u32>,
    token: Option<String>,
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What to ask for the next page with; see [`Paged::page_token`]. The last page has none.
    pub next_page_token: Option<String>,
}

impl<T> Page<T> {
    /// A page of a reply. Protobuf JSON may write "none" as the empty token.
    pub(crate) fn new(items: Vec<T>, next_page_token: Option<String>) -> Self {
        Self {
            items,
            next_page_token: next_page_token.filter(|token| !token.is_empty()),
        }
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<S: Source> Paged<S> {
    pub(crate) fn new(client: Client, source: S) -> Self {
        Self {
            sender: Sender::new(client),
            source,
            size: None,
            token: None,
        }
    }

    /// How many items a page may hold. The API takes 50 unless told, and never more than 1000.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let all = client.hot_loads().list().page_size(1000).await?;
    /// # let _ = all; Ok(()) }
    /// ```
    pub fn page_size(mut self, items: u32) -> Self {
        self.size = Some(items);
        self
    }

    /// Begins at the page that an earlier listing of the same kind, with the same filter, gave this token for.
    ///
    /// ```no_run
    /// # use std::pin::pin;
    /// # use futures_util::TryStreamExt;
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let mut pages = pin!(client.hot_loads().list().pages());
    /// let first = pages.try_next().await?;
    /// if let Some(token) = first.and_then(|page| page.next_page_token) {
    ///     let rest = client.hot_loads().list().page_token(token).await?;
    ///     # let _ = rest;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn page_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets what the calls for the pages do differently from their client.
    ///
    /// ```no_run
    /// # use coreweave_inference::CallOptions;
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let loads = client.hot_loads().list().options(CallOptions::new().no_retries()).await?;
    /// # let _ = loads; Ok(()) }
    /// ```
    pub fn options(mut self, options: CallOptions) -> Self {
        self.sender.options = options;
        self
    }

    /// The items, one after the other. It ends after the first error.
    ///
    /// ```no_run
    /// # use std::pin::pin;
    /// # use futures_util::TryStreamExt;
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let newest = pin!(client.hot_loads().list().stream()).try_next().await?;
    /// # let _ = newest; Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<S::Item, Error>> + Send + 'static {
        self.pages()
            .map_ok(|page| stream::iter(page.into_iter().map(Ok)))
            .try_flatten()
    }

    /// The pages, one after the other. It ends after the first error.
    ///
    /// A server that gives out a token twice would keep a listing going for ever; that is an error instead.
    ///
    /// ```no_run
    /// # use std::pin::pin;
    /// # use futures_util::TryStreamExt;
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// let mut pages = pin!(client.hot_loads().list().page_size(100).pages());
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} more", page.items.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn pages(self) -> impl Stream<Item = Result<Page<S::Item>, Error>> + Send + 'static {
        let walk = Walk {
            seen: self.token.iter().cloned().collect(),
            paged: self,
        };
        stream::try_unfold(Some(walk), |walk| async move {
            let Some(walk) = walk else { return Ok(None) };
            walk.step().await.map(Some)
        })
    }
}

impl<S: Source> IntoFuture for Paged<S> {
    type Output = Result<Vec<S::Item>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.stream().try_collect())
    }
}

impl<S: Source> fmt::Debug for Paged<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paged")
            .field("source", &self.source)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// A way through the pages, at the one that comes next.
struct Walk<S: Source> {
    paged: Paged<S>,
    seen: HashSet<String>,
}

impl<S: Source> Walk<S> {
    /// Fetches a page; what comes after it, if anything does, is the second half.
    async fn step(mut self) -> Result<(Page<S::Item>, Option<Self>), Error> {
        self.paged.sender = self.paged.sender.start();
        let size = self
            .paged
            .size
            .map(|size| i32::try_from(size).unwrap_or(i32::MAX));
        let page = self
            .paged
            .source
            .fetch(&self.paged.sender, size, self.paged.token.as_deref())
            .await?;
        let Some(token) = page.next_page_token.clone() else {
            return Ok((page, None));
        };
        if !self.seen.insert(token.clone()) {
            return Err(Error::repeated_page_token(S::OPERATION));
        }
        self.paged.token = Some(token);
        Ok((page, Some(self)))
    }
}

#[cfg(test)]
mod tests;
