//! Pages and page tokens.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::error::ApiError;
use crate::query::Query;

const DEFAULT_SIZE: usize = 50;
const MAX_SIZE: usize = 1000;

/// The page that a request asks for.
pub(crate) struct Page<'a> {
    scope: &'a str,
    size: usize,
    after: Option<u64>,
}

impl<'a> Page<'a> {
    /// Reads `maxPageSize` and `pageToken`. A token is valid only in the scope it was issued in.
    pub(crate) fn read(query: &Query, scope: &'a str) -> Result<Page<'a>, ApiError> {
        let size = match query.number("maxPageSize")?.unwrap_or(0) {
            0 => DEFAULT_SIZE,
            size => usize::try_from(size)
                .map_err(|_| ApiError::invalid_field("maxPageSize", "must not be negative"))?
                .min(MAX_SIZE),
        };
        let after = match query.one("pageToken")? {
            None | Some("") => None,
            Some(token) => Some(position(scope, token).ok_or_else(|| {
                ApiError::invalid_field("pageToken", "is not a token of this query")
            })?),
        };
        Ok(Page { scope, size, after })
    }

    /// The position of the last item on the page before.
    pub(crate) fn after(&self) -> Option<u64> {
        self.after
    }

    /// Takes the page from the items that remain, each with its position, and returns it with the
    /// token of the next page, which is empty on the last one.
    pub(crate) fn take<T>(&self, items: impl Iterator<Item = (u64, T)>) -> (Vec<T>, String) {
        let mut items = items.peekable();
        let mut page = Vec::new();
        let mut next = String::new();
        while page.len() < self.size
            && let Some((position, item)) = items.next()
        {
            page.push(item);
            next = token(self.scope, position);
        }
        if items.peek().is_none() {
            next.clear();
        }
        (page, next)
    }
}

fn token(scope: &str, position: u64) -> String {
    let mut hasher = DefaultHasher::new();
    (scope, position).hash(&mut hasher);
    format!("{position}-{:x}", hasher.finish())
}

fn position(scope: &str, text: &str) -> Option<u64> {
    let position = text.split('-').next()?.parse().ok()?;
    (token(scope, position) == text).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_valid_only_in_its_scope() {
        let token = token("a", 7);
        assert_eq!(position("a", &token), Some(7));
        assert_eq!(position("b", &token), None);
        for text in ["7", "", "7-0"] {
            assert_eq!(position("a", text), None);
        }
    }
}
