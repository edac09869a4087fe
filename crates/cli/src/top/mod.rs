//! The live dashboard.

mod draw;
mod screen;
#[cfg(unix)]
mod signals;
mod state;
#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use coreweave_inference::HotLoadReplica;
use crossterm::event::{Event as Input, KeyEventKind};
use futures_util::stream::{BoxStream, FuturesUnordered, select_all};
use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use crate::backend::{self, Event};
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::session::Session;
use screen::Screen;
#[cfg(unix)]
use signals::Signals;
use state::State;

/// How often to poll by default.
const INTERVAL: Duration = Duration::from_secs(2);

/// How many events at most are drawn together.
const MOST_EVENTS: usize = 1000;

/// How to go on after an input or a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    End(Exit),
    /// Stop the program, as Ctrl-Z does.
    Suspend,
    /// The program was stopped and goes on.
    Resume,
}

/// Shows the dashboard until the user quits.
pub(crate) async fn run(session: &Session) -> Result<Exit, Failure> {
    let screen = Screen::take().map_err(|error| {
        Failure::usage(format!(
            "top needs a terminal: {error}; `cwinf watch` prints changes as lines"
        ))
    })?;
    show(session, screen)
        .await
        .map_err(|error| Failure::usage(format!("cannot use the terminal: {error}")))
}

async fn show(session: &Session, mut screen: Screen) -> io::Result<Exit> {
    let every = session.interval.unwrap_or(INTERVAL);
    let mut state = State::new(&session.place());
    let mut events =
        select_all(Kind::ALL.map(|kind| watch(session, kind, every))).ready_chunks(MOST_EVENTS);
    let mut inputs = inputs();
    let mut signals = Signals::new()?;
    // Ages change every second, changes or not.
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut polls = interval(every);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut replicas = FuturesUnordered::new();
    loop {
        screen.draw(|frame| draw::draw(&mut state, frame, session.now()))?;
        let flow = tokio::select! {
            Some(events) = events.next() => {
                for (kind, event) in events {
                    state.on_event(kind, event, session.now());
                }
                Flow::Continue
            }
            Some((id, listed)) = replicas.next() => {
                if let Ok(listed) = listed {
                    state.on_replicas(id, listed);
                }
                Flow::Continue
            }
            _ = ticks.tick() => Flow::Continue,
            _ = polls.tick(), if replicas.is_empty() => {
                if let Some(id) = state.running_hot_load() {
                    replicas.push(list_replicas(session, id));
                }
                Flow::Continue
            }
            flow = signals.next() => flow,
            input = inputs.recv() => on_inputs(&mut state, &mut inputs, input)?,
        };
        match flow {
            Flow::Continue => {}
            Flow::End(exit) => return Ok(exit),
            #[cfg(unix)]
            Flow::Suspend => screen.suspend()?,
            _ => screen.retake()?,
        }
    }
}

/// Handles an input and all that have come after it, which are drawn together.
fn on_inputs(
    state: &mut State,
    inputs: &mut UnboundedReceiver<io::Result<Input>>,
    first: Option<io::Result<Input>>,
) -> io::Result<Flow> {
    let Some(mut input) = first else {
        return Ok(Flow::End(Exit::Success));
    };
    loop {
        let flow = match input? {
            Input::Key(key) if key.kind == KeyEventKind::Press => state.on_key(key),
            Input::Paste(text) => {
                state.on_paste(&text);
                Flow::Continue
            }
            // A resize is drawn like everything else.
            _ => Flow::Continue,
        };
        match (flow, inputs.try_recv()) {
            (Flow::Continue, Ok(next)) => input = next,
            (flow, _) => return Ok(flow),
        }
    }
}

/// Elsewhere than on Unix, none of the signals exist.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Flow {
        std::future::pending().await
    }
}

type Events = BoxStream<'static, (Kind, Result<Event, String>)>;

fn watch(session: &Session, kind: Kind, every: Duration) -> Events {
    let events = backend::watch(&session.client, kind, Some(every));
    events
        .map(move |event| (kind, event.map_err(|error| error.to_string())))
        .boxed()
}

async fn list_replicas(
    session: &Session,
    id: String,
) -> (
    String,
    Result<Vec<HotLoadReplica>, coreweave_inference::Error>,
) {
    let replicas = session.client.hot_loads().replicas(id.as_str()).stream();
    let listed = replicas.try_collect().await;
    (id, listed)
}

/// Keys, pastes and resizes, from a thread that ends with the program.
fn inputs() -> UnboundedReceiver<io::Result<Input>> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || while sender.send(crossterm::event::read()).is_ok() {});
    receiver
}
