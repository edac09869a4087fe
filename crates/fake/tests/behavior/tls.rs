//! TLS with the fake's certificate.

use coreweave_inference_fake::FakeServer;
use reqwest::Certificate;

use crate::support::Api;

#[tokio::test]
async fn a_client_that_trusts_the_certificate_can_connect() {
    let mut api = Api::with(FakeServer::builder().tls()).await;
    assert!(api.fake.url().starts_with("https://127.0.0.1:"));
    let certificate = api.fake.certificate().unwrap();
    let certificate = Certificate::from_pem(certificate.as_bytes()).unwrap();
    api.http = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .no_proxy()
        .build()
        .unwrap();
    api.get("/gateways").await.ok();
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_a_client_without_a_handshake() {
    let fake = FakeServer::builder().tls().start().await.unwrap();
    let silent = tokio::net::TcpStream::connect(fake.address())
        .await
        .unwrap();
    // The connection is accepted before one that is served.
    let certificate = Certificate::from_pem(fake.certificate().unwrap().as_bytes()).unwrap();
    let http = reqwest::Client::builder().tls_certs_only([certificate]);
    let http = http.no_proxy().build().unwrap();
    assert_eq!(http.get(fake.url()).send().await.unwrap().status(), 404);
    fake.shutdown().await;
    drop(silent);
}

#[tokio::test]
async fn a_client_that_does_not_trust_it_cannot_connect() {
    let api = Api::with(FakeServer::builder().tls()).await;
    let stranger = FakeServer::builder().tls().start().await.unwrap();
    let other = Certificate::from_pem(stranger.certificate().unwrap().as_bytes()).unwrap();
    let http = reqwest::Client::builder()
        .tls_certs_only([other])
        .no_proxy()
        .build()
        .unwrap();
    let error = http.get(api.fake.url()).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(api.fake.requests().is_empty());
}
