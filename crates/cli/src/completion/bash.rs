//! Completion in bash, which takes `=` for a separator of words.
//!
//! The completer of clap gets the words as bash separates them, and so completes nothing after `--option=` or `PATH=`. This
//! one gets the line instead, and separates its words itself.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine;
use clap_complete::env::EnvCompleter;

use super::lookup;

pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        _name: &str,
        program: &str,
        completer: &str,
        script: &mut dyn Write,
    ) -> Result<()> {
        writeln!(
            script,
            r#"_cwinf() {{
    local IFS=$'\n'
    COMPREPLY=($({variable}=bash {completer} -- "$2" "${{COMP_LINE:0:COMP_POINT}}"))
    if [[ "${{COMPREPLY-}}" =~ [=/]$ ]]; then
        compopt -o nospace 2> /dev/null
    fi
}}
complete -o bashdefault -F _cwinf {program}"#
        )
    }

    fn write_complete(
        &self,
        command: &mut Command,
        arguments: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
        let (Some(replaced), Some(line)) = (arguments.next(), arguments.next()) else {
            return Ok(());
        };
        let words = words(&line);
        let (Some(current), index) = (words.last().cloned(), words.len() - 1) else {
            return Ok(());
        };
        lookup::set_words(&words);
        // Bash replaces the part of the word that it takes for a word.
        let kept = current.strip_suffix(&*replaced).unwrap_or_default();
        let words = words.into_iter().map(OsString::from).collect();
        for candidate in engine::complete(command, words, index, folder)? {
            let value = candidate.get_value().to_string_lossy();
            writeln!(out, "{}", value.strip_prefix(kept).unwrap_or(&value))?;
        }
        Ok(())
    }
}

/// The words of a line up to the cursor, from the program on. The last one, which may be empty, is being completed.
fn words(line: &str) -> Vec<String> {
    // A quote may be open.
    let closed = ["", "'", "\""].map(|quote| format!("{line}{quote}"));
    let split = closed.iter().find_map(|line| shlex::split(line));
    let mut words = split.unwrap_or_default();
    // Assignments go before the program.
    let program = words.iter().position(|word| !word.contains('='));
    words.drain(..program.unwrap_or(words.len()));
    if line.ends_with(char::is_whitespace) || words.is_empty() {
        words.push(String::new());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_line_has_the_words_that_the_program_gets() {
        for (line, expected) in [
            ("cwinf ", &["cwinf", ""][..]),
            ("A=1 cwinf get --set a=b", &["cwinf", "get", "--set", "a=b"]),
            ("cwinf --set zones=", &["cwinf", "--set", "zones="]),
            ("cwinf 'a b' \"c d", &["cwinf", "a b", "c d"]),
            ("", &[""]),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }
}
