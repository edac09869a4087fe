#!/usr/bin/env bash
# Updates the spec from upstream, and keeps one pull request (or, if the new spec can't be used, one issue) about it.
# Needs `gh`, `jq` and a checkout that may push. SYNC is the command that syncs, for tests.
set -euo pipefail

branch=spec-sync
label=spec-sync
sync=${SYNC:-cargo run --quiet --locked --package xtask --}
files="openapi.yaml openapi.lock generated"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
report=$scratch/report.md

# GitHub refuses bodies of more than 65,536 characters.
body() {
  head -c 60000 "$@" > "$scratch/body.md"
}

open_issue() {
  gh issue list --label "$label" --state open --json number --jq '.[0].number // empty'
}

open_pull_requests() {
  gh pr list --head "$branch" --state open --json number --jq length
}

git show HEAD:openapi.yaml > "$scratch/old.yaml"
status=0
$sync sync --format markdown > "$report" 2> "$scratch/log" || status=$?
cat "$scratch/log" >&2
cat "$report" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"

if [ "$status" -gt 1 ]; then
  title="The spec sync failed"
  {
    cat "$report"
    printf '\n## Log\n\n~~~text\n'
    tail -c 20000 "$scratch/log"
    printf '\n~~~\n'
  } > "$scratch/issue.md"
  body "$scratch/issue.md"
  gh label create "$label" --force --color c5def5 --description "About the spec workflow"
  issue=$(open_issue)
  if [ -z "$issue" ]; then
    gh issue create --title "$title" --body-file "$scratch/body.md" --label "$label"
  else
    gh issue edit "$issue" --body-file "$scratch/body.md"
  fi
  exit "$status"
fi

issue=$(open_issue)
[ -z "$issue" ] || gh issue close "$issue" --comment "The sync works again."

if [ -z "$(git status --porcelain -- $files)" ]; then
  echo "The spec is up to date."
  [ "$(open_pull_requests)" = 0 ] ||
    gh pr close "$branch" --comment "The spec is up to date without this."
  exit 0
fi

diff_status=0
$sync diff "$scratch/old.yaml" openapi.yaml --format json > "$scratch/report.json" || diff_status=$?
[ "$diff_status" -le 1 ]
severity=$(jq -r 'if .breaking != [] then "breaking" elif .additive != [] then "additive" else "documentation" end' \
  "$scratch/report.json")

if [ "$severity" != documentation ]; then
  # The changelog has the report without its heading level and without changes of wording.
  {
    echo
    sed -e '/^### Documentation/,$d' -e 's/^##/###/' "$report"
  } > "$scratch/entry.md"
  sed -i "/^## \[Unreleased\]/r $scratch/entry.md" CHANGELOG.md
fi

title="Update the spec from upstream ($severity)"
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git switch --quiet --force-create "$branch"
git add $files CHANGELOG.md
git commit --quiet --message "$title"
git push --quiet --force origin "$branch"

body "$report"
gh label create "spec: breaking" --force --color b60205 --description "Programs that use the client can break"
gh label create "spec: additive" --force --color 0e8a16 --description "The API has more than before"
gh label create "spec: documentation" --force --color c5def5 --description "Only wording changed"
if [ "$(open_pull_requests)" = 0 ]; then
  gh pr create --head "$branch" --title "$title" --body-file "$scratch/body.md" --label "spec: $severity"
else
  gh pr edit "$branch" --title "$title" --body-file "$scratch/body.md" \
    --remove-label "spec: breaking,spec: additive,spec: documentation"
  gh pr edit "$branch" --add-label "spec: $severity"
fi
