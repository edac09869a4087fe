//! The streams that this crate returns.

use std::fmt;
use std::pin::Pin;
use std::task;

use futures_util::stream::{Stream, StreamExt};

use crate::error::Error;

/// A stream of results: of items, of pages, of the states of a resource, of the events of a watch.
///
/// It is a [`Stream`], so the combinators of the `futures` crates apply to it. A loop needs none of them:
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let mut loads = client.hot_loads().list().stream();
/// while let Some(load) = loads.try_next().await? {
///     println!("{load}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the stream is read"]
pub struct ResultStream<'a, T, E = Error>(Pin<Box<dyn Stream<Item = Result<T, E>> + Send + 'a>>);

impl<'a, T: Send + 'a, E: Send + 'a> ResultStream<'a, T, E> {
    pub(crate) fn new(stream: impl Stream<Item = Result<T, E>> + Send + 'a) -> Self {
        Self(Box::pin(stream))
    }
}

impl<T, E> ResultStream<'_, T, E> {
    /// Returns the next item; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, E>> {
        self.0.next().await
    }

    /// Returns the next item; `None` at the end.
    ///
    /// # Errors
    /// Returns an error if the item is one.
    pub async fn try_next(&mut self) -> Result<Option<T>, E> {
        self.next().await.transpose()
    }
}

impl<T, E> Stream for ResultStream<'_, T, E> {
    type Item = Result<T, E>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> task::Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T, E> fmt::Debug for ResultStream<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultStream").finish_non_exhaustive()
    }
}
