//! Sending an update.

use std::error::Error as StdError;

use crate::api::context::CallContext;
use crate::error::{Error, ErrorKind, FieldViolation};
use crate::resource::kind::Managed;
use crate::resource::{Id, Resource};

pub(in crate::api) enum Change<'a, K: Managed> {
    /// Change the spec as it is now.
    Edit(Edit<'a, K>),
    /// Send this spec.
    Replace(K::Spec),
}

type BoxError = Box<dyn StdError + Send + Sync>;
type Edit<'a, K> = Box<dyn FnOnce(&mut <K as Managed>::Spec) -> Result<(), BoxError> + Send + 'a>;

/// Sends an update. Returns the resource and whether anything was sent: an edit that changes nothing is not.
pub(super) async fn send<K: Managed>(
    context: &CallContext,
    id: &Id<K>,
    change: Change<'_, K>,
) -> Result<(Resource<K>, bool), Error> {
    let context = &context.start();
    let path = id.for_path(K::UPDATE)?;
    let mut spec = match change {
        Change::Replace(spec) => spec,
        Change::Edit(edit) => {
            let current = context.get(id).await?;
            let before = current.spec()?;
            let mut after = before.clone();
            edit(&mut after).map_err(|cause| edit_failed::<K>(cause, path))?;
            if after == before {
                return Ok((current, false));
            }
            after
        }
    };
    let spec_id = K::spec_id(&mut spec);
    if spec_id.is_empty() {
        path.clone_into(spec_id);
    }
    if *id != *spec_id.as_str() {
        let description = format!("must be the id of the {} that is updated, {id}", K::NOUN);
        return Err(invalid::<K>(path, "id", description));
    }
    if let Some((field, description)) = K::data_loss(&spec) {
        return Err(invalid::<K>(path, field, description.to_owned()));
    }
    let method = |client| K::update(client, path, spec);
    let updated = context.resource(K::UPDATE, path, method).await?;
    Ok((updated, true))
}

fn invalid<K: Managed>(id: &str, field: &str, description: String) -> Error {
    let violations = vec![FieldViolation::new(field, description)];
    Error::invalid(K::UPDATE, violations).with_resource_id(id)
}

/// The error of a change function: its own, if it is one of this crate's.
fn edit_failed<K: Managed>(cause: BoxError, id: &str) -> Error {
    match cause.downcast::<Error>() {
        Ok(error) => *error,
        Err(cause) => Error::new(ErrorKind::Invalid, "the change of the spec failed")
            .with_operation(K::UPDATE)
            .with_resource_id(id)
            .with_source(cause),
    }
}
