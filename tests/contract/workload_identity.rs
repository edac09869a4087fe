//! Tokens that the client gets by workload identity, from the fake.

use std::fs;
use std::path::Path;
use std::time::Duration;

use coreweave_inference::retry::OidcToken;
use coreweave_inference::{Client, ErrorKind};
use coreweave_inference_fake::{FakeServer, Operation};

#[tokio::test]
async fn a_service_account_is_authenticated_for_as_long_as_the_client_lives() {
    let fake = FakeServer::builder()
        .service_account("ci", "oidc-1")
        .start()
        .await
        .unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-token");
    fs::write(&path, "oidc-1\n").unwrap();
    let client = |uid| {
        let builder = Client::builder().base_url(fake.url()).no_retries();
        builder
            .oidc_token(uid, OidcToken::File(path.clone()))
            .build()
            .unwrap()
    };
    let known = client("ci");
    known.gateways().list().await.unwrap();
    known.clone().deployments().list().await.unwrap();
    let token = known.token().await.unwrap();
    assert_ne!(token.expose(), "oidc-1");
    assert_eq!(known.token().await.unwrap(), token);
    assert_eq!(fake.count(Operation::ExchangeToken), 1);
    // To the fake the token has expired now, and to the client it has not: it is refused, and renewed.
    fake.clock().advance(Duration::from_secs(3600));
    known.gateways().list().await.unwrap();
    assert_eq!(fake.count(Operation::ExchangeToken), 2);

    let error = client("other").gateways().list().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (ErrorKind::Token, false)
    );
    let shown = error.to_string();
    let step = "list gateways: the token provider failed: exchange oidc token: UNAUTHENTICATED (HTTP 401): ";
    assert!(
        shown.starts_with(step) && shown.contains("check the id of the service account"),
        "{shown}"
    );
    assert!(!format!("{error:#?}").contains("oidc-1"));
}
