use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// What a value is in JSON.
pub(crate) enum Output<'a> {
    /// A member without a value, which is not written.
    Unset,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Cow<'a, str>),
    List(&'a dyn Items),
    Object(&'a dyn Members),
    Json(&'a Value),
}

/// A type that can be written as a JSON value.
pub(crate) trait Encode {
    /// Returns the value.
    fn encode(&self) -> Output<'_>;
}

/// The items of a JSON array.
pub(crate) trait Items {
    /// The number of items.
    fn len(&self) -> usize;

    /// Calls `visit` with each.
    fn each(&self, visit: &mut dyn FnMut(Output<'_>));
}

/// The members of a JSON object.
pub(crate) trait Members {
    /// Whether it is a map without entries.
    fn is_empty(&self) -> bool {
        false
    }

    /// Calls `visit` with the name and value of each, and with whether an empty list or map is written.
    fn each(&self, visit: &mut dyn FnMut(&str, Output<'_>, bool));
}

impl Output<'_> {
    /// Whether the value can be left out of a message.
    pub(crate) fn is_unset(&self, always: bool) -> bool {
        match self {
            Self::Unset => true,
            Self::List(items) => !always && items.len() == 0,
            Self::Object(members) => !always && members.is_empty(),
            _ => false,
        }
    }
}

impl Encode for String {
    fn encode(&self) -> Output<'_> {
        Output::Text(self.into())
    }
}

impl Encode for bool {
    fn encode(&self) -> Output<'_> {
        Output::Bool(*self)
    }
}

macro_rules! numbers {
    ($($ty:ty: $variant:ident),*) => {$(
        impl Encode for $ty {
            fn encode(&self) -> Output<'_> {
                Output::$variant((*self).into())
            }
        }
    )*};
}

numbers!(i32: Signed, i64: Signed, u32: Unsigned, u64: Unsigned, f32: Float, f64: Float);

impl Encode for DateTime<Utc> {
    fn encode(&self) -> Output<'_> {
        Output::Text(self.to_rfc3339_opts(SecondsFormat::AutoSi, true).into())
    }
}

impl Encode for Value {
    fn encode(&self) -> Output<'_> {
        Output::Json(self)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self) -> Output<'_> {
        match self {
            Some(value) => value.encode(),
            None => Output::Unset,
        }
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self) -> Output<'_> {
        (**self).encode()
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self) -> Output<'_> {
        Output::List(self)
    }
}

impl<T: Encode> Items for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn each(&self, visit: &mut dyn FnMut(Output<'_>)) {
        for item in self {
            visit(item.encode());
        }
    }
}

impl<T: Encode> Encode for HashMap<String, T> {
    fn encode(&self) -> Output<'_> {
        Output::Object(self)
    }
}

impl<T: Encode> Members for HashMap<String, T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn each(&self, visit: &mut dyn FnMut(&str, Output<'_>, bool)) {
        for (name, value) in self {
            visit(name, value.encode(), true);
        }
    }
}

impl Encode for Map<String, Value> {
    fn encode(&self) -> Output<'_> {
        Output::Object(self)
    }
}

impl Members for Map<String, Value> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn each(&self, visit: &mut dyn FnMut(&str, Output<'_>, bool)) {
        for (name, value) in self {
            visit(name, value.encode(), true);
        }
    }
}
