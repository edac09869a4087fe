//! Lists gateways with reqwest and serde_json alone.

#[derive(serde::Deserialize)]
struct Gateways {
    items: Vec<Gateway>,
}

#[derive(serde::Deserialize)]
struct Gateway {
    spec: Spec,
    status: Status,
}

#[derive(serde::Deserialize)]
struct Spec {
    id: String,
    name: String,
}

#[derive(serde::Deserialize)]
struct Status {
    status: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let request = reqwest::Client::new()
            .get("https://api.coreweave.com/v1alpha1/inference/gateways")
            .bearer_auth(std::env::var("COREWEAVE_API_TOKEN")?);
        let reply = request.send().await?.error_for_status()?.bytes().await?;
        let gateways: Gateways = serde_json::from_slice(&reply)?;
        for Gateway { spec, status } in gateways.items {
            println!("{} {} {}", spec.id, spec.name, status.status);
        }
        Ok(())
    })
}
