//! Pages: their sizes, and tokens that only the query they came from may use.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::failure::Failure;
use crate::query::Query;

const DEFAULT_SIZE: usize = 50;
const LARGEST_SIZE: usize = 1000;

/// Which page a request asks for.
pub(crate) struct Page<'a> {
    scope: &'a str,
    size: usize,
    /// The position of the last item of the page before.
    after: Option<String>,
}

impl<'a> Page<'a> {
    /// Reads `maxPageSize` and `pageToken`; `scope` names the query that a token belongs to.
    pub(crate) fn read(query: &Query, scope: &'a str) -> Result<Page<'a>, Failure> {
        let size = match query.number("maxPageSize")?.unwrap_or(0) {
            0 => DEFAULT_SIZE,
            size => usize::try_from(size)
                .map_err(|_| Failure::invalid_field("maxPageSize", "must not be negative"))?
                .min(LARGEST_SIZE),
        };
        let after = query
            .one("pageToken")?
            .filter(|token| !token.is_empty())
            .map(|token| position(scope, token))
            .transpose()?;
        Ok(Page { scope, size, after })
    }

    /// The position that the page comes after.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Cuts the page from all the items that remain, and makes the token of the next one (empty on
    /// the last page).
    pub(crate) fn cut<T>(
        &self,
        remaining: impl Iterator<Item = T>,
        position: impl Fn(&T) -> String,
    ) -> (Vec<T>, String) {
        let mut remaining = remaining.peekable();
        let items: Vec<T> = remaining.by_ref().take(self.size).collect();
        let token = match items.last() {
            Some(last) if remaining.peek().is_some() => token(self.scope, &position(last)),
            _ => String::new(),
        };
        (items, token)
    }
}

fn seal(scope: &str, position: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (scope, position).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn token(scope: &str, position: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}{position}", seal(scope, position)))
}

fn position(scope: &str, token: &str) -> Result<String, Failure> {
    URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| {
            let (sealed, position) = text.split_at_checked(16)?;
            (sealed == seal(scope, position)).then(|| position.to_owned())
        })
        .ok_or_else(|| Failure::invalid_field("pageToken", "is not a token of this query"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_only_its_own_query() {
        let token = token("a", "7");
        assert_eq!(position("a", &token).unwrap(), "7");
        assert!(position("b", &token).is_err());
        assert!(position("a", "7").is_err());
        assert!(position("a", &URL_SAFE_NO_PAD.encode("short")).is_err());
    }
}
