//! Creates, each of which makes at most one resource.
//!
//! Every create carries an id, so repeating it is safe. If the response to an attempt that succeeded was lost, the next
//! attempt fails with ALREADY_EXISTS, and a GET by the id shows whether the resource is the requested one.

use serde_json::Value;

use super::context::CallContext;
use crate::error::Error;
use crate::raw::normalization::covers;
use crate::reason;
use crate::resource::kind::Kind;
use crate::resource::{Id, NewResource, Resource};

pub(crate) async fn create<K: Kind>(
    context: &CallContext,
    new: NewResource<K>,
) -> Result<Resource<K>, Error> {
    let context = &context.start();
    let mut body = new.body;
    let id = match K::create_id(&mut body).take() {
        Some(id) if !id.is_empty() => Id::from(id),
        _ => Id::random(),
    };
    *K::create_id(&mut body) = Some(id.as_str().to_owned());
    let call = |client| K::create(client, &body);
    match context.resource(K::CREATE, id.as_str(), call).await {
        Err(error) if may_exist(&error) => {
            // Boxed because it is rare: inlined, it would enlarge the future of every create.
            Box::pin(resolve(context, &id, &body, error)).await
        }
        created => created,
    }
}

/// Whether an attempt of ours may have created the resource although the create failed.
fn may_exist(error: &Error) -> bool {
    error.is_already_exists()
        || error.outcome_unknown()
        || (error.is(reason::HOT_LOAD_IN_PROGRESS) && error.attempts() > 1)
}

/// Gets the resource by its id to find out whether the create succeeded.
async fn resolve<K: Kind>(
    context: &CallContext,
    id: &Id<K>,
    body: &K::Create,
    failed: Error,
) -> Result<Resource<K>, Error> {
    let conflict = failed.is_already_exists();
    let lookup = match conflict {
        true => context.clone(),
        // The create has already waited for the outage to pass.
        false => context.without_retries(),
    };
    match lookup.get(id).await {
        Ok(found) if matches_request::<K>(body, &found) => Ok(found),
        Ok(_) if conflict => Err(failed.with_reason(reason::ID_TAKEN)),
        Err(error) if error.is_not_found() && conflict && K::UNIQUE_NAMES => {
            Err(failed.with_reason(reason::NAME_TAKEN))
        }
        // Nothing is known for sure, so the create's own error is the best report.
        _ => Err(failed),
    }
}

/// Whether a resource has everything that a create asked for. The service may have added to it.
fn matches_request<K: Kind>(body: &K::Create, found: &Resource<K>) -> bool {
    let mut body = body.clone();
    *K::create_id(&mut body) = None;
    match (
        serde_json::to_value(&body),
        serde_json::to_value(found.raw()),
    ) {
        (Ok(asked), Ok(found)) => covers(found.get("spec").unwrap_or(&Value::Null), &asked),
        _ => false,
    }
}
