//! Measures how long it takes to apply a manifest when every request takes 300 ms.

use std::time::{Duration, Instant};

use coreweave_inference::Client;
use coreweave_inference_apply::{ApplyOptions, Manifest, Outcome, PlanOptions, apply, plan};
use coreweave_inference_fake::{FakeServer, Fault};

use crate::Result;

const LATENCY: Duration = Duration::from_millis(300);
const DEPLOYMENTS: usize = 50;

/// Prints the time to create a gateway and 50 deployments, one change after the other and at the same time.
pub(crate) fn print_table() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let default = ApplyOptions::default().parallelism;
    println!("| `apply` of {DEPLOYMENTS} new deployments | time | ratio |\n| --- | --- | --- |");
    let sequential = runtime.block_on(time(1))?;
    for parallelism in [1, 10, default] {
        let time = match parallelism {
            1 => sequential,
            _ => runtime.block_on(time(parallelism))?,
        };
        let (seconds, ratio) = (
            time.as_secs_f64(),
            time.as_secs_f64() / sequential.as_secs_f64(),
        );
        println!("| `--parallelism {parallelism}` | {seconds:.2} s | {ratio:.3} |");
    }
    Ok(())
}

async fn time(parallelism: usize) -> Result<Duration> {
    let fake = FakeServer::start().await?;
    fake.fault(Fault::delay(LATENCY));
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .build()?;
    let manifest = Manifest::parse("bench.yaml", &manifest())?;
    let options = ApplyOptions {
        parallelism,
        ..ApplyOptions::default()
    };
    let start = Instant::now();
    let plan = plan(&client, &manifest, PlanOptions::default()).await?;
    let mut applying = apply(&client, plan, options);
    while let Some(event) = applying.next().await {
        if let Outcome::Failed(error) = event.outcome {
            return Err(error.into());
        }
    }
    Ok(start.elapsed())
}

fn manifest() -> String {
    let gateway = "kind: Gateway\nname: chat\nzones: [US-EAST-04A]\ncoreWeaveAuth: {}\n\
        bodyBasedRouting: {apiType: API_TYPE_OPENAI}\n";
    let deployments = (0..DEPLOYMENTS).map(|index| {
        format!(
            "---\nkind: Deployment\nname: llama-{index}\ngateways: [chat]\nruntime: {{engine: vllm}}\n\
             resources: {{instanceType: gb200-4x, gpuCount: 4}}\nmodel: {{name: llama, bucket: models, path: llama}}\n\
             autoscaling: {{min: 1, max: 1}}\ntraffic: {{weight: 1}}\n"
        )
    });
    gateway.to_owned() + &deployments.collect::<String>()
}
