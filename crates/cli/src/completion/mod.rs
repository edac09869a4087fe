//! Shell completion, with what only the account knows: names, models, zones, engines and instance types.

mod bash;
mod cache;
mod lookup;

use std::ffi::OsStr;

use clap::{Arg, Command, CommandFactory};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, Fish, Powershell, Shells, Zsh};

use crate::args::Args;
use crate::context::Contexts;
use crate::kind::Kind;
use lookup::{Lookup, words};

/// The shells that ask for completions.
pub(crate) const SHELLS: Shells<'_> = Shells(&[&bash::Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// Answers a shell that asks for completions, and ends the program then.
pub(crate) fn answer() {
    CompleteEnv::with_factory(|| completing(Args::command()))
        .shells(SHELLS)
        .complete();
}

fn completing(command: Command) -> Command {
    command.mut_args(complete).mut_subcommands(completing)
}

/// Adds what completes the values of an argument.
fn complete(arg: Arg) -> Arg {
    let values = |values: fn() -> Vec<String>| {
        ArgValueCandidates::new(move || {
            values().into_iter().map(CompletionCandidate::new).collect()
        })
    };
    let names = |kind| {
        ArgValueCandidates::new(move || {
            let names = Lookup::Names(kind).values().into_iter();
            names.map(CompletionCandidate::new).collect()
        })
    };
    match arg.get_id().as_str() {
        "resource" | "resources" => arg.add(values(|| {
            kind().map_or(Vec::new(), |kind| Lookup::Names(kind).values())
        })),
        "gateway" => arg.add(names(Kind::Gateways)),
        "deployment" => arg.add(names(Kind::Deployments)),
        "model" => arg.add(values(|| Lookup::Models.values())),
        "shares" => arg.add(values(|| {
            let names = Lookup::Names(Kind::Deployments).values().into_iter();
            names.map(|name| name + "=").collect()
        })),
        "status" => arg.add(ArgValueCompleter::new(statuses)),
        "context" | "name" => arg.add(values(|| {
            let contexts = Contexts::load().map_or(Vec::new(), |contexts| contexts.all);
            contexts.into_iter().map(|context| context.name).collect()
        })),
        "target" => arg.add(values(kinds)),
        "kind" if arg.get_possible_values().is_empty() => arg.add(values(kinds)),
        "set" => arg.add(ArgValueCompleter::new(assignments)),
        _ => arg,
    }
}

fn kinds() -> Vec<String> {
    Kind::ALL.map(|kind| kind.name().to_owned()).to_vec()
}

/// The kind that the command line is about.
fn kind() -> Option<Kind> {
    words().find_map(|word| Kind::named(&word))
}

/// Completes a status in the case that it is typed in.
fn statuses(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let is_lower_case = current.starts_with(|c: char| c.is_ascii_lowercase());
    let statuses = kind().map_or(&[][..], Kind::statuses).iter();
    let statuses = statuses.map(|status| match is_lower_case {
        true => status.to_ascii_lowercase(),
        false => status.to_string(),
    });
    let matching = statuses.filter(|status| status.starts_with(&*current));
    matching.map(CompletionCandidate::new).collect()
}

/// Completes a path, or after `=` the value of a member.
fn assignments(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(current), Some(kind)) = (current.to_str(), kind()) else {
        return Vec::new();
    };
    let candidates: Vec<_> = match current.split_once('=') {
        None => kind
            .schema()
            .paths()
            .into_iter()
            .filter(|path| path != "id")
            .map(|path| path + "=")
            .collect(),
        Some((path, value)) => {
            // The items of a list are completed one after the other.
            let given = value.rfind(',').and_then(|comma| value.get(..=comma));
            let given = given.unwrap_or_default();
            let values = Lookup::of_member(path).map_or(Vec::new(), Lookup::values);
            values
                .into_iter()
                .map(|value| format!("{path}={given}{value}"))
                .collect()
        }
    };
    let matching = candidates
        .into_iter()
        .filter(|candidate| candidate.starts_with(current));
    matching.map(CompletionCandidate::new).collect()
}
