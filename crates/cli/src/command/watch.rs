//! One line per change.

use anstyle::Style;
use futures_util::StreamExt;
use futures_util::stream::select_all;
use serde_json::json;

use crate::backend::{self, Event};
use crate::failure::Failure;
use crate::interrupt::interrupted;
use crate::kind::Kind;
use crate::output::{self, Format};
use crate::session::Session;
use crate::text::Text;
use crate::view::View;

/// Prints changes until interrupted.
pub(crate) async fn run(session: &Session, kind: Option<Kind>) -> Result<(), Failure> {
    let kinds = kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    follow(session, &kinds, |event| match event {
        Event::Added(view) => print(session, "ADDED", &view),
        Event::Modified(view) => print(session, "MODIFIED", &view),
        Event::Deleted(view) => print(session, "DELETED", &view),
        Event::Listed => {}
    })
    .await
}

/// Handles the events of some kinds for as long as somebody reads what is printed. An outage is a warning.
pub(crate) async fn follow(
    session: &Session,
    kinds: &[Kind],
    mut on_event: impl FnMut(Event),
) -> Result<(), Failure> {
    let watches = kinds.iter().map(|&kind| {
        let events = backend::watch(&session.client, kind, session.interval);
        events.map(move |event| (kind, event)).boxed()
    });
    let mut events = select_all(watches);
    while !output::is_closed() {
        let next = tokio::select! {
            next = events.next() => next,
            // The way to end it.
            exit = interrupted() => return Err(Failure::silent(exit)),
        };
        let Some((kind, event)) = next else {
            break;
        };
        match event {
            Ok(event) => on_event(event),
            Err(error) if error.is_transient() => {
                output::warning(format_args!("{}s: {error}", kind.noun()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn print(session: &Session, change: &str, view: &View) {
    let noun = view.kind.noun();
    let text = Text::default();
    let event = || json!({"type": change, "kind": noun, "object": view.json});
    output::write(&match session.output.format {
        Format::Json => Text::json_line(&event()),
        Format::Yaml => text.line("---").then(Text::yaml(&event())),
        Format::Name => text.line(&view.name),
        Format::Table | Format::Wide => {
            let style = Style::new().fg_color(Some(view.tone().color().into()));
            let time = session.now().format("%H:%M:%S");
            let problem = view
                .problem()
                .map(|problem| format!("  {problem}"))
                .unwrap_or_default();
            text.plain(format_args!("{time}  {change:<8}  {noun} {}  ", view.name))
                .styled(style, &view.status)
                .line(problem)
        }
    });
}
