//! Gateways, deployments and capacity claims.

use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};

use clap::Args;
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

fn names(kind: Kind, files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let resources = read(kind, files)?.resources.into_iter();
    Ok(resources.map(|resource| resource.name).collect())
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
    for view in views {
        match backend::delete(&session.client, kind, &view.id).await {
            Ok(view) => {
                if !wait_args.wait {
                    output::note(format_args!("{noun} {} is being deleted", view.name));
                }
                deleting.push(view);
            }
            Err(failure) if ignore_not_found && failure.is_not_found() => {}
            Err(failure) => Failure::add(&mut failures, failure.naming(&view.id, &view.name)),
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
