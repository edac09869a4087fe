//! Lists.

mod page;
mod paginator;

pub use page::Page;
pub(crate) use page::page;
pub(crate) use paginator::{PageRequest, paginate};
pub use paginator::{Pages, Paginator};

use chrono::{DateTime, Utc};

use crate::call::{Call, Context};
use crate::error::Error;
use crate::raw::{self, Resource as _};
use crate::resource::{IntoId, InvalidId, Managed, Params, Resource};

/// A request for all resources of a kind, as returned by [`Api::list`](crate::Api::list).
///
/// ```no_run
/// # async fn example(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
/// let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
/// let gateways = client.gateways().list().updated_after(yesterday).await?;
/// # Ok(())
/// # }
/// ```
pub type List<R> = Call<'static, Filter<R>, Vec<R>>;

/// What a list or a watch selects.
#[derive(Clone, Debug)]
pub struct Filter<R: Resource> {
    pub(crate) params: Params<R>,
    /// The error of an id that is none. An empty id would select the resources of all.
    invalid: Option<InvalidId>,
}

impl<R: Resource> Default for Filter<R> {
    fn default() -> Self {
        Self {
            params: Params::<R>::default(),
            invalid: None,
        }
    }
}

impl<R: Resource> Filter<R> {
    /// Sets a parameter that is an id.
    pub(crate) fn set_id<T>(
        &mut self,
        id: impl IntoId<T>,
        set: impl FnOnce(&mut Params<R>, Option<String>),
    ) {
        match id.into_id().map(String::from) {
            Ok(id) => set(&mut self.params, Some(id)),
            Err(invalid) => self.invalid = Some(invalid),
        }
    }

    /// Whether it selects everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.params == Params::<R>::default() && self.invalid.is_none()
    }

    /// Returns the error of a call that can't be sent.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.invalid {
            Some(invalid) => Err(invalid.clone().refuse(R::Raw::LIST)),
            None => Ok(()),
        }
    }
}

impl<R: Managed> Call<'static, Filter<R>, Vec<R>> {
    /// Selects resources that changed after this time. Deletions do not show in such a list.
    pub fn updated_after(mut self, time: impl Into<DateTime<Utc>>) -> Self {
        <R::Raw as raw::Managed>::set_updated_after(&mut self.body.params, Some(time.into()));
        self
    }
}

/// Fetches a list that is not paged.
pub(crate) async fn list<R: Resource>(
    context: &Context,
    filter: &Filter<R>,
) -> Result<Vec<R>, Error> {
    filter.check()?;
    let response = context.execute(R::Raw::list(&filter.params), None).await?;
    page(response, R::Raw::LIST, R::Raw::from_list, R::try_from).map(|page| page.items)
}
