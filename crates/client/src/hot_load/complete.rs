//! Waiting until a hot-load is complete.

use super::create::Prepared;
use super::list::{newest, replica_page};
use super::{HotLoad, HotLoadReplica};
use crate::call::{Context, Target};
use crate::error::{Error, Reason};
use crate::list::PageRequest;
use crate::raw::types::HotLoadReplicaState;
use crate::raw::{BoxFuture, Operation};
use crate::reason;
use crate::wait::{Goal, Probe, Progress, Rules, Seen, State, Verdict, failed, verdict};

/// The largest page of replicas.
const MAX_PAGE_SIZE: i32 = 1000;

/// Polls a hot-load until it is completed and every replica serves it, perhaps after creating it.
pub(super) struct Complete {
    target: Target<HotLoad>,
    /// What to create, until it is accepted.
    new: Option<Prepared>,
}

impl Complete {
    pub(super) fn new(target: Target<HotLoad>) -> Self {
        Self { target, new: None }
    }

    /// Begins the wait with a create.
    pub(super) fn after_create(new: Prepared) -> Self {
        Self {
            target: Target::known(Ok(new.id.clone())),
            new: Some(new),
        }
    }

    async fn read(
        &self,
        context: &Context,
        rules: Rules,
    ) -> Result<Progress<HotLoad, HotLoad>, Error> {
        let load: HotLoad = context
            .get(self.target.id(Operation::GET_HOT_LOAD)?)
            .await?;
        match verdict(Operation::GET_HOT_LOAD, &load, rules) {
            Verdict::Pending => Ok(Progress::new(load, State::Pending(None))),
            Verdict::Failed(error) => {
                // The failure is certain, its cause is a courtesy.
                let cause = self.replicas(context).await.unwrap_or_default();
                Ok(match cause.into_iter().find(is_failed) {
                    Some(replica) => {
                        let reason = error.reason().unwrap_or(reason::FAILED);
                        let what = format!("ended in {}: replica {replica}", load.state());
                        failure(load, &what, reason)
                    }
                    None => Progress::failed(load, error),
                })
            }
            Verdict::Ready => self.serving(context, load).await,
        }
    }

    /// Looks whether every replica serves a hot-load that is completed.
    async fn serving(
        &self,
        context: &Context,
        load: HotLoad,
    ) -> Result<Progress<HotLoad, HotLoad>, Error> {
        let replicas = self.replicas(context).await?;
        if let Some(replica) = replicas.iter().find(|replica| is_failed(replica)) {
            let what = format!("is completed, but replica {replica}");
            return Ok(failure(load, &what, reason::FAILED));
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
            return Ok(failure(load, &what, reason::SUPERSEDED));
        }
        Ok(Progress::new(load, State::Pending(Some(pending))))
    }

    /// Fetches all replicas.
    async fn replicas(&self, context: &Context) -> Result<Vec<HotLoadReplica>, Error> {
        let mut request = PageRequest::of::<HotLoad>(self.target.text());
        request.size = Some(MAX_PAGE_SIZE);
        let mut replicas = Vec::new();
        loop {
            let page = replica_page(context, &request).await?;
            replicas.extend(page.items);
            match page.next_page_token {
                Some(token) if request.token.as_ref() != Some(&token) => {
                    request.token = Some(token);
                }
                _ => return Ok(replicas),
            }
        }
    }
}

fn is_failed(replica: &HotLoadReplica) -> bool {
    *replica.state() == HotLoadReplicaState::Error
}

fn failure(load: HotLoad, what: &str, reason: Reason) -> Progress<HotLoad, HotLoad> {
    let error = failed(Operation::GET_HOT_LOAD, &Seen::of(&load), what, reason);
    Progress::failed(load, error)
}

impl Probe<HotLoad, HotLoad> for Complete {
    fn step(
        &mut self,
        context: Context,
        rules: Rules,
    ) -> BoxFuture<'_, Result<Progress<HotLoad, HotLoad>, Error>> {
        Box::pin(async move {
            let Some(new) = &self.new else {
                return self.read(&context.without_retries(), rules).await;
            };
            let created = new.create(&context).await?;
            self.new = None;
            Ok(Progress::new(created, State::Pending(None)))
        })
    }

    /// The create has been retried already.
    fn is_retryable(&self, error: &Error) -> bool {
        self.new.is_none() && error.is_transient()
    }

    fn goal(&self) -> Goal {
        let operation = match self.new {
            Some(_) => Operation::CREATE_HOT_LOAD,
            None => Operation::GET_HOT_LOAD,
        };
        Goal::new::<HotLoad>(operation, self.target.text(), "to complete")
    }
}
