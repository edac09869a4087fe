//! Hot-loads.

use std::path::Path;

use coreweave_inference::NewHotLoad;
use coreweave_inference_apply::parse_request;
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Map, Value};

use crate::args::{HotLoadCommand, WaitArgs};
use crate::condition::Condition;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::session::Session;
use crate::view::{self, View};
use crate::wait::{Deadline, wait};
use crate::{backend, command::manifest, output};

pub(crate) async fn run(session: &Session, command: HotLoadCommand) -> Result<(), Failure> {
    let Session { client, output, .. } = session;
    let api = client.hot_loads();
    match command {
        HotLoadCommand::List { deployment, limit } => {
            let mut list = api.list();
            if let Some(deployment) = deployment {
                let deployment = backend::find(client, Kind::Deployments, &deployment).await?;
                list = list.deployment(deployment.id.as_str());
            }
            let loads = list
                .stream()
                .map_ok(View::from)
                .take(limit.unwrap_or(usize::MAX));
            let loads: Vec<_> = loads.try_collect().await?;
            output.resources(Kind::HotLoads.noun(), &loads, session.now());
        }
        HotLoadCommand::Get { resource } => {
            let view = backend::find(client, Kind::HotLoads, &resource).await?;
            output.details(&view, session.now());
        }
        HotLoadCommand::Create {
            file,
            deployment,
            identity,
            previous,
            wait,
        } => {
            let view = match (file, deployment, identity) {
                (Some(file), ..) => backend::create(client, Kind::HotLoads, read(&file)?).await?,
                (None, Some(deployment), Some(identity)) => {
                    let deployment = backend::find(client, Kind::Deployments, &deployment)
                        .await?
                        .id;
                    let new = match previous {
                        None => NewHotLoad::full(deployment, identity),
                        Some(previous) => NewHotLoad::incremental(deployment, identity, previous),
                    };
                    api.create(new).await?.into()
                }
                // The command line is checked before it gets here.
                _ => {
                    return Err(Failure::usage(
                        "give --file, or --deployment and --identity",
                    ));
                }
            };
            finish(session, view, wait).await?;
        }
        HotLoadCommand::Cancel { resource } => {
            let view = backend::find(client, Kind::HotLoads, &resource).await?;
            let canceled = api.cancel(view.id.as_str()).await?;
            output.resource(&canceled.into(), session.now());
        }
        HotLoadCommand::Replicas { resource } => {
            let view = backend::find(client, Kind::HotLoads, &resource).await?;
            let replicas: Vec<_> = api
                .replicas(view.id.as_str())
                .stream()
                .try_collect()
                .await?;
            output.print(
                || {
                    replicas
                        .iter()
                        .map(|replica| serde_json::to_value(replica.raw()).unwrap_or_default())
                        .collect()
                },
                || {
                    replicas
                        .iter()
                        .map(|replica| replica.name().to_owned())
                        .collect()
                },
                || view::replicas(&replicas, session.now()).text(),
            );
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Map<String, Value>, Failure> {
    let (name, text) = manifest::source(file)?;
    Ok(parse_request(
        &name,
        &text,
        Kind::HotLoads.noun(),
        Kind::HotLoads.members(),
    )?)
}

async fn finish(session: &Session, view: View, wait_args: WaitArgs) -> Result<(), Failure> {
    output::note(format_args!("hot-load {} created", view.name));
    let deadline = Deadline::after(wait_args.timeout);
    let view = match wait_args.wait {
        true => wait(session, &view, &Condition::Complete, deadline)
            .await?
            .unwrap_or(view),
        false => view,
    };
    session.output.resource(&view, session.now());
    Ok(())
}
