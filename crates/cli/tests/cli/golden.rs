//! Every command, with its stdout, stderr and exit code.
//!
//! A file in `golden` is a session: commands after `$`, then stdout, stderr after `!`, and the exit code after `?` unless
//! it is 0. A line after `%` prepares what comes next: `% fault JSON`, `% empty` (an account), `% env NAME=VALUE`,
//! `% file MODE NAME CONTENT` (in the folder CONFIG). Run the tests with `UPDATE_GOLDEN=1` to write what the commands print
//! now.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::LazyLock;

use regex::Regex;
use similar::TextDiff;

use super::account::{Account, folder};

macro_rules! sessions {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
    };
}

sessions!(
    api,
    apply,
    chat,
    claims,
    completion,
    contexts,
    demo,
    deployments,
    errors,
    explain,
    export,
    gateways,
    hot_loads,
    parameters,
    traffic,
    unsafe_text,
    wait,
    workload_identity
);

fn check(name: &str) {
    let path = folder().join("golden").join(format!("{name}.txt"));
    let expected = fs::read_to_string(&path).unwrap();
    let actual = replay(&expected);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).unwrap();
    } else if actual != expected {
        let diff = TextDiff::from_lines(&expected, &actual);
        panic!("{}", diff.unified_diff().header("expected", "actual"));
    }
}

/// Runs the commands of a session, and returns the session with what they printed.
fn replay(session: &str) -> String {
    let mut account = Account::seeded();
    let config = tempfile::tempdir().unwrap();
    let folder = config.path().to_str().unwrap();
    let mut environment = Vec::new();
    let mut actual = String::new();
    for line in session.lines() {
        if let Some(directive) = line.strip_prefix("% ") {
            match directive.split_once(' ') {
                None if directive == "empty" => account = Account::empty(),
                Some(("fault", json)) => account.fake.fault(json.parse().unwrap()),
                Some(("env", assignment)) => {
                    let (name, value) = assignment.split_once('=').unwrap();
                    environment.push((name, value.replace("CONFIG", folder)));
                }
                Some(("file", file)) => {
                    let [mode, name, content] = file.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                        panic!("{file}");
                    };
                    let content = content
                        .replace("URL", &account.fake.url())
                        .replace("\\n", "\n");
                    write(&config.path().join(name), mode, &content);
                }
                _ => panic!("unknown directive {directive}"),
            }
        }
        if line.starts_with(['#', '%']) {
            actual += &format!("{line}\n");
        } else if let Some(command) = line.strip_prefix("$ cwinf") {
            let printed = run(&account, &environment, &command.replace("CONFIG", folder));
            actual += &format!("{line}\n{}\n", printed.replace(folder, "CONFIG"));
            account.fake.clear_faults();
        }
    }
    actual
}

fn run(account: &Account, environment: &[(&str, String)], command: &str) -> String {
    let (arguments, stdin) = match command.split_once(" < ") {
        Some((arguments, file)) => (
            arguments,
            fs::File::open(folder().join(file)).unwrap().into(),
        ),
        None => (command, Stdio::null()),
    };
    let mut program = account.command();
    for (name, value) in environment {
        match value.as_str() {
            "" => program.env_remove(name),
            value => program.env(name, value),
        };
    }
    transcript(
        &program
            .args(words(arguments))
            .stdin(stdin)
            .output()
            .unwrap(),
    )
}

fn write(path: &Path, mode: &str, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = u32::from_str_radix(mode, 8).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// Splits at spaces outside single quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.trim().chars() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn transcript(output: &Output) -> String {
    let mut text = String::new();
    let lines = |bytes: &[u8], mark: &str| {
        let printed = String::from_utf8(bytes.to_vec()).unwrap();
        printed
            .lines()
            .map(|line| format!("{mark}{}\n", without_chance(line)))
            .collect::<String>()
    };
    text += &lines(&output.stdout, "");
    text += &lines(&output.stderr, "! ");
    match output.status.code() {
        Some(0) => {}
        code => text += &format!("? {}\n", code.unwrap()),
    }
    text
}

/// Replaces what differs from run to run: random ids, times, ages and ports.
fn without_chance(line: &str) -> String {
    static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let patterns = [
            // Seeded ids begin with four zeros.
            (
                r"\b(?:[1-9a-f]|0[1-9a-f]|00[1-9a-f]|000[1-9a-f])[0-9a-f]{4,7}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b",
                "UUID",
            ),
            (r"20\d\d-\d\d-\d\dT[0-9:.]+Z", "TIME"),
            (r"127\.0\.0\.1:\d\d+", "HOST:PORT"),
            (r"(\s\s)\d+[smhd](?:\s\s+|$)", "${1}AGE  "),
            (r"timed out after [0-9.]+(ms|µs|s)", "timed out after TIME"),
            (r"\s+$", ""),
        ];
        patterns
            .map(|(pattern, text)| (Regex::new(pattern).unwrap(), text))
            .into()
    });
    PATTERNS
        .iter()
        .fold(line.to_owned(), |line, (pattern, text)| {
            pattern.replace_all(&line, *text).into_owned()
        })
}
