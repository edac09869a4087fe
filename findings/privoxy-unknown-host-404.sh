#!/usr/bin/env bash
# Debian 12 package privoxy 3.0.34-1, a forward proxy. Needs root to install it.
# A host name that does not resolve is answered with 404 ("No such domain"), for http and for the CONNECT of https alike; a
# refused connection is 503, a server that closes without a response 502. So behind this proxy a mistyped or unresolvable
# API host looks like a resource that does not exist, and a client that takes any 404 for "deleted" ends its wait.
# Seen: http 404, CONNECT 404, refused 503
set -euo pipefail
temp=$(mktemp -d)
trap 'kill "${proxy:-}" 2>/dev/null || true; rm -rf "$temp"' EXIT

version=3.0.34-1
dpkg-query --show --showformat '${Version}' privoxy 2>/dev/null | grep -qx "$version" ||
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "privoxy=$version" > /dev/null; }
cat > "$temp/config" <<CONFIG
confdir /etc/privoxy
templdir /etc/privoxy/templates
listen-address 127.0.0.1:18701
toggle 0
CONFIG
/usr/sbin/privoxy --no-daemon "$temp/config" > "$temp/log" 2>&1 &
proxy=$!
until (exec 3<> /dev/tcp/127.0.0.1/18701) 2>/dev/null; do kill -0 "$proxy"; done

status() {
  curl --silent --max-time 30 --output /dev/null --write-out "%{$1}" --proxy http://127.0.0.1:18701 "$2" || true
}
seen="http $(status http_code http://no-such-host.invalid/), "
seen+="CONNECT $(status http_connect https://no-such-host.invalid/), "
seen+="refused $(status http_code http://127.0.0.1:9/)"
echo "$seen"
[ "$seen" = "http 404, CONNECT 404, refused 503" ]
