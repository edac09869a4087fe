//! What differs on a terminal: colors, progress, questions and Ctrl-C.

use std::time::Duration;

use coreweave_inference_fake::{Fault, Operation};

use super::account::{Account, folder, kill};
use super::terminal::Terminal;

fn run(account: &Account, arguments: &[&str], more: &[(&'static str, &str)]) -> Terminal {
    let more = more
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    let environment = [
        ("CW_BASE_URL", account.fake.url()),
        ("COREWEAVE_API_TOKEN", "cw-token".to_owned()),
    ];
    Terminal::start(arguments, environment.into_iter().chain(more), 20, 100)
}

/// Longer than any test waits.
fn hang() -> Fault {
    Fault::delay(Duration::from_secs(600))
}

#[test]
fn apply_asks_before_it_changes_anything() {
    let account = Account::empty();
    let file = folder().join("manifests/gateway.yaml");
    let arguments = ["apply", "-f", file.to_str().unwrap()];
    let mut terminal = run(&account, &arguments, &[]);
    terminal.shows("Make these changes? [y/N]");
    terminal.press("n\r");
    terminal.shows("error: nothing was changed");
    assert_eq!(account.fake.count(Operation::CreateGateway), 0);

    let mut terminal = run(&account, &arguments, &[]);
    let screen = terminal.shows("Make these changes? [y/N]");
    assert!(screen.contains("+ create gateway new"), "{screen}");
    terminal.press("y\r");
    terminal.shows("gateway new created");
}

#[test]
fn delete_asks_on_a_terminal_unless_told_not_to() {
    let account = Account::seeded();
    let mut terminal = run(&account, &["deployments", "delete", "llama", "broken"], &[]);
    terminal.shows("Delete deployments llama, broken? [y/N]");
    terminal.press("\r");
    terminal.shows("error: nothing was changed");
    assert_eq!(terminal.wait(), 2);
    let mut terminal = run(&account, &["deployments", "delete", "llama"], &[]);
    terminal.shows("Delete deployment llama? [y/N]");
    terminal.press("yes\r");
    terminal.shows("deployment llama is being deleted");
    let mut terminal = run(&account, &["deployments", "delete", "broken", "--yes"], &[]);
    terminal.shows("deployment broken is being deleted");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn statuses_are_colored_unless_colors_are_unwanted() {
    let account = Account::seeded();
    let green = |terminal: &Terminal| {
        terminal.shows("READY");
        let screen = terminal.parser.lock().unwrap();
        let column = screen
            .screen()
            .contents()
            .lines()
            .nth(1)
            .and_then(|line| line.find("READY"))
            .unwrap();
        screen
            .screen()
            .cell(1, column.try_into().unwrap())
            .unwrap()
            .fgcolor()
    };
    let terminal = run(&account, &["gateways", "list"], &[]);
    assert_eq!(green(&terminal), vt100::Color::Idx(2));
    let terminal = run(&account, &["gateways", "list"], &[("NO_COLOR", "1")]);
    assert_eq!(green(&terminal), vt100::Color::Default);
}

#[test]
fn a_spinner_shows_what_is_waited_for() {
    let account = Account::seeded();
    let arguments = [
        "wait",
        "deployments",
        "llama",
        "--for",
        "condition=Never",
        "--interval",
        "50ms",
    ];
    let terminal = run(&account, &arguments, &[]);
    terminal.shows("waiting for deployment llama (condition=Never): READY (");
}

#[test]
fn control_c_ends_the_second_wait_as_well_as_the_first() {
    let account = Account::empty();
    // The first wait takes one read.
    account.fake.fault(hang().on(Operation::GetGateway).skip(1));
    let file = folder().join("manifests/two-gateways.yaml");
    let arguments = ["gateways", "create", "-f", file.to_str().unwrap(), "--wait"];
    let mut terminal = run(&account, &arguments, &[]);
    terminal.shows("waiting for gateway second (ready)");
    terminal.press("\u{3}");
    terminal.shows("error: interrupted; the gateway second keeps changing. To wait again:");
    assert_eq!(terminal.wait(), 130);
}

#[test]
fn control_c_ends_a_request() {
    let account = Account::empty();
    account
        .fake
        .fault(Fault::slow_body(Duration::from_secs(600)));
    let mut terminal = run(&account, &["gateways", "list"], &[]);
    terminal.until("sends a request", |_| {
        account.fake.count(Operation::ListGateways) > 0
    });
    terminal.press("\u{3}");
    terminal.shows("error: interrupted");
    assert_eq!(terminal.wait(), 130);
}

type Interrupt = fn(&mut Terminal);

/// Ctrl-C and SIGTERM, with their exit codes.
const INTERRUPTIONS: [(Interrupt, u32); 2] = [
    (|terminal| terminal.press("\u{3}"), 130),
    (|terminal| terminal.signal("-TERM"), 143),
];

#[test]
fn an_interruption_ends_a_watch_without_words() {
    for (interrupt, code) in INTERRUPTIONS {
        let account = Account::seeded();
        let mut terminal = run(&account, &["watch", "gateways"], &[]);
        terminal.shows("batch");
        interrupt(&mut terminal);
        assert_eq!(terminal.wait(), code);
        assert!(!terminal.shows("batch").contains("error"));
    }
}

#[test]
fn an_interruption_at_a_question_ends_the_program_without_a_change() {
    for (interrupt, code) in INTERRUPTIONS {
        let account = Account::empty();
        let file = folder().join("manifests/gateway.yaml");
        let mut terminal = run(&account, &["apply", "-f", file.to_str().unwrap()], &[]);
        terminal.shows("Make these changes? [y/N]");
        interrupt(&mut terminal);
        assert_eq!(terminal.wait(), code);
        assert_eq!(account.fake.count(Operation::CreateGateway), 0);
    }
}

#[test]
fn an_interrupted_wait_prints_the_command_that_resumes_it() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let account = Account::seeded();
        let arguments = "wait deployments llama --for condition=Never --interval 10ms";
        let child = account.start_polling(arguments);
        kill(signal, &child);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let resume =
            "cwinf wait deployments 00000002-0000-4000-8000-000000000001 --for condition=Never";
        assert!(
            stderr.trim_end().ends_with(resume),
            "{signal} {:?}: {stderr}",
            output.status
        );
        assert_eq!(output.status.code(), Some(code), "{signal}");
    }
}
