//! Resources as they are shown.

use std::cmp::Ordering;
use std::collections::HashMap;

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use coreweave_inference::kind::Resource;
use coreweave_inference::{
    CapacityClaim, Deployment, Gateway, GatewayAuth, HotLoad, HotLoadReplica,
};
use serde_json::Value;

use crate::kind::Kind;
use crate::table::{Cell, Table};
use crate::text::{Text, printable};

/// The titles of the columns with what a resource belongs to.
const PARENTS: [&str; 2] = ["GATEWAYS", "DEPLOYMENT"];

/// A resource of any kind, as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    /// The identity of the snapshot, for a hot-load; the id of what has no name.
    pub(crate) name: String,
    /// The ids of the gateways of a deployment, of the deployment of a hot-load.
    pub(crate) parents: Vec<String>,
    pub(crate) status: String,
    pub(crate) created: Option<DateTime<Utc>>,
    pub(crate) updated: Option<DateTime<Utc>>,
    /// What is specific to the kind.
    pub(crate) columns: Vec<Column>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) json: Value,
}

/// A column that is specific to a kind.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    pub(crate) value: String,
    pub(crate) shown: Shown,
}

/// Where a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shown {
    Always,
    /// In wide tables and in details.
    Wide,
    /// In details only.
    Details,
}

#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) message: String,
    pub(crate) updated: Option<DateTime<Utc>>,
}

/// The order of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    Name,
    /// Failing first
    Status,
    /// Newest first
    Age,
    /// Latest change first
    Updated,
}

impl Sort {
    pub(crate) fn compare(self, a: &View, b: &View) -> Ordering {
        let order = match self {
            Sort::Name => Ordering::Equal,
            Sort::Status => (a.tone(), &a.status).cmp(&(b.tone(), &b.status)),
            Sort::Age => b.created.cmp(&a.created),
            Sort::Updated => b.updated.cmp(&a.updated),
        };
        order.then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id)))
    }
}

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    Bad,
    Busy,
    Ending,
    Good,
}

impl Tone {
    pub(crate) fn of(status: &str) -> Self {
        match status {
            "READY" | "COMPLETED" => Tone::Good,
            "ERROR" | "FAILED" => Tone::Bad,
            "DELETING" | "CANCELED" => Tone::Ending,
            _ => Tone::Busy,
        }
    }

    pub(crate) fn color(self) -> AnsiColor {
        match self {
            Tone::Good => AnsiColor::Green,
            Tone::Bad => AnsiColor::Red,
            Tone::Ending => AnsiColor::Magenta,
            Tone::Busy => AnsiColor::Yellow,
        }
    }
}

impl View {
    pub(crate) fn tone(&self) -> Tone {
        Tone::of(&self.status)
    }

    /// The model that a deployment serves.
    pub(crate) fn model(&self) -> Option<&str> {
        self.json.pointer("/spec/model/name")?.as_str()
    }

    /// Whether a deployment is switched off.
    pub(crate) fn is_disabled(&self) -> bool {
        self.json.pointer("/spec/disabled") == Some(&Value::Bool(true))
    }

    fn text_at(&self, pointer: &str) -> String {
        let text = self.json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    }

    /// The entries of a map with texts, or their keys.
    fn entries_at(&self, pointer: &str, with_values: bool) -> String {
        let entries = self.json.pointer(pointer).and_then(Value::as_object);
        let entries = entries
            .into_iter()
            .flatten()
            .map(|(key, value)| match value {
                Value::String(value) if with_values => format!("{key}={value}"),
                _ => key.clone(),
            });
        entries.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn has_status(&self, status: &str) -> bool {
        self.status.eq_ignore_ascii_case(status)
    }

    /// Shows what it belongs to by name, as far as names are known.
    pub(crate) fn name_parents(&mut self, names: &HashMap<String, String>) {
        let named = self.parents.iter().map(|id| names.get(id).unwrap_or(id));
        let named: Vec<_> = named.map(|name| printable(name)).collect();
        let is_parent = |column: &&mut Column| PARENTS.contains(&column.title);
        if let Some(column) = self.columns.iter_mut().find(is_parent) {
            column.value = named.join(",");
        }
    }

    /// The message of the first condition that is not met, unless the resource is fine.
    pub(crate) fn problem(&self) -> Option<String> {
        let failing =
            |condition: &&Condition| condition.status != "True" && !condition.message.is_empty();
        let condition = self.conditions.iter().find(failing)?;
        (self.tone() != Tone::Good).then(|| format!("{}: {}", condition.name, condition.message))
    }

    /// The status, and what is wrong.
    pub(crate) fn state(&self) -> String {
        match self.problem() {
            Some(problem) => format!("{} ({problem})", self.status),
            None => self.status.clone(),
        }
    }

    /// The types of the conditions.
    pub(crate) fn condition_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.conditions.iter().map(|c| c.name.as_str()).collect();
        names.dedup();
        names
    }

    /// The conditions and their statuses in one line.
    pub(crate) fn conditions_line(&self) -> String {
        let conditions = self
            .conditions
            .iter()
            .map(|condition| format!("{}={}", condition.name, condition.status));
        match conditions.collect::<Vec<_>>().join(", ").as_str() {
            "" => "it has no conditions".to_owned(),
            conditions => format!("its conditions: {conditions}"),
        }
    }

    /// Everything about the resource, line by line: what state it is in comes first.
    pub(crate) fn details(&self, now: DateTime<Utc>) -> Text {
        let shown = self
            .columns
            .iter()
            .filter(|column| !column.value.is_empty());
        let longest = shown.map(|column| column.title.len());
        let width = longest.max().unwrap_or_default().max(10) + 3;
        let line = |text: Text, title: &str, value: &str| match value {
            "" => text,
            value => text.line(format_args!("{:<width$}{value}", format!("{title}:"))),
        };
        let age_of_all = age(self.created, now);
        let mut text = [
            ("Name", &self.name),
            ("Id", &self.id),
            ("Status", &self.status),
            ("Age", &age_of_all),
        ]
        .into_iter()
        .fold(Text::default(), |text, (title, value)| {
            line(text, title, value)
        });
        if !self.conditions.is_empty() {
            let mut table = Table::new(["CONDITION", "STATUS", "AGE", "MESSAGE"]);
            for condition in &self.conditions {
                let Condition {
                    name,
                    status,
                    message,
                    ..
                } = condition;
                let age = age(condition.updated, now);
                table.row([name, status, &age, message].map(Cell::from));
            }
            text = text.end().then(table.text()).end();
        }
        self.columns.iter().fold(text, |text, column| {
            line(text, &capitalized(column.title), &column.value)
        })
    }
}

/// `GPU COUNT` as `Gpu count`.
fn capitalized(title: &str) -> String {
    let mut letters = title.chars();
    letters
        .next()
        .into_iter()
        .chain(letters.flat_map(char::to_lowercase))
        .collect()
}

/// The columns of a kind. All resources of a kind have the same.
pub(crate) fn table(views: &[View], wide: bool, now: DateTime<Utc>) -> Table {
    let Some(first) = views.first() else {
        return Table::new([]);
    };
    let last = if wide { Shown::Wide } else { Shown::Always };
    let shown = |column: &&Column| column.shown <= last;
    let mut header = vec!["NAME", "STATUS"];
    header.extend(
        first
            .columns
            .iter()
            .filter(shown)
            .map(|column| column.title),
    );
    // Hot-loads have no unique names.
    let has_id = wide || first.kind == Kind::HotLoads;
    if has_id {
        header.push("ID");
    }
    header.push("AGE");
    let mut table = Table::new(header);
    for view in views {
        let mut cells = vec![Cell::from(&view.name), status(&view.status)];
        cells.extend(
            view.columns
                .iter()
                .filter(shown)
                .map(|column| Cell::from(&column.value)),
        );
        if has_id {
            cells.push(Cell::from(&view.id));
        }
        cells.push(age(view.created, now).into());
        table.row(cells);
    }
    table
}

/// A status in its color.
pub(crate) fn status(status: &str) -> Cell {
    let color = Tone::of(status).color();
    Cell::from(status).styled(Style::new().fg_color(Some(color.into())))
}

/// How long ago something was, in its largest unit.
pub(crate) fn age(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let Some(since) = since else {
        return String::new();
    };
    let age = (now - since).max(TimeDelta::zero());
    let units = [
        (age.num_days(), "d"),
        (age.num_hours(), "h"),
        (age.num_minutes(), "m"),
    ];
    match units.into_iter().find(|(number, _)| *number > 0) {
        Some((number, unit)) => format!("{number}{unit}"),
        None => format!("{}s", age.num_seconds()),
    }
}

/// The replicas of a hot-load.
pub(crate) fn replicas(replicas: &[HotLoadReplica], now: DateTime<Utc>) -> Table {
    let mut table = Table::new(["NAME", "ZONE", "STATE", "SNAPSHOT", "ERROR", "AGE"]);
    for replica in replicas {
        table.row([
            replica.name().into(),
            replica.zone().into(),
            status(&replica.state().to_string()),
            replica.current_identity().unwrap_or_default().into(),
            replica.error_reason().unwrap_or_default().into(),
            age(replica.transitioned_at(), now).into(),
        ]);
    }
    table
}

fn column(title: &'static str, shown: Shown, value: impl ToString) -> Column {
    Column {
        title,
        value: printable(&value.to_string()),
        shown,
    }
}

fn table_column(title: &'static str, value: impl ToString) -> Column {
    column(title, Shown::Always, value)
}

fn wide_column(title: &'static str, value: impl ToString) -> Column {
    column(title, Shown::Wide, value)
}

fn view<R: Resource>(
    kind: Kind,
    resource: &R,
    name: &str,
    status: &str,
    columns: Vec<Column>,
) -> View {
    let status = status
        .trim_start_matches("STATUS_")
        .trim_start_matches("HOT_LOAD_STATE_");
    let conditions = resource.conditions().map(|condition| Condition {
        name: printable(condition.type_()),
        status: printable(&condition.status().to_string()),
        message: printable(condition.message()),
        updated: condition.updated_at(),
    });
    let id = printable(resource.id().as_str());
    View {
        kind,
        name: match name {
            "" => id.clone(),
            name => printable(name),
        },
        id,
        parents: Vec::new(),
        status: printable(status),
        created: resource.metadata().created_at,
        updated: resource.metadata().updated_at,
        columns,
        conditions: conditions.collect(),
        json: serde_json::to_value(resource.raw()).unwrap_or_default(),
    }
}

impl From<Gateway> for View {
    fn from(gateway: Gateway) -> Self {
        let auth = match gateway.auth() {
            GatewayAuth::CoreWeave => "CoreWeave",
            GatewayAuth::WeightsAndBiases(_) => "W&B",
            _ => "other",
        };
        let columns = vec![
            table_column("ZONES", gateway.zones().join(",")),
            wide_column(
                "ENDPOINT",
                gateway.endpoints().first().map_or("", String::as_str),
            ),
            wide_column("AUTH", auth),
            wide_column("ROUTING", gateway.routing()),
        ];
        view(
            Kind::Gateways,
            &gateway,
            gateway.name(),
            &gateway.status().to_string(),
            columns,
        )
    }
}

impl From<Deployment> for View {
    fn from(deployment: Deployment) -> Self {
        let replicas = deployment.replicas();
        let gateways: Vec<_> = deployment.gateway_ids().map(|id| id.to_string()).collect();
        let version = deployment.engine_version().unwrap_or_default();
        let columns = vec![
            table_column("MODEL", deployment.model_name()),
            table_column("INSTANCE", deployment.instance_type()),
            table_column(
                "REPLICAS",
                format!("{}-{}", replicas.start(), replicas.end()),
            ),
            table_column("WEIGHT", deployment.weight()),
            wide_column("GPUS", deployment.gpu_count()),
            wide_column(
                "ENGINE",
                format!("{} {version}", deployment.engine()).trim_end(),
            ),
            wide_column("DISABLED", deployment.is_disabled()),
            wide_column("GATEWAYS", gateways.join(",")),
        ];
        let mut view = view(
            Kind::Deployments,
            &deployment,
            deployment.name(),
            &deployment.status().to_string(),
            columns,
        );
        view.parents = gateways;
        let details = [
            ("BUCKET", view.text_at("/spec/model/bucket")),
            ("PATH", view.text_at("/spec/model/path")),
            (
                "ENGINE CONFIG",
                view.entries_at("/spec/runtime/engineConfig", true),
            ),
            // The values may be secret.
            (
                "ENGINE ENV",
                view.entries_at("/spec/runtime/engineEnv", false),
            ),
        ];
        let details = details.map(|(title, value)| column(title, Shown::Details, value));
        view.columns.extend(details);
        view
    }
}

impl From<CapacityClaim> for View {
    fn from(claim: CapacityClaim) -> Self {
        let allocated = format!("{}/{}", claim.allocated_instances(), claim.instance_count());
        let kind = claim.capacity_type().to_string();
        let columns = vec![
            table_column("INSTANCE", claim.instance_type()),
            table_column("ALLOCATED", allocated),
            table_column("TYPE", kind.trim_start_matches("CAPACITY_TYPE_")),
            wide_column("ZONES", claim.zones().join(",")),
        ];
        view(
            Kind::Claims,
            &claim,
            claim.name(),
            &claim.status().to_string(),
            columns,
        )
    }
}

impl From<HotLoad> for View {
    fn from(load: HotLoad) -> Self {
        let kind = load.snapshot_type().to_string();
        let deployment = load.deployment_id().map(String::from).unwrap_or_default();
        let columns = vec![
            table_column("TYPE", kind.trim_start_matches("SNAPSHOT_TYPE_")),
            table_column("CHAIN", load.snapshot_chain().len()),
            wide_column("DEPLOYMENT", &deployment),
        ];
        let mut view = view(
            Kind::HotLoads,
            &load,
            load.identity(),
            &load.state().to_string(),
            columns,
        );
        view.parents = vec![deployment];
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_its_largest_unit() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(10);
        for (seconds, expected) in [
            (-5, "0s"),
            (59, "59s"),
            (60, "1m"),
            (7199, "1h"),
            (200_000, "2d"),
        ] {
            assert_eq!(age(Some(now - TimeDelta::seconds(seconds)), now), expected);
        }
        assert_eq!(age(None, now), "");
    }
}
