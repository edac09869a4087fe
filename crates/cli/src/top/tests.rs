//! The dashboard on a terminal in memory.

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::Flow;
use super::draw::draw;
use super::state::State;
use crate::backend::Event;
use crate::failure::Exit;
use crate::kind::Kind;
use crate::view::{Column, Condition, Shown, View};

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
        parents: Vec::new(),
        status: status.to_owned(),
        created: updated,
        updated,
        columns: vec![Column {
            title: "MODEL",
            value: "llama-3".to_owned(),
            shown: Shown::Always,
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
        .map(|line| {
            let mut text = String::new();
            let mut cells = line.iter();
            while let Some(symbol) = cells.next() {
                text += symbol;
                // A wide character covers the next cell.
                for _ in 1..symbol.width() {
                    cells.next();
                }
            }
            text.trim_end().to_owned()
        })
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
fn the_filter_is_edited_as_in_a_shell() {
    let mut state = three();
    press(&mut state, "/");
    state.on_paste("two words\nmore\u{1b}[2J");
    assert_eq!(state.filter, "two words more\u{fffd}[2J");
    for (key, left) in [
        ('w', "two words "),
        ('w', "two "),
        ('h', "two"),
        ('x', "two"),
        ('u', ""),
    ] {
        state.on_key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL));
        assert_eq!(state.filter, left, "Ctrl-{key}");
    }
}

#[test]
fn a_paste_is_not_taken_for_keys() {
    let mut state = three();
    state.on_paste("qs/");
    assert_eq!(state.filter, "");
    assert!(!state.is_typing);
}

#[test]
fn a_long_filter_shows_its_end() {
    let mut state = three();
    press(&mut state, "/");
    state.on_paste(&"漢字x".repeat(2000));
    let screen = screen(&mut state, 40, 8);
    assert_eq!(screen[7], " filter: 字x漢字x漢字x█  sorted by name");
}

#[test]
fn wide_characters_do_not_shift_columns() {
    let mut state = state([
        deployment("漢字漢字", "READY", 1),
        deployment("llama", "READY", 1),
    ]);
    let screen = screen(&mut state, 60, 8);
    let column = |line: &str, text: &str| line.split_once(text).unwrap().0.width();
    assert_eq!(column(&screen[3], "READY"), column(&screen[2], "STATUS"));
    assert_eq!(column(&screen[4], "READY"), column(&screen[2], "STATUS"));
}

#[test]
fn q_and_control_c_quit() {
    let mut state = three();
    let key = |code, modifiers| KeyEvent::new(code, modifiers);
    assert_eq!(
        state.on_key(key(KeyCode::Char('q'), KeyModifiers::NONE)),
        Flow::End(Exit::Success)
    );
    assert_eq!(
        state.on_key(key(KeyCode::Char('c'), KeyModifiers::CONTROL)),
        Flow::End(Exit::Success)
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
