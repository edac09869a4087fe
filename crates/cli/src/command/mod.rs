//! The commands.

mod api;
mod chat;
mod context;
mod explain;
mod export;
mod generate;
mod hot_load;
mod list;
mod manifest;
mod parameters;
mod resource;
mod template;
mod traffic;
mod update;
mod watch;

use coreweave_inference_apply::ApplyOptions;

use crate::args::{Args, Command};
use crate::condition::Condition;
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::output::Output;
use crate::session::Session;
use crate::wait::{self, Deadline};
use crate::{backend, top};

pub(crate) use context::run as context;
pub(crate) use explain::{print_schema, run as explain};
pub(crate) use generate::{completion, man};
pub(crate) use template::print as print_template;

/// Runs a command that talks to the service.
pub(crate) async fn run(args: Args, output: Output) -> Result<Exit, Failure> {
    let session = Session::open(&args.account, output, args.interval).await?;
    let done = execute(&session, args.command).await;
    done.map_err(|failure| session.name_token(failure))
}

async fn execute(session: &Session, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Gateways(command) => resource::run(session, Kind::Gateways, command).await?,
        Command::Deployments(command) => resource::run(session, Kind::Deployments, command).await?,
        Command::Claims(command) => resource::run(session, Kind::Claims, command).await?,
        Command::HotLoads(command) => hot_load::run(session, command).await?,
        Command::Parameters { kind } => parameters::run(session, kind).await?,
        Command::Wait {
            kind,
            resource,
            condition,
            timeout,
        } => {
            condition.check(kind)?;
            let found = backend::find(&session.client, kind, &resource).await;
            // What is gone is deleted.
            if matches!(&found, Err(failure) if condition == Condition::Deleted && failure.is_not_found())
            {
                return Ok(Exit::Success);
            }
            if let Some(view) =
                wait::wait(session, &found?, &condition, Deadline::after(timeout)).await?
            {
                session.output.resource(&view, session.now());
            }
        }
        Command::Watch { kind } => watch::run(session, kind).await?,
        Command::Top => return top::run(session).await,
        Command::Diff { manifests } => return manifest::diff(session, &manifests).await,
        Command::Apply {
            manifests,
            yes,
            parallelism,
            wait,
            fail_on_error,
        } => {
            let options = ApplyOptions {
                replace: manifests.replace,
                delete: manifests.prune,
                wait: wait.wait,
                timeout: wait.timeout,
                fail_on_error,
                parallelism: parallelism.into(),
            };
            manifest::apply(session, &manifests, yes, options).await?;
        }
        Command::Export {
            kind,
            resources,
            dir,
            overwrite,
        } => match dir {
            Some(dir) => export::to_folder(session, kind, &resources, &dir, overwrite).await?,
            None => export::print(session, kind, &resources).await?,
        },
        Command::Traffic {
            model,
            shares,
            dry_run,
            wait,
        } => traffic::run(session, &model, shares, dry_run, wait).await?,
        Command::Chat {
            gateway,
            model,
            text,
            system,
            max_tokens,
        } => {
            let question = chat::Question {
                model,
                text,
                system,
                max_tokens,
            };
            chat::run(session, &gateway, question).await?;
        }
        Command::Api { method, path, data } => api::run(session, &method, &path, data).await?,
        // These need no session.
        Command::Completion { .. }
        | Command::Context(_)
        | Command::Explain { .. }
        | Command::Man { .. }
        | Command::New { .. }
        | Command::Schema => {}
    }
    Ok(Exit::Success)
}
