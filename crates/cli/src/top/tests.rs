//! The dashboard on a terminal in memory.

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;

use super::draw::draw;
use super::state::{Flow, State};
use crate::kind::Kind;
use crate::service::Event;
use crate::view::{Column, Condition, View};

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(1)
}

fn deployment(name: &str, status: &str, minutes: i64) -> View {
    let updated = Some(now() - TimeDelta::minutes(minutes));
    let condition = Condition {
        name: "Ready".to_owned(),
        status: if status == "READY" { "True" } else { "False" }.to_owned(),
        message: format!("is {status}"),
        updated,
    };
    View {
        kind: Kind::Deployments,
        id: format!("id-{name}"),
        name: name.to_owned(),
        status: status.to_owned(),
        created: updated,
        updated,
        columns: vec![Column {
            title: "MODEL",
            value: "llama-3".to_owned(),
            wide: false,
        }],
        conditions: vec![condition],
        json: Value::Null,
    }
}

fn state(views: impl IntoIterator<Item = View>) -> State {
    let mut state = State::new("test");
    for view in views {
        state.on_event(Kind::Deployments, Ok(Event::Added(view)), now());
    }
    for kind in Kind::ALL {
        state.on_event(kind, Ok(Event::Listed), now());
    }
    press(&mut state, "2");
    state
}

fn three() -> State {
    state([
        deployment("llama", "READY", 90),
        deployment("mixtral", "ERROR", 3),
        deployment("new", "CREATING", 1),
    ])
}

fn press(state: &mut State, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            key => KeyCode::Char(key),
        };
        assert_eq!(
            state.on_key(KeyEvent::new(code, KeyModifiers::NONE)),
            Flow::Continue
        );
    }
}

fn screen(state: &mut State, width: u16, height: u16) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(state, frame, now())).unwrap();
    let cells: Vec<_> = terminal
        .backend()
        .buffer()
        .content()
        .iter()
        .map(|cell| cell.symbol())
        .collect();
    cells
        .chunks(width.into())
        .map(|line| line.concat().trim_end().to_owned())
        .collect()
}

/// The names of the rows, from top to bottom.
fn names(state: &mut State) -> Vec<String> {
    let screen = screen(state, 80, 10);
    let rows = screen.iter().skip(3).take_while(|line| !line.is_empty());
    rows.filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

#[test]
fn the_screen_shows_tabs_rows_and_keys() {
    assert_eq!(
        screen(&mut three(), 79, 8),
        [
            " cwinf top test                                                       00:00:00",
            " gateways 0 │ deployments 3 (1 failing) │ claims 0 │ hot-loads 0",
            "NAME     STATUS    FOR  MODEL    CONDITION",
            "llama    READY     1h   llama-3",
            "mixtral  ERROR     3m   llama-3  Ready: is ERROR",
            "new      CREATING  1m   llama-3  Ready: is CREATING",
            "",
            " tab next  ↑↓ select  enter details  / filter  s sort  q quit   sorted by name",
        ]
    );
}

#[test]
fn details_are_those_of_the_selected_row() {
    let mut state = three();
    press(&mut state, "j\n");
    let screen = screen(&mut state, 78, 20).join("\n");
    assert!(screen.contains(" deployment mixtral ─"), "{screen}");
    assert!(screen.contains("Id:          id-mixtral"), "{screen}");
}

#[test]
fn rows_are_sorted_by_name_status_or_age() {
    let mut state = three();
    assert_eq!(names(&mut state), ["llama", "mixtral", "new"]);
    press(&mut state, "s");
    assert_eq!(names(&mut state), ["mixtral", "new", "llama"]);
    press(&mut state, "s");
    assert_eq!(names(&mut state), ["new", "mixtral", "llama"]);
}

#[test]
fn a_filter_matches_any_column_and_escape_clears_it() {
    let mut state = three();
    press(&mut state, "/error\n");
    assert_eq!(names(&mut state), ["mixtral"]);
    press(&mut state, "\u{1b}");
    assert_eq!(names(&mut state).len(), 3);
    press(&mut state, "/nothing\n");
    let screen = screen(&mut state, 80, 8).join("\n");
    assert!(
        screen.contains("No deployment matches `nothing`."),
        "{screen}"
    );
}

#[test]
fn a_selection_stays_in_view_among_a_thousand_rows() {
    let mut state = state((0..1000).map(|n| deployment(&format!("d-{n:03}"), "READY", 1)));
    press(&mut state, "G");
    let screen = screen(&mut state, 80, 10);
    assert!(
        screen.iter().any(|line| line.starts_with("d-999")),
        "{screen:#?}"
    );
    press(&mut state, "kg");
    let selected = state.selected(&state.rows());
    assert_eq!(selected, Some(0));
}

#[test]
fn a_selection_survives_the_end_of_its_resource() {
    let mut state = three();
    press(&mut state, "j");
    screen(&mut state, 80, 10);
    state.on_event(
        Kind::Deployments,
        Ok(Event::Deleted(deployment("mixtral", "ERROR", 3))),
        now(),
    );
    assert_eq!(state.selected(&state.rows()), Some(1));
}

#[test]
fn an_outage_is_shown_with_its_age_until_it_ends() {
    let mut state = three();
    let long_ago = now() - TimeDelta::seconds(90);
    state.on_event(
        Kind::Gateways,
        Err("list gateways: unavailable".to_owned()),
        long_ago,
    );
    state.on_event(
        Kind::Gateways,
        Err("list gateways: unavailable".to_owned()),
        now(),
    );
    let text = screen(&mut state, 80, 10).join("\n");
    assert!(
        text.contains("no response for 1m: list gateways: unavailable"),
        "{text}"
    );
    assert!(text.contains("mixtral"), "{text}");
    state.on_event(Kind::Gateways, Ok(Event::Listed), now());
    assert!(
        !screen(&mut state, 80, 10)
            .join("\n")
            .contains("no response")
    );
}

#[test]
fn q_and_control_c_quit() {
    let mut state = three();
    let key = |code, modifiers| KeyEvent::new(code, modifiers);
    assert_eq!(
        state.on_key(key(KeyCode::Char('q'), KeyModifiers::NONE)),
        Flow::Quit
    );
    assert_eq!(
        state.on_key(key(KeyCode::Char('c'), KeyModifiers::CONTROL)),
        Flow::Quit
    );
}

#[test]
fn the_smallest_terminal_is_no_problem() {
    for (width, height) in [(1, 1), (10, 3), (200, 2)] {
        let mut state = three();
        press(&mut state, "\n");
        screen(&mut state, width, height);
    }
}
