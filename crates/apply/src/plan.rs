//! Planning changes.

use std::collections::HashMap;
use std::fmt;

use coreweave_inference::Client;
use coreweave_inference::raw::types;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::account::{Account, Existing};
use crate::compare;
use crate::error::Error;
use crate::kind::Kind;
use crate::manifest::{Manifest, ManifestResource};
use crate::preflight::Parameters;
use crate::problem::{Location, Problem, Problems};
use crate::schema::{self, suggest};

/// Options for [`plan`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Whether to delete resources that are not in the manifest.
    pub prune: bool,
}

/// The changes that make an account match a manifest.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One change per resource, unchanged ones included, in the order in which they are applied.
    pub changes: Vec<Change>,
}

/// The change of one resource. `Debug` leaves the spec out, as it may hold secrets.
#[derive(Clone)]
pub struct Change {
    /// The kind of the resource.
    pub kind: Kind,
    /// The name of the resource.
    pub name: String,
    /// Its id: that of the existing resource, or the one that it is going to be created with.
    pub id: String,
    /// The action.
    pub action: Action,
    /// The spec after the change, without what the service adds.
    pub spec: Map<String, Value>,
    /// Where the manifest describes it; `None` for one that is to be deleted.
    pub location: Option<Location>,
    /// What the manifest says, to be merged into the spec at the time of the update.
    pub(crate) body: Map<String, Value>,
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
    /// The members to merge into the spec at the time of an update.
    pub(crate) fn update(&self) -> Map<String, Value> {
        let mut members = self.body.clone();
        if self.kind == Kind::CapacityClaim {
            // The name of a claim is no member of its update.
            members.remove("name");
        }
        members
    }
}

/// What a change does to a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Create it.
    Create,
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
    /// The members that change, with their old and new values.
    pub fn members(&self) -> &[MemberChange] {
        match self {
            Action::Update(members) | Action::Replace { members, .. } => members,
            Action::Create | Action::Delete | Action::Unchanged => &[],
        }
    }
}

/// The action as a word, such as `create`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Create => "create",
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
    /// The path of the member, such as `runtime.version`.
    pub path: String,
    /// The current value, if any.
    pub old: Option<Value>,
    /// The value afterwards; `None` if the member is cleared.
    pub new: Option<Value>,
}

/// Compares a manifest with the account, and the changed values with those that the service accepts.
///
/// Sends three list requests, and one request for the parameters of each kind that changes.
///
/// # Errors
/// If a request fails, or if the manifest has problems, all of which are listed.
pub async fn plan(
    client: &Client,
    manifest: &Manifest,
    options: PlanOptions,
) -> Result<Plan, Error> {
    let account = Account::fetch(client).await?;
    let plan = Plan::new(manifest, &account, options)?;
    let parameters = Parameters::fetch(client, &plan).await?;
    Problems(parameters.check(manifest, &plan)).into_result()?;
    Ok(plan)
}

impl Plan {
    /// Compares a manifest with an account without sending requests.
    ///
    /// # Errors
    /// Lists all problems: gateways that do not exist, resources that are being deleted, members that a create
    /// needs, gateways that would have to be replaced while deployments use them.
    pub fn new(
        manifest: &Manifest,
        account: &Account,
        options: PlanOptions,
    ) -> Result<Self, Problems> {
        let mut planner = Planner {
            account,
            gateways: HashMap::new(),
            problems: Vec::new(),
        };
        let mut resources: Vec<_> = manifest.resources.iter().collect();
        resources.sort_by_key(|resource| resource.kind);
        let mut changes: Vec<_> = resources
            .into_iter()
            .filter_map(|resource| planner.change(resource))
            .collect();
        Problems(planner.problems).into_result()?;
        if options.prune {
            changes.extend(deletions(account, &changes).into_iter().rev());
        }
        Ok(Self { changes })
    }

    /// Whether the account matches the manifest.
    pub fn is_unchanged(&self) -> bool {
        self.changes
            .iter()
            .all(|change| change.action == Action::Unchanged)
    }

    /// The changes that delete something: replacements and deletions.
    pub fn destructive(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| matches!(change.action, Action::Replace { .. } | Action::Delete))
    }
}

struct Planner<'a> {
    account: &'a Account,
    /// The ids of the manifest's gateways by name.
    gateways: HashMap<String, String>,
    problems: Vec<Problem>,
}

impl Planner<'_> {
    fn change(&mut self, resource: &ManifestResource) -> Option<Change> {
        let (kind, name) = (resource.kind, &resource.name);
        let mut body = resource.body.clone();
        let id = match body.remove("id") {
            Some(Value::String(id)) => Some(id),
            _ => None,
        };
        let existing = id
            .as_deref()
            .and_then(|id| self.account.by_id(kind, id))
            .or_else(|| self.account.by_name(kind, name));
        if let Some(existing) = existing
            && existing.status == "STATUS_DELETING"
        {
            let problem = Problem::new(
                Some(resource.location.clone()),
                format!("the {kind} {name} is being deleted"),
            );
            self.problems
                .push(problem.help("apply again once it is gone"));
            return None;
        }
        self.resolve_gateways(resource, &mut body);
        let (id, action, spec) = match existing {
            Some(existing) => self.existing(resource, existing, &body)?,
            None => {
                let id = id.unwrap_or_else(|| Uuid::new_v4().to_string());
                let spec = compare::merge(&Map::new(), &body);
                self.require(resource, &spec);
                (id, Action::Create, self.typed(resource, spec)?)
            }
        };
        if kind == Kind::Gateway {
            self.gateways.insert(name.clone(), id.clone());
        }
        Some(Change {
            kind,
            name: name.clone(),
            id,
            action,
            spec,
            location: Some(resource.location.clone()),
            body,
        })
    }

    fn existing(
        &mut self,
        resource: &ManifestResource,
        existing: &Existing,
        body: &Map<String, Value>,
    ) -> Option<(String, Action, Map<String, Value>)> {
        let kind = resource.kind;
        let spec = self.typed(resource, compare::merge(&existing.spec, body))?;
        let members = compare::differences(kind, &existing.spec, &spec);
        let reasons = compare::blockers(kind, &existing.spec, &spec);
        let action = match (members.is_empty(), reasons.is_empty()) {
            (true, _) => Action::Unchanged,
            (false, true) => Action::Update(members),
            (false, false) => {
                let users = self.account.users_of(&existing.id);
                if kind == Kind::Gateway && !users.is_empty() {
                    let message = format!(
                        "the gateway {} must be replaced ({}), but deployments use it: {}",
                        existing.name,
                        reasons.join("; "),
                        users.join(", ")
                    );
                    let problem = Problem::new(Some(resource.location.clone()), message);
                    self.problems
                        .push(problem.help("delete them or move them to another gateway first"));
                    return None;
                }
                let action = Action::Replace {
                    old_id: existing.id.clone(),
                    reasons,
                    members,
                };
                return Some((Uuid::new_v4().to_string(), action, spec));
            }
        };
        Some((existing.id.clone(), action, spec))
    }

    /// Puts the ids of the gateways that the manifest names into the body.
    fn resolve_gateways(&mut self, resource: &ManifestResource, body: &mut Map<String, Value>) {
        let Some(names) = &resource.gateways else {
            return;
        };
        let mut ids = Vec::new();
        for name in names {
            let existing = self
                .account
                .by_name(Kind::Gateway, name)
                .map(|gateway| &gateway.id);
            match self.gateways.get(name).or(existing) {
                Some(id) => ids.push(Value::from(id.as_str())),
                None => {
                    let known = self
                        .account
                        .of(Kind::Gateway)
                        .map(|gateway| gateway.name.as_str());
                    let known = known.chain(self.gateways.keys().map(String::as_str));
                    let message = format!(
                        "there is no gateway {name}, neither in the manifest nor in the account"
                    );
                    let problem = Problem::new(Some(resource.location_of("gateways")), message);
                    self.problems.push(problem.suggest(suggest(name, known)));
                }
            }
        }
        body.insert("gatewayIds".to_owned(), ids.into());
    }

    /// Reports the members that a create needs and the manifest lacks.
    fn require(&mut self, resource: &ManifestResource, spec: &Map<String, Value>) {
        for path in schema::missing(resource.kind.members(), spec) {
            let owner = path.rsplit_once('.').map_or("", |(owner, _)| owner);
            let message = format!("a new {} needs `{path}`", resource.kind);
            self.problems
                .push(Problem::new(Some(resource.location_of(owner)), message));
        }
    }

    /// The spec as the generated types read and write it, so that equal values have one form.
    fn typed(
        &mut self,
        resource: &ManifestResource,
        spec: Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let typed = match resource.kind {
            Kind::CapacityClaim => round_trip::<types::CreateCapacityClaimRequest>(spec),
            Kind::Gateway => round_trip::<types::CreateGatewayRequest>(spec),
            Kind::Deployment => round_trip::<types::CreateDeploymentRequest>(spec),
        };
        match typed {
            Ok(spec) => Some(spec),
            Err(error) => {
                let message = format!(
                    "the {} {} does not fit the API: {error}",
                    resource.kind, resource.name
                );
                self.problems
                    .push(Problem::new(Some(resource.location.clone()), message));
                None
            }
        }
    }
}

fn round_trip<T: Serialize + DeserializeOwned>(
    spec: Map<String, Value>,
) -> serde_json::Result<Map<String, Value>> {
    let typed: T = serde_json::from_value(spec.into())?;
    serde_json::from_value(serde_json::to_value(typed)?)
}

/// Deletions of the resources that are in none of the changes.
fn deletions(account: &Account, changes: &[Change]) -> Vec<Change> {
    let kept = |existing: &&Existing| {
        let is_same = |change: &Change| match &change.action {
            Action::Replace { old_id, .. } => *old_id == existing.id,
            _ => change.id == existing.id,
        };
        existing.status == "STATUS_DELETING"
            || changes
                .iter()
                .any(|change| change.kind == existing.kind && is_same(change))
    };
    account
        .resources
        .iter()
        .filter(|existing| !kept(existing))
        .map(|existing| Change {
            kind: existing.kind,
            name: existing.name.clone(),
            id: existing.id.clone(),
            action: Action::Delete,
            spec: Map::new(),
            location: None,
            body: Map::new(),
        })
        .collect()
}
