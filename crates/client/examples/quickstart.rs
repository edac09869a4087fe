//! A gateway, a deployment, a capacity claim and a hot-load, from creation to deletion.
//!
//! Without a token this runs against an in-process fake that is faster than the service, and takes a few seconds. With
//! `COREWEAVE_API_TOKEN` or `CW_API_TOKEN` set, it only lists what the account has, because resources cost money.
//!
//! ```sh
//! cargo run -p coreweave-inference --example quickstart
//! ```

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use coreweave_inference::{
    Backoff, Client, GatewayAuth, Model, NewCapacityClaim, NewDeployment, NewGateway, NewHotLoad,
    Resources, Routing,
};
use coreweave_inference_fake::{Clock, FakeServer};

type Result = std::result::Result<(), Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let result = match is_set("COREWEAVE_API_TOKEN") || is_set("CW_API_TOKEN") {
        true => list(&Client::from_env()?).await,
        false => demo().await,
    };
    match result.as_ref().map_err(|error| error.downcast_ref()) {
        // The reader has closed the pipe, as in `quickstart | head`.
        Err(Some(error)) if io::Error::kind(error) == ErrorKind::BrokenPipe => Ok(()),
        _ => result,
    }
}

async fn list(client: &Client) -> Result {
    let mut out = io::stdout();
    writeln!(out, "account     {}", client.base_url())?;
    for gateway in client.gateways().list().await? {
        writeln!(out, "gateway     {gateway}")?;
    }
    for deployment in client.deployments().list().await? {
        writeln!(out, "deployment  {deployment}")?;
    }
    for claim in client.capacity_claims().list().await? {
        writeln!(out, "claim       {claim}")?;
    }
    for load in client.hot_loads().list().await? {
        writeln!(out, "hot-load    {load}")?;
    }
    Ok(())
}

async fn demo() -> Result {
    let mut out = io::stdout();
    let clock = Clock::scaled(1_200.0);
    let fake = FakeServer::builder().clock(clock).start().await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(250)))
        .build()?;
    writeln!(out, "fake        {}, since no token is set", fake.url())?;

    let parameters = client.gateways().parameters().await?;
    let zone = parameters.zones().first().ok_or("no zone is offered")?;
    writeln!(out, "zones       {}", parameters.zones().join(", "))?;

    let new = NewGateway::new("chat", zone, GatewayAuth::CoreWeave, Routing::OpenAiBody);
    let create = client.gateways().create(new).and_wait();
    let gateway = create.on_progress(|it| eprintln!("  {it}")).await?;
    let url = gateway.openai_base_url().unwrap_or_default();
    writeln!(out, "gateway     {gateway}, for OpenAI clients {url}")?;

    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    let gpus = Resources::new("gb200-4x", 4);
    let new = NewDeployment::new("llama", [gateway.id()], "dynamo-vllm", gpus, model, 2..=4)
        .engine_config("max-model-len", "8192")
        .hot_load("my-snapshots", "llama/run-7");
    let create = client.deployments().create(new).and_wait();
    let deployment = create.on_progress(|it| eprintln!("  {it}")).await?;
    writeln!(out, "deployment  {deployment}")?;

    let claims = client.capacity_claims();
    let new = NewCapacityClaim::new("gb200-4x", 2, [zone]).name("evenings");
    let claim = claims.create(new).and_wait().await?;
    let instances = claim.allocated_instances();
    writeln!(out, "claim       {claim}, {instances} instances")?;

    let new = NewHotLoad::full(deployment.id(), "step-100");
    let load = client.hot_loads().create(new).and_wait().await?;
    let replicas = client.hot_loads().replicas(load.id()).await?.len();
    writeln!(out, "hot-load    {load}, on {replicas} replicas")?;

    let deployments = client.deployments();
    let update = deployments.update(deployment.id(), |spec| spec.autoscaling.max = 8);
    let replicas = update.and_wait().await?.replicas();
    writeln!(out, "update      {replicas:?} replicas")?;

    list(&client).await?;
    deployments.delete(deployment.id()).and_wait().await?;
    client.gateways().delete(gateway.id()).and_wait().await?;
    claims.delete(claim.id()).and_wait().await?;
    writeln!(out, "deleted     everything")?;
    writeln!(
        out,
        "next        set COREWEAVE_API_TOKEN to list your account"
    )?;
    Ok(())
}
