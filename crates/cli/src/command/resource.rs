//! Gateways, deployments and capacity claims.

use std::path::Path;

use coreweave_inference_apply::{self as apply, Account, Plan, PlanOptions};
use serde_json::Value;

use crate::args::{ResourceCommand, WaitArgs};
use crate::failure::Failure;
use crate::kind::Kind;
use crate::session::Session;
use crate::view::View;
use crate::wait::{Condition, Show, follow, wait};
use crate::{command::manifest, output, service, set};

pub(crate) async fn run(
    session: &Session,
    kind: Kind,
    command: ResourceCommand,
) -> Result<(), Failure> {
    let Session { client, output, .. } = session;
    match command {
        ResourceCommand::List => {
            let views = service::list(client, kind).await?;
            output.resources(kind.noun(), &views, session.now())
        }
        ResourceCommand::Get { resource } => {
            let view = service::find(client, kind, &resource).await?;
            output.details(&view, session.now())
        }
        ResourceCommand::Create { file, wait } => create(session, kind, &file, wait).await,
        ResourceCommand::Update {
            resource,
            set,
            wait,
        } => {
            let body = set::parse(kind, &set)?;
            let view = service::find(client, kind, &resource).await?;
            let updated = match wait.wait {
                true => {
                    let run = async |show: &mut Show<'_>| {
                        service::update_and_wait(client, kind, &view.id, &body, wait.timeout, show)
                            .await
                    };
                    follow(&view, &Condition::Ready, run).await?
                }
                false => service::update(client, kind, &view.id, &body).await?,
            };
            output::note(&format!("{} {} updated", kind.noun(), updated.name))?;
            output.resource(&updated, session.now())
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
async fn create(session: &Session, kind: Kind, file: &Path, wait: WaitArgs) -> Result<(), Failure> {
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
    for change in Plan::new(&manifest, &account, PlanOptions::default())?.changes {
        let mut body = change.spec;
        body.insert("id".to_owned(), Value::from(change.id));
        let view = service::create(&session.client, kind, body).await?;
        finish(session, view, wait).await?;
    }
    Ok(())
}

/// Waits where asked for a new resource to be ready, and prints it.
async fn finish(session: &Session, view: View, wait_args: WaitArgs) -> Result<(), Failure> {
    output::note(&format!("{} {} created", view.kind.noun(), view.name))?;
    let view = match wait_args.wait {
        true => wait(session, &view, Condition::Ready, wait_args.timeout)
            .await?
            .unwrap_or(view),
        false => view,
    };
    session.output.resource(&view, session.now())
}

async fn delete(
    session: &Session,
    kind: Kind,
    resource: &str,
    wait_args: WaitArgs,
) -> Result<(), Failure> {
    let view = service::find(&session.client, kind, resource).await?;
    let deleting = service::delete(&session.client, kind, &view.id).await?;
    let (noun, name) = (kind.noun(), &view.name);
    if wait_args.wait {
        wait(session, &view, Condition::Deleted, wait_args.timeout).await?;
        return output::note(&format!("{noun} {name} deleted"));
    }
    output::note(&format!("{noun} {name} is being deleted"))?;
    session.output.resource(&deleting, session.now())
}
