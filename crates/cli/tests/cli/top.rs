//! `cwinf top` in a pseudo-terminal.

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
