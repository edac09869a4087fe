//! What the generated operations run on: requests, responses and the transport that carries them.

mod call;
mod client;
mod from_json;
mod http;
mod path;
mod proxy;
mod query;
mod request;
mod response;
mod transport;

pub use call::Call;
pub use client::Client;
pub use from_json::FromJson;
pub use http::HttpTransport;
#[cfg(feature = "mocks")]
pub(crate) use path::encode_path;
pub use proxy::Proxy;
pub(crate) use query::Parameter;
pub use request::Request;
pub use response::{Report, Response};
pub use transport::{BoxFuture, Transport};
