//! What a plan consists of.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::kind::Kind;
use crate::manifest::ManifestResource;
use crate::problem::Problem;
use coreweave_inference::error::json_path;

/// The change of one resource. `Debug` leaves the spec out, as it may hold secrets.
#[derive(Clone)]
pub struct Change {
    /// The kind of the resource.
    pub kind: Kind,
    /// The name of the resource, or its id if it has no name.
    pub name: String,
    /// Its id: that of the existing resource, or the one that it is going to be created with.
    pub id: String,
    /// The action.
    pub action: Action,
    /// The spec after the change, without what the service adds.
    pub spec: Map<String, Value>,
    /// The part of the manifest that describes it; `None` for one that is to be deleted.
    pub resource: Option<ManifestResource>,
    /// The members to merge into the spec at the time of the update.
    pub(crate) body: Map<String, Value>,
    /// The ids of the resources whose changes must succeed before this one is made.
    pub(crate) needs: Vec<String>,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("id", &self.id)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

impl Change {
    /// Returns whether it is a deployment that runs nothing, and so never becomes ready.
    pub fn is_disabled(&self) -> bool {
        self.spec.get("disabled") == Some(&Value::Bool(true))
    }

    /// Returns where the manifest gives the members that the service refused.
    pub fn locate(&self, error: &Error) -> Vec<Problem> {
        let (Error::Service(error), Some(resource)) = (error, &self.resource) else {
            return Vec::new();
        };
        let violations = error.field_violations();
        let mut refused: Vec<_> = violations
            .map(|violation| (violation.field.clone(), violation.description.as_str()))
            .collect();
        if refused.is_empty() {
            // Some rules are told in the message alone: `resources.capacity_type: must not be in list [0]`.
            let rules = error
                .message()
                .lines()
                .filter_map(|line| line.split_once(": "));
            let rules = rules.map(|(field, rule)| {
                (json_path(field.trim_start_matches("- ")).into_owned(), rule)
            });
            refused.extend(rules.filter(|(path, _)| resource.gives(path)));
        }
        refused
            .into_iter()
            .map(|(mut path, description)| {
                if resource.gateways.is_some() && path.starts_with("gatewayIds") {
                    path = path.replacen("gatewayIds", "gateways", 1);
                }
                let message = format!("`{path}`: {description}");
                Problem::new(Some(resource.location_of(&path)), message)
            })
            .collect()
    }
}

/// What a change does to a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Create it with these members.
    Create(Vec<MemberChange>),
    /// Update these members.
    Update(Vec<MemberChange>),
    /// Delete it and create it again, because an update cannot make the change.
    Replace {
        /// The id of the resource to be deleted.
        old_id: String,
        /// Why an update cannot make the change.
        reasons: Vec<String>,
        /// The members that change.
        members: Vec<MemberChange>,
    },
    /// Delete it.
    Delete,
    /// Do nothing.
    Unchanged,
}

impl Action {
    /// Returns the members that change, with their old and new values.
    pub fn members(&self) -> &[MemberChange] {
        match self {
            Action::Create(members) | Action::Update(members) => members,
            Action::Replace { members, .. } => members,
            Action::Delete | Action::Unchanged => &[],
        }
    }

    /// Returns whether something is deleted.
    pub fn is_destructive(&self) -> bool {
        matches!(self, Action::Replace { .. } | Action::Delete)
    }
}

/// The action as a word, such as `create`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Create(_) => "create",
            Action::Update(_) => "update",
            Action::Replace { .. } => "replace",
            Action::Delete => "delete",
            Action::Unchanged => "unchanged",
        })
    }
}

/// One member of a spec that changes. Values of secrets are replaced by `(hidden)`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberChange {
    /// The path of the member, such as `runtime.version`. Gateways are listed by name, under `gateways`.
    pub path: String,
    /// The current value, if any.
    pub old: Option<Value>,
    /// The value afterwards; `None` if the member is cleared.
    pub new: Option<Value>,
}
