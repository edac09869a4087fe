//! A gateway, a deployment, a capacity claim and a hot-load, from creation to deletion.
//!
//! Without a token this runs against an in-process fake that is faster than the service, and takes a few seconds. With
//! `COREWEAVE_API_TOKEN` or `CW_API_TOKEN` set, it only lists what the account has, because resources cost money.
//!
//! ```sh
//! cargo run -p coreweave-inference --example quickstart
//! ```

use std::error::Error;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use coreweave_inference::kind::{Managed, Resource};
use coreweave_inference::{
    Api, Backoff, Client, GatewayAuth, Model, NewCapacityClaim, NewDeployment, NewGateway,
    NewHotLoad, Resources, Routing,
};
use coreweave_inference_fake::{Clock, FakeServer};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let has_token = ["COREWEAVE_API_TOKEN", "CW_API_TOKEN"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some_and(|token| !token.is_empty()));
    let result = match has_token {
        true => list_account().await,
        false => demo().await,
    };
    match result.as_ref().map_err(|error| error.downcast_ref()) {
        // The reader has closed the pipe, as in `quickstart | head`.
        Err(Some(error)) if io::Error::kind(error) == ErrorKind::BrokenPipe => Ok(()),
        _ => result,
    }
}

async fn list_account() -> Result {
    let client = Client::from_env()?;
    print("account", client.base_url())?;
    print_resources(&client).await?;
    print(
        "next",
        "unset the token to see resources created, updated and deleted on a fake",
    )
}

async fn demo() -> Result {
    let clock = Clock::scaled(600.0);
    let fake = FakeServer::builder().clock(clock).start().await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(Duration::from_millis(100)))
        .build()?;
    print(
        "fake",
        format_args!("{}, since no token is set", fake.url()),
    )?;

    let parameters = client.gateways().parameters().await?;
    let zone = parameters.zones().first().ok_or("no zone is offered")?;
    let engines = client
        .deployments()
        .parameters()
        .await?
        .engines()
        .join(", ");
    print(
        "parameters",
        format_args!("zones {}; engines {engines}", parameters.zones().join(", ")),
    )?;

    let new = NewGateway::new("chat", zone, GatewayAuth::CoreWeave, Routing::OpenAiBody);
    let gateway = create(&client.gateways(), new).await?;
    let url = gateway.openai_base_url().unwrap_or_default();
    print(
        "gateway",
        format_args!("{gateway}; base URL for OpenAI clients: {url}"),
    )?;

    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    let resources = Resources::new("gb200-4x", 4);
    let new = NewDeployment::new(
        "llama",
        [gateway.id()],
        "dynamo-vllm",
        resources,
        model,
        2..=4,
    )
    .engine_config("max-model-len", "8192")
    .hot_load("my-snapshots", "llama/run-7");
    let deployment = create(&client.deployments(), new).await?;
    print(
        "deployment",
        format_args!("{deployment}; model {}", deployment.model_name()),
    )?;

    let new = NewCapacityClaim::new("gb200-4x", 2, [zone]).name("evenings");
    let claim = create(&client.capacity_claims(), new).await?;
    print(
        "claim",
        format_args!("{claim}; {} instances", claim.allocated_instances()),
    )?;

    let new = NewHotLoad::full(deployment.id(), "step-100");
    let load = client.hot_loads().create(new).and_wait().await?;
    let replicas = client.hot_loads().replicas(load.id()).await?.len();
    print(
        "hot-load",
        format_args!("{} is served by {replicas} replicas", load.identity()),
    )?;

    let update = client
        .deployments()
        .update(deployment.id(), |spec| spec.autoscaling.max = 8);
    let deployment = update.and_wait().await?;
    print(
        "update",
        format_args!("up to {} replicas", deployment.replicas().end()),
    )?;

    print_resources(&client).await?;
    client
        .deployments()
        .delete(deployment.id())
        .and_wait()
        .await?;
    client.gateways().delete(gateway.id()).and_wait().await?;
    client
        .capacity_claims()
        .delete(claim.id())
        .and_wait()
        .await?;
    print("deleted", "everything")?;
    print(
        "next",
        "set COREWEAVE_API_TOKEN to list your account, or read the other examples",
    )
}

/// Creates a resource, waits until it is ready, and prints its changes to stderr.
async fn create<R: Managed>(api: &Api<R>, new: R::New) -> Result<R> {
    let mut last = String::new();
    let wait = api.create(new).and_wait().on_progress(move |resource| {
        let line = resource.to_string();
        if line != last {
            eprintln!("{:16}{line}", "");
            last = line;
        }
    });
    Ok(wait.await?)
}

async fn print_resources(client: &Client) -> Result {
    for gateway in client.gateways().list().await? {
        print_resource(&gateway)?;
    }
    for deployment in client.deployments().list().await? {
        print_resource(&deployment)?;
    }
    for claim in client.capacity_claims().list().await? {
        print_resource(&claim)?;
    }
    for load in client.hot_loads().list().await? {
        print_resource(&load)?;
    }
    Ok(())
}

fn print_resource<R: Resource>(resource: &R) -> Result {
    print(R::NOUN, resource)
}

fn print(label: &str, text: impl Display) -> Result {
    Ok(writeln!(io::stdout(), "{label:16}{text}")?)
}
