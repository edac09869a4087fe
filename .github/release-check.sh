#!/usr/bin/env bash
# Checks that a release can be published: the tag is the version, the changelog has it, and the crates link to this repository.
# TAG is the tag; REPOSITORY is the address of the repository, and may be left out.
set -euo pipefail

fail() {
  echo "error: $1" >&2
  exit 1
}

workspace() {
  sed -n "/^\[workspace.package\]/,/^\[[^w]/s/^$1 = \"\(.*\)\"/\1/p" Cargo.toml
}

version=$(workspace version)
repository=$(workspace repository)
[ "$TAG" = "v$version" ] || fail "the tag is $TAG, but the version in Cargo.toml is $version"
grep -q "^## \[$version\] - [0-9]\{4\}-[0-9]\{2\}-[0-9]\{2\}$" CHANGELOG.md ||
  fail "CHANGELOG.md has no entry \"## [$version] - DATE\""
[ "${REPOSITORY:-$repository}" = "$repository" ] ||
  fail "\`repository\` in Cargo.toml is $repository, but this is $REPOSITORY: correct it, the crates' pages link there"
echo "$TAG can be released"
