//! Traffic weights of a model's deployments.

use coreweave_inference::Deployment;
use coreweave_inference_apply::schema::suggest;
use serde_json::json;

use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::table::Table;

pub(crate) async fn run(
    session: &Session,
    model: &str,
    weights: Vec<(String, u32)>,
) -> Result<(), Failure> {
    let api = session.client.deployments();
    let all = api.list().await?;
    let mut deployments: Vec<_> = all
        .iter()
        .filter(|deployment| deployment.model_name() == model)
        .cloned()
        .collect();
    if deployments.is_empty() {
        let models = all.iter().map(Deployment::model_name);
        let message = format!("no deployment serves the model `{model}`");
        return Err(Failure::new(
            Exit::NotFound,
            match suggest(model, models) {
                Some(model) => format!("{message}; did you mean `{model}`?"),
                None => message,
            },
        ));
    }
    let mut changes = Vec::new();
    for (name, weight) in weights {
        let Some(index) = deployments
            .iter()
            .position(|deployment| deployment.name() == name)
        else {
            let names: Vec<_> = deployments.iter().map(Deployment::name).collect();
            return Err(Failure::new(
                Exit::NotFound,
                format!(
                    "no deployment `{name}` serves the model `{model}`; these do: {}",
                    names.join(", ")
                ),
            ));
        };
        changes.push((index, weight));
    }
    for (index, weight) in changes {
        if let Some(deployment) = deployments.get_mut(index)
            && deployment.weight() != weight
        {
            *deployment = api
                .update(deployment.id(), |spec| spec.traffic.weight = Some(weight))
                .await?;
        }
    }
    print(session, &deployments);
    Ok(())
}

fn print(session: &Session, deployments: &[Deployment]) {
    let total: u32 = deployments.iter().map(Deployment::weight).sum();
    let share = |deployment: &Deployment| match total {
        0 => 0.0,
        total => 100.0 * f64::from(deployment.weight()) / f64::from(total),
    };
    let json = || {
        let weights = deployments.iter().map(|deployment| {
            json!({"name": deployment.name(), "id": deployment.id().as_str(), "weight": deployment.weight()})
        });
        weights.collect()
    };
    let names = || {
        deployments
            .iter()
            .map(|deployment| deployment.name().to_owned())
            .collect()
    };
    session.output.print(json, names, || {
        let mut table = Table::new(["NAME", "WEIGHT", "SHARE"]);
        for deployment in deployments {
            let share = format!("{:.1}%", share(deployment));
            table.row([
                deployment.name().into(),
                deployment.weight().to_string().into(),
                share.into(),
            ]);
        }
        table.text()
    });
}
