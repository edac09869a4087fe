//! The documentation index: one link per page, some of them to reference pages.

use std::collections::BTreeSet;

use reqwest::Url;

use crate::problems::Problems;

/// The addresses of the reference pages that an index links to, without their translations.
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
        let message =
            "no reference page is listed, which would be `…/reference/<service>/<operation>.md`";
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

/// Whether this is `/reference/…/<page>.md`, alone or below the product's name, and in no locale such as `/fr/`.
fn is_reference_page(url: &Url) -> bool {
    let segments: Vec<_> = url.path_segments().into_iter().flatten().collect();
    let Some(reference) = segments.iter().position(|segment| *segment == "reference") else {
        return false;
    };
    let of_this_api = reference == 0
        || segments
            .iter()
            .take(reference)
            .any(|segment| *segment == "inference");
    of_this_api
        && segments.len() > reference + 2
        && segments.last().is_some_and(|page| page.ends_with(".md"))
        && !segments.first().is_some_and(|first| is_locale(first))
}

fn is_locale(segment: &str) -> bool {
    let (language, region) = segment.split_once('-').unwrap_or((segment, "xx"));
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    language.len() == 2 && letters(language) && (2..=4).contains(&region.len()) && letters(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_pages_are_told_from_other_links() {
        let index = Url::parse("https://docs.example/llms.txt").unwrap();
        for (path, expected) in [
            (
                "/products/inference/reference/api-overview/a-service/b.md",
                true,
            ),
            ("/products/inference/reference/a-service/b.md", true),
            ("/reference/a-service/b.md", true),
            ("/fr/reference/a-service/b.md", false),
            (
                "/pt-BR/products/inference/reference/api-overview/a/b.md",
                false,
            ),
            ("/products/storage/reference/a/b.md", false),
            ("/products/inference/guides/b.md", false),
            ("/reference/b.md", false),
            ("/reference/a-service/b.html", false),
        ] {
            let pages = reference_pages(&index, &format!("- [A page]({path}): about it"));
            assert_eq!(pages.is_ok(), expected, "{path}");
        }
    }
}
