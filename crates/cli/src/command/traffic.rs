//! Traffic weights of a model's deployments.

use coreweave_inference_apply::schema::suggest;
use serde_json::{Map, Value, json};

use crate::args::{Share, WaitArgs};
use crate::backend::{self, Show};
use crate::command::{manifest, update};
use crate::condition::Condition;
use crate::failure::{Exit, Failure};
use crate::kind::Kind;
use crate::output;
use crate::session::Session;
use crate::table::Table;
use crate::view::View;
use crate::wait::follow;

/// The weights of deployments that are given in percent add up to this, the greatest weight that the service takes.
const WHOLE: f64 = 1000.0;

pub(crate) async fn run(
    session: &Session,
    model: &str,
    shares: Vec<(String, Share)>,
    dry_run: bool,
    wait: WaitArgs,
) -> Result<(), Failure> {
    let all = backend::list(&session.client, Kind::Deployments, None, usize::MAX).await?;
    let (mut deployments, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|view| view.model() == Some(model));
    if deployments.is_empty() {
        let message = format!("no deployment serves the model `{model}`");
        return Err(Failure::new(
            Exit::NotFound,
            match suggest(model, others.iter().filter_map(View::model)) {
                Some(model) => format!("{message}; did you mean `{model}`?"),
                None => message,
            },
        ));
    }
    let weights = weights(model, &deployments, shares)?;
    let planned: Vec<_> = weights
        .iter()
        .filter_map(|&(index, weight)| Some((deployments.get(index)?, body(weight))))
        .collect();
    if planned.is_empty() {
        print(session, &deployments);
        return Ok(());
    }
    let plan = update::plan(session, &planned).await?;
    if dry_run {
        manifest::print(session, &plan);
        return Ok(());
    }
    let weights = weights
        .iter()
        .filter_map(|&(index, weight)| Some((deployments.get(index)?.id.as_str(), weight)));
    let shift = session.client.deployments().shift_traffic(model, weights);
    let shifted = match planned.first() {
        Some((view, _)) if wait.wait => {
            let run = async |show: &mut Show<'_>| {
                backend::shift_and_wait(shift.and_wait(), wait.timeout, show).await
            };
            follow(view, &Condition::Ready, run).await
        }
        _ => shift.await.map_err(Failure::from),
    };
    let named = |failure: Failure, view: &View| failure.naming(&view.id, &view.name);
    let shifted = shifted.map_err(|failure| deployments.iter().fold(failure, named))?;
    for updated in shifted.into_iter().map(View::from) {
        if let Some(view) = deployments.iter_mut().find(|view| view.id == updated.id) {
            let (old, new) = (weight(view), weight(&updated));
            output::note(format_args!("deployment {} updated", view.name));
            output::note(format_args!("    traffic.weight: {old} -> {new}"));
            *view = updated;
        }
    }
    print(session, &deployments);
    Ok(())
}

/// The part of an update that sets a weight.
fn body(weight: u32) -> Map<String, Value> {
    let traffic = ("traffic".to_owned(), json!({"weight": weight}));
    [traffic].into_iter().collect()
}

/// The new weights, each with the index of its deployment.
fn weights(
    model: &str,
    deployments: &[View],
    shares: Vec<(String, Share)>,
) -> Result<Vec<(usize, u32)>, Failure> {
    let mut weights = Vec::new();
    let mut percents = 0.0;
    let mut has_weights = false;
    for (name, share) in shares {
        let Some(index) = deployments.iter().position(|view| view.name == name) else {
            let names: Vec<_> = deployments.iter().map(|view| view.name.as_str()).collect();
            return Err(Failure::new(
                Exit::NotFound,
                format!(
                    "no deployment `{name}` serves the model `{model}`; these do: {}",
                    names.join(", ")
                ),
            ));
        };
        if weights.iter().any(|(other, _)| *other == index) {
            return Err(Failure::usage(format!("`{name}` is given twice")));
        }
        match share {
            Share::Weight(weight) => {
                has_weights = true;
                weights.push((index, weight));
            }
            Share::Percent(percent) => {
                percents += percent;
                // Not more than a thousand, and not negative.
                weights.push((index, (percent / 100.0 * WHOLE).round() as u32));
            }
        }
    }
    if percents == 0.0 && (has_weights || weights.is_empty()) {
        return Ok(weights);
    }
    let is_left_out = |(index, view): &(usize, &View)| {
        weight(view) > 0 && !weights.iter().any(|(given, _)| given == index)
    };
    if let Some((_, view)) = deployments.iter().enumerate().find(is_left_out) {
        return Err(Failure::usage(format!(
            "percentages are of all traffic of the model: give one for `{}` too, such as {}=0%",
            view.name, view.name
        )));
    }
    if has_weights || (percents - 100.0).abs() > 0.001 {
        return Err(Failure::usage(match has_weights {
            true => "use weights or percentages, not both".to_owned(),
            false => format!("the percentages add up to {percents}%, not to 100%"),
        }));
    }
    Ok(weights)
}

fn weight(view: &View) -> u64 {
    let weight = view.json.pointer("/spec/traffic/weight");
    weight.and_then(Value::as_u64).unwrap_or_default()
}

fn print(session: &Session, deployments: &[View]) {
    let total: u64 = deployments.iter().map(weight).sum();
    let json = || {
        let weights = deployments
            .iter()
            .map(|view| json!({"name": view.name, "id": view.id, "weight": weight(view)}));
        weights.collect()
    };
    let names = || deployments.iter().map(|view| view.name.clone()).collect();
    session.output.print(json, names, || {
        let mut table = Table::new(["NAME", "WEIGHT", "SHARE"]);
        for view in deployments {
            let weight = weight(view);
            // Weights are far below the numbers that are not exact.
            let share = 100.0 * weight as f64 / total.max(1) as f64;
            table.row([
                view.name.as_str().into(),
                weight.to_string().into(),
                format!("{share:.1}%").into(),
            ]);
        }
        table.text()
    });
}
