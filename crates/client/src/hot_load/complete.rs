//! Waiting until a hot-load is complete.

use super::list::{newest, replicas};
use super::{HotLoad, HotLoadId, HotLoadReplica, kind};
use crate::api::wait::{Goal, Poll, PollContext, PollFuture, Progress, State, failed};
use crate::error::{Error, Reason};
use crate::raw::types::{HotLoadReplicaState, HotLoadState};
use crate::reason;
use crate::resource::kind::{Kind, Phase};

/// The largest page of replicas.
const MAX_PAGE_SIZE: u32 = 1000;

/// Polls a hot-load until it is completed and every replica serves it.
pub(super) struct Complete {
    id: HotLoadId,
}

impl Complete {
    pub(super) fn new(id: HotLoadId) -> Self {
        Self { id }
    }

    async fn step(&self, poll: &PollContext) -> Result<Progress<kind::HotLoad, HotLoad>, Error> {
        let load = poll.call.get(&self.id).await?;
        match load.phase() {
            Phase::Ready => {}
            Phase::Failed => {
                let mut what = format!("ended in {}", load.state());
                // The failure is certain, its reason is a courtesy.
                if let Some(replica) = self.failed_replica(poll).await {
                    what = format!("{what}: replica {replica}");
                }
                let error = failed(kind::HotLoad::GET, &load, &what, ended(&load));
                return Ok(Progress::failed(load, error));
            }
            _ => return Ok(Progress::new(load, State::Pending(None))),
        }
        let replicas = self.replicas(poll).await?;
        if let Some(replica) = replicas.iter().find(|replica| is_failed(replica)) {
            let error = failed(
                kind::HotLoad::GET,
                &load,
                &format!("is completed, but replica {replica}"),
                reason::FAILED,
            );
            return Ok(Progress::failed(load, error));
        }
        let lagging = replicas.iter().find(|r| !r.serves(load.identity()));
        let reason = match lagging {
            None if !replicas.is_empty() => {
                return Ok(Progress::new(load.clone(), State::Done(load)));
            }
            None => "it is completed, but has no replicas".to_owned(),
            Some(replica) => format!("it is completed, but replica {replica}"),
        };
        let serves_another =
            lagging.is_some_and(|replica| *replica.state() == HotLoadReplicaState::Ready);
        let later = match serves_another {
            true => self.later(poll, &load).await?,
            false => None,
        };
        if let Some(later) = later {
            let what = format!("was superseded by hot-load {later}: {reason}");
            let error = failed(kind::HotLoad::GET, &load, &what, reason::SUPERSEDED);
            return Ok(Progress::failed(load, error));
        }
        Ok(Progress::new(load, State::Pending(Some(reason))))
    }

    /// A later hot-load of the same deployment.
    async fn later(&self, poll: &PollContext, load: &HotLoad) -> Result<Option<HotLoad>, Error> {
        let deployment = load.deployment_id();
        if deployment.check().is_err() {
            return Ok(None);
        }
        let newest = newest(&poll.call, &deployment).await?;
        Ok(newest.filter(|newest| newest.id() != load.id()))
    }

    async fn failed_replica(&self, poll: &PollContext) -> Option<HotLoadReplica> {
        let replicas = self.replicas(poll).await.ok()?;
        replicas.into_iter().find(is_failed)
    }

    async fn replicas(&self, poll: &PollContext) -> Result<Vec<HotLoadReplica>, Error> {
        replicas(poll.call.clone(), &self.id)
            .page_size(MAX_PAGE_SIZE)
            .await
    }
}

fn ended(load: &HotLoad) -> Reason {
    match load.state() {
        HotLoadState::Canceled => reason::CANCELED,
        _ => reason::FAILED,
    }
}

fn is_failed(replica: &HotLoadReplica) -> bool {
    *replica.state() == HotLoadReplicaState::Error
}

impl Poll<kind::HotLoad, HotLoad> for Complete {
    fn poll<'a>(&'a mut self, poll: &'a PollContext) -> PollFuture<'a, kind::HotLoad, HotLoad> {
        Box::pin(self.step(poll))
    }

    fn goal(&self) -> Goal<'_> {
        Goal::new(kind::HotLoad::GET, &self.id, "to complete")
    }
}
