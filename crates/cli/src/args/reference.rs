//! The reference in `docs`, which is generated from the command line.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::{Args, GLOBAL};

const HEAD: &str = "\
# Reference of cwinf

What `-h` prints for every command. The global options, which the first section lists, go with all of them. This page is
generated: run `UPDATE_GOLDEN=1 cargo test -p coreweave-inference-cli reference`.
";

#[test]
fn the_reference_is_that_of_the_command_line() {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let mut page = HEAD.to_owned();
    describe(&mut command, &mut page);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cwinf-reference.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &page).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap() == page,
        "{} is out of date: run this test with UPDATE_GOLDEN=1",
        file.display()
    );
}

/// Adds the help of a command and of those below it.
fn describe(command: &mut Command, page: &mut String) {
    let name = command.get_bin_name().unwrap_or("cwinf").to_owned();
    let is_first = !name.contains(' ');
    let help = command.render_help().to_string();
    let is_shown = |part: &&str| is_first || !part.starts_with(GLOBAL);
    let parts: Vec<_> = help.trim_end().split("\n\n").filter(is_shown).collect();
    let lines: Vec<_> = parts
        .join("\n\n")
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    *page += &format!("\n## {name}\n\n```text\n{}\n```\n", lines.join("\n"));
    for below in command.get_subcommands_mut() {
        describe(below, page);
    }
}
