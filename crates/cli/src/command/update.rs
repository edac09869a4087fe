//! Changes of existing resources, planned as `diff` plans them.

use coreweave_inference_apply::{
    Account, Action, Change, Existing, Manifest, ManifestReader, Plan, PlanOptions, Problem,
    Problems,
};
use serde_json::{Map, Value};

use crate::args::WaitArgs;
use crate::backend::{self, Show};
use crate::command::manifest;
use crate::condition::Condition;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::session::Session;
use crate::view::View;
use crate::wait::{Deadline, follow};
use crate::{output, set};

/// Changes members of a resource, and says what changed.
pub(crate) async fn run(
    session: &Session,
    kind: Kind,
    resource: &str,
    assignments: &[String],
    dry_run: bool,
    wait: WaitArgs,
) -> Result<(), Failure> {
    let body = set::parse(kind, assignments)?;
    let view = backend::find(&session.client, kind, resource).await?;
    let plan = plan(session, &[(&view, body.clone())]).await?;
    if dry_run {
        manifest::print(session, &plan);
        return Ok(());
    }
    let updated = make(
        session,
        &view,
        &plan,
        body,
        Deadline::after(wait.timeout),
        wait.wait,
    )
    .await?;
    session.output.resource(&updated, session.now());
    Ok(())
}

/// Plans the update of resources of one kind with the members that change.
pub(crate) async fn plan(
    session: &Session,
    updates: &[(&View, Map<String, Value>)],
) -> Result<Plan, Failure> {
    let mut account = Account::default();
    let mut reader = ManifestReader::new(None);
    for (view, body) in updates {
        if body.contains_key("gateways") || body.contains_key("gatewayIds") {
            let gateways = backend::list(&session.client, Kind::Gateways, None, usize::MAX).await?;
            account
                .resources
                .extend(gateways.iter().filter_map(existing));
        }
        let Some(existing) = existing(view) else {
            return Err(Failure::usage("hot-loads cannot be updated"));
        };
        let mut document = Map::new();
        document.insert("kind".to_owned(), existing.kind.manifest_name().into());
        document.insert("id".to_owned(), existing.id.as_str().into());
        if !existing.name.is_empty() {
            document.insert("name".to_owned(), existing.name.as_str().into());
        }
        document.extend(body.clone());
        account.resources.push(existing);
        reader.text("--set", &Value::from(document).to_string());
    }
    let bare =
        |problems: Problems| Problems(problems.0.into_iter().map(without_location).collect());
    let manifest = reader.finish().map_err(bare)?;
    let plan = Plan::new(&manifest, &account, PlanOptions::default()).map_err(bare)?;
    let warnings = manifest.warnings.iter().chain(&plan.warnings);
    warnings
        .cloned()
        .map(without_location)
        .for_each(output::warning);
    Ok(plan)
}

/// A deletion of these resources, as a plan.
pub(crate) fn deletion(views: &[View]) -> Result<Plan, Failure> {
    let account = Account {
        resources: views.iter().filter_map(existing).collect(),
    };
    let options = PlanOptions { prune: true };
    Ok(Plan::new(&Manifest::default(), &account, options)?)
}

/// What is planned for a resource is not in a file.
fn without_location(problem: Problem) -> Problem {
    Problem {
        location: None,
        ..problem
    }
}

/// A resource as plans have it, unless it is a hot-load.
fn existing(view: &View) -> Option<Existing> {
    let text = |pointer| {
        view.json
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let spec = view.json.get("spec").and_then(Value::as_object);
    let mut spec = spec.cloned().unwrap_or_default();
    for set_by_service in ["id", "organizationId"] {
        spec.remove(set_by_service);
    }
    Some(Existing {
        kind: view.kind.in_manifests()?,
        id: view.id.clone(),
        name: text("/spec/name").to_owned(),
        status: text("/status/status").to_owned(),
        spec,
    })
}

/// Makes the planned update of a resource, waits for it where asked to, and says what changed.
pub(crate) async fn make(
    session: &Session,
    view: &View,
    plan: &Plan,
    mut body: Map<String, Value>,
    deadline: Deadline,
    wait: bool,
) -> Result<View, Failure> {
    let (client, noun, name) = (&session.client, view.kind.noun(), &view.name);
    let is_of = |change: &&Change| match &change.action {
        Action::Replace { old_id, .. } => *old_id == view.id,
        _ => change.id == view.id,
    };
    let change = plan.changes.iter().find(is_of);
    let members = match change.map(|change| &change.action) {
        Some(Action::Update(members)) => members,
        Some(Action::Replace { reasons, .. }) => {
            return Err(Failure::usage(format!(
                "the {noun} {name} cannot be updated like that: {}",
                reasons.join("; ")
            )));
        }
        _ => {
            output::note(format_args!("{noun} {name} unchanged"));
            return Ok(view.clone());
        }
    };
    if body.remove("gateways").is_some()
        && let Some(ids) = change.and_then(|change| change.spec.get("gatewayIds"))
    {
        body.insert("gatewayIds".to_owned(), ids.clone());
    }
    let updated = match wait {
        true => {
            let run = async |show: &mut Show<'_>| {
                let timeout = deadline.remaining();
                backend::update_and_wait(client, view.kind, &view.id, &body, timeout, show).await
            };
            follow(view, &Condition::Ready, run).await?
        }
        false => backend::update(client, view.kind, &view.id, &body)
            .await
            .map_err(|failure| failure.naming(&view.id, name))?,
    };
    output::note(format_args!("{noun} {name} updated"));
    members
        .iter()
        .map(manifest::change_line)
        .for_each(output::note);
    Ok(updated)
}
