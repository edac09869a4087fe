#!/usr/bin/env bash
# PyPI openapi-core 0.23.1, matching requests with the operations of an OpenAPI document.
# The path template that stands first in the document and has the method wins. A parameter also matches a colon, so where the
# paths are sorted, a custom method such as POST /jobs/{id}:cancel is never found if /jobs/{id} has a POST of its own: the
# request counts as that one, with the id "a:cancel", and is checked or mocked as the wrong operation. OpenAPI gives the more
# concrete template precedence whatever the order. Percent-encoded path parameters are passed on as they are, too.
# Seen: no POST {'id': 'a'}, POST after {'id': 'a'}, POST before {'id': 'a:cancel'}, encoded {'id': 'a%20b'}
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check openapi-core==0.23.1
cat > "$temp/match.py" <<'PYTHON'
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest


def operation():
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}


def parameters(method, path, job, first="/jobs/{id}"):
    paths = {"/jobs/{id}": {name: operation() for name in job}, "/jobs/{id}:cancel": {"post": operation()}}
    paths = dict(sorted(paths.items(), key=lambda entry: entry[0] != first))
    document = {"openapi": "3.0.3", "info": {"title": "Jobs", "version": "1"}, "paths": paths}
    document["servers"] = [{"url": "http://jobs.test"}]
    request = MockRequest("http://jobs.test", method, path)
    return OpenAPI.from_dict(document).unmarshal_request(request).parameters.path


print(
    f"no POST {parameters('post', '/jobs/a:cancel', ['get'])}, "
    f"POST after {parameters('post', '/jobs/a:cancel', ['get', 'post'], first='/jobs/{id}:cancel')}, "
    f"POST before {parameters('post', '/jobs/a:cancel', ['get', 'post'])}, "
    f"encoded {parameters('get', '/jobs/a%20b', ['get'])}"
)
PYTHON
seen=$("$temp/venv/bin/python" "$temp/match.py")
echo "$seen"
[ "$seen" = "no POST {'id': 'a'}, POST after {'id': 'a'}, POST before {'id': 'a:cancel'}, encoded {'id': 'a%20b'}" ]
