#!/usr/bin/env bash
# Builds cwinf and packs it into dist/, with completions, manual pages and a checksum. TARGET is the target triple; TAG is the tag.
set -euo pipefail

cargo build --locked --release --package coreweave-inference-cli --target "$TARGET" \
  --config 'profile.release.strip = "symbols"' --config 'profile.release.lto = "thin"'
name=cwinf-$TAG-$TARGET
folder=dist/$name
rm -rf dist
mkdir -p "$folder/completions" "$folder/man"
case $TARGET in
  *windows*) program=cwinf.exe ;;
  *) program=cwinf ;;
esac
cp "target/$TARGET/release/$program" LICENSE-MIT LICENSE-APACHE docs/cwinf.md docs/cwinf-reference.md CHANGELOG.md "$folder/"
for shell in bash elvish fish powershell zsh; do
  "$folder/$program" completion "$shell" > "$folder/completions/cwinf.$shell"
done
"$folder/$program" man "$folder/man"
cd dist
case $TARGET in
  *windows*)
    archive=$name.zip
    7z a -bso0 "$archive" "$name"
    ;;
  *)
    archive=$name.tar.gz
    tar -czf "$archive" "$name"
    ;;
esac
rm -r "$name"
if command -v sha256sum > /dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi > "$archive.sha256"
cat "$archive.sha256"
