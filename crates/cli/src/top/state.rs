//! What the dashboard shows. It changes only by events and keys.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use coreweave_inference::HotLoadReplica;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::widgets::TableState;

use super::Flow;
use crate::backend::Event;
use crate::failure::Exit;
use crate::kind::Kind;
use crate::text::printable;
use crate::view::{Sort, Tone, View};

/// The resources of one kind.
#[derive(Debug, Default)]
pub(crate) struct Pane {
    pub(crate) resources: HashMap<String, View>,
    /// Whether the first listing has arrived.
    pub(crate) is_listed: bool,
    pub(crate) outage: Option<Outage>,
    pub(crate) table: TableState,
    selected: Option<String>,
}

/// Since when requests have been failing, and why.
#[derive(Clone, Debug)]
pub(crate) struct Outage {
    pub(crate) since: DateTime<Utc>,
    pub(crate) message: String,
}

#[derive(Debug)]
pub(crate) struct State {
    /// Where the resources are.
    pub(crate) place: String,
    pub(crate) tab: Kind,
    panes: [Pane; 4],
    pub(crate) filter: String,
    /// Whether keys go to the filter.
    pub(crate) is_typing: bool,
    pub(crate) sort: Sort,
    pub(crate) shows_details: bool,
    replicas: HashMap<String, Vec<HotLoadReplica>>,
}

impl State {
    pub(crate) fn new(place: &str) -> Self {
        Self {
            place: place.to_owned(),
            tab: Kind::Gateways,
            panes: Default::default(),
            filter: String::new(),
            is_typing: false,
            sort: Sort::Name,
            shows_details: false,
            replicas: HashMap::new(),
        }
    }

    pub(crate) fn pane(&self, kind: Kind) -> &Pane {
        let [gateways, deployments, claims, hot_loads] = &self.panes;
        match kind {
            Kind::Gateways => gateways,
            Kind::Deployments => deployments,
            Kind::Claims => claims,
            Kind::HotLoads => hot_loads,
        }
    }

    pub(crate) fn pane_mut(&mut self, kind: Kind) -> &mut Pane {
        let [gateways, deployments, claims, hot_loads] = &mut self.panes;
        match kind {
            Kind::Gateways => gateways,
            Kind::Deployments => deployments,
            Kind::Claims => claims,
            Kind::HotLoads => hot_loads,
        }
    }

    /// The longest outage of any kind.
    pub(crate) fn outage(&self) -> Option<&Outage> {
        self.panes
            .iter()
            .filter_map(|pane| pane.outage.as_ref())
            .min_by_key(|outage| outage.since)
    }

    /// The resources of the present tab that the filter leaves, in order.
    pub(crate) fn rows(&self) -> Vec<&View> {
        let filter = self.filter.to_lowercase();
        let matches = |view: &&View| {
            let mut texts = [&view.name, &view.status, &view.id]
                .into_iter()
                .chain(view.columns.iter().map(|c| &c.value));
            texts.any(|text| text.to_lowercase().contains(&filter))
        };
        let mut rows: Vec<_> = self
            .pane(self.tab)
            .resources
            .values()
            .filter(matches)
            .collect();
        rows.sort_by(|a, b| self.sort.compare(a, b));
        rows
    }

    /// How many resources of a kind are failing.
    pub(crate) fn failing(&self, kind: Kind) -> usize {
        self.pane(kind)
            .resources
            .values()
            .filter(|view| view.tone() == Tone::Bad)
            .count()
    }

    /// The position of the selected row; the first if none is selected.
    pub(crate) fn selected(&self, rows: &[&View]) -> Option<usize> {
        let pane = self.pane(self.tab);
        let position = rows
            .iter()
            .position(|view| Some(&view.id) == pane.selected.as_ref());
        let last = rows.len().checked_sub(1)?;
        // A selected resource that is gone leaves the selection where it was.
        Some(position.unwrap_or_else(|| pane.table.selected().unwrap_or(0).min(last)))
    }

    /// The hot-load whose replicas are worth a request: the selected one, else one that runs.
    pub(crate) fn running_hot_load(&self) -> Option<String> {
        if self.tab != Kind::HotLoads {
            return None;
        }
        let rows = self.rows();
        let selected = self
            .selected(&rows)
            .and_then(|index| rows.get(index).copied());
        let running = rows.iter().copied().find(|view| view.tone() == Tone::Busy);
        let shown = if self.shows_details {
            selected
        } else {
            running
        };
        shown.map(|view| view.id.clone())
    }

    pub(crate) fn replicas(&self, id: &str) -> Option<&[HotLoadReplica]> {
        self.replicas.get(id).map(Vec::as_slice)
    }

    pub(crate) fn on_replicas(&mut self, id: String, replicas: Vec<HotLoadReplica>) {
        self.replicas.insert(id, replicas);
    }

    pub(crate) fn on_event(
        &mut self,
        kind: Kind,
        event: Result<Event, String>,
        now: DateTime<Utc>,
    ) {
        let pane = self.pane_mut(kind);
        match event {
            Err(message) => {
                let since = pane.outage.take().map_or(now, |outage| outage.since);
                let message = printable(&message);
                pane.outage = Some(Outage { since, message });
                return;
            }
            Ok(Event::Added(view) | Event::Modified(view)) => {
                pane.resources.insert(view.id.clone(), view);
            }
            Ok(Event::Deleted(view)) => {
                pane.resources.remove(&view.id);
                self.replicas.remove(&view.id);
            }
            Ok(Event::Listed) => pane.is_listed = true,
        }
        self.pane_mut(kind).outage = None;
    }

    pub(crate) fn on_key(&mut self, key: KeyEvent) -> Flow {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return self.on_control_key(key.code);
        }
        match key.code {
            KeyCode::Esc if self.is_typing || !self.filter.is_empty() => {
                self.is_typing = false;
                self.filter.clear();
            }
            KeyCode::Enter if self.is_typing => self.is_typing = false,
            KeyCode::Backspace if self.is_typing => {
                self.filter.pop();
            }
            KeyCode::Char(letter) if self.is_typing => self.filter.push(letter),
            KeyCode::Char('q') => return Flow::End(Exit::Success),
            KeyCode::Esc => self.shows_details = false,
            KeyCode::Char('/') => self.is_typing = true,
            KeyCode::Char('s') => {
                self.sort = match self.sort {
                    Sort::Name => Sort::Status,
                    Sort::Status => Sort::Updated,
                    _ => Sort::Name,
                };
            }
            KeyCode::Enter | KeyCode::Char('d') => self.shows_details = !self.shows_details,
            KeyCode::Tab | KeyCode::Right | KeyCode::Char('l') => self.turn(1),
            KeyCode::BackTab | KeyCode::Left | KeyCode::Char('h') => self.turn(3),
            KeyCode::Char('1') => self.tab = Kind::Gateways,
            KeyCode::Char('2') => self.tab = Kind::Deployments,
            KeyCode::Char('3') => self.tab = Kind::Claims,
            KeyCode::Char('4') => self.tab = Kind::HotLoads,
            KeyCode::Down | KeyCode::Char('j') => self.select(1),
            KeyCode::Up | KeyCode::Char('k') => self.select(-1),
            KeyCode::PageDown => self.select(20),
            KeyCode::PageUp => self.select(-20),
            KeyCode::Home | KeyCode::Char('g') => self.select(isize::MIN),
            KeyCode::End | KeyCode::Char('G') => self.select(isize::MAX),
            _ => {}
        }
        Flow::Continue
    }

    /// Handles keys that are pressed with Ctrl; those that edit the filter do so as in a shell.
    fn on_control_key(&mut self, key: KeyCode) -> Flow {
        match key {
            KeyCode::Char('c') => return Flow::End(Exit::Success),
            KeyCode::Char('z') => return Flow::Suspend,
            KeyCode::Char('h') | KeyCode::Backspace if self.is_typing => {
                self.filter.pop();
            }
            KeyCode::Char('u') if self.is_typing => self.filter.clear(),
            KeyCode::Char('w') if self.is_typing => {
                let rest = self.filter.trim_end();
                let rest = rest.trim_end_matches(|c: char| !c.is_whitespace());
                self.filter.truncate(rest.len());
            }
            _ => {}
        }
        Flow::Continue
    }

    /// Adds what is pasted to the filter.
    pub(crate) fn on_paste(&mut self, text: &str) {
        if self.is_typing {
            self.filter.push_str(&printable(text));
        }
    }

    fn turn(&mut self, by: usize) {
        let tabs = Kind::ALL.into_iter().cycle();
        let mut from_here = tabs.skip_while(|kind| *kind != self.tab);
        self.tab = from_here.nth(by).unwrap_or(self.tab);
    }

    fn select(&mut self, by: isize) {
        let rows = self.rows();
        let Some(selected) = self.selected(&rows) else {
            return;
        };
        let index = selected.saturating_add_signed(by).min(rows.len() - 1);
        let id = rows.get(index).map(|view| view.id.clone());
        self.pane_mut(self.tab).selected = id;
    }
}
