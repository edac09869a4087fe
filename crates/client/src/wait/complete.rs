//! Until a hot-load is complete, on every replica.

use super::ready::{fetch, wont_get_there};
use super::{End, Goal, Look};
use crate::error::{Error, ErrorKind};
use crate::ids::HotLoadId;
use crate::request::CallInfo;
use crate::request::Sender;
use crate::resource::facts::Stage;
use crate::resource::hot_load::{HotLoad, HotLoadReplica};
use crate::resource::kind::{self, Kind};

/// The most items that the API puts on a page.
const WHOLE_PAGE: u32 = 1000;

/// The goal of [`wait_complete`](crate::Handle::wait_complete).
#[derive(Clone, Debug)]
pub struct Complete {
    id: HotLoadId,
    last: Option<HotLoad>,
    /// The first replica that doesn't serve the snapshot although the API calls the hot-load complete.
    lagging: Option<Lagging>,
}

#[derive(Clone, Debug)]
enum Lagging {
    NoReplicas,
    Replica(HotLoadReplica),
}

impl Complete {
    pub(crate) fn new(id: HotLoadId) -> Self {
        Self {
            id,
            last: None,
            lagging: None,
        }
    }

    /// The first replica that isn't there yet. To have no replicas is not to be there either.
    async fn lagging(&self, sender: &Sender, load: &HotLoad) -> Result<Option<Lagging>, Error> {
        let replicas = sender
            .client
            .hot_loads()
            .replicas(&self.id)
            .page_size(WHOLE_PAGE);
        let replicas = replicas.options(sender.options.clone()).await?;
        if replicas.is_empty() {
            return Ok(Some(Lagging::NoReplicas));
        }
        Ok(replicas
            .into_iter()
            .find(|replica| !replica.serves(load.identity()))
            .map(Lagging::Replica))
    }
}

impl Goal<kind::HotLoad> for Complete {
    type Output = HotLoad;

    async fn look(&mut self, sender: &Sender) -> Result<Look<kind::HotLoad, HotLoad>, Error> {
        let seen = fetch(sender, &self.id).await?;
        self.last = Some(seen.clone());
        let end = match seen.stage() {
            Stage::Ready => {
                self.lagging = self.lagging(sender, &seen).await?;
                if self.lagging.is_none() {
                    End::Reached(seen.clone())
                } else {
                    End::NotYet
                }
            }
            Stage::Failed => End::Failed,
            Stage::Underway | Stage::Deleting => End::NotYet,
        };
        let failed = matches!(end, End::Failed)
            .then(|| Err(wont_get_there(kind::HotLoad::NAMES.get, &seen)));
        Ok(Look {
            events: std::iter::once(Ok(seen)).chain(failed).collect(),
            end,
        })
    }

    fn call(&self) -> CallInfo<'_> {
        CallInfo::new(kind::HotLoad::NAMES.get, Some(self.id.as_str()))
    }

    fn last_seen(&self) -> Option<&HotLoad> {
        self.last.as_ref()
    }

    fn obstacle(&self) -> Option<Error> {
        let identity = self.last.as_ref().map_or("", |load| load.identity());
        let message = match self.lagging.as_ref()? {
            Lagging::NoReplicas => format!("it is complete, but no replica serves {identity}"),
            Lagging::Replica(replica) => {
                format!("it is complete, but a replica doesn't serve {identity}: {replica}")
            }
        };
        Some(Error::new(ErrorKind::WaitTimeout, message))
    }
}
