//! One line per change.

use anstyle::{AnsiColor, Style};
use futures_util::StreamExt;
use futures_util::stream::select_all;
use serde_json::json;

use crate::failure::Failure;
use crate::kind::Kind;
use crate::output::{self, Format, labeled};
use crate::service::{self, Event};
use crate::session::Session;
use crate::view::{Tone, View};

/// Prints changes until interrupted.
pub(crate) async fn run(session: &Session, kind: Option<Kind>) -> Result<(), Failure> {
    let kinds = kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let watches = kinds.into_iter().map(|kind| {
        let events = service::watch(&session.client, kind, session.interval);
        events.map(move |event| (kind, event)).boxed()
    });
    let mut events = select_all(watches);
    while let Some((kind, event)) = events.next().await {
        match event {
            Ok(Event::Added(view)) => print(session, "ADDED", &view)?,
            Ok(Event::Modified(view)) => print(session, "MODIFIED", &view)?,
            Ok(Event::Deleted(view)) => print(session, "DELETED", &view)?,
            Ok(Event::Listed) => {}
            Err(error) if error.is_transient() => {
                labeled(
                    "warning",
                    AnsiColor::Yellow,
                    &format!("{}s: {error}", kind.noun()),
                )?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn print(session: &Session, change: &str, view: &View) -> Result<(), Failure> {
    let noun = view.kind.noun();
    match session.output.format {
        Format::Json | Format::Yaml => {
            let event = json!({"type": change, "kind": noun, "object": view.json});
            match session.output.format {
                Format::Json => output::write(&format!("{event}\n")),
                _ => output::write(&format!(
                    "---\n{}",
                    coreweave_inference_apply::to_yaml(&event)
                )),
            }
        }
        Format::Name => output::write(&format!("{}\n", view.name)),
        Format::Table | Format::Wide => {
            let style = Style::new().fg_color(Some(Tone::of(&view.status).color().into()));
            let problem = view
                .problem()
                .map(|problem| format!("  {problem}"))
                .unwrap_or_default();
            output::write(&format!(
                "{}  {change:<8}  {noun} {}  {style}{}{style:#}{problem}\n",
                session.now().format("%H:%M:%S"),
                view.name,
                view.status
            ))
        }
    }
}
