//! The canonical error codes of `google.rpc`.

use std::fmt;
use std::str::FromStr;

use reqwest::StatusCode;

/// A canonical error code (`google.rpc.Code`).
///
/// The set is open: a number that this version doesn't know is kept.
///
/// ```
/// use coreweave_inference_api::error::Code;
///
/// assert_eq!(Code::from(5), Code::NotFound);
/// assert_eq!(Code::NotFound.as_str(), "NOT_FOUND");
/// assert_eq!("not_found".parse(), Ok(Code::NotFound));
/// assert_eq!(Code::from(42).number(), 42);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// 0: no error.
    Ok,
    /// 1: the caller cancelled the operation.
    Cancelled,
    /// 2: an unknown error.
    Unknown,
    /// 3: a field of the request is invalid.
    InvalidArgument,
    /// 4: the operation did not complete in time.
    DeadlineExceeded,
    /// 5: no such resource in the caller's organization.
    NotFound,
    /// 6: the id or the name is taken.
    AlreadyExists,
    /// 7: the token's role does not allow the operation.
    PermissionDenied,
    /// 8: a quota or a rate limit is exceeded.
    ResourceExhausted,
    /// 9: the system is not in the state that the operation needs.
    FailedPrecondition,
    /// 10: aborted by a concurrent change.
    Aborted,
    /// 11: outside of the valid range.
    OutOfRange,
    /// 12: not implemented by the service.
    Unimplemented,
    /// 13: an internal error of the service.
    Internal,
    /// 14: the service is unavailable.
    Unavailable,
    /// 15: unrecoverable data loss.
    DataLoss,
    /// 16: the token is missing or invalid.
    Unauthenticated,
    /// A number that this version doesn't know.
    Unrecognized(i32),
}

/// Every known code with its number and name.
const KNOWN: [(Code, i32, &str); 17] = [
    (Code::Ok, 0, "OK"),
    (Code::Cancelled, 1, "CANCELLED"),
    (Code::Unknown, 2, "UNKNOWN"),
    (Code::InvalidArgument, 3, "INVALID_ARGUMENT"),
    (Code::DeadlineExceeded, 4, "DEADLINE_EXCEEDED"),
    (Code::NotFound, 5, "NOT_FOUND"),
    (Code::AlreadyExists, 6, "ALREADY_EXISTS"),
    (Code::PermissionDenied, 7, "PERMISSION_DENIED"),
    (Code::ResourceExhausted, 8, "RESOURCE_EXHAUSTED"),
    (Code::FailedPrecondition, 9, "FAILED_PRECONDITION"),
    (Code::Aborted, 10, "ABORTED"),
    (Code::OutOfRange, 11, "OUT_OF_RANGE"),
    (Code::Unimplemented, 12, "UNIMPLEMENTED"),
    (Code::Internal, 13, "INTERNAL"),
    (Code::Unavailable, 14, "UNAVAILABLE"),
    (Code::DataLoss, 15, "DATA_LOSS"),
    (Code::Unauthenticated, 16, "UNAUTHENTICATED"),
];

impl Code {
    /// Returns the code's number on the wire.
    pub fn number(self) -> i32 {
        match self {
            Self::Unrecognized(number) => number,
            known => KNOWN
                .iter()
                .find(|(code, ..)| *code == known)
                .map_or(2, |(_, number, _)| *number),
        }
    }

    /// Returns the code's name, as `google.rpc.Code` spells it; `UNRECOGNIZED` for an unknown number.
    pub fn as_str(self) -> &'static str {
        KNOWN
            .iter()
            .find(|(code, ..)| *code == self)
            .map_or("UNRECOGNIZED", |(.., name)| name)
    }

    /// Returns the code that an HTTP status stands for.
    ///
    /// Of several codes with the same status, the commonest: 400 could also be FAILED_PRECONDITION, and 409 ABORTED.
    ///
    /// ```
    /// use coreweave_inference_api::error::Code;
    /// use reqwest::StatusCode;
    ///
    /// assert_eq!(Code::from_http(StatusCode::BAD_GATEWAY), Code::Unavailable);
    /// assert_eq!(Code::from_http(StatusCode::IM_A_TEAPOT), Code::Unknown);
    /// ```
    pub fn from_http(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::InvalidArgument,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            408 | 504 | 524 => Self::DeadlineExceeded,
            409 => Self::AlreadyExists,
            412 => Self::FailedPrecondition,
            416 => Self::OutOfRange,
            429 => Self::ResourceExhausted,
            499 => Self::Cancelled,
            500 => Self::Internal,
            501 => Self::Unimplemented,
            // 520 to 530 are those of CDNs, which could not reach the service.
            502 | 503 | 507 | 520..=530 => Self::Unavailable,
            _ => Self::Unknown,
        }
    }
}

impl From<i32> for Code {
    fn from(number: i32) -> Self {
        KNOWN
            .iter()
            .find(|(_, known, _)| *known == number)
            .map_or(Self::Unrecognized(number), |(code, ..)| *code)
    }
}

/// Parses a name in either spelling in use: `NOT_FOUND` or Connect's `not_found`.
impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, UnknownCode> {
        // Connect writes `canceled`, google.rpc `CANCELLED`.
        let name = match name.eq_ignore_ascii_case("canceled") {
            true => "CANCELLED",
            false => name,
        };
        KNOWN
            .iter()
            .find(|(.., known)| known.eq_ignore_ascii_case(name))
            .map(|(code, ..)| *code)
            .ok_or(UnknownCode)
    }
}

/// The error of a text that is not the name of a [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the name of a canonical error code, such as NOT_FOUND")
    }
}

impl std::error::Error for UnknownCode {}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrecognized(number) => write!(f, "code {number}"),
            known => f.write_str(known.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_go_both_ways() {
        for (code, number, name) in KNOWN {
            assert_eq!(Code::from(number), code);
            assert_eq!(code.number(), number);
            assert_eq!(code.to_string(), name);
            assert_eq!(name.parse(), Ok(code));
            assert_eq!(name.to_ascii_lowercase().parse(), Ok(code));
        }
        assert_eq!("canceled".parse(), Ok(Code::Cancelled));
        assert_eq!("no such code".parse::<Code>(), Err(UnknownCode));
        assert_eq!(Code::from(99), Code::Unrecognized(99));
        assert_eq!(Code::Unrecognized(99).to_string(), "code 99");
    }

    #[test]
    fn http_statuses_map_to_the_code_the_api_uses_them_for() {
        for (status, code) in [
            (400, Code::InvalidArgument),
            (401, Code::Unauthenticated),
            (403, Code::PermissionDenied),
            (404, Code::NotFound),
            (409, Code::AlreadyExists),
            (412, Code::FailedPrecondition),
            (429, Code::ResourceExhausted),
            (500, Code::Internal),
            (501, Code::Unimplemented),
            (502, Code::Unavailable),
            (503, Code::Unavailable),
            (504, Code::DeadlineExceeded),
            (408, Code::DeadlineExceeded),
            (524, Code::DeadlineExceeded),
            (499, Code::Cancelled),
            (507, Code::Unavailable),
            (521, Code::Unavailable),
            (529, Code::Unavailable),
            (530, Code::Unavailable),
            (302, Code::Unknown),
            (418, Code::Unknown),
        ] {
            assert_eq!(
                Code::from_http(StatusCode::from_u16(status).unwrap()),
                code,
                "{status}"
            );
        }
    }
}
