//! Lists of resources.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use clap::Args;
use coreweave_inference_apply::schema::suggest;
use futures_util::future::try_join;

use crate::args::{DeploymentFilter, HotLoadFilter, ListArgs, NoFilter};
use crate::backend::{self, Event, Names};
use crate::command::watch;
use crate::failure::Failure;
use crate::kind::Kind;
use crate::output::{self, Format, Output};
use crate::session::Session;
use crate::table::Table;
use crate::text::Text;
use crate::view::{self, View};

/// What the filter of any kind can ask for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    parent: Option<String>,
    model: Option<String>,
    limit: Option<usize>,
}

impl From<NoFilter> for Wanted {
    fn from(_: NoFilter) -> Self {
        Self::default()
    }
}

impl From<DeploymentFilter> for Wanted {
    fn from(filter: DeploymentFilter) -> Self {
        Self {
            parent: filter.gateway,
            model: filter.model,
            ..Self::default()
        }
    }
}

impl From<HotLoadFilter> for Wanted {
    fn from(filter: HotLoadFilter) -> Self {
        Self {
            parent: filter.deployment,
            limit: filter.limit,
            ..Self::default()
        }
    }
}

/// Prints the resources of a kind.
pub(crate) async fn run(
    session: &Session,
    kind: Kind,
    args: ListArgs<impl Args + Into<Wanted>>,
) -> Result<(), Failure> {
    let client = &session.client;
    let wanted: Wanted = args.filter.into();
    let parent = match (&wanted.parent, kind.parent()) {
        (Some(parent), Some(kind)) => Some(backend::find(client, kind, parent).await?.id),
        _ => None,
    };
    let filter = Filter {
        parent,
        model: wanted.model,
        statuses: args.status,
    };
    let names = async {
        match session.output.is_wide() {
            true => backend::parent_names(client, kind).await,
            false => Ok(Names::default()),
        }
    };
    let sort = |views: &mut Vec<View>| {
        if let Some(order) = args.sort_by {
            views.sort_by(|a, b| order.compare(a, b));
        }
    };
    if args.watch {
        let names = names.await?;
        return watch_list(session, kind, &filter, &names, sort).await;
    }
    let limit = wanted.limit.unwrap_or(usize::MAX);
    // Filters that the service does not know need all of them.
    let fetched = if filter.statuses.is_empty() {
        limit
    } else {
        usize::MAX
    };
    let views = backend::list(client, kind, filter.parent.as_deref(), fetched);
    let (mut views, names) = try_join(views, names).await?;
    filter.check(kind, &views)?;
    views.retain(|view| filter.matches(view));
    views.truncate(limit);
    sort(&mut views);
    views.iter_mut().for_each(|view| view.name_parents(&names));
    session.output.resources(kind.noun(), &views, session.now());
    Ok(())
}

/// Which resources are listed.
struct Filter {
    /// The id of the gateway or the deployment that they belong to.
    parent: Option<String>,
    model: Option<String>,
    /// If empty, any.
    statuses: Vec<String>,
}

impl Filter {
    fn matches(&self, view: &View) -> bool {
        let is_parent = |id: &String| view.parents.iter().any(|p| p.eq_ignore_ascii_case(id));
        let is_model = |model: &String| view.model() == Some(model);
        self.parent.as_ref().is_none_or(is_parent)
            && self.model.as_ref().is_none_or(is_model)
            && (self.statuses.is_empty() || self.statuses.iter().any(|s| view.has_status(s)))
    }

    /// Refuses a status that resources of the kind never have, unless one has it: the service may know more of them.
    fn check(&self, kind: Kind, views: &[View]) -> Result<(), Failure> {
        let known = kind.statuses();
        let is_known = |status: &String| {
            known.iter().any(|known| known.eq_ignore_ascii_case(status))
                || views.iter().any(|view| view.has_status(status))
        };
        match self.statuses.iter().find(|status| !is_known(status)) {
            None => Ok(()),
            Some(status) => Err(Failure::usage(match suggest(status, known) {
                Some(known) => format!("there is no status `{status}`; did you mean `{known}`?"),
                None => format!("there is no status `{status}`; use {}", known.join(", ")),
            })),
        }
    }
}

/// Prints a list, and then each resource that changes, until interrupted.
async fn watch_list(
    session: &Session,
    kind: Kind,
    filter: &Filter,
    names: &Names,
    sort: impl Fn(&mut Vec<View>),
) -> Result<(), Failure> {
    filter.check(kind, &[])?;
    let mut rows = Rows::new(&session.output);
    let mut first: Option<Vec<View>> = Some(Vec::new());
    let mut shown = HashSet::new();
    watch::follow(session, &[kind], |event| match event {
        Event::Listed => {
            if let Some(mut views) = first.take() {
                sort(&mut views);
                rows.print_first(kind, &views, session.now());
            }
        }
        Event::Added(mut view) | Event::Modified(mut view) => {
            view.name_parents(names);
            let matches = filter.matches(&view);
            // What no longer matches is shown once more.
            let is_shown = matches || shown.remove(&view.id);
            if matches {
                shown.insert(view.id.clone());
            }
            match &mut first {
                _ if !is_shown => {}
                Some(views) => views.push(view),
                None => rows.print(&view, session.now()),
            }
        }
        Event::Deleted(mut view) => {
            if shown.remove(&view.id) {
                view.name_parents(names);
                "DELETED".clone_into(&mut view.status);
                rows.print(&view, session.now());
            }
        }
    })
    .await
}

/// A list that grows.
struct Rows<'a> {
    output: &'a Output,
    /// What was printed as a table first, so that later rows align with it.
    table: Option<Table>,
}

impl<'a> Rows<'a> {
    fn new(output: &'a Output) -> Self {
        Self {
            output,
            table: None,
        }
    }

    fn print_first(&mut self, kind: Kind, views: &[View], now: DateTime<Utc>) {
        match self.output.format {
            Format::Table | Format::Wide if !views.is_empty() => {
                let table = view::table(views, self.output.is_wide(), now);
                output::write(&table.text());
                self.table = Some(table);
            }
            Format::Table | Format::Wide => self.output.resources(kind.noun(), views, now),
            _ => views.iter().for_each(|view| self.print(view, now)),
        }
    }

    fn print(&mut self, view: &View, now: DateTime<Utc>) {
        let text = Text::default();
        output::write(&match self.output.format {
            Format::Json => Text::json_line(&view.json),
            Format::Yaml => text.line("---").then(Text::yaml(&view.json)),
            Format::Name => text.line(&view.name),
            Format::Table | Format::Wide => {
                let alone = view::table(std::slice::from_ref(view), self.output.is_wide(), now);
                match &self.table {
                    Some(table) => table.row_of(&alone),
                    None => self.table.insert(alone).text(),
                }
            }
        });
    }
}
