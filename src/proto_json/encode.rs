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
    List(&'a dyn Encode, usize),
    /// A message, or a map with as many entries.
    Object(&'a dyn Encode, Option<usize>),
    Json(&'a Value),
}

/// A type that can be written as a JSON value.
pub(crate) trait Encode {
    /// Returns the value.
    fn encode(&self) -> Output<'_>;

    /// Calls `visit` with the name and value of each member of an object, or with each item of a list; and with whether an empty
    /// list or map is written.
    fn each(&self, _visit: &mut dyn FnMut(&str, Output<'_>, bool)) {}
}

impl Output<'_> {
    /// Whether the value can be left out of a message.
    pub(crate) fn is_unset(&self, always: bool) -> bool {
        match self {
            Self::Unset => true,
            Self::List(_, 0) | Self::Object(_, Some(0)) => !always,
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
        Output::List(self, self.len())
    }

    fn each(&self, visit: &mut dyn FnMut(&str, Output<'_>, bool)) {
        for item in self {
            visit("", item.encode(), true);
        }
    }
}

impl<T: Encode> Encode for HashMap<String, T> {
    fn encode(&self) -> Output<'_> {
        Output::Object(self, Some(self.len()))
    }

    fn each(&self, visit: &mut dyn FnMut(&str, Output<'_>, bool)) {
        for (name, value) in self {
            visit(name, value.encode(), true);
        }
    }
}

impl Encode for Map<String, Value> {
    fn encode(&self) -> Output<'_> {
        Output::Object(self, Some(self.len()))
    }

    fn each(&self, visit: &mut dyn FnMut(&str, Output<'_>, bool)) {
        for (name, value) in self {
            visit(name, value.encode(), true);
        }
    }
}
