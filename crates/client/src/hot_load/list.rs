//! The lists of hot-loads and of their replicas.

use super::{HotLoad, HotLoadReplica};
use crate::call::{Call, Context, Target};
use crate::deployment::{Deployment, DeploymentId};
use crate::error::Error;
use crate::list::{Page, PageRequest, Pages, Paginator, page, paginate};
use crate::raw::params::{ListHotLoadReplicasParams, ListHotLoadsParams};
use crate::raw::types::ListHotLoadReplicasResponse;
use crate::raw::{self, BoxFuture, FromJson, Items, Operation, Resource as _};
use crate::resource::IntoId;
use crate::watch::{Listed, Relist, Watch};

/// The most items that a page can have.
pub(super) const LARGEST_PAGE: u32 = 1000;

impl Call<'static, Pages<HotLoad>, Vec<HotLoad>> {
    /// Selects hot-loads of this deployment.
    pub fn deployment(self, id: impl IntoId<Deployment>) -> Self {
        self.parent(id)
    }
}

impl Watch<HotLoad> {
    /// Selects hot-loads of this deployment.
    pub fn deployment(mut self, id: impl IntoId<Deployment>) -> Self {
        let filter = &mut self.list.filter;
        filter.set_id(id, |params, id| params.parent_deployment_id = id);
        self
    }
}

/// Fetches all hot-loads or, as they come newest first and a list of changes does not exist, the pages that can hold news.
pub(super) async fn relist(
    list: &mut Relist<HotLoad>,
    context: &Context,
) -> Result<Listed<HotLoad>, Error> {
    list.filter.check()?;
    let mut loads = hot_loads(context.clone()).page_size(LARGEST_PAGE);
    if let Some(deployment) = &list.filter.params.parent_deployment_id {
        loads = loads.deployment(deployment);
    }
    let changed_after = list.changed_after();
    let mut pages = loads.pages();
    let (mut all, mut full) = (Vec::new(), true);
    while let Some(page) = pages.try_next().await? {
        let oldest = page.items.last().and_then(HotLoad::created_at);
        all.extend(page.items);
        if page.next_page_token.is_some() && changed_after.is_some() && oldest < changed_after {
            full = false;
            break;
        }
    }
    Ok(list.listed(all, full, |metadata| metadata.created_at))
}

/// Lists hot-loads, newest first.
pub(super) fn hot_loads(context: Context) -> Paginator<HotLoad> {
    paginate(context, Operation::LIST_HOT_LOADS, hot_load_page)
}

/// Lists the replicas that a hot-load concerns.
pub(super) fn replicas(context: Context, id: impl IntoId<HotLoad>) -> Paginator<HotLoadReplica> {
    paginate(context, Operation::LIST_HOT_LOAD_REPLICAS, replica_page).parent(id)
}

/// Fetches the newest hot-load of a deployment.
pub(super) async fn newest(
    context: &Context,
    deployment: &DeploymentId,
) -> Result<Option<HotLoad>, Error> {
    let loads = hot_loads(context.clone()).deployment(deployment);
    let first = loads.page_size(1).pages().try_next().await?;
    Ok(first.and_then(|page| page.items.into_iter().next()))
}

/// Fetches the newest completed hot-load of a deployment.
pub(super) async fn current(
    context: &Context,
    deployment: &Target<Deployment>,
) -> Result<Option<HotLoad>, Error> {
    let deployment = deployment.id(Operation::LIST_HOT_LOADS)?;
    let mut pages = hot_loads(context.clone()).deployment(deployment).pages();
    while let Some(page) = pages.try_next().await? {
        let completed = page.items.into_iter().find(HotLoad::is_complete);
        if completed.is_some() {
            return Ok(completed);
        }
    }
    Ok(None)
}

fn hot_load_page<'c>(
    context: &'c Context,
    request: &'c PageRequest,
) -> BoxFuture<'c, Result<Page<HotLoad>, Error>> {
    const OPERATION: &Operation = Operation::LIST_HOT_LOADS;
    Box::pin(async move {
        let call = raw::Call::list_hot_loads(&ListHotLoadsParams {
            max_page_size: request.size,
            page_token: request.token.clone(),
            parent_deployment_id: request.parent(OPERATION)?,
            ..Default::default()
        });
        let response = context.execute(call, None).await?;
        let decode = raw::types::HotLoad::from_list;
        page(response, OPERATION, decode, HotLoad::try_from)
    })
}

fn replica_page<'c>(
    context: &'c Context,
    request: &'c PageRequest,
) -> BoxFuture<'c, Result<Page<HotLoadReplica>, Error>> {
    const OPERATION: &Operation = Operation::LIST_HOT_LOAD_REPLICAS;
    Box::pin(async move {
        let hot_load = request.parent(OPERATION)?.unwrap_or_default();
        let params = ListHotLoadReplicasParams {
            max_page_size: request.size,
            page_token: request.token.clone(),
            ..Default::default()
        };
        let call = raw::Call::list_hot_load_replicas(&hot_load, &params);
        let response = context.execute(call, Some(&hot_load)).await?;
        let convert = |raw| Ok(HotLoadReplica::from(raw));
        page(response, OPERATION, decode_replicas, convert)
            .map_err(|error| error.with_resource_id(&hot_load))
    })
}

fn decode_replicas(json: &[u8]) -> serde_json::Result<Items<raw::types::HotLoadReplica>> {
    let body = ListHotLoadReplicasResponse::from_json(json)?;
    Ok(Items {
        items: body.replicas,
        next_page_token: body.next_page_token,
        unknown_member: body.extra.keys().next().cloned(),
    })
}
