//! Making one change.

use std::sync::Arc;

use coreweave_inference::kind::Managed;
use coreweave_inference::retry::CallOptions;
use coreweave_inference::{Api, Client};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::options::ApplyOptions;
use super::wait::{self, Events, Waits};
use crate::account;
use crate::change::{Action, Change};
use crate::compare;
use crate::error::Error;
use crate::kind::Kind;

/// A change that the service accepted.
#[derive(Default)]
pub(super) struct Made {
    /// The members that the service does not know.
    pub(super) dropped: Vec<String>,
    /// The rest of an update's wait.
    pub(super) wait: Option<Events>,
}

/// What every change is made with.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) client: Client,
    pub(super) options: ApplyOptions,
    pub(super) waits: Waits,
}

impl Run {
    pub(super) async fn make(
        &self,
        change: &Arc<Change>,
        options: CallOptions,
    ) -> Result<Made, Error> {
        match change.kind {
            Kind::CapacityClaim => {
                self.make_in(self.client.capacity_claims(), change, options)
                    .await
            }
            Kind::Gateway => self.make_in(self.client.gateways(), change, options).await,
            Kind::Deployment => {
                self.make_in(self.client.deployments(), change, options)
                    .await
            }
        }
    }

    async fn make_in<R: Managed>(
        &self,
        api: Api<R>,
        change: &Arc<Change>,
        options: CallOptions,
    ) -> Result<Made, Error> {
        let id = change.id.as_str();
        let mut wait = None;
        let resource = match &change.action {
            Action::Unchanged => return Ok(Made::default()),
            Action::Create(_) => Some(create(&api, change, options).await?),
            Action::Update(_) => {
                let members = change.body.clone();
                let update = api
                    .try_update(id, move |spec| merge_spec(spec, &members))
                    .options(options);
                match self.options.wait {
                    // Unlike a wait that begins later, this can tell a READY from before the update.
                    true => {
                        let mut states = self.waits.limited(update.and_wait()).stream();
                        let response = states.try_next().await?;
                        wait = Some(wait::events(change, states));
                        response
                    }
                    false => Some(update.await?),
                }
            }
            Action::Replace { old_id, .. } => {
                let delete = api.delete(old_id.as_str()).and_wait();
                self.waits.limited(delete).await?;
                Some(create(&api, change, options).await?)
            }
            Action::Delete => {
                // A gateway is refused its deletion until its deployments are gone.
                match change.kind {
                    Kind::Gateway => self.waits.limited(api.delete(id).and_wait()).await?,
                    _ => drop(api.delete(id).options(options).await?),
                }
                return Ok(Made::default());
            }
        };
        let dropped = resource.map_or_else(Vec::new, |resource| dropped(change, &resource));
        Ok(Made { dropped, wait })
    }
}

/// Merges members into a spec of the client, as [`merge`](crate::merge) does.
///
/// # Errors
/// Returns an error if a value does not fit its member; the spec then stays as it was.
pub fn merge_spec<S: Serialize + DeserializeOwned>(
    spec: &mut S,
    body: &Map<String, Value>,
) -> serde_json::Result<()> {
    let current: Map<String, Value> = serde_json::from_value(serde_json::to_value(&*spec)?)?;
    *spec = serde_json::from_value(compare::merge(&current, body).into())?;
    Ok(())
}

async fn create<R: Managed>(
    api: &Api<R>,
    change: &Change,
    options: CallOptions,
) -> Result<R, Error> {
    let mut body = change.spec.clone();
    body.insert("id".to_owned(), change.id.as_str().into());
    let new = serde_json::from_value(body.into())?;
    Ok(api.create(new).options(options).await?)
}

/// The members that were sent and that the service dropped, because it does not know them either.
fn dropped<R: Managed>(change: &Change, resource: &R) -> Vec<String> {
    let members = compare::differences(&account::spec(resource), &change.spec);
    let unknown = members
        .into_iter()
        .filter(|member| member.old.is_none() && change.kind.schema().at(&member.path).is_none());
    unknown.map(|member| member.path).collect()
}
