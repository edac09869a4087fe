//! The documentation index: one line a page, of which a few are reference pages.

use std::collections::BTreeSet;

use reqwest::Url;

use super::problems::Problems;

/// Where reference pages live: `<this>/<service>/<operation>.md`. Copies in other languages live
/// under a prefix and so don't match.
const REFERENCE: &str = "/products/inference/reference/api-overview/";

/// The addresses of the reference pages that an index links to.
pub(super) fn reference_pages(index: &Url, text: &str) -> Result<Vec<Url>, Problems> {
    let mut pages = BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        for link in links(line) {
            let Ok(url) = index.join(link) else {
                continue;
            };
            if !is_reference_page(&url) {
                continue;
            }
            if url.origin() != index.origin() {
                return Err(Problems::with(
                    format_args!("{index}:{}", number + 1),
                    format_args!("the page {url} is on another host"),
                ));
            }
            pages.insert(url);
        }
    }
    if pages.is_empty() {
        let message = format_args!(
            "no reference page is listed, which would be `{REFERENCE}<service>/<operation>.md`"
        );
        return Err(Problems::with(index, message));
    }
    Ok(pages.into_iter().collect())
}

/// The targets of a line's Markdown links.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target.trim()))
}

fn is_reference_page(url: &Url) -> bool {
    let page = url
        .path()
        .strip_prefix(REFERENCE)
        .and_then(|page| page.strip_suffix(".md"));
    page.is_some_and(|page| page.split('/').filter(|part| !part.is_empty()).count() == 2)
}
