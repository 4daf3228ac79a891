#!/bin/bash
# Whether JetStream serves: exit code 0 or 1. The image has no HTTP client, bash is enough.
set -eu
exec 3<>/dev/tcp/127.0.0.1/8222
printf 'GET /healthz?js-enabled-only=true HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
head -n 1 <&3 | grep -q ' 200 '
