//! `cwinf`: operate CoreWeave Inference from the terminal.

mod args;
mod backend;
mod command;
mod completion;
mod condition;
mod context;
mod demo;
mod events;
mod failure;
mod interrupt;
mod kind;
mod output;
mod progress;
mod session;
mod set;
mod table;
mod text;
mod top;
mod view;
mod wait;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;
use failure::{Exit, Failure};
use output::Output;
use text::Text;

fn main() -> ExitCode {
    completion::answer();
    let mut exit = run(Args::parse()).unwrap_or_else(|failure| {
        for message in failure.messages {
            output::error(message.text);
            for note in message.notes {
                output::write_to_stderr(&Text::default().line(format_args!("  {note}")));
            }
        }
        failure.exit
    });
    if let Some(error) = output::failure() {
        output::error(format_args!("cannot write to standard output: {error}"));
        if matches!(exit, Exit::Success | Exit::Differences) {
            exit = Exit::Usage;
        }
    }
    exit.into()
}

fn run(args: Args) -> Result<Exit, Failure> {
    let output = Output {
        format: args.output,
    };
    match args.command {
        Command::Completion { shell } => command::completion(shell),
        Command::Man { folder } => command::man(&folder)?,
        Command::Explain { target, recursive } => command::explain(&output, &target, recursive)?,
        Command::Schema => command::print_schema(&output),
        Command::New { kind } => command::print_template(kind),
        Command::Context(command) => {
            command::context(&output, args.account.context.as_deref(), command)?;
        }
        _ => return block_on(args, output),
    }
    Ok(Exit::Success)
}

/// Runs a command that talks to the service, until it ends or is interrupted.
fn block_on(args: Args, output: Output) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("cannot start: {error}")))?;
    interrupt::end_after_grace();
    let result = runtime.block_on(async {
        tokio::select! {
            // A command that handles the interruption itself says more.
            biased;
            result = command::run(args, output) => result,
            exit = interrupt::interrupted() => Err(Failure::new(exit, "interrupted")),
        }
    });
    // What still runs in another thread, such as the lookup of a name, does not hold up the end.
    runtime.shutdown_background();
    result
}
