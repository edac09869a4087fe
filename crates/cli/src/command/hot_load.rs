//! Hot-loads.

use std::path::Path;

use coreweave_inference::NewHotLoad;
use coreweave_inference_apply::parse_request;
use futures_util::TryStreamExt;
use serde_json::Value;

use crate::args::{HotLoadCommand, WaitArgs};
use crate::command::{list, manifest, resource};
use crate::condition::Condition;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::progress::Progress;
use crate::session::Session;
use crate::view::{self, View};
use crate::wait::{Deadline, wait};
use crate::{backend, output};

pub(crate) async fn run(session: &Session, command: HotLoadCommand) -> Result<(), Failure> {
    let Session { client, output, .. } = session;
    let api = client.hot_loads();
    match command {
        HotLoadCommand::List(args) => list::run(session, Kind::HotLoads, args).await?,
        HotLoadCommand::Get { resource } => {
            resource::get(session, Kind::HotLoads, &resource).await?;
        }
        HotLoadCommand::Create {
            file,
            deployment,
            identity,
            previous,
            after_active,
            wait,
        } => {
            let new = match (file, deployment, identity) {
                (Some(file), ..) => read(&file)?,
                (None, Some(deployment), Some(identity)) => {
                    let deployment = backend::find(client, Kind::Deployments, &deployment);
                    let deployment = deployment.await?.id;
                    match previous {
                        None => NewHotLoad::full(deployment, identity),
                        Some(previous) => NewHotLoad::incremental(deployment, identity, previous),
                    }
                }
                // The command line is checked before it gets here.
                _ => {
                    return Err(Failure::usage(
                        "give --file, or --deployment and --identity",
                    ));
                }
            };
            create(session, new, after_active, wait).await?;
        }
        HotLoadCommand::Cancel { resource } => {
            let view = backend::find(client, Kind::HotLoads, &resource).await?;
            let canceled = api
                .cancel(view.id.as_str())
                .await
                .map_err(|error| Failure::from(error).naming(&view.id, &view.name))?;
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

/// Reads the members of the request from a file.
fn read(file: &Path) -> Result<NewHotLoad, Failure> {
    let (name, text) = manifest::source(file)?;
    let kind = Kind::HotLoads;
    let (body, warnings) = parse_request(&name, &text, kind.noun(), kind.schema())?;
    warnings.iter().for_each(output::warning);
    serde_json::from_value(Value::from(body))
        .map_err(|error| Failure::usage(format!("{name}: this does not fit the API: {error}")))
}

/// Creates a hot-load, after the active one where asked to, and waits for it where asked to.
async fn create(
    session: &Session,
    new: NewHotLoad,
    after_active: bool,
    wait_args: WaitArgs,
) -> Result<(), Failure> {
    let deadline = Deadline::after(wait_args.timeout);
    let identity = new.raw().identity.clone();
    let create = session.client.hot_loads().create(new);
    let created = match after_active {
        true => {
            let mut progress = Progress::start();
            let new = identity.clone();
            let mut create = create.after_active().on_progress(move |load| {
                let active = View::from(load.clone());
                if active.name != new {
                    progress.show(format!(
                        "waiting for the active hot-load {} to end: {}",
                        active.name,
                        active.state()
                    ));
                }
            });
            if let Some(timeout) = deadline.remaining() {
                create = create.timeout(timeout);
            }
            create.await
        }
        false => create.await,
    };
    let view: View = created
        .map_err(|error| {
            let id = error.resource_id().unwrap_or_default().to_owned();
            Failure::from(error).naming(&id, &identity)
        })?
        .into();
    output::note(format_args!("hot-load {} created", view.name));
    let view = match wait_args.wait {
        true => wait(session, &view, &Condition::Complete, deadline)
            .await?
            .unwrap_or(view),
        false => view,
    };
    session.output.resource(&view, session.now());
    Ok(())
}
