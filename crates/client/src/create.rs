//! Creating so that a lost answer makes neither a second resource nor a false alarm.
//!
//! Every create carries an id, so repeating one is safe: when the first try was carried out and only its answer got
//! lost, the second is told ALREADY_EXISTS. A look at the id then tells whose the resource is. It does so, too, when no
//! answer ever came.

use serde_json::Value;

use crate::error::{Conflict, Error};
use crate::request::Sender;
use crate::resource::Resource;
use crate::resource::kind::Kind;
use crate::resource::new::{NewResource, Ready};

pub(crate) async fn create<K: Kind>(
    sender: Sender,
    new: NewResource<K>,
) -> Result<Resource<K>, Error> {
    let sender = sender.start();
    let ready = new.ready()?;
    let created = K::create(&sender, &ready.body)
        .await
        .and_then(|reply| Resource::from_reply(K::NAMES.create, Some(ready.id.as_str()), reply));
    match created {
        // On the heap, for this is rare: inline it would make the future of every create that much larger.
        Err(error) if may_be_our_own(&error) => Box::pin(resolve(sender, ready, error)).await,
        created => created,
    }
}

/// Whether the resource may be there although the create failed: because an earlier try of it, or one whose answer was
/// lost, was carried out.
///
/// For a hot-load a sign of that is also the interlock: what is already in progress may be the very hot-load that the
/// lost answer was about.
fn may_be_our_own(error: &Error) -> bool {
    error.is_already_exists()
        || error.outcome_unknown()
        || (error.is_hot_load_in_progress() && error.attempts() > 1)
}

/// Finds out whether the resource that a create was to make is there, and whose it is.
async fn resolve<K: Kind>(
    sender: Sender,
    ready: Ready<K>,
    refused: Error,
) -> Result<Resource<K>, Error> {
    let Ok(id) = ready.id.for_path(K::NAMES.create) else {
        return Err(refused);
    };
    // What is refused is certain and worth a patient look; what is lost may be an outage, which was waited for already.
    let sender = match refused.is_already_exists() {
        true => sender,
        false => sender.once(),
    };
    let looked_up = K::get(&sender, id)
        .await
        .and_then(|reply| Resource::from_reply(K::NAMES.get, Some(id), reply));
    let found = match looked_up {
        Ok(found) => found,
        Err(error)
            if error.is_not_found() && refused.is_already_exists() && K::NAMES.unique_names =>
        {
            return Err(refused.with_conflict(Conflict::Name));
        }
        // Neither is known then; what the create was told stays the best answer.
        Err(_) => return Err(refused),
    };
    let repeated = ready.ours || refused.attempts() > 1;
    let ours = K::answers_to(&ready.body, found.raw()) && (repeated || is_as_asked(&ready, &found));
    match ours {
        true => Ok(found),
        false if refused.is_already_exists() => Err(refused.with_conflict(Conflict::Id)),
        false => Err(refused),
    }
}

/// Whether a resource is what a request asks for, so far as the request says.
///
/// This is for a caller's own id, taken at the first try: perhaps the caller's earlier run created it, perhaps not.
fn is_as_asked<K: Kind>(ready: &Ready<K>, found: &Resource<K>) -> bool {
    let mut body = ready.body.clone();
    *K::id_to_create(&mut body) = None;
    match (
        serde_json::to_value(&body),
        serde_json::to_value(found.raw()),
    ) {
        (Ok(asked), Ok(found)) => covers(found.get("spec").unwrap_or(&Value::Null), &asked),
        _ => false,
    }
}

/// Whether `found` has all of `asked`. Protobuf JSON makes no difference between a default and nothing, and a secret may
/// be kept back.
fn covers(found: &Value, asked: &Value) -> bool {
    match (found, asked) {
        (Value::Object(found), Value::Object(asked)) => {
            asked.iter().all(|(name, asked)| match found.get(name) {
                Some(found) => covers(found, asked),
                None => is_default(asked) || name == "apiKey",
            })
        }
        (found, asked) => found == asked || (found.is_null() && is_default(asked)),
    }
}

/// Whether protobuf JSON may leave a value out. An empty message is not among them: that it is there means something.
fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resource_covers_what_was_asked_for() {
        let found = json!({"id": "1", "name": "chat", "zones": ["A"], "coreWeaveAuth": {}, "nested": {"a": 1, "b": 2}});
        for asked in [
            json!({"name": "chat"}),
            json!({"name": "chat", "disabled": false, "weight": 0, "list": [], "text": "", "gone": null}),
            json!({"nested": {"a": 1}}),
            json!({"nested": {"a": 1, "apiKey": "kept back"}}),
        ] {
            assert!(covers(&found, &asked), "{asked}");
        }
        for asked in [
            json!({"name": "other"}),
            json!({"disabled": true}),
            json!({"zones": ["B"]}),
            json!({"zones": ["A", "B"]}),
            json!({"weightsAndBiasesAuth": {}}),
            json!({"nested": {"a": 2}}),
        ] {
            assert!(!covers(&found, &asked), "{asked}");
        }
    }
}
