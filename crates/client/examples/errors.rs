//! Handle errors: a predicate per case, the violated fields, and what a report needs.
//!
//! Like all examples, this runs against an in-process fake. For a real account, use `Client::from_env()`.

use std::error::Error;

use coreweave_inference::{CallOptions, Client, GatewayAuth, GatewayId, NewGateway, Routing};
use coreweave_inference_fake::{FakeServer, Fault};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .build()?;

    match client.gateways().get(GatewayId::random()).await {
        Ok(gateway) => println!("found {gateway}"),
        Err(error) if error.is_not_found() => println!("not found: {error}"),
        Err(error) => return Err(error.into()),
    }

    let (auth, routing) = (GatewayAuth::CoreWeave, Routing::OpenAiBody);
    let invalid = NewGateway::new("", "MOON-01", auth, routing);
    if let Err(error) = client.gateways().create(invalid).await {
        println!("invalid: {}", error.message());
        for violation in error.field_violations() {
            println!("  {}: {}", violation.field, violation.description);
        }
    }

    fake.fault(Fault::status(503).once());
    let list = client.gateways().list();
    if let Err(error) = list.options(CallOptions::new().no_retries()).await {
        println!(
            "{} failed with status {:?} and code {:?}; transient: {}, attempts: {}, request id: {:?}",
            error
                .operation()
                .map_or("the call", |operation| operation.name),
            error.status(),
            error.code(),
            error.is_transient(),
            error.attempts(),
            error.request_id(),
        );
    }
    Ok(())
}
