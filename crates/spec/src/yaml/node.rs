use serde_json::Value;

/// A value with the line that it begins on. The line of a member is that of its key.
///
/// Two nodes are equal if their values are: lines and the order of members do not count, and `1` equals `1.0`.
///
/// ```
/// use coreweave_inference_spec::yaml;
///
/// let documents = yaml::read("chat.yaml", "name: chat\nzones:\n  - US-EAST-04A\n", 1)?;
/// let zones = documents[0].get("zones").unwrap();
/// assert_eq!((zones.line, zones.value()), (2, serde_json::json!(["US-EAST-04A"])));
/// # Ok::<_, coreweave_inference_spec::SpecError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Node {
    /// The line, counted from one; zero if the value was not read as YAML.
    pub line: usize,
    /// The value.
    pub data: Data,
}

/// The value of a [`Node`].
#[derive(Clone, Debug)]
pub enum Data {
    /// Null, a boolean, a number or a string.
    Scalar(Value),
    /// The items of a list.
    List(Vec<Node>),
    /// The members of an object, in the order of the text.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Returns the member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let member = self.members().iter().find(|(name, _)| name == key);
        member.map(|(_, node)| node)
    }

    /// Returns the members; none if this is no object.
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {
        match &self.data {
            Data::Object(members) => members,
            _ => &[],
        }
    }

    /// Sets a member of an object, which keeps its line if it was there before. Anything else is left as it is.
    pub fn insert(&mut self, key: &str, member: Self) {
        let line = match member.line {
            0 => self.get(key).map_or(self.line, |old| old.line),
            line => line,
        };
        let member = Self { line, ..member };
        if let Data::Object(members) = &mut self.data {
            match members.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = member,
                None => members.push((key.to_owned(), member)),
            }
        }
    }

    /// Removes a member of an object, and returns it.
    pub fn remove(&mut self, key: &str) -> Option<Self> {
        let Data::Object(members) = &mut self.data else {
            return None;
        };
        let index = members.iter().position(|(name, _)| name == key)?;
        Some(members.remove(index).1)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let member = self.members_mut().iter_mut().find(|(name, _)| name == key);
        member.map(|(_, node)| node)
    }

    pub(crate) fn members_mut(&mut self) -> &mut [(String, Self)] {
        match &mut self.data {
            Data::Object(members) => members,
            _ => &mut [],
        }
    }

    /// Returns the items; none if this is no list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the scalar, unless this is a list or an object.
    #[must_use]
    pub fn scalar(&self) -> Option<&Value> {
        match &self.data {
            Data::Scalar(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.scalar()?.as_str()
    }

    /// Returns the value at a JSON pointer.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        let (depth, node) = self.follow(pointer);
        (depth == pointer.matches('/').count()).then_some(node)
    }

    /// Returns the line of the value at a JSON pointer, or of its closest ancestor if there is no such value.
    #[must_use]
    pub fn line_of(&self, pointer: &str) -> usize {
        self.follow(pointer).1.line
    }

    /// Follows a pointer as far as there are values, and returns how many of its tokens that are.
    fn follow(&self, pointer: &str) -> (usize, &Self) {
        let mut node = self;
        for (depth, token) in pointer.split('/').skip(1).enumerate() {
            let token = token.replace("~1", "/").replace("~0", "~");
            let child = match &node.data {
                Data::List(items) => token.parse().ok().and_then(|index: usize| items.get(index)),
                _ => node.get(&token),
            };
            match child {
                Some(child) => node = child,
                None => return (depth, node),
            }
        }
        (pointer.matches('/').count(), node)
    }

    /// Returns the value as JSON.
    #[must_use]
    pub fn value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items) => items.iter().map(Self::value).collect(),
            Data::Object(members) => {
                let members = members.iter();
                Value::Object(
                    members
                        .map(|(key, node)| (key.clone(), node.value()))
                        .collect(),
                )
            }
        }
    }
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        let data = match value {
            Value::Array(items) => Data::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                let members = members.iter();
                Data::Object(
                    members
                        .map(|(key, value)| (key.clone(), value.into()))
                        .collect(),
                )
            }
            scalar => Data::Scalar(scalar.clone()),
        };
        Self { line: 0, data }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            (Data::Scalar(Value::Number(a)), Data::Scalar(Value::Number(b))) => {
                a == b || ((a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64())
            }
            (Data::Scalar(a), Data::Scalar(b)) => a == b,
            (Data::List(a), Data::List(b)) => a == b,
            (Data::Object(a), Data::Object(b)) => {
                let same = |((key, a), at): (&(String, Self), usize)| {
                    let b = match b.get(at) {
                        Some((name, b)) if name == key => Some(b),
                        _ => other.get(key),
                    };
                    b == Some(a)
                };
                a.len() == b.len() && a.iter().zip(0..).all(same)
            }
            _ => false,
        }
    }
}
