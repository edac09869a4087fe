//! The rules table of the README names existing tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of the tests, as `module::name`.
fn tests() -> BTreeSet<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/behavior");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut is_test = false;
        for line in fs::read_to_string(&path).unwrap().lines().map(str::trim) {
            let name = line
                .strip_prefix("async ")
                .unwrap_or(line)
                .strip_prefix("fn ");
            if let (true, Some(name)) = (is_test, name) {
                names.insert(format!("{module}::{}", name.split('(').next().unwrap()));
                is_test = false;
            }
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        }
    }
    names
}

/// The test names in the last cell of each row of the rules tables.
fn promised() -> Vec<String> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let table = readme
        .split("\n## Rules")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let rows = table
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("::"));
    rows.flat_map(|row| {
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let names: Vec<_> = cell
            .split('`')
            .filter(|part| part.contains("::"))
            .map(str::to_owned)
            .collect();
        assert!(!names.is_empty(), "{row}");
        names
    })
    .collect()
}

#[test]
fn every_rule_in_the_table_has_a_test() {
    let tests = tests();
    let promised = promised();
    assert!(promised.len() > 50, "{}", promised.len());
    for name in promised {
        assert!(
            tests.contains(&name),
            "the README names {name}, which is no test"
        );
    }
}
