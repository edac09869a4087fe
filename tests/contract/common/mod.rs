//! Shared helpers.

pub(crate) mod conformance;
#[cfg(feature = "mocks")]
pub(crate) mod recorded;
#[cfg(feature = "mocks")]
pub(crate) mod samples;

mod server;

pub(crate) use server::serve;

/// Creates an HTTP client that does not follow redirects.
pub(crate) fn http_client() -> reqwest::Client {
    // reqwest takes the provider that is installed. An error means that another test has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.build().unwrap()
}
