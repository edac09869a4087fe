//! `cwinf top` in a pseudo-terminal.

use std::time::Duration;

use coreweave_inference_fake::{Fault, Operation};
use serde_json::json;

use super::account::Account;
use super::terminal::Terminal;

fn top(account: &Account) -> Terminal {
    let environment = [
        ("CW_BASE_URL", account.fake.url()),
        ("COREWEAVE_API_TOKEN", "cw-token".to_owned()),
    ];
    Terminal::start(&["top", "--interval", "100ms"], environment, 20, 100)
}

#[test]
fn tabs_show_the_kinds_and_their_resources() {
    let account = Account::seeded();
    let mut terminal = top(&account);
    let tabs = [
        "gateways 2",
        "deployments 3 (1 failing)",
        "claims 1",
        "hot-loads 1",
    ];
    let screen = terminal.until("shows all tabs", |screen| {
        tabs.iter().all(|tab| screen.contains(tab))
    });
    assert!(
        screen.contains("batch") && screen.contains("chat"),
        "{screen}"
    );
    terminal.press("\t");
    let screen = terminal.shows("FAILED");
    assert!(
        screen.contains("Ready: the deployment has failed"),
        "{screen}"
    );
    terminal.press("4");
    terminal.shows("step-100");
    terminal.quit();
}

#[test]
fn rows_are_filtered_sorted_and_shown_in_detail() {
    let account = Account::seeded();
    let mut terminal = top(&account);
    terminal.press("2");
    let screen = terminal.until("shows all rows", |screen| {
        ["broken", "llama-canary", "llama "]
            .iter()
            .all(|name| screen.contains(name))
    });
    let line = |screen: &str, text: &str| screen.lines().position(|line| line.starts_with(text));
    assert!(
        line(&screen, "broken") < line(&screen, "llama "),
        "{screen}"
    );
    terminal.press("/CANARY\r");
    let screen = terminal.shows("filter: CANARY  (esc clears)");
    assert!(!screen.contains("broken"), "{screen}");
    terminal.press("\r");
    terminal.shows("ResourcesApplied  True");
    terminal.press("\u{1b}");
    terminal.shows("broken");
    terminal.press("s");
    terminal.shows("sorted by status");
    terminal.quit();
}

#[test]
fn a_resize_keeps_everything_in_view() {
    let account = Account::seeded();
    for number in 0..50 {
        account
            .fake
            .seed_gateway(json!({"spec": {"name": format!("gateway-{number:02}")}}))
            .unwrap();
    }
    let mut terminal = top(&account);
    terminal.shows("gateway-10");
    terminal.resize(40, 120);
    terminal.shows("gateway-30");
    let screen = terminal.press_until("G", "gateway-49");
    assert!(!screen.contains("gateway-00"), "{screen}");
    terminal.resize(8, 40);
    let screen = terminal.until("fits 8 lines", |screen| {
        screen.lines().count() <= 8 && screen.contains("gateway-49")
    });
    assert!(
        screen.lines().all(|line| line.chars().count() <= 40),
        "{screen}"
    );
    terminal.quit();
}

#[test]
fn an_outage_is_shown_and_passes() {
    let account = Account::seeded();
    let terminal = top(&account);
    terminal.shows("hot-loads 1");
    account.fake.fault(Fault::status(503));
    let screen = terminal.shows("no response for");
    assert!(
        screen.contains("chat"),
        "the last known state stays\n{screen}"
    );
    account.fake.clear_faults();
    terminal.hides("no response for");
    terminal.quit();
}

#[test]
fn a_thousand_resources_cost_one_list_per_interval_and_kind() {
    let account = Account::seeded();
    for number in 0..1000 {
        account
            .fake
            .seed_gateway(json!({"spec": {"name": format!("gateway-{number:03}")}}))
            .unwrap();
    }
    let terminal = top(&account);
    terminal.shows("gateways 1002");
    account.fake.clear_requests();
    terminal.until("polls again", |_| {
        account.fake.count(Operation::ListGateways) >= 5
    });
    let operations: Vec<_> = account
        .fake
        .requests()
        .iter()
        .filter_map(|request| request.operation)
        .collect();
    let lists = [
        Operation::ListGateways,
        Operation::ListDeployments,
        Operation::ListCapacityClaims,
        Operation::ListHotLoads,
    ];
    assert!(
        operations.iter().all(|operation| lists.contains(operation)),
        "{operations:?}"
    );
    terminal.quit();
}

#[test]
fn q_quits_whatever_is_pending() {
    let account = Account::seeded();
    account
        .fake
        .fault(Fault::slow_body(Duration::from_secs(600)).on(Operation::ListHotLoadReplicas));
    let mut terminal = top(&account);
    terminal.press("4");
    terminal.shows("step-100");
    terminal.press("\r");
    terminal.until("asks for replicas", |_| {
        account.fake.count(Operation::ListHotLoadReplicas) > 0
    });
    account.fake.fault(Fault::delay(Duration::from_secs(600)));
    terminal.quit();
}

#[test]
fn a_file_or_a_pipe_is_not_drawn_into() {
    let account = Account::seeded();
    let output = account.command().arg("top").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: top needs a terminal: standard output is not one; `cwinf watch` prints changes as lines\n"
    );
}

#[test]
fn a_paste_goes_to_the_filter_as_one_text() {
    let account = Account::seeded();
    let mut terminal = top(&account);
    terminal.shows("gateways 2");
    terminal.press("\u{1b}[200~q\u{1b}[201~/");
    terminal.shows("filter: █");
    let text = "0123456789\n".repeat(1000);
    terminal.press(&format!("\u{1b}[200~{text}end\u{1b}[201~"));
    terminal.shows("0123456789 end█");
    terminal.press("\u{17}\u{8}\u{8}");
    terminal.shows("0123456789 012345678█");
    terminal.press("\u{15}");
    terminal.shows("filter: █");
    terminal.press("chat\r");
    terminal.hides("batch");
    terminal.quit();
}

#[test]
fn wide_characters_keep_columns_aligned() {
    let account = Account::seeded();
    let gateway = json!({"spec": {"name": "漢字漢字漢字"}});
    account.fake.seed_gateway(gateway).unwrap();
    let terminal = top(&account);
    let screen = terminal.shows("漢字");
    let columns = screen.lines().filter_map(|line| {
        let (before, _) = line.split_once("READY").or(line.split_once("STATUS"))?;
        Some(
            before
                .chars()
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum(),
        )
    });
    assert_eq!(columns.collect::<Vec<usize>>(), [14; 4], "{screen}");
    terminal.quit();
}

#[test]
#[cfg(unix)]
fn a_signal_that_ends_the_program_restores_the_terminal() {
    for (signal, code) in [("-TERM", 143), ("-HUP", 129), ("-INT", 130)] {
        let account = Account::seeded();
        let mut terminal = top(&account);
        terminal.shows("gateways 2");
        terminal.signal(signal);
        assert_eq!(terminal.wait(), code, "{signal}");
        terminal.is_restored();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn control_z_stops_the_program_until_it_is_continued() {
    let account = Account::seeded();
    let mut terminal = top(&account);
    terminal.shows("gateways 2");
    for how in ["key", "-TSTP"] {
        match how {
            "key" => terminal.press("\u{1a}"),
            signal => terminal.signal(signal),
        }
        terminal.is_restored();
        terminal.until("is stopped", |_| terminal.is_stopped());
        terminal.signal("-CONT");
        terminal.shows("gateways 2");
        terminal.press_until("2", "llama-canary");
        terminal.press_until("1", "batch");
    }
    terminal.quit();
}
