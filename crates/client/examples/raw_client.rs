//! Call operations as they are generated from the OpenAPI spec, with the same token, retries and limits.

use std::error::Error;

use coreweave_inference::Client;
use coreweave_inference::raw::params::ListDeploymentsParams;
use coreweave_inference::raw::types::{
    ApiType, BodyBasedRouting, CoreWeaveAuth, CreateGatewayRequest,
};
use coreweave_inference_fake::FakeServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = FakeServer::start().await?;
    let client = Client::builder()
        .base_url(fake.url())
        .token(fake.token())
        .build()?;
    let raw = client.raw();

    let request = CreateGatewayRequest {
        name: "chat".to_owned(),
        zones: vec!["US-EAST-04A".to_owned()],
        core_weave_auth: Some(CoreWeaveAuth::default()),
        body_based_routing: Some(BodyBasedRouting {
            api_type: ApiType::Openai,
            ..Default::default()
        }),
        ..Default::default()
    };
    let response = raw.create_gateway(&request).await?;
    println!("status {}", response.status());
    let gateway = response
        .into_inner()
        .gateway
        .ok_or("the response has no gateway")?;
    println!("{gateway:?}");

    let id = gateway.spec.and_then(|spec| spec.id);
    let params = ListDeploymentsParams {
        parent_gateway_id: id,
        ..Default::default()
    };
    let deployments = raw.list_deployments(&params).await?.into_inner();
    println!("{} deployments", deployments.items.len());

    // The error is the wrapper's, too. It keeps the response.
    if let Err(error) = raw
        .get_gateway("00000000-0000-4000-8000-000000000000")
        .await
    {
        println!("{}", String::from_utf8_lossy(error.body()));
        println!("{error}");
    }
    Ok(())
}
