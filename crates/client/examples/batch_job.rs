//! Run a batch job: deploy many models, use each that becomes ready, say what became of all, and delete them.
//!
//! Ids are derived from names: run again after a crash, it creates nothing twice, and deletes what was left.

use std::time::Duration;

use coreweave_inference::{Client, DeploymentId, Model, NewDeployment, Resources};
use coreweave_inference_fake::{FakeServer, Fault};
use serde_json::json;

/// Runs the job, and returns what became of each deployment.
pub async fn run(client: &Client, batch: Vec<NewDeployment>, timeout: Duration) -> Vec<String> {
    let deployments = client.deployments();
    let (mut ids, mut report) = (Vec::new(), Vec::new());
    for new in batch {
        let id = DeploymentId::from_name(&new.raw().name);
        match deployments.create(new.id(&id)).await {
            // Without a response, it may have been created.
            Err(error) if !error.outcome_unknown() => report.push(error.to_string()),
            _ => ids.push(id),
        }
    }
    let mut wait = deployments.wait_all_ready(&ids).timeout(timeout).stream();
    while let Some(ready) = wait.next().await {
        match ready {
            Ok(deployment) => println!("using {deployment}"), // A job would send requests.
            Err(error) => eprintln!("{error}"),               // The wait for the others goes on.
        }
    }
    for id in &ids {
        report.push(match deployments.get(id).await {
            Ok(deployment) => {
                let unmet = deployment.conditions().filter(|it| !it.is_true());
                unmet.fold(deployment.to_string(), |line, it| format!("{line}; {it}"))
            }
            Err(error) => error.to_string(),
        });
        match deployments.delete(id).await {
            Err(error) if !error.is_not_found() => report.push(error.to_string()),
            _ => {}
        }
    }
    report
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeServer::start().await?;
    let gateway = fake.seed_gateway(json!({"spec": {"name": "chat"}}))?;
    fake.fault(Fault::outcome(["STATUS_FAILED"]).skip(3).once());
    let client = Client::builder().base_url(fake.url()).token(fake.token());
    let batch = (1..=8).map(|step| {
        let model = Model::new("policy", "checkpoints", format!("run-7/{step}"));
        let (name, gpus) = (format!("eval-{step}"), Resources::new("gb200-4x", 4));
        NewDeployment::new(name, [&gateway], "vllm", gpus, model, 1..=1)
    });
    let report = run(&client.build()?, batch.collect(), Duration::from_secs(3600)).await;
    println!("{}", report.join("\n"));
    Ok(())
}
