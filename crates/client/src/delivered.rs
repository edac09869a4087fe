//! The body of a reply of success, and how it was delivered.

use http::HeaderValue;

use crate::call::CallInfo;
use crate::error::{Delivery, Error, request_id};
use crate::transport::Noted;

/// What a generated method returned.
#[derive(Debug)]
pub struct Delivered<T> {
    pub(crate) body: T,
    receipt: Receipt,
}

/// How a reply came, for an error that is found in it.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    delivery: Delivery,
    request_id: Option<HeaderValue>,
}

impl<T> Delivered<T> {
    pub(crate) fn new(body: T, noted: Noted) -> Self {
        Self {
            body,
            receipt: Receipt {
                request_id: noted.request_id,
                delivery: noted.delivery,
            },
        }
    }

    /// The same reply with a part of its body.
    pub(crate) fn map<U>(self, part: impl FnOnce(T) -> U) -> Delivered<U> {
        Delivered {
            body: part(self.body),
            receipt: self.receipt,
        }
    }

    pub(crate) fn into_parts(self) -> (T, Receipt) {
        (self.body, self.receipt)
    }
}

impl Receipt {
    /// An error that was found in the reply to this call.
    pub(crate) fn explain(&self, error: Error, call: CallInfo<'_>) -> Error {
        let id = self.request_id.as_ref().and_then(request_id::text);
        error
            .during(call)
            .with_delivery(self.delivery)
            .with_request_id(id.map(str::to_owned))
    }
}
