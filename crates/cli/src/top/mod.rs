//! The live dashboard.

mod draw;
mod state;
#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use coreweave_inference::HotLoadReplica;
use crossterm::event::{Event as Input, KeyEventKind};
use futures_util::stream::{BoxStream, select_all};
use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use crate::failure::Failure;
use crate::kind::Kind;
use crate::service::{self, Event};
use crate::session::Session;
use state::{Flow, State};

/// How often to poll by default.
const INTERVAL: Duration = Duration::from_secs(2);

/// How many events at most are drawn together.
const MOST_EVENTS: usize = 1000;

/// Shows the dashboard until the user quits.
pub(crate) async fn run(session: &Session) -> Result<(), Failure> {
    let every = session.interval.unwrap_or(INTERVAL);
    let terminal = ratatui::try_init()
        .map_err(|error| Failure::usage(format!("top needs a terminal: {error}")))?;
    let result = show(session, every, terminal).await;
    ratatui::restore();
    Ok(result?)
}

async fn show(
    session: &Session,
    every: Duration,
    mut terminal: ratatui::DefaultTerminal,
) -> io::Result<()> {
    let mut state = State::new(session.place());
    let mut events =
        select_all(Kind::ALL.map(|kind| watch(session, kind, every))).ready_chunks(MOST_EVENTS);
    let mut inputs = inputs();
    // Ages change every second, changes or not.
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut polls = interval(every);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        terminal.draw(|frame| draw::draw(&mut state, frame, session.now()))?;
        tokio::select! {
            Some(events) = events.next() => {
                for (kind, event) in events {
                    state.on_event(kind, event, session.now());
                }
            }
            _ = ticks.tick() => {}
            _ = polls.tick() => {
                if let Some(id) = state.running_hot_load()
                    && let Ok(replicas) = replicas(session, &id).await
                {
                    state.on_replicas(id, replicas);
                }
            }
            input = inputs.recv() => match input {
                Some(Ok(Input::Key(key))) if key.kind == KeyEventKind::Press => {
                    if state.on_key(key) == Flow::Quit {
                        return Ok(());
                    }
                }
                // A resize is drawn like everything else.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            },
        }
    }
}

type Events = BoxStream<'static, (Kind, Result<Event, String>)>;

fn watch(session: &Session, kind: Kind, every: Duration) -> Events {
    let events = service::watch(&session.client, kind, Some(every));
    events
        .map(move |event| (kind, event.map_err(|error| error.to_string())))
        .boxed()
}

async fn replicas(
    session: &Session,
    id: &str,
) -> Result<Vec<HotLoadReplica>, coreweave_inference::Error> {
    session
        .client
        .hot_loads()
        .replicas(id)
        .stream()
        .try_collect()
        .await
}

/// Keys and resizes, from a thread that ends with the program.
fn inputs() -> UnboundedReceiver<io::Result<Input>> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || while sender.send(crossterm::event::read()).is_ok() {});
    receiver
}
