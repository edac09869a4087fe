#!/usr/bin/env bash
# PyPI protobuf 7.36.2 (Google's) and protobuf-py 0.7.0 (the runtime below connectrpc 0.13.0), reading protobuf JSON.
# They differ in both directions. Google's parser takes more than the format has: a list for an empty message, "1" for the
# enum value with that number, a sign or a blank in a duration, and more than nine digits, which it cuts. It alone takes 1.0
# for an enum number, and it alone refuses a member that is there twice, of which protobuf-py takes the last. "4_0" is 40 to both.
# So a request that one service takes is an invalid argument for another one, with the same .proto file.
# Seen: the table at the end (Google's, protobuf-py)
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
for package in protobuf==7.36.2 protobuf-py==0.7.0; do
  python3 -m venv "$temp/$package"
  "$temp/$package/bin/pip" install --quiet --disable-pip-version-check "$package"
done
cat > "$temp/parse.py" <<'PYTHON'
import json

try:
    from protobuf.wkt import Duration, FileDescriptorProto

    def parse(message, text):
        return json.loads(message.from_json(text).to_json())
except ImportError:
    from google.protobuf import json_format
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.duration_pb2 import Duration

    def parse(message, text):
        return json_format.MessageToDict(json_format.Parse(text, message()))


for member in ["[]", '{"type": "1"}', '{"type": 1.0}', '{"number": "4_0"}', '{"number": 1, "number": 2}', '"+1s"', '"1 s"', '"1.0000000001s"']:
    message = Duration if member.startswith('"') else FileDescriptorProto
    text = '{"extension": [%s]}' % member if member.startswith("{") else member
    try:
        seen = parse(message, text)
        seen = seen["extension"][0] if member.startswith("{") else seen
    except Exception:
        seen = "refused"
    print(member, "->", json.dumps(seen))
PYTHON
seen=$(paste -d, <("$temp/protobuf==7.36.2/bin/python" "$temp/parse.py") \
  <("$temp/protobuf-py==0.7.0/bin/python" "$temp/parse.py" | sed 's/.* -> / /'))
echo "$seen"
[ "$seen" = '[] -> {}, "refused"
{"type": "1"} -> {"type": "TYPE_DOUBLE"}, "refused"
{"type": 1.0} -> {"type": "TYPE_DOUBLE"}, "refused"
{"number": "4_0"} -> {"number": 40}, {"number": 40}
{"number": 1, "number": 2} -> "refused", {"number": 2}
"+1s" -> "1s", "refused"
"1 s" -> "1s", "refused"
"1.0000000001s" -> "1s", "refused"' ]
