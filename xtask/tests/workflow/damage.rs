//! Broken upstreams: each ends in exit code 2, names the page, and changes nothing.

use std::collections::BTreeMap;

use crate::pages::{flat, pages, vendored};
use crate::site::{Response, Site};
use crate::workspace::{Run, Workspace, folder, xtask};

const PAGE: &str = "get-gateway.md";
const SITE_PAGE: &str = "gateway-service/get-gateway.md";

#[track_caller]
fn refused(workspace: &Workspace, from: &str, expected: &[&str]) -> Run {
    let run = refused_after_the_report(workspace, from, expected);
    assert_eq!(run.out, "", "{run:#?}");
    run
}

#[track_caller]
fn refused_after_the_report(workspace: &Workspace, from: &str, expected: &[&str]) -> Run {
    let before = workspace.files();
    let run = workspace.sync(&["--from", from, "--format", "json", "--retry-for", "3"]);
    assert_eq!(run.code, 2, "{run:#?}");
    for expected in expected {
        assert!(run.err.contains(expected), "{}\nlacks {expected}", run.err);
    }
    assert_eq!(workspace.files(), before);
    run
}

/// All pages in a folder, one of them edited; the error must name the page and say this.
#[track_caller]
fn damaged(edit: impl FnOnce(String) -> String, expected: &str) {
    let mut pages = flat(&vendored());
    let page = edit(pages[PAGE].clone());
    assert_ne!(page, pages[PAGE]);
    pages.insert(PAGE.to_owned(), page);
    let folder = folder(&pages);
    let name = folder.path().join(PAGE).display().to_string();
    refused(
        &Workspace::with(&vendored()),
        folder.path().to_str().unwrap(),
        &[&format!("error: {name}{expected}")],
    );
}

#[track_caller]
fn line_of(text: &str) -> usize {
    1 + flat(&vendored())[PAGE]
        .lines()
        .position(|line| line.contains(text))
        .unwrap()
}

#[test]
fn a_page_with_two_spec_blocks() {
    let first = line_of("````yaml");
    let second = first + flat(&vendored())[PAGE].lines().count();
    damaged(
        |page| format!("{page}\n{page}"),
        &format!(":{second}: a second spec block begins here, the first on line {first}"),
    );
}

#[test]
fn a_block_that_holds_another_operation_than_it_says() {
    let line = line_of("paths:");
    let says = "the block is said to hold";
    let path = "/v1alpha1/inference/gateways/{id}";
    damaged(
        |page| page.replacen("yaml get /v1", "yaml post /v1", 1),
        &format!(":{line}: /paths: {says} POST {path}, but holds GET {path}"),
    );
    damaged(
        |page| {
            page.replacen(
                "get /v1alpha1/inference/gateways/{id}\n",
                "get /v1alpha1/inference/gateways/{name}\n",
                1,
            )
        },
        &format!(
            ":{line}: /paths: {says} GET /v1alpha1/inference/gateways/{{name}}, but holds GET {path}"
        ),
    );
    let fence = line_of("````yaml");
    damaged(
        |page| page.replacen("yaml get /v1", "yaml fetch /v1", 1),
        &format!(
            ":{fence}: `yaml /openapi/inference/openapi.yaml fetch {path}` doesn't name an operation"
        ),
    );
}

#[test]
fn invalid_yaml_and_keys_given_twice() {
    let title = line_of("  title:");
    damaged(
        |page| page.replacen("  title: ", "  title: 'never closed ", 1),
        &format!(":{title}: /info/title: not valid YAML: "),
    );
    damaged(
        |page| page.replacen("  title: ", "  title: First\n  title: ", 1),
        &format!(
            ":{}: /info/title: the key `title` is given twice, first on line {title}",
            title + 1
        ),
    );
    damaged(
        |page| page.replacen("  title: ", "  title: !thing ", 1),
        &format!(":{title}: /info/title: the tag `!thing` is unknown"),
    );
}

#[test]
fn references_to_nowhere_and_in_circles() {
    let line = line_of("$ref: '#/components/schemas/GetGatewayResponse'");
    damaged(
        |page| page.replacen("schemas/GetGatewayResponse'", "schemas/Nothing'", 1),
        &format!(
            ":{line}: /paths/~1v1alpha1~1inference~1gateways~1{{id}}/get/responses/200/content/application~1json/schema/$ref: `#/components/schemas/Nothing` doesn't exist"
        ),
    );
    damaged(
        |page| {
            page.replacen("schemas/GetGatewayResponse'", "../../etc/passwd'", 1)
                .replacen("'#/components/../", "'../", 1)
        },
        &format!(":{line}: /paths"),
    );
    let circle = "    GetGatewayResponse:\n      allOf:\n        - $ref: '#/components/schemas/GetGatewayResponse'\n      description:";
    damaged(
        |page| page.replacen("    GetGatewayResponse:\n      description:", circle, 1),
        &format!(
            ":{}: /components/schemas/GetGatewayResponse: circular reference: ",
            line_of("    GetGatewayResponse:")
        ),
    );
}

#[test]
fn not_openapi_3() {
    let line = line_of("openapi: 3.0.3");
    damaged(
        |page| page.replacen("openapi: 3.0.3", "openapi: 4.0.0", 1),
        &format!(":{line}: /openapi: OpenAPI 3.0, 3.1 or 3.2 is expected here, not \"4.0.0\""),
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "swagger: '2.0'\n").unwrap();
    refused(
        &Workspace::with(&vendored()),
        file.path().to_str().unwrap(),
        &[":1: not an OpenAPI 3 document"],
    );
}

#[test]
fn a_truncated_page() {
    let fence = line_of("````yaml");
    damaged(
        |page| page[..page.len() / 2].to_owned(),
        &format!(":{fence}: the spec block is not closed; the page is cut off"),
    );
    let all = pages(&vendored());
    let site = Site::of(&all);
    site.put_page(SITE_PAGE, Response::cut_off(&all[SITE_PAGE]));
    refused(
        &Workspace::with(&vendored()),
        &site.index(),
        &[SITE_PAGE, "the download broke off"],
    );
}

#[test]
fn pages_that_an_index_lacks() {
    let site = Site::of(&pages(&vendored()));
    site.nest(Some("hot-load-service"));
    let lost = [
        "no page has the operation HotLoadService_ListHotLoads (GET /v1alpha1/inference/hotLoads)",
        "no page has the operation HotLoadService_CancelHotLoad",
        "say so with `--accept-removals`",
    ];
    let run = refused_after_the_report(&Workspace::with(&vendored()), &site.index(), &lost);
    assert!(
        run.out
            .contains("the operation `HotLoadService_ListHotLoads` (GET"),
        "the report comes first: {}",
        run.out
    );
    let check = Workspace::with(&vendored()).sync(&["--from", &site.index(), "--check"]);
    assert_eq!(check.code, 2, "{check:#?}");
    let gone = Site::of(&pages(&vendored()));
    gone.put(
        "/llms.txt",
        Response::text("- [Reference](/_llms/reference.md)\n"),
    );
    refused(
        &Workspace::with(&vendored()),
        &gone.index(),
        &["/_llms/reference.md: the server returned 404"],
    );
}

#[test]
fn a_page_that_lost_its_block() {
    let heading = line_of("## OpenAPI");
    damaged(
        |page| page.split("````").next().unwrap().to_owned(),
        &format!(":{heading}: a spec block is expected below this heading; the page lost it"),
    );
    let mut pages = flat(&vendored());
    let page = pages.get_mut("get-gateway.md").unwrap();
    *page = page.split("## OpenAPI").next().unwrap().to_owned();
    let from = folder(&pages);
    let from = from.path().to_str().unwrap();
    let lost = "get-gateway.md: the page has no spec block any more, and is that of GatewayService_GetGateway";
    refused_after_the_report(&Workspace::with(&vendored()), from, &[lost]);
    let run = Workspace::with(&vendored()).sync(&["--from", from, "--accept-removals"]);
    assert_eq!(run.code, 0, "{run:#?}");
}

#[test]
fn a_server_that_asks_for_an_endless_pause() {
    for pause in [
        "18446744073709551615",
        "99999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let site = Site::empty();
        let busy = format!("\r\nretry-after: {pause}");
        site.put(
            "/openapi.yaml",
            Response::status("503 Service Unavailable", &busy),
        );
        let run = Workspace::with(&vendored()).sync(&[
            "--from",
            &site.url("/openapi.yaml"),
            "--retry-for",
            "0",
        ]);
        assert_eq!(run.code, 2, "{run:#?}");
        assert!(run.err.contains("the server returned 503"), "{}", run.err);
    }
}

#[test]
fn a_web_page_instead_of_a_page() {
    let html = "<!DOCTYPE html>\n<html><body>Bad gateway</body></html>\n";
    damaged(
        |_| html.to_owned(),
        ":1: an HTML page, where Markdown is expected",
    );
    let site = Site::of(&pages(&vendored()));
    site.put_page(SITE_PAGE, Response::text(html));
    refused(
        &Workspace::with(&vendored()),
        &site.index(),
        &[SITE_PAGE, ": an HTML page"],
    );
}

#[test]
fn text_that_is_none() {
    let site = Site::of(&pages(&vendored()));
    site.put_page(SITE_PAGE, Response::text([0xff, 0xfe, 0x00]));
    refused(
        &Workspace::with(&vendored()),
        &site.index(),
        &[SITE_PAGE, ": not text: "],
    );
}

#[test]
fn a_server_that_fails_or_knows_nothing() {
    let site = Site::of(&pages(&vendored()));
    site.put_page(SITE_PAGE, Response::status("500 Internal Server Error", ""));
    site.put_page(
        "gateway-service/list-gateways.md",
        Response::status("404 Not Found", ""),
    );
    let run = refused(
        &Workspace::with(&vendored()),
        &site.index(),
        &[
            "get-gateway.md: the server returned 500 Internal Server Error (2 attempts)",
            "list-gateways.md: the server returned 404 Not Found\n",
        ],
    );
    assert!(!run.err.contains("create-gateway.md:"), "{}", run.err);
    let closed = Site::empty().url("/missing.txt");
    refused(
        &Workspace::with(&vendored()),
        &closed,
        &["/missing.txt: the server returned 404"],
    );
    refused(
        &Workspace::with(&vendored()),
        "http://127.0.0.1:1/llms.txt",
        &["http://127.0.0.1:1/llms.txt: can't connect", "(2 attempts)"],
    );
}

#[test]
fn an_oversized_page() {
    let site = Site::of(&pages(&vendored()));
    site.put_page(SITE_PAGE, Response::text(vec![b'x'; 5 * 1024 * 1024]));
    refused(
        &Workspace::with(&vendored()),
        &site.index(),
        &[SITE_PAGE, ": larger than 4194304 bytes"],
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(64 * 1024 * 1024 + 1).unwrap();
    refused(
        &Workspace::with(&vendored()),
        file.path().to_str().unwrap(),
        &[": larger than 67108864 bytes"],
    );
}

#[test]
fn a_redirect_off_the_host_and_in_circles_but_not_one_on_it() {
    let all = pages(&vendored());
    let (site, other) = (Site::of(&all), Site::of(&all));
    let redirect = |to: &str| Response::status("302 Found", &format!("\r\nlocation: {to}"));
    site.put_page(SITE_PAGE, redirect(&other.url("/page.md")));
    let workspace = Workspace::with(&vendored());
    let expected = format!(
        "redirect refused: redirected to another host, http://{}",
        other.address
    );
    refused(&workspace, &site.index(), &[SITE_PAGE, &expected]);
    assert!(other.requests().is_empty());
    site.put_page(SITE_PAGE, redirect("/circle.md"));
    site.put("/circle.md", redirect("/circle.md"));
    refused(
        &workspace,
        &site.index(),
        &[SITE_PAGE, "redirected too often"],
    );
    site.put("/circle.md", Response::text(all[SITE_PAGE].as_str()));
    assert_eq!(
        workspace.sync(&["--from", &site.index(), "--check"]).code,
        0
    );
}

#[test]
fn an_index_without_reference_pages_or_with_foreign_ones() {
    let site = Site::empty();
    let workspace = Workspace::with(&vendored());
    site.put("/llms.txt", Response::text("- [Guide](/products/guide.md)\n- [Fr](/fr/products/inference/reference/api-overview/a/b.md)\n"));
    refused(
        &workspace,
        &site.index(),
        &["/llms.txt: no reference page is listed"],
    );
    site.put(
        "/llms.txt",
        Response::text(
            "\n- [Page](https://example.com/products/inference/reference/api-overview/a/b.md)\n",
        ),
    );
    refused(
        &workspace,
        &site.index(),
        &[
            "/llms.txt:2: the page https://example.com/",
            "is on another host",
        ],
    );
}

#[test]
fn plain_http_from_elsewhere() {
    refused(
        &Workspace::with(&vendored()),
        "http://docs.example.com/llms.txt",
        &["only https is read from, except from this machine"],
    );
}

#[test]
fn an_empty_folder() {
    let folder = folder(&BTreeMap::new());
    refused(
        &Workspace::with(&vendored()),
        folder.path().to_str().unwrap(),
        &["there are no reference pages (`*.md`) in this folder"],
    );
}

/// One of two pages that share a part is edited.
#[track_caller]
fn contradictory(old: &str, new: &str, expected: &[&str]) {
    let mut pages = flat(&vendored());
    let page = &pages["list-gateways.md"];
    assert!(page.contains(old), "{old}");
    let page = page.replacen(old, new, 1);
    pages.insert("list-gateways.md".to_owned(), page);
    let folder = folder(&pages);
    let mut expected = expected.to_vec();
    expected.extend([
        "list-gateways.md:",
        "the pages differ about",
        "--prefer PAGE",
    ]);
    refused(
        &Workspace::with(&vendored()),
        folder.path().to_str().unwrap(),
        &expected,
    );
}

#[test]
fn pages_that_differ_in_structure() {
    contradictory(
        "            - API_TYPE_OPENAI\n",
        "            - API_TYPE_OPENAI\n            - API_TYPE_OTHER\n",
        &[
            "`BodyBasedRouting` in `schemas`, first at /components/schemas/BodyBasedRouting/properties/apiType/enum: ",
            "has [\"API_TYPE_OPENAI\"]",
        ],
    );
    contradictory(
        "url: https://api.coreweave.com",
        "url: https://api.coreweave.net",
        &[
            "differ about `servers`, first at /servers/0/url: ",
            "has \"https://api.coreweave.net\"",
        ],
    );
    contradictory(
        "  - bearerAuth: []",
        "  - {}",
        &[
            "differ about `security`, first at /security/0/bearerAuth: ",
            "has nothing",
        ],
    );
    contradictory(
        "      scheme: bearer\n",
        "      scheme: basic\n",
        &[
            "differ about `bearerAuth` in `securitySchemes`, first at /components/securitySchemes/bearerAuth/scheme: ",
        ],
    );
    let page = &flat(&vendored())["get-gateway.md"];
    let changed = page.replacen("type: string", "type: integer", 1);
    assert_ne!(&changed, page);
    let mut pages = flat(&vendored());
    pages.insert("get-gateway-again.md".to_owned(), changed);
    let folder = folder(&pages);
    refused(
        &Workspace::with(&vendored()),
        folder.path().to_str().unwrap(),
        &[
            "the pages differ about the operation GET /v1alpha1/inference/gateways/{id}",
            "get-gateway-again.md:",
            "get-gateway.md:",
        ],
    );
}

#[test]
fn a_preferred_page_that_does_not_exist() {
    let folder = folder(&flat(&vendored()));
    let run = Workspace::with(&vendored()).sync(&[
        "--from",
        folder.path().to_str().unwrap(),
        "--prefer",
        "no-such-page.md",
    ]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("no page is called `no-such-page.md`"),
        "{}",
        run.err
    );
}

#[test]
fn pages_without_a_spec_block() {
    let pages = flat(&vendored());
    let without = pages.into_iter().map(|(name, page)| {
        (
            name,
            page.replace("````", "```").replace("## OpenAPI", "## Spec"),
        )
    });
    let folder = folder(&without.collect());
    refused(
        &Workspace::with(&vendored()),
        folder.path().to_str().unwrap(),
        &["no page has a spec block"],
    );
}

#[test]
fn a_vendored_spec_or_lock_that_is_broken_itself() {
    let pages = folder(&flat(&vendored()));
    let from = pages.path().to_str().unwrap();
    let workspace = Workspace::with(&vendored());
    std::fs::write(workspace.root().join("openapi.lock"), "{}").unwrap();
    refused(&workspace, from, &["openapi.lock: not a lock: "]);
    std::fs::remove_file(workspace.root().join("openapi.lock")).unwrap();
    std::fs::write(workspace.root().join("openapi.yaml"), "openapi: [").unwrap();
    refused(
        &workspace,
        from,
        &["error: openapi.yaml:2: /openapi: not valid YAML"],
    );
}

#[test]
fn diff_of_something_broken() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\npaths: {}\n",
    )
    .unwrap();
    let name = file.path().to_str().unwrap();
    let run = xtask(&["diff", name, name]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        format!("error: {name}:4: /paths: the key `paths` is given twice, first on line 3\n")
    );
}
