//! The whole story in one go: parameters, gateway, deployment, capacity claim, hot-load, update, delete.
//!
//! Without a token it plays against a fake of the API that it brings along, and takes a few seconds. With a token in
//! `COREWEAVE_API_TOKEN` or `CW_API_TOKEN` it lists what the account has and changes nothing, since that costs money.
//!
//! ```sh
//! cargo run -p coreweave-inference --example quickstart
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use coreweave_inference::kind::Kind;
use coreweave_inference::{
    Backoff, CapacityType, Client, Gateway, GatewayAuth, Gpus, Model, NewCapacityClaim,
    NewDeployment, NewGateway, NewHotLoad, Resource, Routing,
};
use coreweave_inference_fake::{Clock, FakeServer};
use indicatif::ProgressBar;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How many times faster than the real service the fake is: minutes become fractions of a second.
const HASTE: f64 = 600.0;

/// How often to look at the fake.
const BRISK: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> ExitCode {
    let result = if has_token() {
        look_around().await
    } else {
        play().await
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has had enough: `quickstart | head`.
        Err(error) if is_closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

fn has_token() -> bool {
    ["COREWEAVE_API_TOKEN", "CW_API_TOKEN"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some_and(|token| !token.is_empty()))
}

fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Lists what the account has.
async fn look_around() -> Outcome {
    let client = Client::from_env()?;
    say(format_args!(
        "A token is set, so this only reads. {} has:",
        client.base_url()
    ))?;
    table(&inventory(&client).await?)?;
    say(
        "\nNext: `client.gateways().create(…)` makes the first gateway; unset the token to see how the rest goes, \
         against a fake.",
    )
}

/// Plays the life of everything, from the first gateway to the last deletion.
async fn play() -> Outcome {
    let fake = FakeServer::builder()
        .clock(Clock::scaled(HASTE))
        .start()
        .await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .poll_backoff(Backoff::constant(BRISK))
        .build()?;
    say(format_args!(
        "No token is set, so this plays against a fake of the API at {}, in fast motion.\n",
        fake.url()
    ))?;

    let zones = client.gateways().parameters().await?;
    let offered = client.deployments().parameters().await?;
    let zone = zones.zones().first().ok_or("the API offers no zone")?;
    step(
        "parameters",
        format_args!(
            "zones {}; engines {}",
            zones.zones().join(", "),
            offered.engines().join(", ")
        ),
    )?;

    let gateway = create_gateway(&client, zone).await?;
    let url = gateway.openai_base_url().unwrap_or_default();
    step(
        "gateway",
        format_args!(
            "{} is READY: OpenAI clients find it at {url}",
            gateway.name()
        ),
    )?;

    let model = Model::new("llama-3-8b", "my-models", "llama/3-8b");
    let deployment = NewDeployment::new(
        "llama",
        [gateway.id()],
        "dynamo-vllm",
        Gpus::new("gb200-4x", 4),
        model,
        2..=4,
    )
    .engine_config("max-model-len", "8192")
    .hot_load("my-snapshots", "llama/run-7");
    let deployment = client.deployments().create(deployment).await?;
    let deployment = watched("the deployment", async |bar| {
        let wait = client.deployments().wait_ready(deployment.id());
        wait.on_progress(|deployment| show(bar, deployment)).await
    })
    .await?;
    step(
        "deployment",
        format_args!(
            "{} is READY: it serves {}",
            deployment.name(),
            deployment.model_name()
        ),
    )?;

    let claim =
        NewCapacityClaim::new("gb200-4x", 2, [zone], CapacityType::Customer).name("evenings");
    let claim = client.capacity_claims().create(claim).await?;
    let claim = watched("the capacity claim", async |bar| {
        let wait = client.capacity_claims().wait_ready(claim.id());
        wait.on_progress(|claim| show(bar, claim)).await
    })
    .await?;
    let (there, wanted) = (claim.allocated_instances(), claim.instance_count());
    step(
        "capacity",
        format_args!(
            "{} is READY: {there} of {wanted} {}",
            claim.name(),
            claim.instance_type()
        ),
    )?;

    let load = client
        .hot_loads()
        .create(NewHotLoad::full(deployment.id(), "step-100"))
        .await?;
    let load = watched("the hot-load", async |bar| {
        let wait = client.hot_loads().wait_complete(load.id());
        wait.on_progress(|load| show(bar, load)).await
    })
    .await?;
    let replicas = client.hot_loads().replicas(load.id()).await?;
    step(
        "hot-load",
        format_args!("{} is on all {} replicas", load.identity(), replicas.len()),
    )?;

    say("")?;
    table(&inventory(&client).await?)?;
    say("")?;

    let updated = client
        .deployments()
        .update(deployment.id(), |spec| spec.autoscaling.max = 8)
        .await?;
    let updated = watched("the update", async |bar| {
        let wait = client.deployments().wait_ready(updated.id());
        wait.on_progress(|deployment| show(bar, deployment)).await
    })
    .await?;
    let range = updated.replicas();
    step(
        "update",
        format_args!(
            "{} now scales from {} to {}",
            updated.name(),
            range.start(),
            range.end()
        ),
    )?;

    delete_all(&client).await?;
    step("delete", "all gone")?;

    say(
        "\nNext: put a token into COREWEAVE_API_TOKEN and run this again to see what your account has, or start from the \
         source, crates/client/examples/quickstart.rs.",
    )
}

async fn create_gateway(client: &Client, zone: &str) -> Outcome<Gateway> {
    let new = NewGateway::new("chat", zone, GatewayAuth::CoreWeave, Routing::OpenAiBody);
    let gateway = client.gateways().create(new).await?;
    watched("the gateway", async |bar| {
        let wait = client.gateways().wait_ready(gateway.id());
        wait.on_progress(|gateway| show(bar, gateway)).await
    })
    .await
}

/// Deletes deployments before the gateways that they hold.
async fn delete_all(client: &Client) -> Outcome {
    for deployment in client.deployments().list().await? {
        watched("the deployment to go", async |bar| {
            let wait = client.deployments().delete_and_wait(deployment.id());
            wait.on_progress(|deployment| show(bar, deployment)).await
        })
        .await?;
    }
    for gateway in client.gateways().list().await? {
        watched("the gateway to go", async |bar| {
            let wait = client.gateways().delete_and_wait(gateway.id());
            wait.on_progress(|gateway| show(bar, gateway)).await
        })
        .await?;
    }
    for claim in client.capacity_claims().list().await? {
        watched("the capacity claim to go", async |bar| {
            let wait = client.capacity_claims().delete_and_wait(claim.id());
            wait.on_progress(|claim| show(bar, claim)).await
        })
        .await?;
    }
    Ok(())
}

/// One line of the table.
type Row = [String; 4];

async fn inventory(client: &Client) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    rows.extend(
        client
            .gateways()
            .list()
            .await?
            .iter()
            .map(|gateway| row(gateway.name(), gateway.status(), gateway)),
    );
    for deployment in client.deployments().list().await? {
        rows.push(row(deployment.name(), deployment.status(), &deployment));
    }
    rows.extend(
        client
            .capacity_claims()
            .list()
            .await?
            .iter()
            .map(|claim| row(claim.name(), claim.status(), claim)),
    );
    rows.extend(
        client
            .hot_loads()
            .list()
            .await?
            .iter()
            .map(|load| row(load.identity(), load.state(), load)),
    );
    Ok(rows)
}

fn row<K: Kind>(name: &str, state: impl ToString, resource: &Resource<K>) -> Row {
    [
        K::NOUN.to_owned(),
        name.to_owned(),
        state.to_string(),
        resource.id().to_string(),
    ]
}

fn table(rows: &[Row]) -> Outcome {
    if rows.is_empty() {
        return say("nothing yet");
    }
    let head = ["KIND", "NAME", "STATUS", "ID"].map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let width = |column: fn(&Row) -> &String| {
        all()
            .map(|row| column(row).chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = (
        width(|[kind, ..]| kind),
        width(|[_, name, ..]| name),
        width(|[_, _, state, _]| state),
    );
    for [kind, name, state, id] in all() {
        say(format_args!(
            "{kind:0$}  {name:1$}  {state:2$}  {id}",
            widths.0, widths.1, widths.2
        ))?;
    }
    Ok(())
}

/// Shows on stderr that something takes its time, while it does.
async fn watched<T>(
    what: &str,
    work: impl AsyncFnOnce(&ProgressBar) -> Result<T, coreweave_inference::Error>,
) -> Outcome<T> {
    let bar = ProgressBar::new_spinner().with_prefix(what.to_owned());
    bar.set_message(format!("waiting for {what}"));
    bar.enable_steady_tick(Duration::from_millis(80));
    let result = work(&bar).await;
    bar.finish_and_clear();
    Ok(result?)
}

fn show<K: Kind>(bar: &ProgressBar, resource: &Resource<K>) {
    bar.set_message(format!("waiting for {}: {resource}", bar.prefix()));
}

fn step(what: &str, outcome: impl std::fmt::Display) -> Outcome {
    say(format_args!("{what:<12}{outcome}"))
}

/// A line on stdout.
fn say(line: impl std::fmt::Display) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
