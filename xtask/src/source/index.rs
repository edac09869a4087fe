//! The documentation index: one link per page, some of them to reference pages and some to further indexes.

use std::collections::BTreeSet;

use reqwest::Url;

use super::fetch::Fetcher;
use crate::problems::Problems;

/// More indexes than this are refused.
const MAX_INDEXES: usize = 100;

/// What an index and the indexes below it link to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The reference pages, without their translations.
    pub(super) pages: BTreeSet<Url>,
    pub(super) notes: Vec<String>,
}

/// Follows an index, and the indexes that it links to on its host.
pub(super) fn follow(index: &Url, fetcher: &Fetcher) -> Result<Links, Problems> {
    let mut links = Links::default();
    let mut known = BTreeSet::from([index.clone()]);
    let mut open = vec![index.clone()];
    while !open.is_empty() {
        if known.len() > MAX_INDEXES {
            let message = format!("links to more than {MAX_INDEXES} other indexes");
            return Err(Problems::with(index, message));
        }
        let texts = fetcher.texts(&open)?;
        for (index, fetched) in std::mem::take(&mut open).iter().zip(texts) {
            for found in nested(index, &fetched.text, &mut links)? {
                if known.insert(found.clone()) {
                    open.push(found);
                }
            }
        }
    }
    if links.pages.is_empty() {
        let message =
            "no reference page is listed, which would be `…/reference/<service>/<operation>.md`";
        return Err(Problems::with(index, message));
    }
    Ok(links)
}

/// Adds the reference pages of one index, and returns the indexes that it links to.
fn nested(index: &Url, text: &str, links: &mut Links) -> Result<Vec<Url>, Problems> {
    let mut indexes = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for url in targets(line).filter_map(|target| address(index, target)) {
            let is_index = is_index(&url);
            if !is_index && !is_reference_page(&url) {
                continue;
            }
            let is_foreign = url.origin() != index.origin();
            let line = number + 1;
            match (is_index, is_foreign) {
                (true, true) => links.notes.push(format!(
                    "{index}:{line}: the index {url} is skipped, it is on another host"
                )),
                (true, false) => indexes.push(url),
                (false, true) => {
                    return Err(Problems::with(
                        format_args!("{index}:{line}"),
                        format_args!("the page {url} is on another host"),
                    ));
                }
                (false, false) => drop(links.pages.insert(url)),
            }
        }
    }
    Ok(indexes)
}

/// The targets of a line's Markdown links, of which each may be in angle brackets and have a title, and of a definition
/// such as `[name]: target`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let definition = line.trim_start().strip_prefix('[');
    let definition = definition.and_then(|rest| rest.split_once("]:"));
    let inline = line.split("](").skip(1);
    inline
        .chain(definition.map(|(_, target)| target))
        .filter_map(|rest| {
            let rest = rest.trim_start();
            match rest.strip_prefix('<') {
                Some(rest) => rest.split_once('>').map(|(target, _)| target),
                None => rest.split([')', ' ', '\t']).next(),
            }
        })
}

/// The address of a link's target: that of the page's Markdown, without what selects a part of it.
fn address(index: &Url, target: &str) -> Option<Url> {
    let mut url = index.join(target).ok()?;
    url.set_fragment(None);
    url.set_query(None);
    let path = url.path().trim_end_matches('/').to_owned();
    let page = path.rsplit('/').next().unwrap_or_default();
    let is_page = !page.is_empty() && !page.contains('.');
    url.set_path(&if is_page { path + ".md" } else { path });
    Some(url)
}

/// Whether this is an index: `llms.txt` in some folder, or anything below `/_llms/`, in no locale.
fn is_index(url: &Url) -> bool {
    let segments: Vec<_> = url.path_segments().into_iter().flatten().collect();
    let is_below = segments.contains(&"_llms") && segments.last().is_some_and(|last| is_text(last));
    !is_translated(&segments) && (is_below || segments.last() == Some(&"llms.txt"))
}

fn is_text(name: &str) -> bool {
    name.ends_with(".md") || name.ends_with(".txt")
}

/// Whether this is `/reference/…/<page>.md`, alone or below the product's name, and in no locale such as `/fr/`.
fn is_reference_page(url: &Url) -> bool {
    let segments: Vec<_> = url.path_segments().into_iter().flatten().collect();
    let Some(reference) = segments.iter().position(|segment| *segment == "reference") else {
        return false;
    };
    let product = segments.iter().take(reference);
    let of_this_api = reference == 0 || product.clone().any(|segment| *segment == "inference");
    of_this_api
        && segments.len() > reference + 2
        && segments.last().is_some_and(|page| page.ends_with(".md"))
        && !is_translated(&segments)
}

fn is_translated(segments: &[&str]) -> bool {
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    segments.first().is_some_and(|first| {
        let (language, region) = first.split_once('-').unwrap_or((first, "xx"));
        let lengths = (language.len(), region.len());
        matches!(lengths, (2, 2..=4)) && letters(language) && letters(region)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(line: &str) -> Vec<String> {
        let index = Url::parse("https://docs.example/llms.txt").unwrap();
        let mut links = Links::default();
        let indexes = nested(&index, line, &mut links).unwrap();
        let found = links.pages.iter().chain(&indexes);
        found.map(|url| url.path().to_owned()).collect()
    }

    #[test]
    fn reference_pages_and_indexes_are_told_from_other_links() {
        for (path, expected) in [
            (
                "/products/inference/reference/api-overview/a-service/b.md",
                true,
            ),
            ("/products/inference/reference/a-service/b.md", true),
            ("/reference/a-service/b.md", true),
            ("/_llms/reference.md", true),
            ("/_llms/reference/inference.txt", true),
            ("/products/llms.txt", true),
            ("/fr/_llms/reference.md", false),
            ("/llms-full.txt", false),
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
            let found = pages(&format!("- [A page]({path}): about it"));
            assert_eq!(!found.is_empty(), expected, "{path}");
        }
    }

    #[test]
    fn links_are_read_in_every_form() {
        for line in [
            "- [A page](/reference/a/b.md)",
            "- [A page](/reference/a/b.md \"A title\"): about it",
            "- [A page](</reference/a/b.md>)",
            "- [A page](</reference/a/b.md> 'A title')",
            "- [A page](/reference/a/b)",
            "- [A page](/reference/a/b/)",
            "- [A page](/reference/a/b#request), [again](/reference/a/b.md#response)",
            "- [A page](https://docs.example/reference/a/b.md?plain=1)",
            "[a]: /reference/a/b.md \"A title\"",
        ] {
            assert_eq!(pages(line), ["/reference/a/b.md"], "{line}");
        }
    }
}
