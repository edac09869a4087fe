//! The one error type of this crate.

mod code;
mod construct;
mod detail;
mod display;
mod kind;
mod protobuf;
mod reply;
pub(crate) mod request_id;
mod retry_after;
mod scrub;

use std::any::Any;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;

pub use code::Code;
pub(crate) use construct::{Delivery, LastSeen};
pub use detail::{
    BadRequest, DebugInfo, Detail, ErrorInfo, FieldViolation, Help, Link, LocalizedMessage,
    PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation, RequestInfo,
    ResourceInfo, RetryInfo,
};
pub use kind::ErrorKind;
pub(crate) use reply::Reply;
pub(crate) use scrub::Scrub;

use crate::raw::types::Condition;

/// Everything known about a call that failed.
///
/// `Display` is one line that says what was being done, what went wrong and what to do next. To branch, use the
/// predicates; to look closer, the accessors. No secret is in any of it.
///
/// ```no_run
/// # async fn f(call: impl Future<Output = Result<(), coreweave_inference::Error>>) {
/// match call.await {
///     Err(e) if e.is_not_found() => println!("gone already"),
///     Err(e) if e.is_transient() => println!("later, perhaps: {e}"),
///     Err(e) => eprintln!("{e} (request {})", e.request_id().unwrap_or("unknown")),
///     Ok(_) => {}
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    resource: Option<Box<str>>,
    status: Option<StatusCode>,
    code: Option<Code>,
    message: String,
    details: Vec<Detail>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    delivery: Delivery,
    body: Bytes,
    taken: Option<Taken>,
    last_seen: Option<LastSeen>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a create collided with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Taken {
    /// The id belongs to another resource.
    Id,
    /// Another resource has the name.
    Name,
}

impl Error {
    /// Which layer failed.
    ///
    /// ```
    /// use coreweave_inference::{ErrorKind, Token};
    ///
    /// let error = Token::new("").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Config);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation, by the name of its method in [`Client::raw`](crate::Client::raw): `get_gateway`.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// let operation = error.operation().unwrap_or("no operation");
    /// eprintln!("{operation} failed after {:?}", error.elapsed());
    /// # }
    /// ```
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The id of the resource that the operation was for.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// if let Some(id) = error.resource_id() {
    ///     eprintln!("skipping {id}: {error}");
    /// }
    /// # }
    /// ```
    pub fn resource_id(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// The HTTP status, if an answer began to arrive.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// if error.status().is_some_and(|status| status.is_server_error()) {
    ///     eprintln!("their fault: {error}");
    /// }
    /// # }
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The canonical code: the reply's, else the one that the HTTP status stands for.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// use coreweave_inference::Code;
    ///
    /// match error.code() {
    ///     Some(Code::Aborted) => println!("somebody else was faster: read again"),
    ///     Some(code) => println!("refused: {code}"),
    ///     None => println!("no answer"),
    /// }
    /// # }
    /// ```
    pub fn code(&self) -> Option<Code> {
        self.0.code
    }

    /// What went wrong, in the server's words where it gave any.
    ///
    /// Without the operation, the ids and the advice that `Display` adds.
    ///
    /// ```
    /// let error = coreweave_inference::Client::builder().build().unwrap_err();
    /// assert!(error.message().starts_with("no token"));
    /// ```
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The structured details that came with the error.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// use coreweave_inference::Detail;
    ///
    /// for detail in error.details() {
    ///     if let Detail::QuotaFailure(quota) = detail {
    ///         quota.violations.iter().for_each(|violation| println!("{}", violation.description));
    ///     }
    /// }
    /// # }
    /// ```
    pub fn details(&self) -> &[Detail] {
        &self.0.details
    }

    /// The fields of the request that were refused, by the server or before sending.
    ///
    /// ```
    /// use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    ///
    /// let nameless = NewGateway::new("", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// let error = nameless.check().unwrap_err();
    /// let fields: Vec<_> = error.field_violations().map(|violation| violation.field.as_str()).collect();
    /// assert_eq!(fields, ["name"]);
    /// ```
    pub fn field_violations(&self) -> impl Iterator<Item = &FieldViolation> {
        self.0.details.iter().flat_map(|detail| match detail {
            Detail::BadRequest(bad) => bad.field_violations.as_slice(),
            _ => &[],
        })
    }

    /// The id by which the server's operators can find the request.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// if let Some(id) = error.request_id() {
    ///     eprintln!("{error}\nquote {id} to support");
    /// }
    /// # }
    /// ```
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asked to wait before trying again.
    ///
    /// The client's own retries have obeyed it already, as far as their policy and the deadline let them.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// let pause = error.retry_after().unwrap_or(std::time::Duration::from_secs(30));
    /// println!("busy: trying again in {} s", pause.as_secs());
    /// # }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent, or tried to be.
    ///
    /// 0 when nothing was sent.
    ///
    /// ```
    /// use coreweave_inference::{CapacityType, NewCapacityClaim};
    ///
    /// let error = NewCapacityClaim::new("", 0, ["US-EAST-04A"], CapacityType::Managed).check().unwrap_err();
    /// assert_eq!(error.attempts(), 0);
    /// ```
    pub fn attempts(&self) -> u32 {
        self.0.delivery.attempts
    }

    /// How long the call took in all.
    ///
    /// Retries and the waits between them included; for a wait, from its start.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// eprintln!("gave up after {:?} and {} attempts", error.elapsed(), error.attempts());
    /// # }
    /// ```
    pub fn elapsed(&self) -> Duration {
        self.0.delivery.elapsed
    }

    /// Whether the answer to some attempt was lost, so that the server may have acted although the call failed.
    ///
    /// A delete that is answered NOT_FOUND with this set was most likely done by an earlier attempt.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().delete(id).await {
    ///     Err(e) if e.is_not_found() && e.answer_lost() => println!("deleted"),
    ///     Err(e) if e.is_not_found() => println!("there was no such gateway"),
    ///     gateway => println!("{}", gateway?.status()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn answer_lost(&self) -> bool {
        self.0.delivery.answer_lost
    }

    /// The body of the reply as it came, as far as it came. Unlike everything else here it isn't redacted.
    ///
    /// Empty when no reply came.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// // A proxy's page, say.
    /// eprintln!("{}", String::from_utf8_lossy(error.body()));
    /// # }
    /// ```
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// For a create that was answered ALREADY_EXISTS: what is taken, where that could be found out.
    ///
    /// ```no_run
    /// use coreweave_inference::Taken;
    ///
    /// # async fn f(client: coreweave_inference::Client, new: coreweave_inference::NewGateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().create(new).await {
    ///     Err(e) if e.taken() == Some(Taken::Name) => println!("choose another name"),
    ///     Err(e) if e.taken() == Some(Taken::Id) => println!("choose another id"),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn taken(&self) -> Option<Taken> {
        self.0.taken
    }

    /// For a wait: the status last seen, `STATUS_CREATING` say.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// if let Err(error) = client.gateways().wait_ready(id).await {
    ///     eprintln!("not ready, but {}", error.last_status().unwrap_or("never seen"));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn last_status(&self) -> Option<&str> {
        self.0.last_seen.as_ref().map(|seen| seen.status.as_str())
    }

    /// For a wait: the conditions last seen, which explain the status.
    ///
    /// ```no_run
    /// use coreweave_inference::Condition;
    ///
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// if let Err(error) = client.deployments().wait_ready(id).await {
    ///     for condition in error.conditions().iter().map(Condition::new) {
    ///         eprintln!("{}: {}", condition.kind(), condition.message());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn conditions(&self) -> &[Condition] {
        self.0
            .last_seen
            .as_ref()
            .map_or(&[], |seen| seen.conditions.as_slice())
    }

    /// For a wait: the resource as last seen, when `T` is its type.
    ///
    /// `None` for any other type, and when it was never seen.
    ///
    /// ```no_run
    /// use coreweave_inference::Deployment;
    ///
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.deployments().wait_ready(id).await {
    ///     Err(e) if e.is_timeout() => {
    ///         let seen = e.last_seen::<Deployment>();
    ///         println!("still {:?}", seen.map(|deployment| deployment.status()));
    ///     }
    ///     deployment => println!("{}", deployment?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn last_seen<T: Any>(&self) -> Option<&T> {
        self.0.last_seen.as_ref()?.resource.downcast_ref()
    }

    /// There is no such resource in the token's organization.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().get(id).await {
    ///     Err(e) if e.is_not_found() => println!("none"),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_not_found(&self) -> bool {
        self.has(Code::NotFound)
    }

    /// The id or the name is taken; see [`taken`](Self::taken).
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, new: coreweave_inference::NewGateway)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().create(new).await {
    ///     Err(e) if e.is_already_exists() => println!("somebody made one: {:?}", e.taken()),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_already_exists(&self) -> bool {
        self.has(Code::AlreadyExists)
    }

    /// The system isn't in the state that the operation needs: a gateway still has deployments, say.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.deployments().delete(id).await {
    ///     Err(e) if e.is_failed_precondition() => println!("not now: {}", e.message()),
    ///     deployment => println!("{}", deployment?.status()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_failed_precondition(&self) -> bool {
        self.has(Code::FailedPrecondition)
    }

    /// A gateway can't be deleted because deployments, perhaps some being deleted, still use it.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().delete(id).await {
    ///     Err(e) if e.is_gateway_in_use() => println!("delete its deployments first"),
    ///     gateway => println!("{}", gateway?.status()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_gateway_in_use(&self) -> bool {
        self.is_failed_precondition() && self.0.operation == Some("delete_gateway")
    }

    /// Another hot-load of the deployment is running, which blocks new ones and updates of the deployment.
    ///
    /// ```no_run
    /// use coreweave_inference::NewHotLoad;
    ///
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::DeploymentId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.hot_loads().create(NewHotLoad::full(id, "step-200")).await {
    ///     Err(e) if e.is_hot_load_in_progress() => println!("let the last one finish"),
    ///     load => println!("{}", load?.state()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_hot_load_in_progress(&self) -> bool {
        self.is_failed_precondition()
            && self
                .0
                .message
                .to_ascii_lowercase()
                .contains("already in progress")
    }

    /// A rule on a field of the request is broken, as found by the server or before sending.
    ///
    /// ```
    /// use coreweave_inference::{GatewayAuth, NewGateway, Routing};
    ///
    /// let nameless = NewGateway::new("", "US-EAST-04A", GatewayAuth::CoreWeave, Routing::OpenAiBody);
    /// assert!(nameless.check().unwrap_err().is_invalid_argument());
    /// ```
    pub fn is_invalid_argument(&self) -> bool {
        self.has(Code::InvalidArgument) || self.0.kind == ErrorKind::Invalid
    }

    /// The token is missing, expired or wrong.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().list().await {
    ///     Err(e) if e.is_unauthenticated() => eprintln!("make a new token: {e}"),
    ///     gateways => println!("{}", gateways?.len()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_unauthenticated(&self) -> bool {
        self.has(Code::Unauthenticated)
    }

    /// The token's role doesn't allow the operation.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().delete(id).await {
    ///     Err(e) if e.is_permission_denied() => eprintln!("ask an admin: {e}"),
    ///     gateway => println!("{}", gateway?.status()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_permission_denied(&self) -> bool {
        self.has(Code::PermissionDenied)
    }

    /// Out of quota, or too many requests; see [`retry_after`](Self::retry_after).
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, new: coreweave_inference::NewCapacityClaim)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.capacity_claims().create(new).await {
    ///     Err(e) if e.is_resource_exhausted() => println!("ask for less, or later: {}", e.message()),
    ///     claim => println!("{}", claim?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_resource_exhausted(&self) -> bool {
        self.has(Code::ResourceExhausted)
    }

    /// The service doesn't do this yet, as cancelling a hot-load.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::HotLoadId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.hot_loads().cancel(id).await {
    ///     Err(e) if e.is_unimplemented() => println!("it has to run its course"),
    ///     canceled => println!("{}", canceled?.state()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_unimplemented(&self) -> bool {
        self.has(Code::Unimplemented)
    }

    /// The service, or a proxy before it, is out of order for now.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().list().await {
    ///     Err(e) if e.is_unavailable() => println!("the API is down; showing what was seen last"),
    ///     gateways => println!("{}", gateways?.len()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_unavailable(&self) -> bool {
        self.has(Code::Unavailable)
    }

    /// Time ran out: here, in the service, or in a proxy.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # async fn f(client: coreweave_inference::Client, id: coreweave_inference::GatewayId)
    /// # -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().wait_ready(id).timeout(Duration::from_secs(60)).await {
    ///     Err(e) if e.is_timeout() => println!("not yet: {:?}", e.last_status()),
    ///     gateway => println!("{}", gateway?),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout | ErrorKind::WaitTimeout)
            || self.has(Code::DeadlineExceeded)
    }

    /// No connection could be made, or it broke.
    ///
    /// ```no_run
    /// # async fn f(client: coreweave_inference::Client) -> Result<(), coreweave_inference::Error> {
    /// match client.gateways().list().await {
    ///     Err(e) if e.is_transport() => eprintln!("is the network up? {e}"),
    ///     gateways => println!("{}", gateways?.len()),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_transport(&self) -> bool {
        self.0.kind == ErrorKind::Transport
    }

    /// The same call may well succeed later, unchanged.
    ///
    /// The client's own retries have been used up by then, or weren't allowed.
    ///
    /// ```no_run
    /// # fn f(error: coreweave_inference::Error) {
    /// let exit_code = if error.is_transient() { 75 } else { 1 };
    /// std::process::exit(exit_code);
    /// # }
    /// ```
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::Transport | ErrorKind::Timeout => true,
            _ => self.0.status.is_some_and(is_transient_status),
        }
    }

    fn has(&self, code: Code) -> bool {
        self.0.code == Some(code)
    }
}

/// Whether a status says "not now" rather than "no".
pub(crate) fn is_transient_status(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504)
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_one_word_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
