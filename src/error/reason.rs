/// Why a call failed, where the code of the response covers several causes.
///
/// Whoever makes the call names the reason, because only it knows what the call was for: a gateway that can't be deleted
/// yet, a name that is taken. [`Error::reason`](crate::Error::reason) returns it.
///
/// ```
/// use coreweave_inference_api::error::{Error, ErrorKind, Reason};
///
/// const IN_USE: Reason = Reason::new("IN_USE", "delete what uses it first");
///
/// let error = Error::new(ErrorKind::Api, "still used").with_reason(IN_USE);
/// assert!(error.is(IN_USE));
/// assert_eq!(error.to_string(), "still used; delete what uses it first");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    name: &'static str,
    advice: &'static str,
}

impl Reason {
    /// Creates a reason of a name in upper snake case and what to do about it, which ends the message of the error. Empty
    /// advice adds nothing.
    pub const fn new(name: &'static str, advice: &'static str) -> Self {
        Self { name, advice }
    }

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    /// Returns what to do about it.
    pub const fn advice(self) -> &'static str {
        self.advice
    }

    /// The server's certificate comes from an issuer that this machine doesn't know, or it knows none at all.
    pub const UNKNOWN_ISSUER: Self = Self::new(
        "UNKNOWN_ISSUER",
        "install the package ca-certificates, or set SSL_CERT_FILE to a PEM file with the certificate of the issuer",
    );

    /// The server's certificate has another name or has expired, or client and server don't agree on TLS.
    pub const TLS: Self = Self::new("TLS", "check the base URL, and the clock of this machine");

    /// The port doesn't speak TLS.
    pub const NOT_TLS: Self = Self::new("NOT_TLS", "check the scheme and the port of the base URL");

    /// A proxy refuses to connect to the server.
    pub const PROXY_REFUSED: Self = Self::new(
        "PROXY_REFUSED",
        "ask for access through the proxy, or exempt the host from it by NO_PROXY",
    );

    /// A proxy asks for credentials, or refuses those that it got.
    pub const PROXY_CREDENTIALS: Self = Self::new(
        "PROXY_CREDENTIALS",
        "set the credentials in the URL of the proxy, as in http://user:password@proxy:3128",
    );

    /// The base URL is plain http to another machine.
    pub const PLAIN_HTTP: Self = Self::new("PLAIN_HTTP", "use https, or allow plain http");
}
