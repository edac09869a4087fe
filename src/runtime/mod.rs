//! What the generated operations run on: requests, responses, errors and the transport that carries them.

mod client;
mod error;
mod http;
mod path;
mod query;
mod request;
mod response;
mod transport;

pub use client::Client;
pub use error::{Error, ErrorKind};
pub use http::HttpTransport;
pub(crate) use path::encode_path;
pub use request::Request;
pub use response::{Report, Response};
pub use transport::{BoxFuture, Transport};
