//! The lists of hot-loads and of their replicas.

use futures_util::TryStreamExt;

use super::{HotLoad, HotLoadId, HotLoadReplica};
use crate::api::{CallContext, Page, PagedItem, Paginator};
use crate::deployment::DeploymentId;
use crate::error::Error;
use crate::raw::params::{ListHotLoadReplicasParams, ListHotLoadsParams};
use crate::raw::{self, Operation};
use crate::resource::kind::Items;

impl Paginator<HotLoad> {
    /// Only hot-loads of this deployment.
    pub fn deployment(mut self, id: impl Into<DeploymentId>) -> Self {
        // An empty id would select the hot-loads of all deployments.
        let id = id.into();
        self.parent = id.for_path(HotLoad::LIST).map(|id| Some(id.to_owned()));
        self
    }
}

/// Lists the replicas that a hot-load concerns.
pub(super) fn replicas(context: CallContext, id: &HotLoadId) -> Paginator<HotLoadReplica> {
    let parent = id.for_path(HotLoadReplica::LIST);
    Paginator::new(context, parent.map(|id| Some(id.to_owned())))
}

/// Fetches the newest hot-load of a deployment.
pub(super) async fn newest(
    context: &CallContext,
    deployment: &DeploymentId,
) -> Result<Option<HotLoad>, Error> {
    let loads = Paginator::new(context.clone(), Ok(None)).deployment(deployment);
    loads.page_size(1).stream().try_next().await
}

impl PagedItem for HotLoad {
    const LIST: &'static Operation = Operation::LIST_HOT_LOADS;

    async fn fetch(
        context: &CallContext,
        deployment: Option<&str>,
        size: Option<i32>,
        token: Option<&str>,
    ) -> Result<Page<Self>, Error> {
        let params = ListHotLoadsParams {
            max_page_size: size,
            page_token: token.map(str::to_owned),
            parent_deployment_id: deployment.map(str::to_owned),
            ..Default::default()
        };
        let call = |client: raw::Client| async move {
            let response = client.list_hot_loads(&params).await?;
            Ok(response.map(|body| Items {
                items: body.hot_loads,
                next_page_token: body.next_page_token,
                unknown: body.extra,
            }))
        };
        context.page(Self::LIST, None, call, Self::from_raw).await
    }
}

impl PagedItem for HotLoadReplica {
    const LIST: &'static Operation = Operation::LIST_HOT_LOAD_REPLICAS;

    async fn fetch(
        context: &CallContext,
        hot_load: Option<&str>,
        size: Option<i32>,
        token: Option<&str>,
    ) -> Result<Page<Self>, Error> {
        let params = ListHotLoadReplicasParams {
            max_page_size: size,
            page_token: token.map(str::to_owned),
            ..Default::default()
        };
        let call = |client: raw::Client| async move {
            let id = hot_load.unwrap_or_default();
            let response = client.list_hot_load_replicas(id, &params).await?;
            Ok(response.map(|body| Items {
                items: body.replicas,
                next_page_token: body.next_page_token,
                unknown: body.extra,
            }))
        };
        let convert = |raw| Ok(Self::from(raw));
        context.page(Self::LIST, hot_load, call, convert).await
    }
}
