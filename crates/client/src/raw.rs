//! Stand-in for the generated crate until it exists.
#![allow(missing_docs, dead_code)]
pub use progenitor_client::{Error, ResponseValue};
use std::{fmt::Debug, future::Future, pin::Pin, sync::Arc};

pub mod types {
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Condition {
        pub message: Option<String>,
        pub reason: Option<String>,
        pub status: Option<String>,
        pub type_: Option<String>,
    }
}

#[derive(Debug)]
pub struct Operation {
    pub name: &'static str,
    pub id: &'static str,
    pub method: &'static str,
    pub path: &'static str,
}

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pub trait Transport: Debug + Send + Sync + 'static {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        request: reqwest::Request,
        operation: &'static Operation,
    ) -> BoxFuture<'a, reqwest::Result<reqwest::Response>>;
}

#[derive(Clone, Debug)]
pub struct Client {
    pub baseurl: String,
    pub client: reqwest::Client,
    pub inner: Arc<dyn Transport>,
}

impl Client {
    pub fn new_with_client(baseurl: &str, client: reqwest::Client, inner: Arc<dyn Transport>) -> Self {
        Self { baseurl: baseurl.to_owned(), client, inner }
    }
    pub fn with_transport(&self, inner: Arc<dyn Transport>) -> Self {
        Self { baseurl: self.baseurl.clone(), client: self.client.clone(), inner }
    }
}
