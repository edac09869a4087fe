use crate::error::{Error, ErrorKind};
use crate::raw::{Items, Operation, Response};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// The token of the next page; `None` on the last one.
    pub next_page_token: Option<String>,
}

/// Decodes the response of a list and converts its items.
pub(crate) fn page<T, U>(
    response: Response,
    operation: &'static Operation,
    decode: fn(&[u8]) -> serde_json::Result<Items<T>>,
    convert: fn(T) -> Result<U, Error>,
) -> Result<Page<U>, Error> {
    let page = match decode(response.body()) {
        Ok(list) => converted(list, convert).map_err(|error| error.with_response(response)),
        Err(error) => Err(response.undecodable(&error)),
    };
    page.map_err(|error| error.with_operation(operation))
}

fn converted<T, U>(list: Items<T>, convert: fn(T) -> Result<U, Error>) -> Result<Page<U>, Error> {
    if list.items.is_empty()
        && let Some(member) = &list.unknown_member
    {
        return Err(renamed(member));
    }
    // Collecting results would lose the size, and move everything each time the vector grows.
    let mut items = Vec::with_capacity(list.items.len());
    for item in list.items {
        let item = convert(item).map_err(|error| in_item(&error, items.len()))?;
        items.push(item);
    }
    Ok(Page {
        items,
        next_page_token: list.next_page_token.filter(|token| !token.is_empty()),
    })
}

/// The error of an empty list beside a member that this version does not know: the list may have been renamed, and must not
/// be taken for the deletion of everything.
fn renamed(member: &str) -> Error {
    let message = format!("the response has no items, but an unknown member `{member}`");
    Error::new(ErrorKind::Decode, message)
}

/// Says which item of a list an error is about.
fn in_item(error: &Error, index: usize) -> Error {
    let message = format!("item {} of the list: {}", index + 1, error.message());
    Error::new(error.kind(), message)
}
