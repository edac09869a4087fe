#!/usr/bin/env bash
# npm @bufbuild/protobuf 2.17.0; for comparison PyPI protobuf 7.36.2
#
# A google.protobuf.Timestamp of a day or hour that does not exist is moved by the JavaScript parser instead of refused: the
# 30th of February is the 2nd of March, and 24:00 is the next day. An offset of 24 hours is refused there, and taken by
# Python, which in turn reads offsets and dates with single digits, and a fraction without any.
#
# Seen (JavaScript, then Python):
#   2026-02-30T00:00:00Z       2026-03-02T00:00:00Z  refused
#   2026-01-02T24:00:00Z       2026-01-03T00:00:00Z  refused
#   2026-01-02T03:04:05+24:00  refused               2026-01-01T03:04:05Z
#   2026-1-2T03:04:05Z         refused               2026-01-02T03:04:05Z
#   2026-01-02T03:04:05.Z      refused               2026-01-02T03:04:05Z
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit @bufbuild/protobuf@2.17.0 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check protobuf==7.36.2

cat > cases.json <<'EOF'
["2026-02-30T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05+24:00", "2026-1-2T03:04:05Z", "2026-01-02T03:04:05.Z"]
EOF
cat > run.mjs <<'EOF'
import { readFileSync } from "fs";
import { fromJson, toJson } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
const read = (value) => {
  try { return toJson(TimestampSchema, fromJson(TimestampSchema, value)); } catch { return "refused"; }
};
console.log(JSON.stringify(JSON.parse(readFileSync("cases.json")).map(read)));
EOF
cat > run.py <<'EOF'
import json
from google.protobuf import json_format
from google.protobuf.timestamp_pb2 import Timestamp
def read(value):
    try:
        return json_format.MessageToDict(json_format.ParseDict(value, Timestamp()))
    except json_format.ParseError:
        return "refused"
print(json.dumps([read(case) for case in json.load(open("cases.json"))], separators=(",", ":")))
EOF
js=$(node run.mjs) py=$(venv/bin/python run.py)
echo "JavaScript $js"
echo "Python     $py"
[ "$js" = '["2026-03-02T00:00:00Z","2026-01-03T00:00:00Z","refused","refused","refused"]' ]
[ "$py" = '["refused","refused","2026-01-01T03:04:05Z","2026-01-02T03:04:05Z","2026-01-02T03:04:05Z"]' ]
