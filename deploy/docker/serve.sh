#!/bin/sh
# Serves $PARLEY_SERVICE. With tls.crt and tls.key among its secrets (the gateway), over TLS.
set -eu
tls=
if [ -e "$PARLEY_SECRETS_DIR/tls.crt" ]; then
  tls="--ssl-certfile $PARLEY_SECRETS_DIR/tls.crt --ssl-keyfile $PARLEY_SECRETS_DIR/tls.key"
  # Before TLS 1.3, too: forward secrecy, and ciphers that notice a change.
  tls="$tls --ssl-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"
fi
# Nobody is believed about who calls, but a proxy that is named.
proxies=--no-proxy-headers
if [ -n "${PARLEY_PROXIES:-}" ]; then
  proxies="--proxy-headers --forwarded-allow-ips $PARLEY_PROXIES"
fi
if [ "$PARLEY_SERVICE" = gateway ] && [ "${PARLEY_BIND:-127.0.0.1}" != 127.0.0.1 ]; then
  case "$PARLEY_PUBLIC_URL" in
    https://*) ;;
    *)
      echo "PARLEY_BIND is not 127.0.0.1, so PARLEY_PUBLIC_URL must begin with https://" >&2
      exit 78
      ;;
  esac
fi
# Idle connections are kept longer than the gateway keeps them, so that it never finds one closed.
# shellcheck disable=SC2086 # several options or none
exec python -P -m uvicorn --factory "services.$PARLEY_SERVICE.app:create" \
  --host "$PARLEY_HOST" --port "$PARLEY_PORT" \
  --no-access-log --no-server-header $proxies --log-level warning \
  --timeout-keep-alive 75 --timeout-graceful-shutdown 3 $tls
