//! `cwinf`: operate CoreWeave Inference from the terminal.

mod args;
mod command;
mod demo;
mod failure;
mod kind;
mod output;
mod progress;
mod service;
mod session;
mod set;
mod table;
mod top;
mod view;
mod wait;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;
use failure::Failure;

fn main() -> ExitCode {
    run(Args::parse()).unwrap_or_else(Failure::report)
}

fn run(args: Args) -> Result<ExitCode, Failure> {
    match &args.command {
        Command::Completion { shell } => command::completion(*shell).map(|()| ExitCode::SUCCESS),
        Command::Man { folder } => command::man(folder).map(|()| ExitCode::SUCCESS),
        _ => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(command::run(args))
        }
    }
}
