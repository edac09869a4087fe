//! Planning changes.

use std::cmp::Reverse;
use std::collections::HashMap;

use coreweave_inference::Client;
use coreweave_inference::raw::normalization::{CHOSEN_BY_SERVICE, canonical};
use coreweave_inference::raw::types;
use futures_util::future::join;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::account::{Account, Existing};
use crate::change::{Action, Change, MemberChange};
use crate::compare::{self, at};
use crate::error::Error;
use crate::kind::Kind;
use crate::manifest::{Manifest, ManifestResource};
use crate::preflight::{Parameters, documented_limit};
use crate::problem::{Problem, Problems};
use crate::schema::suggest;

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
    /// What may not be meant.
    pub warnings: Vec<Problem>,
}

/// Compares a manifest with the account, and the changed values with those that the service accepts.
///
/// Sends three list requests, and one request for the parameters of each kind in the manifest, all at the same time.
///
/// # Errors
/// Returns an error if a request fails, or if the manifest has problems, all of which are listed.
pub async fn plan(
    client: &Client,
    manifest: &Manifest,
    options: PlanOptions,
) -> Result<Plan, Error> {
    let kinds: Vec<_> = manifest.resources.iter().map(|r| r.kind).collect();
    let parameters = Parameters::fetch(client, &kinds);
    let (account, parameters) = join(Account::fetch(client), parameters).await;
    let plan = Plan::new(manifest, &account?, options)?;
    if !plan.is_unchanged() {
        Problems(parameters?.check(&plan.changes)).into_result()?;
    }
    Ok(plan)
}

impl Plan {
    /// Compares a manifest with an account without sending requests.
    ///
    /// # Errors
    /// Returns an error that lists all problems: gateways that do not exist, resources that are being deleted, required
    /// members that are missing or cleared, gateways that would have to be replaced or deleted while deployments use
    /// them.
    pub fn new(
        manifest: &Manifest,
        account: &Account,
        options: PlanOptions,
    ) -> Result<Self, Problems> {
        let mut planner = Planner {
            account,
            gateways: HashMap::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
        };
        let mut resources: Vec<_> = manifest.resources.iter().collect();
        resources.sort_by_key(|resource| resource.kind);
        let mut changes: Vec<_> = resources
            .into_iter()
            .filter_map(|resource| planner.change(resource))
            .collect();
        if options.prune && planner.problems.is_empty() {
            let deletions = planner.deletions(&changes);
            changes.extend(deletions);
        }
        Problems(planner.problems).into_result()?;
        Ok(Self {
            changes,
            warnings: planner.warnings,
        })
    }

    /// Returns whether the account matches the manifest.
    pub fn is_unchanged(&self) -> bool {
        self.changes
            .iter()
            .all(|change| change.action == Action::Unchanged)
    }
}

struct Planner<'a> {
    account: &'a Account,
    /// The ids of the manifest's gateways by name.
    gateways: HashMap<String, String>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
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
            && existing.is_deleting()
        {
            let message = format!("the {kind} {name} is being deleted");
            let problem = Problem::new(Some(resource.location.clone()), message);
            self.problems
                .push(problem.help("apply again once it is gone"));
            return None;
        }
        self.resolve_gateways(resource, &mut body);
        let (id, action, spec) = match existing {
            Some(existing) => {
                if id.is_some_and(|id| !existing.id.eq_ignore_ascii_case(&id)) {
                    let message = format!(
                        "the `id` of the {kind} {name} is {}, and cannot change",
                        existing.id
                    );
                    let location = Some(resource.location_of("id"));
                    self.warnings.push(Problem::new(location, message));
                }
                self.existing(resource, existing, &mut body)?
            }
            None => {
                let id = id.unwrap_or_else(|| Uuid::new_v4().to_string());
                let spec = compare::merge(&Map::new(), &body);
                self.require(resource, &spec, |_| true);
                let spec = self.typed(resource, spec)?;
                let members = self.differences(&Map::new(), &spec);
                (id, Action::Create(members), spec)
            }
        };
        if kind == Kind::Gateway {
            self.gateways.insert(name.clone(), id.clone());
        }
        for MemberChange { path, new, .. } in action.members() {
            if let (Some(new), Some(limit)) = (new, documented_limit(path, &spec)) {
                let message = format!("`{path}` is {new}, and the API documents {limit}");
                let warning = Problem::new(Some(resource.location_of(path)), message);
                self.warnings.push(warning);
            }
        }
        let needs = texts(spec.get("gatewayIds")).map(str::to_owned).collect();
        Some(Change {
            kind,
            name: name.clone(),
            id,
            action,
            spec,
            resource: Some(resource.clone()),
            body,
            needs,
        })
    }

    fn existing(
        &mut self,
        resource: &ManifestResource,
        existing: &Existing,
        body: &mut Map<String, Value>,
    ) -> Option<(String, Action, Map<String, Value>)> {
        let kind = resource.kind;
        self.keep_chosen(resource, existing, body);
        let spec = compare::merge(&existing.spec, body);
        self.require(resource, &spec, |path| resource.gives(path));
        let spec = self.typed(resource, spec)?;
        let mut members = self.differences(&existing.spec, &spec);
        // The service drops members that it does not know. Comparing them would update them in every run.
        members.retain(|member| {
            kind.schema().at(&member.path).is_some() || self.account.returns(kind, &member.path)
        });
        if members.is_empty() {
            return Some((existing.id.clone(), Action::Unchanged, spec));
        }
        let reasons = compare::blockers(kind, &members, &existing.spec, &spec);
        if reasons.is_empty() {
            self.require_key(resource, existing, &spec);
            if kind == Kind::CapacityClaim {
                // The name of a claim is no member of its update.
                body.remove("name");
            }
            return Some((existing.id.clone(), Action::Update(members), spec));
        }
        let users = self.account.users_of(&existing.id);
        if kind == Kind::Gateway && !users.is_empty() {
            let message = format!(
                "the gateway {} must be replaced ({}), but deployments use it: {}",
                existing.name,
                reasons.join("; "),
                names(&users)
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
        Some((Uuid::new_v4().to_string(), action, spec))
    }

    /// The members that differ, with gateways by name.
    fn differences(&self, old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<MemberChange> {
        let mut members = compare::differences(old, new);
        for member in &mut members {
            if member.path == "gatewayIds" {
                "gateways".clone_into(&mut member.path);
                for ids in [&mut member.old, &mut member.new].into_iter().flatten() {
                    *ids = texts(Some(ids)).map(|id| self.gateway_name(id)).collect();
                }
            }
        }
        members
    }

    /// The name of a gateway, or its id if there is none.
    fn gateway_name<'a>(&'a self, id: &'a str) -> &'a str {
        let mut planned = self.gateways.iter();
        let planned = planned.find(|(_, planned)| planned.eq_ignore_ascii_case(id));
        let existing = || self.account.by_id(Kind::Gateway, id);
        planned
            .map(|(name, _)| name)
            .or_else(|| existing().map(|gateway| &gateway.name))
            .map_or(id, String::as_str)
    }

    /// Leaves the members out that the manifest clears although the service chooses them; they keep their value.
    ///
    /// Whatever the service chose would differ from "cleared" in the next run.
    fn keep_chosen(
        &mut self,
        resource: &ManifestResource,
        existing: &Existing,
        body: &mut Map<String, Value>,
    ) {
        for path in CHOSEN_BY_SERVICE {
            let given = at(body, path);
            if given.is_none() || canonical(path, given).is_some() {
                continue;
            }
            match path.split_once('.') {
                None => body.remove(*path),
                Some((name, member)) => body
                    .get_mut(name)
                    .and_then(Value::as_object_mut)
                    .and_then(|object| object.remove(member)),
            };
            let kept = compare::merge(&existing.spec, body);
            if let Some(value) = at(&kept, path) {
                let message = format!("`{path}` keeps its value, {value}");
                let problem = Problem::new(Some(resource.location_of(path)), message);
                self.warnings
                    .push(problem.help("the service chooses one where it is cleared"));
            }
        }
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

    /// Reports the required members that a spec lacks, as far as the manifest is to blame.
    fn require(
        &mut self,
        resource: &ManifestResource,
        spec: &Map<String, Value>,
        is_to_blame: impl Fn(&str) -> bool,
    ) {
        for path in resource.kind.schema().missing(spec) {
            if !is_to_blame(&path) {
                continue;
            }
            let message = match (resource.gives(&path), path.as_str()) {
                (true, _) => format!("`{path}` of a {} is required", resource.kind),
                (false, "gatewayIds") => format!("a new {} needs `gateways`", resource.kind),
                (false, _) => format!("a new {} needs `{path}`", resource.kind),
            };
            self.problems
                .push(Problem::new(Some(resource.location_of(&path)), message));
        }
    }

    /// Reports an update that would drop the key of a gateway, which the service never returns.
    fn require_key(
        &mut self,
        resource: &ManifestResource,
        existing: &Existing,
        spec: &Map<String, Value>,
    ) {
        let auth = "weightsAndBiasesAuth";
        let key = at(spec, "weightsAndBiasesAuth.apiKey");
        if existing.spec.contains_key(auth) && spec.contains_key(auth) && key.is_none() {
            let message = format!("an update of this gateway needs `{auth}.apiKey`");
            let problem = Problem::new(Some(resource.location_of(auth)), message);
            self.problems
                .push(problem.help("the service never returns the key"));
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

    /// Deletions of the resources that are in none of the changes: those that need others come first.
    fn deletions(&mut self, changes: &[Change]) -> Vec<Change> {
        let is_kept = |existing: &&Existing| {
            let is_same = |change: &Change| match &change.action {
                Action::Replace { old_id, .. } => *old_id == existing.id,
                _ => change.id == existing.id,
            };
            existing.is_deleting()
                || changes
                    .iter()
                    .any(|change| change.kind == existing.kind && is_same(change))
        };
        let mut deletions = Vec::new();
        for existing in &self.account.resources {
            if is_kept(&existing) {
                continue;
            }
            let (kind, id) = (existing.kind, &existing.id);
            let stays = |change: &&Change| {
                change
                    .needs
                    .iter()
                    .any(|need| need.eq_ignore_ascii_case(id))
            };
            for user in changes.iter().filter(stays) {
                let location = user.resource.as_ref().map(|r| r.location_of("gateways"));
                let message = format!(
                    "the deployment {} uses the gateway {}, which is not in the manifest and would be deleted",
                    user.name, existing.name
                );
                let problem = Problem::new(location, message);
                self.problems
                    .push(problem.help("add the gateway, or name others in `gateways`"));
            }
            let users = match kind {
                Kind::Gateway => self.account.users_of(id),
                _ => Vec::new(),
            };
            deletions.push(Change {
                kind,
                name: existing.label().to_owned(),
                id: id.clone(),
                action: Action::Delete,
                spec: Map::new(),
                resource: None,
                body: Map::new(),
                needs: users.iter().map(|user| user.id.clone()).collect(),
            });
        }
        deletions.sort_by_key(|deletion| Reverse(deletion.kind));
        deletions
    }
}

fn names(resources: &[&Existing]) -> String {
    let names: Vec<_> = resources.iter().map(|existing| existing.label()).collect();
    names.join(", ")
}

/// The strings of a list.
fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = list.and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}

fn round_trip<T: Serialize + DeserializeOwned>(
    spec: Map<String, Value>,
) -> serde_json::Result<Map<String, Value>> {
    let typed: T = serde_json::from_value(spec.into())?;
    serde_json::from_value(serde_json::to_value(typed)?)
}
