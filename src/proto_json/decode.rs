use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Number, Value};

/// A JSON value as a parser delivers it.
pub(crate) enum Input<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    List(&'a mut dyn List),
    Object(&'a mut dyn Object),
}

/// Why a value could not be read. The text is what was expected.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is of another JSON type.
    Type(&'static str),
    /// It is of the right JSON type, but not one of its values.
    Value(&'static str),
}

/// A type that can be read from a JSON value.
pub(crate) trait Decode {
    /// Reads a value into a default. Returns false if it stands for an unset member.
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure>;
}

/// The items of a JSON array. After an error there are no more, and the parser reports it.
pub(crate) trait List {
    /// Reads the next item. Returns false if there is none.
    fn next(&mut self, item: &mut dyn Decode) -> bool;
}

/// The members of a JSON object. After an error there are no more, and the parser reports it.
pub(crate) trait Object {
    /// Advances to the next member and returns its name.
    fn next(&mut self) -> Option<&str>;

    /// Reads the value of the member. `null` leaves the default.
    fn read(&mut self, value: &mut dyn Decode);

    /// Reads the value of the member, which cannot be `null`.
    fn read_entry(&mut self, value: &mut dyn Decode);

    /// Keeps the member, which the message does not have.
    fn read_unknown(&mut self, unknown: &mut Map<String, Value>);
}

impl<'a> Input<'a> {
    /// The members of an object.
    pub(crate) fn object(self, expected: &'static str) -> Result<&'a mut dyn Object, Failure> {
        match self {
            Self::Object(object) => Ok(object),
            _ => Err(Failure::Type(expected)),
        }
    }

    /// An integer: a number, or text as protobuf JSON writes 64-bit integers. Both may have a fraction of zero or an exponent.
    /// `None` for empty text.
    pub(crate) fn integer(self, expected: &'static str) -> Result<Option<i128>, Failure> {
        /// From here on, a floating-point number may stand for several integers.
        const INEXACT: f64 = 9_007_199_254_740_992.0;
        let (integer, float) = match &self {
            Self::Number(number) => (number.as_i128(), number.as_f64()),
            Self::Text("") => return Ok(None),
            Self::Text(text) => (text.parse().ok(), text.parse().ok()),
            _ => return Err(Failure::Type(expected)),
        };
        let whole = |float: &f64| float.fract() == 0.0 && float.abs() < INEXACT;
        let integer = integer.or_else(|| float.filter(whole).map(|float| float as i128));
        integer.map(Some).ok_or(Failure::Value(expected))
    }

    fn float(self) -> Result<Option<f64>, Failure> {
        let float = match self {
            Self::Number(number) => number.as_f64(),
            Self::Text("") => return Ok(None),
            Self::Text(text) => text.parse().ok(),
            _ => return Err(Failure::Type("a number")),
        };
        float.map(Some).ok_or(Failure::Value("a number"))
    }
}

impl Decode for String {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        let Input::Text(text) = value else {
            return Err(Failure::Type("a string"));
        };
        *self = text.to_owned();
        Ok(true)
    }
}

impl Decode for bool {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        let Input::Bool(value) = value else {
            return Err(Failure::Type("a boolean"));
        };
        *self = value;
        Ok(true)
    }
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl Decode for $ty {
            fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
                let Some(integer) = value.integer(stringify!($ty))? else {
                    return Ok(false);
                };
                *self = integer.try_into().map_err(|_| Failure::Value(stringify!($ty)))?;
                Ok(true)
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

macro_rules! floats {
    ($($ty:ty),*) => {$(
        impl Decode for $ty {
            fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
                let Some(float) = value.float()? else {
                    return Ok(false);
                };
                *self = float as $ty;
                Ok(true)
            }
        }
    )*};
}

floats!(f32, f64);

impl Decode for DateTime<Utc> {
    /// Empty text is unset, and so is the first second of the year 1, which Go writes for a time without a value.
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        const TIMESTAMP: &str = "an RFC 3339 timestamp";
        const UNSET: i64 = -62_135_596_800;
        let Input::Text(text) = value else {
            return Err(Failure::Type(TIMESTAMP));
        };
        if text.is_empty() {
            return Ok(false);
        }
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| Failure::Value(TIMESTAMP))?;
        *self = time.to_utc();
        Ok(self.timestamp() != UNSET)
    }
}

impl Decode for Value {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        *self = match value {
            Input::Null => Self::Null,
            Input::Bool(value) => Self::Bool(value),
            Input::Number(number) => Self::Number(number),
            Input::Text(text) => Self::String(text.to_owned()),
            Input::List(list) => {
                let mut items = Vec::<Self>::new();
                items.decode(Input::List(list))?;
                Self::Array(items)
            }
            Input::Object(object) => {
                let mut members = Map::new();
                members.decode(Input::Object(object))?;
                Self::Object(members)
            }
        };
        Ok(true)
    }
}

impl Decode for Map<String, Value> {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        let object = value.object("an object")?;
        while object.next().is_some() {
            object.read_unknown(self);
        }
        Ok(true)
    }
}

impl<T: Decode + Default> Decode for Option<T> {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        // Read in place: a resource is large to move.
        let is_set = self.insert(T::default()).decode(value)?;
        if !is_set {
            *self = None;
        }
        Ok(is_set)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        (**self).decode(value)
    }
}

impl<T: Decode + Default> Decode for Vec<T> {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        let Input::List(list) = value else {
            return Err(Failure::Type("a list"));
        };
        loop {
            self.push(T::default());
            let Some(item) = self.last_mut() else { break };
            if !list.next(item) {
                self.pop();
                break;
            }
        }
        Ok(true)
    }
}

impl<T: Decode + Default> Decode for HashMap<String, T> {
    fn decode(&mut self, value: Input<'_>) -> Result<bool, Failure> {
        let object = value.object("an object")?;
        while let Some(name) = object.next() {
            let name = name.to_owned();
            let mut value = T::default();
            object.read_entry(&mut value);
            self.insert(name, value);
        }
        Ok(true)
    }
}
