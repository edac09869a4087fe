#!/usr/bin/env bash
# Debian 12 package lighttpd 1.4.69-1, its mod_proxy with one backend and default settings. Needs root to install it.
# A backend that takes a request and closes without a response gives 500, not the 502 of other gateways, so a client cannot
# tell it from an error of the service itself. A backend that refused a connection is left alone for about two seconds: all
# requests in that time get 503 without a try, also after the backend is back. So retries with short delays fail together.
# Seen: refused 503, back at once 503, back later 200, closes 500
set -euo pipefail
temp=$(mktemp -d)
trap 'kill ${pids:-} 2>/dev/null || true; rm -rf "$temp"' EXIT

version=1.4.69-1
dpkg-query --show --showformat '${Version}' lighttpd 2>/dev/null | grep -qx "$version" ||
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "lighttpd=$version" > /dev/null; }
cat > "$temp/config" <<CONFIG
server.document-root = "$temp"
server.bind = "127.0.0.1"
server.port = 18702
server.modules = ("mod_proxy")
proxy.server = ("" => (("host" => "127.0.0.1", "port" => 18703)))
CONFIG
# Answers "/close" by closing, and everything else with 200.
cat > "$temp/backend.py" <<'PYTHON'
import socket
server = socket.create_server(("127.0.0.1", 18703))
while True:
    connection, _ = server.accept()
    request = connection.recv(65536)
    if request and not request.startswith(b"GET /close"):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
    connection.close()
PYTHON
until_open() { until (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; do kill -0 $pids; done; }
status() { curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:18702$1"; }

/usr/sbin/lighttpd -D -f "$temp/config" 2> "$temp/log" &
pids=$!
until_open 18702
seen="refused $(status /)"
python3 "$temp/backend.py" &
pids+=" $!"
until_open 18703
seen+=", back at once $(status /)"
for _ in $(seq 50); do
  later=$(status /)
  [ "$later" != 200 ] || break
  read -r -t 0.2 <> <(:) || true
done
seen+=", back later $later, closes $(status /close)"
echo "$seen"
[ "$seen" = "refused 503, back at once 503, back later 200, closes 500" ]
