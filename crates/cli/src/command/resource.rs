//! Gateways, deployments and capacity claims.

use std::io::{IsTerminal, stdin};
use std::mem;
use std::path::{Path, PathBuf};

use clap::Args;
use coreweave_inference::reason::GATEWAY_IN_USE;
use coreweave_inference_apply::{self as apply, Account, ManifestResource, Plan, PlanOptions};
use serde_json::Value;

use crate::args::{ResourceCommand, WaitArgs};
use crate::command::list::{self, Wanted};
use crate::command::{manifest, update};
use crate::condition::Condition;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::session::Session;
use crate::view::View;
use crate::wait::{Deadline, wait};
use crate::{backend, output};

pub(crate) async fn run(
    session: &Session,
    kind: Kind,
    command: ResourceCommand<impl Args + Into<Wanted>>,
) -> Result<(), Failure> {
    match command {
        ResourceCommand::List(args) => list::run(session, kind, args).await,
        ResourceCommand::Get { resource } => get(session, kind, &resource).await,
        ResourceCommand::Create { file, wait } => create(session, kind, &file, wait).await,
        ResourceCommand::Update {
            resource,
            set,
            dry_run,
            wait,
        } => update::run(session, kind, &resource, &set, dry_run, wait).await,
        ResourceCommand::Delete {
            resources,
            file,
            ignore_not_found,
            yes,
            dry_run,
            wait,
        } => {
            let names = match file.as_slice() {
                [] => resources,
                files => names(kind, files)?,
            };
            let views = backend::find_all(&session.client, kind, &names, ignore_not_found).await?;
            if dry_run {
                manifest::print(session, &update::deletion(&views)?);
                return Ok(());
            }
            if !yes && !views.is_empty() && stdin().is_terminal() {
                let names: Vec<_> = views.iter().map(|view| view.name.as_str()).collect();
                manifest::ask(&format!(
                    "Delete {} {}?",
                    kind.nouns(names.len()),
                    names.join(", ")
                ))?;
            }
            delete(session, kind, &views, ignore_not_found, wait).await
        }
    }
}

/// Shows everything about one resource.
pub(crate) async fn get(session: &Session, kind: Kind, resource: &str) -> Result<(), Failure> {
    let mut view = backend::find(&session.client, kind, resource).await?;
    if session.output.is_for_people() {
        view.name_parents(&backend::parent_names(&session.client, kind).await?);
    }
    session.output.details(&view, session.now());
    Ok(())
}

/// The resources of one kind that files describe.
fn read(kind: Kind, files: &[PathBuf]) -> Result<apply::Manifest, Failure> {
    let wanted = kind.in_manifests();
    let manifest = manifest::read(files, wanted)?;
    let is_other = |resource: &&ManifestResource| Some(resource.kind) != wanted;
    match manifest.resources.iter().find(is_other) {
        None => Ok(manifest),
        Some(other) => Err(Failure::usage(format!(
            "{}: this is a {}; use `cwinf apply` for several kinds",
            other.location, other.kind
        ))),
    }
}

/// The names of the resources of one kind that files describe. Others are passed over.
fn names(kind: Kind, files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let wanted = kind.in_manifests();
    let mut names = Vec::new();
    for resource in manifest::read(files, wanted)?.resources {
        if Some(resource.kind) == wanted {
            names.push(resource.name);
        } else {
            let ManifestResource { location, kind, .. } = resource;
            output::note(format_args!("{location}: passed over, it is a {kind}"));
        }
    }
    match names.is_empty() {
        true => Err(Failure::usage(format!(
            "nothing to delete: none of it is a {}",
            kind.noun()
        ))),
        false => Ok(names),
    }
}

/// Creates the resources of a file. The service refuses those that exist.
async fn create(
    session: &Session,
    kind: Kind,
    file: &Path,
    wait_args: WaitArgs,
) -> Result<(), Failure> {
    let manifest = read(kind, &[file.to_owned()])?;
    let mut account = Account::default();
    if manifest
        .resources
        .iter()
        .any(|resource| resource.gateways.is_some())
    {
        account = Account::fetch(&session.client).await?;
        account
            .resources
            .retain(|existing| existing.kind == apply::Kind::Gateway);
    }
    let deadline = Deadline::after(wait_args.timeout);
    let mut created = Vec::new();
    let mut failures = None;
    for change in Plan::new(&manifest, &account, PlanOptions::default())?.changes {
        let mut body = change.spec;
        body.insert("id".to_owned(), Value::from(change.id.as_str()));
        match backend::create(&session.client, kind, body).await {
            Ok(view) => {
                output::note(format_args!("{} {} created", kind.noun(), view.name));
                created.push(view);
            }
            Err(failure) => Failure::add(&mut failures, failure.naming(&change.id, &change.name)),
        }
    }
    if wait_args.wait {
        for view in &mut created {
            // What is disabled never becomes ready.
            let done = match view.is_disabled() {
                true => Condition::Applied,
                false => Condition::Ready,
            };
            match wait(session, view, &done, deadline).await {
                Ok(ready) => *view = ready.unwrap_or_else(|| view.clone()),
                Err(failure) if failure.exit.is_interruption() => return Err(failure),
                Err(failure) => Failure::add(&mut failures, failure),
            }
        }
    }
    session.output.changed(&created, session.now());
    failures.map_or(Ok(()), Err)
}

/// Deletes resources, all of them although one is refused.
async fn delete(
    session: &Session,
    kind: Kind,
    views: &[View],
    ignore_not_found: bool,
    wait_args: WaitArgs,
) -> Result<(), Failure> {
    let noun = kind.noun();
    let deadline = Deadline::after(wait_args.timeout);
    let mut deleting = Vec::new();
    let mut failures = None;
    let wait_until = wait_args.wait.then_some(deadline);
    for view in views {
        match delete_one(session, view, wait_until).await {
            Ok(view) => {
                if !wait_args.wait {
                    output::note(format_args!("{noun} {} is being deleted", view.name));
                }
                deleting.push(view);
            }
            Err(failure) if ignore_not_found && failure.is_not_found() => {}
            Err(failure) if failure.exit.is_interruption() => return Err(failure),
            Err(failure) => Failure::add(&mut failures, failure),
        }
    }
    if !wait_args.wait {
        session.output.changed(&deleting, session.now());
        return failures.map_or(Ok(()), Err);
    }
    for view in &deleting {
        match wait(session, view, &Condition::Deleted, deadline).await {
            Ok(_) => output::note(format_args!("{noun} {} deleted", view.name)),
            Err(failure) if failure.exit.is_interruption() => return Err(failure),
            Err(failure) => Failure::add(&mut failures, failure),
        }
    }
    failures.map_or(Ok(()), Err)
}

/// Deletes a resource. A gateway is refused its deletion while deployments use it; with a deadline, waits for those that
/// are being deleted.
async fn delete_one(
    session: &Session,
    view: &View,
    wait_until: Option<Deadline>,
) -> Result<View, Failure> {
    let client = &session.client;
    let mut were_gone = false;
    loop {
        let deleted = backend::delete(client, view.kind, &view.id).await;
        let refused = match deleted.map_err(|failure| failure.naming(&view.id, &view.name)) {
            Err(refused) if refused.reason == Some(GATEWAY_IN_USE) => refused,
            deleted => return deleted,
        };
        let users = backend::list(client, Kind::Deployments, Some(&view.id), usize::MAX).await;
        let users = users.unwrap_or_default();
        let (ending, staying): (Vec<_>, Vec<_>) =
            users.iter().partition(|user| user.has_status("DELETING"));
        if !staying.is_empty() {
            return Err(refused.note(format_args!("used by {}", named(&staying))));
        }
        let Some(deadline) = wait_until else {
            return Err(match ending.is_empty() {
                true => refused,
                false => refused.note(format_args!(
                    "used by {}, in deletion; --wait waits for that",
                    named(&ending)
                )),
            });
        };
        // The last one may have gone since the refusal.
        if ending.is_empty() && mem::replace(&mut were_gone, true) {
            return Err(refused);
        }
        let next = format!("cwinf gateways delete {} --wait", view.name);
        for user in ending {
            let gone = wait(session, user, &Condition::Deleted, deadline).await;
            gone.map_err(|failure| failure.note(&next))?;
        }
    }
}

fn named(deployments: &[&View]) -> String {
    let names: Vec<_> = deployments.iter().map(|view| view.name.as_str()).collect();
    let nouns = Kind::Deployments.nouns(names.len());
    format!("{nouns} {}", names.join(", "))
}
