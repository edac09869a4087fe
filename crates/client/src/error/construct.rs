//! How errors come to be.

use std::any::Any;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;

use super::{BadRequest, Code, Detail, Error, ErrorKind, FieldViolation, Inner, Reply, Taken};
use crate::call::CallInfo;
use crate::raw::types::Condition;

/// What it took to get an answer, or none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Delivery {
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) answer_lost: bool,
}

/// The resource as a wait last saw it.
pub(crate) struct LastSeen {
    pub(crate) status: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) resource: Box<dyn Any + Send + Sync>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            resource: None,
            status: None,
            code: None,
            message: message.into(),
            details: Vec::new(),
            request_id: None,
            retry_after: None,
            delivery: Delivery::default(),
            body: Bytes::new(),
            taken: None,
            last_seen: None,
            source: None,
        }))
    }

    /// The configuration is unusable; `message` says where it came from and what to do.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// A request that isn't sent because the API would surely refuse it, with every reason at once.
    pub(crate) fn invalid(operation: &'static str, violations: Vec<FieldViolation>) -> Self {
        let mut error = Self::new(ErrorKind::Invalid, "refused before sending");
        error.0.operation = Some(operation);
        error.0.details = vec![Detail::BadRequest(BadRequest {
            field_violations: violations,
        })];
        error
    }

    /// A reply of success without the member that it is about.
    pub(crate) fn missing_resource(member: &str) -> Self {
        Self::new(
            ErrorKind::MissingResource,
            format!("the reply has no `{member}`"),
        )
    }

    /// A listing that would never end.
    pub(crate) fn repeated_page_token(operation: &'static str) -> Self {
        Self::new(
            ErrorKind::RepeatedPageToken,
            "the server gave out the same page token twice",
        )
        .during(CallInfo::new(operation, None))
    }

    /// The resource that was waited for ended in a state it won't leave.
    pub(crate) fn wait_failed(
        call: CallInfo<'_>,
        message: impl Into<String>,
        last_seen: LastSeen,
    ) -> Self {
        let mut error = Self::new(ErrorKind::WaitFailed, message).during(call);
        error.0.last_seen = Some(last_seen);
        error
    }

    /// The resource that was waited for didn't get there in time; `source` is the poll's own trouble, if it had any.
    pub(crate) fn wait_timeout(
        call: CallInfo<'_>,
        waited: Duration,
        last_seen: Option<LastSeen>,
        source: Option<Error>,
    ) -> Self {
        let mut error = Self::new(
            ErrorKind::WaitTimeout,
            format!("not there after {waited:?}"),
        )
        .during(call);
        error.0.delivery.elapsed = waited;
        error.0.last_seen = last_seen;
        error.0.source = source.map(|source| Box::new(source) as _);
        error
    }

    /// The same error, knowing what a refused create collided with.
    pub(crate) fn with_taken(mut self, taken: Taken) -> Self {
        self.0.taken = Some(taken);
        self
    }

    /// The same error, said of this operation.
    pub(crate) fn during(mut self, call: CallInfo<'_>) -> Self {
        self.0.operation = Some(call.operation);
        self.0.resource = call.resource.map(Into::into);
        self
    }

    /// The same error with a code that no reply gave, but that says best what is wrong.
    pub(crate) fn with_code(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    pub(crate) fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    /// The same error with the status of a reply that was cut short, and the code that it stands for.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        if !status.is_success() {
            self.0.code = Some(Code::from_http(status));
        }
        self
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.body = body;
        self
    }

    /// An answer with an error status.
    pub(crate) fn from_reply(reply: Reply) -> Self {
        let mut error = Self::new(reply.kind(), reply.message);
        error.0.status = Some(reply.status);
        error.0.code = Some(reply.code);
        error.0.details = reply.details;
        error.0.request_id = reply.request_id;
        error.0.retry_after = reply.retry_after;
        error.0.body = reply.body;
        error
    }
}

/// Lets a setting that can't fail stand where one that can is taken.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
