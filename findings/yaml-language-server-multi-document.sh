#!/usr/bin/env bash
# yaml-language-server 1.25.0 (npm), the YAML support of VS Code and others, on files of several documents.
# 1. The comment `# yaml-language-server: $schema=…` counts for the document that it is in. At the top of a file, where it
#    usually stands, it leaves all other documents unchecked without a word.
# 2. On an empty line below a member, where a file of one document has the members of that object completed, nothing is
#    offered, whichever document the cursor is in. With one letter typed it is. Values are completed everywhere.
# So a manifest of several resources seems to be checked, and to have nothing to complete.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund yaml-language-server@1.25.0 vscode-languageserver-textdocument@1.0.16
cat > run.cjs <<'EOF'
const { getLanguageService } = require("yaml-language-server");
const { TextDocument } = require("vscode-languageserver-textdocument");
const model = { properties: { bucket: { type: "string" }, path: { type: "string" } } };
const schema = { properties: { name: { type: "string" }, model, size: { enum: ["small", "large"] } } };
const start = (schemas) => {
  const service = getLanguageService({
    schemaRequestService: async () => JSON.stringify(schema),
    workspaceContext: { resolveRelativePath: (path) => `file:///${path}` },
    telemetry: { send() {}, sendError() {}, sendTrack() {} },
  });
  service.configure({ validate: true, completion: true, schemas });
  return service;
};
let number = 0;
const open = (text) => TextDocument.create(`file:///${(number += 1)}.yaml`, "yaml", 1, text.replace("|", ""));
(async () => {
  const comment = "# yaml-language-server: $schema=schema.json\n";
  const service = start([{ uri: "file:///schema.json", fileMatch: ["*.yaml"], schema }]);
  for (const text of [`${comment}name: [1]\n---\nname: [2]\n`, `${comment}name: [1]\n---\n${comment}name: [2]\n`]) {
    const found = await start([]).doValidation(open(text), false);
    console.log(`wrong lines: ${found.map((error) => error.range.start.line + 1).join(" ")}`);
  }
  for (const text of [
    "name: a\nmodel:\n  |\n",
    "name: a\nmodel:\n  |\n---\nname: b\n",
    "name: a\n---\nname: b\nmodel:\n  |\n",
    "name: a\n---\nname: b\nmodel:\n  b|\n",
    "name: a\n---\nsize: |\n",
  ]) {
    const document = open(text);
    const list = await service.doComplete(document, document.positionAt(text.indexOf("|")), false);
    console.log(`completed: ${list.items.map((item) => item.label).sort().join(" ")}`);
  }
})();
EOF
seen=$(node run.cjs)
echo "$seen"
# Seen: line 2 of the lines 2 and 4; both with the comment twice. Completions in one document; in the first, in the second; …
[ "$seen" = "wrong lines: 2
wrong lines: 2 5
completed: bucket path
completed: 
completed: 
completed: bucket path
completed: large small" ]
