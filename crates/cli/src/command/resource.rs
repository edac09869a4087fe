//! Gateways, deployments and capacity claims.

use std::path::Path;

use coreweave_inference_apply::{self as apply, Account, Plan, PlanOptions};
use serde_json::Value;

use crate::args::{ResourceCommand, WaitArgs};
use crate::backend::{self, Show};
use crate::condition::Condition;
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::session::Session;
use crate::wait::{Deadline, follow, wait};
use crate::{command::manifest, output, set};

pub(crate) async fn run(
    session: &Session,
    kind: Kind,
    command: ResourceCommand,
) -> Result<(), Failure> {
    let Session { client, output, .. } = session;
    match command {
        ResourceCommand::List => {
            let views = backend::list(client, kind).await?;
            output.resources(kind.noun(), &views, session.now());
            Ok(())
        }
        ResourceCommand::Get { resource } => {
            let view = backend::find(client, kind, &resource).await?;
            output.details(&view, session.now());
            Ok(())
        }
        ResourceCommand::Create { file, wait } => create(session, kind, &file, wait).await,
        ResourceCommand::Update {
            resource,
            set,
            wait,
        } => {
            let body = set::parse(kind, &set)?;
            let view = backend::find(client, kind, &resource).await?;
            let updated = match wait.wait {
                true => {
                    let run = async |show: &mut Show<'_>| {
                        backend::update_and_wait(client, kind, &view.id, &body, wait.timeout, show)
                            .await
                    };
                    follow(&view, &Condition::Ready, run).await?
                }
                false => backend::update(client, kind, &view.id, &body)
                    .await
                    .map_err(|failure| failure.naming(&view.id, &view.name))?,
            };
            output::note(format_args!("{} {} updated", kind.noun(), updated.name));
            output.resource(&updated, session.now());
            Ok(())
        }
        ResourceCommand::Delete {
            resource,
            ignore_not_found,
            wait,
        } => match delete(session, kind, &resource, wait).await {
            Err(failure) if ignore_not_found && failure.is_not_found() => Ok(()),
            result => result,
        },
    }
}

/// Creates the resources of a file. The service refuses those that exist.
async fn create(
    session: &Session,
    kind: Kind,
    file: &Path,
    wait_args: WaitArgs,
) -> Result<(), Failure> {
    let wanted = match kind {
        Kind::Gateways => apply::Kind::Gateway,
        Kind::Deployments => apply::Kind::Deployment,
        Kind::Claims | Kind::HotLoads => apply::Kind::CapacityClaim,
    };
    let manifest = manifest::read([file], Some(wanted))?;
    if let Some(other) = manifest
        .resources
        .iter()
        .find(|resource| resource.kind != wanted)
    {
        return Err(Failure::usage(format!(
            "{}: this is a {}; use `cwinf apply` for several kinds",
            other.location, other.kind
        )));
    }
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
            match wait(session, view, &Condition::Ready, deadline).await {
                Ok(ready) => *view = ready.unwrap_or_else(|| view.clone()),
                Err(failure) if failure.exit == Exit::Interrupted => return Err(failure),
                Err(failure) => Failure::add(&mut failures, failure),
            }
        }
    }
    session.output.changed(&created, session.now());
    failures.map_or(Ok(()), Err)
}

async fn delete(
    session: &Session,
    kind: Kind,
    resource: &str,
    wait_args: WaitArgs,
) -> Result<(), Failure> {
    let view = backend::find(&session.client, kind, resource).await?;
    let deleting = backend::delete(&session.client, kind, &view.id)
        .await
        .map_err(|failure| failure.naming(&view.id, &view.name))?;
    let (noun, name) = (kind.noun(), &view.name);
    if wait_args.wait {
        let deadline = Deadline::after(wait_args.timeout);
        wait(session, &view, &Condition::Deleted, deadline).await?;
        output::note(format_args!("{noun} {name} deleted"));
    } else {
        output::note(format_args!("{noun} {name} is being deleted"));
        session.output.resource(&deleting, session.now());
    }
    Ok(())
}
