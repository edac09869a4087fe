//! The wrapper's TLS with a custom certificate authority, and with a client identity.
//!
//! This is not among the wrapper's tests so that its examples build without a TLS server.

use std::sync::Arc;

use coreweave_inference::error::Reason;
use coreweave_inference::reqwest::{Certificate, Identity};
use coreweave_inference::{Client, ClientBuilder, Error};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::real_servers::reply;

/// A certificate authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn sign(&self, params: &CertificateParams) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    fn certificate(&self) -> Certificate {
        Certificate::from_pem(self.0.pem().as_bytes()).unwrap()
    }
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

async fn serve(authority: &Authority) -> String {
    serve_as(authority, &named("127.0.0.1")).await
}

/// Serves one successful response to every client that the authority has signed, with this certificate.
async fn serve_as(authority: &Authority, params: &CertificateParams) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .unwrap();
    let (certificate, key) = authority.sign(params);
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            // A client that is turned away ends here.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            let read = stream.read(&mut request).await.unwrap();
            assert!(request[..read].starts_with(b"GET /v1alpha1/inference/gateways/parameters "));
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"zones\":[]}\n")
                .await
                .unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    url
}

async fn call(builder: ClientBuilder, url: &str) -> Result<(), Error> {
    let client = builder.token("my-token").base_url(url).build()?;
    client.gateways().parameters().await.map(drop)
}

#[tokio::test]
async fn a_custom_authority_and_a_client_identity_are_used() {
    let authority = Authority::new();
    let url = serve(&authority).await;
    let root = authority.certificate();
    let (certificate, key) = authority.sign(&named("client"));
    let identity =
        Identity::from_pem(format!("{}{}", certificate.pem(), key.serialize_pem()).as_bytes())
            .unwrap();

    let trusting = root.clone();
    let known = Client::builder()
        .reqwest_builder(|http| http.tls_certs_only([trusting]).identity(identity));
    call(known, &url).await.unwrap();

    let anonymous = Client::builder().reqwest_builder(|http| http.tls_certs_only([root]));
    assert!(call(anonymous, &url).await.unwrap_err().is_transport());
}

#[tokio::test]
async fn a_failure_of_tls_that_stays_is_not_retried_and_says_what_to_do() {
    let authority = Authority::new();
    let root = authority.certificate();
    let trusting = || {
        let root = root.clone();
        Client::builder().reqwest_builder(|http| http.tls_certs_only([root]))
    };
    let mut expired = named("127.0.0.1");
    expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain_url = format!("https://{}", plain.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream
            .write_all(&reply("nginx-http-to-https"))
            .await
            .unwrap();
    });
    for (what, builder, url, reason, said) in [
        (
            "unknown issuer",
            Client::builder(),
            serve(&Authority::new()).await,
            Reason::UNKNOWN_ISSUER,
            "; install the package ca-certificates, or set SSL_CERT_FILE to a PEM file",
        ),
        (
            "wrong name",
            trusting(),
            serve_as(&authority, &named("other.test")).await,
            Reason::TLS,
            "certificate not valid for name",
        ),
        (
            "expired",
            trusting(),
            serve_as(&authority, &expired).await,
            Reason::TLS,
            "certificate expired",
        ),
        (
            "plain http",
            trusting(),
            plain_url,
            Reason::NOT_TLS,
            "; check the scheme and the port of the base URL",
        ),
    ] {
        let error = call(builder, &url).await.unwrap_err();
        assert!(
            error.is_transport() && !error.is_transient(),
            "{what}: {error}"
        );
        assert_eq!(
            (error.attempts(), error.reason()),
            (1, Some(reason)),
            "{what}: {error}"
        );
        let shown = error.to_string();
        let to = format!("can't connect to {url}: ");
        assert!(
            shown.contains(&to) && shown.contains(said),
            "{what}: {shown}"
        );
    }
}
