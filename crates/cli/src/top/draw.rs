//! Drawing the dashboard.

use chrono::{DateTime, Utc};
use coreweave_inference::HotLoadReplica;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Cell, Paragraph, Row, Table, Tabs};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::state::State;
use crate::kind::Kind;
use crate::view::{self, Shown, Sort, Tone, View, age};

const KEYS: &str = " tab next  ↑↓ select  enter details  / filter  s sort  q quit";

/// Draws everything.
pub(crate) fn draw(state: &mut State, frame: &mut Frame<'_>, now: DateTime<Utc>) {
    let details_height = if state.shows_details {
        frame.area().height / 5 * 3
    } else {
        0
    };
    let outage_height = u16::from(state.outage().is_some());
    let [title, tabs, outage, table, details, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(outage_height),
        Constraint::Min(1),
        Constraint::Length(details_height),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    draw_title(state, frame, title, now);
    draw_tabs(state, frame, tabs);
    draw_outage(state, frame, outage, now);
    draw_table(state, frame, table, now);
    if state.shows_details {
        draw_details(state, frame, details, now);
    }
    draw_footer(state, frame, footer);
}

fn draw_title(state: &State, frame: &mut Frame<'_>, area: Rect, now: DateTime<Utc>) {
    let time = now.format("%H:%M:%S ").to_string();
    let name = Span::styled(" cwinf top ", Style::new().add_modifier(Modifier::BOLD));
    frame.render_widget(
        Line::from(vec![name, Span::from(state.place.as_str())]),
        area,
    );
    frame.render_widget(Line::from(time).right_aligned(), area);
}

fn draw_tabs(state: &State, frame: &mut Frame<'_>, area: Rect) {
    let titles = Kind::ALL.map(|kind| {
        let pane = state.pane(kind);
        let count = match pane.is_listed {
            true => pane.resources.len().to_string(),
            false => "…".to_owned(),
        };
        let mut spans = vec![Span::from(format!("{} {count}", kind.name()))];
        let failing = state.failing(kind);
        if failing > 0 {
            spans.push(Span::styled(
                format!(" ({failing} failing)"),
                tone(Tone::Bad),
            ));
        }
        Line::from(spans)
    });
    let selected = Kind::ALL.iter().position(|kind| *kind == state.tab);
    let highlight = Style::new().add_modifier(Modifier::REVERSED);
    frame.render_widget(
        Tabs::new(titles)
            .select(selected)
            .highlight_style(highlight),
        area,
    );
}

fn draw_outage(state: &State, frame: &mut Frame<'_>, area: Rect, now: DateTime<Utc>) {
    if let Some(outage) = state.outage() {
        let text = format!(
            " no response for {}: {}",
            age(Some(outage.since), now),
            outage.message
        );
        frame.render_widget(
            Paragraph::new(text).style(Style::new().fg(Color::White).bg(Color::Red)),
            area,
        );
    }
}

fn draw_table(state: &mut State, frame: &mut Frame<'_>, area: Rect, now: DateTime<Utc>) {
    let rows = state.rows();
    let selected = state.selected(&rows);
    if rows.is_empty() {
        let noun = state.tab.noun();
        let text = match (state.pane(state.tab).is_listed, state.filter.as_str()) {
            (false, _) => " loading…".to_owned(),
            (true, "") => format!(" There are no {noun}s."),
            (true, filter) => format!(" No {noun} matches `{filter}`."),
        };
        return frame.render_widget(Paragraph::new(text), area);
    }
    let titles = titles(&rows);
    let lines: Vec<_> = rows.iter().map(|view| cells(state, view, now)).collect();
    let widths = titles.iter().enumerate().map(|(column, title)| {
        let widest = lines
            .iter()
            .filter_map(|line| line.get(column))
            .map(|cell| cell.width());
        let widest = widest.chain([title.len()]).max().unwrap_or(0);
        match column + 1 == titles.len() {
            true => Constraint::Fill(1),
            false => Constraint::Length(u16::try_from(widest).unwrap_or(u16::MAX)),
        }
    });
    let widths: Vec<_> = widths.collect();
    let body: Vec<_> = rows
        .iter()
        .zip(lines)
        .map(|(view, line)| {
            let styled = line
                .into_iter()
                .enumerate()
                .map(|(column, text)| match column {
                    1 => Cell::from(text).style(tone(view.tone())),
                    _ => Cell::from(text),
                });
            Row::new(styled.collect::<Vec<_>>())
        })
        .collect();
    let table = Table::new(body, widths)
        .header(Row::new(titles).style(Style::new().add_modifier(Modifier::BOLD)))
        .column_spacing(2)
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let pane = state.pane_mut(state.tab);
    pane.table.select(selected);
    frame.render_stateful_widget(table, area, &mut pane.table);
}

fn titles(rows: &[&View]) -> Vec<&'static str> {
    let columns = rows
        .iter()
        .flat_map(|view| &view.columns)
        .filter(|column| column.shown == Shown::Always);
    let mut titles = vec!["NAME", "STATUS", "FOR"];
    for column in columns {
        if !titles.contains(&column.title) {
            titles.push(column.title);
        }
    }
    if rows.iter().any(|view| view.kind == Kind::HotLoads) {
        titles.push("REPLICAS");
    }
    titles.push("CONDITION");
    titles
}

fn cells(state: &State, view: &View, now: DateTime<Utc>) -> Vec<String> {
    let mut cells = vec![
        view.name.clone(),
        view.status.clone(),
        age(view.updated, now),
    ];
    cells.extend(
        view.columns
            .iter()
            .filter(|column| column.shown == Shown::Always)
            .map(|column| column.value.clone()),
    );
    if view.kind == Kind::HotLoads {
        cells.push(state.replicas(&view.id).map(progress).unwrap_or_default());
    }
    cells.push(view.problem().unwrap_or_default());
    cells
}

/// How many replicas are ready.
fn progress(replicas: &[HotLoadReplica]) -> String {
    let ready = replicas
        .iter()
        .filter(|replica| replica.state().to_string() == "READY")
        .count();
    format!("{ready}/{}", replicas.len())
}

fn draw_details(state: &State, frame: &mut Frame<'_>, area: Rect, now: DateTime<Utc>) {
    let rows = state.rows();
    let selected = state.selected(&rows).and_then(|index| rows.get(index));
    let Some(view) = selected else {
        return;
    };
    let mut text = view.details(now);
    if let Some(replicas) = state.replicas(&view.id) {
        text = text.end().then(view::replicas(replicas, now).text());
    }
    let block =
        Block::new()
            .borders(Borders::TOP)
            .title(format!(" {} {} ", view.kind.noun(), view.name));
    frame.render_widget(Paragraph::new(text.unstyled()).block(block), area);
}

fn draw_footer(state: &State, frame: &mut Frame<'_>, area: Rect) {
    let order = match state.sort {
        Sort::Name => "name",
        Sort::Status => "status",
        Sort::Age => "age",
        Sort::Updated => "last change",
    };
    let sorted = format!("sorted by {order} ");
    let (before, after) = match (state.is_typing, state.filter.as_str()) {
        (true, _) => (" filter: ", "█"),
        (false, "") => (KEYS, ""),
        (false, _) => (" filter: ", "  (esc clears)"),
    };
    let taken = [before, after, " ", &sorted].map(UnicodeWidthStr::width);
    let room = usize::from(area.width).saturating_sub(taken.iter().sum());
    let filter = end_of(&state.filter, room);
    frame.render_widget(Line::from([before, filter, after].concat()), area);
    frame.render_widget(Line::from(sorted).right_aligned(), area);
}

/// The end of a text that fits a width: where it is edited.
fn end_of(text: &str, width: usize) -> &str {
    let mut left = width;
    let mut start = text.len();
    for (index, c) in text.char_indices().rev() {
        match left.checked_sub(c.width().unwrap_or(0)) {
            Some(rest) => left = rest,
            None => break,
        }
        start = index;
    }
    text.get(start..).unwrap_or_default()
}

fn tone(tone: Tone) -> Style {
    Style::new().fg(match tone {
        Tone::Good => Color::Green,
        Tone::Bad => Color::Red,
        Tone::Ending => Color::Magenta,
        Tone::Busy => Color::Yellow,
    })
}
