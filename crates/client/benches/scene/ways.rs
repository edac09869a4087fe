//! The three ways to use the API that are compared: by hand, by the generated client, and by the wrapper.

use std::time::Duration;

use coreweave_inference::raw::types;
use coreweave_inference::{
    AttemptFailure, Client, FailedAttempt, GatewayAuth, GatewayId, NewGateway, RetryBudget,
    RetryPolicy, Routing,
};
use reqwest::StatusCode;

use super::{Outcome, Way, replies};

/// The wrapper, as a program uses it.
pub(crate) struct Wrapper(Client);

/// The generated client that the wrapper gives out.
pub(crate) struct Raw(Client);

/// Tries what is unavailable once more, without waiting, so that a measurement holds the work and not the wait.
#[derive(Debug)]
struct AtOnce;

impl RetryPolicy for AtOnce {
    fn delay_before_next(&self, failed: &FailedAttempt) -> Option<Duration> {
        let unavailable = AttemptFailure::Status(StatusCode::SERVICE_UNAVAILABLE);
        (failed.attempt == 1 && failed.failure == unavailable).then_some(Duration::ZERO)
    }
}

fn client(base: &str) -> Outcome<Client> {
    let builder = Client::builder()
        .token(super::by_hand::TOKEN)
        .base_url(base);
    Ok(builder
        .retry_policy(AtOnce)
        .retry_budget(RetryBudget::unlimited())
        .build()?)
}

impl Way for Wrapper {
    const NAME: &'static str = "wrapper";

    fn new(base: &str) -> Outcome<Self> {
        client(base).map(Self)
    }

    async fn get(&self) -> Outcome<types::Gateway> {
        Ok(self.0.gateways().get(replies::GATEWAY).await?.into_raw())
    }

    async fn create(&self) -> Outcome<types::Gateway> {
        let gateway = NewGateway::new(
            "chat",
            "US-EAST-04A",
            GatewayAuth::CoreWeave,
            Routing::OpenAiBody,
        );
        let gateway = gateway.id(GatewayId::from(replies::GATEWAY));
        Ok(self.0.gateways().create(gateway).await?.into_raw())
    }

    async fn list(&self) -> Outcome<usize> {
        Ok(self.0.deployments().list().await?.len())
    }

    async fn refused(&self) -> Outcome<String> {
        match self.0.gateways().get(replies::MISSING).await {
            Err(error) if error.is_not_found() => Ok(error.message().to_owned()),
            other => Err(format!("not refused: {other:?}").into()),
        }
    }
}

impl Way for Raw {
    const NAME: &'static str = "raw client";

    fn new(base: &str) -> Outcome<Self> {
        client(base).map(Self)
    }

    async fn get(&self) -> Outcome<types::Gateway> {
        let reply = self
            .0
            .raw()
            .get_gateway(replies::GATEWAY)
            .await?
            .into_inner();
        Ok(reply.gateway.ok_or("no gateway")?)
    }

    async fn create(&self) -> Outcome<types::Gateway> {
        let reply = self
            .0
            .raw()
            .create_gateway(&new_gateway())
            .await?
            .into_inner();
        Ok(reply.gateway.ok_or("no gateway")?)
    }

    async fn list(&self) -> Outcome<usize> {
        Ok(self
            .0
            .raw()
            .list_deployments(&coreweave_inference::raw::params::ListDeploymentsParams::default())
            .await?
            .into_inner()
            .items
            .len())
    }

    async fn refused(&self) -> Outcome<String> {
        match self.0.raw().get_gateway(replies::MISSING).await {
            Err(coreweave_inference::raw::Error::UnexpectedResponse(response)) => {
                super::by_hand::explain(response).await
            }
            other => Err(format!("not refused: {other:?}").into()),
        }
    }
}

/// The gateway that is created, as the API's type.
pub(crate) fn new_gateway() -> types::CreateGatewayRequest {
    types::CreateGatewayRequest {
        id: Some(replies::GATEWAY.to_owned()),
        name: "chat".to_owned(),
        zones: vec!["US-EAST-04A".to_owned()],
        core_weave_auth: Some(types::CoreWeaveAuth::default()),
        body_based_routing: Some(types::BodyBasedRouting {
            api_type: types::ApiType::Openai,
            ..Default::default()
        }),
        ..Default::default()
    }
}
