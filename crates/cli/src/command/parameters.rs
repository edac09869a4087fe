//! The values that the service accepts.

use serde_json::Value;

use crate::failure::Failure;
use crate::kind::ParametersKind;
use crate::session::Session;
use crate::table::Table;

pub(crate) async fn run(session: &Session, kind: ParametersKind) -> Result<(), Failure> {
    let client = &session.client;
    let mut table = Table::new(["PARAMETER", "OF", "VALUES"]);
    let mut row = |parameter: &str, of: &str, values: &[String]| {
        table.row([parameter.into(), of.into(), values.join(", ").into()]);
    };
    let json = match kind {
        ParametersKind::Gateways => {
            let parameters = client.gateways().parameters().await?;
            row("zones", "", parameters.zones());
            serde_json::to_value(parameters.raw())
        }
        ParametersKind::Deployments => {
            let parameters = client.deployments().parameters().await?;
            row("instance types", "", parameters.instance_types());
            for engine in parameters.engines() {
                row("versions", engine, parameters.versions(engine));
                row("engine config", engine, parameters.config_keys(engine));
                row("engine env", engine, parameters.env_names(engine));
            }
            serde_json::to_value(parameters.raw())
        }
        ParametersKind::Claims => {
            let parameters = client.capacity_claims().parameters().await?;
            for zone in parameters.zones() {
                row("instance types", zone, parameters.instance_types(zone));
            }
            serde_json::to_value(parameters.raw())
        }
    };
    let json: Value = json.unwrap_or_default();
    let names = || {
        json.as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    session
        .output
        .print(|| json.clone(), names, || table.text());
    Ok(())
}
