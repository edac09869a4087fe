//! Shell completion and manual pages.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::completion::SHELLS;
use crate::failure::Failure;
use crate::output;
use crate::text::Text;

/// Prints the script that has a shell ask this program for completions.
pub(crate) fn completion(shell: Shell) {
    let mut script = Vec::new();
    if let Some(shell) = SHELLS.completer(&shell.to_string()) {
        // Writing to memory cannot fail.
        let _ = shell.write_registration("COMPLETE", "cwinf", "cwinf", "cwinf", &mut script);
    }
    output::write(&Text::default().lines(String::from_utf8_lossy(&script).lines()));
}

/// Writes the manual pages to a folder.
pub(crate) fn man(folder: &Path) -> Result<(), Failure> {
    let write = || {
        fs::create_dir_all(folder)?;
        clap_mangen::generate_to(Args::command().disable_help_subcommand(true), folder)
    };
    write()
        .map_err(|error| Failure::usage(format!("cannot write to {}: {error}", folder.display())))
}
