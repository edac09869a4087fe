//! Waiting until a hot-load is complete.

use super::list::{self, LARGEST_PAGE, newest};
use super::{HotLoad, HotLoadReplica};
use crate::call::{Context, Target};
use crate::error::{Error, Reason};
use crate::raw::Operation;
use crate::raw::types::HotLoadReplicaState;
use crate::reason;
use crate::wait::{Progress, State, Until, failed};

/// Polls a hot-load until it is completed and every replica serves it.
pub(super) fn complete<'a>(target: Target<HotLoad>) -> Until<'a, HotLoad> {
    Until::ready(target, "to complete").confirm(|context, progress| {
        Box::pin(async move {
            match progress.state {
                State::Done(load) => serving(context, load).await,
                State::Failed => Ok(with_cause(context, progress).await),
                State::Pending(_) => Ok(progress),
            }
        })
    })
}

/// Looks whether every replica serves a hot-load that is completed.
async fn serving(context: &Context, load: HotLoad) -> Result<Progress<HotLoad, HotLoad>, Error> {
    let replicas = replicas(context, &load).await?;
    if let Some(replica) = replicas.iter().find(|replica| is_failed(replica)) {
        let what = format!("is completed, but replica {replica}");
        return Ok(fail(load, &what, reason::FAILED));
    }
    let lagging = replicas.iter().find(|r| !r.serves(load.identity()));
    let pending = match lagging {
        None if !replicas.is_empty() => {
            return Ok(Progress::new(load.clone(), State::Done(load)));
        }
        None => "it is completed, but has no replicas".to_owned(),
        Some(replica) => format!("it is completed, but replica {replica}"),
    };
    let serves_another =
        lagging.is_some_and(|replica| *replica.state() == HotLoadReplicaState::Ready);
    if serves_another
        && let Some(deployment) = load.deployment_id()
        && let Some(later) = newest(context, &deployment).await?
        && later.id() != load.id()
    {
        let what = format!("was superseded by hot-load {later}: {pending}");
        return Ok(fail(load, &what, reason::SUPERSEDED));
    }
    Ok(Progress::new(load, State::Pending(Some(pending))))
}

/// Looks for the replica because of which a hot-load has failed. The failure is certain, its cause is a courtesy.
async fn with_cause(
    context: &Context,
    failure: Progress<HotLoad, HotLoad>,
) -> Progress<HotLoad, HotLoad> {
    let (Some(load), Some(Err(error))) = (&failure.seen, failure.events.last()) else {
        return failure;
    };
    let replicas = replicas(context, load).await.unwrap_or_default();
    match replicas.iter().find(|replica| is_failed(replica)) {
        Some(replica) => {
            let reason = error.reason().unwrap_or(reason::FAILED);
            let what = format!("ended in {}: replica {replica}", load.state());
            fail(load.clone(), &what, reason)
        }
        None => failure,
    }
}

/// Fetches all replicas.
async fn replicas(context: &Context, load: &HotLoad) -> Result<Vec<HotLoadReplica>, Error> {
    let replicas = list::replicas(context.clone(), load.id());
    replicas.page_size(LARGEST_PAGE).await
}

fn is_failed(replica: &HotLoadReplica) -> bool {
    *replica.state() == HotLoadReplicaState::Error
}

fn fail(load: HotLoad, what: &str, reason: Reason) -> Progress<HotLoad, HotLoad> {
    let error = failed(Operation::GET_HOT_LOAD, &load, what, reason);
    Progress::failed(load, error)
}
