//! Changing a resource without losing what one didn't mean to change.
//!
//! The API takes no field mask: what an update leaves out is reset. So a safe update reads the spec, changes it, and
//! sends all of it back, members that this version doesn't know included.

use crate::error::{Error, FieldViolation};
use crate::ids::Id;
use crate::request::Sender;
use crate::resource::Resource;
use crate::resource::kind::Managed;
use crate::validate::{self, Check};

pub(crate) async fn update<K: Managed>(
    sender: Sender,
    id: Id<K>,
    change: impl FnOnce(&mut K::Spec) + Send,
) -> Result<Resource<K>, Error> {
    let sender = sender.start();
    let path = id.for_path(K::LIFE.update)?;
    let current =
        Resource::<K>::from_reply(K::NAMES.get, Some(path), K::get(&sender, path).await?)?;
    let before = current.spec()?;
    let mut after = before.clone();
    change(&mut after);
    // A rule that the resource breaks already is the API's business, not the caller's.
    let known = Check::of(|check| K::check_spec(&before, check));
    let mut violations = fixed(&id, Some(&before), &mut after);
    violations.extend(
        Check::of(|check| K::check_spec(&after, check))
            .into_iter()
            .filter(|v| !known.contains(v)),
    );
    send(&sender, path, after, violations).await
}

pub(crate) async fn replace<K: Managed>(
    sender: Sender,
    id: Id<K>,
    mut spec: K::Spec,
) -> Result<Resource<K>, Error> {
    let path = id.for_path(K::LIFE.update)?;
    let mut violations = fixed(&id, None, &mut spec);
    violations.extend(Check::of(|check| K::check_spec(&spec, check)));
    send(&sender, path, spec, violations).await
}

/// What the spec tries to change although it can't be. A spec without an id is of the resource that it is sent to.
fn fixed<K: Managed>(
    id: &Id<K>,
    before: Option<&K::Spec>,
    spec: &mut K::Spec,
) -> Vec<FieldViolation> {
    let spec_id = K::spec_id(spec);
    if spec_id.is_empty() {
        id.as_str().clone_into(spec_id);
    }
    let same = spec_id == id.as_str();
    Check::of(|check| {
        check.that(
            same,
            "id",
            format_args!("must be the id of the {} that is updated, {id}", K::NOUN),
        );
        K::check_fixed(before, spec, check);
    })
}

async fn send<K: Managed>(
    sender: &Sender,
    id: &str,
    spec: K::Spec,
    violations: Vec<FieldViolation>,
) -> Result<Resource<K>, Error> {
    validate::refuse(K::LIFE.update, violations)
        .map_err(|error| error.during(K::LIFE.update, Some(id)))?;
    Resource::from_reply(K::LIFE.update, Some(id), K::update(sender, id, spec).await?)
}
