"""Whether the service in this container is ready: exit code 0 or 1. Standard library only."""

import http.client
import os
import ssl
import sys

ASK_SECONDS = 4.0
PORT = 8000


def main() -> int:
    encrypted = os.path.exists("/run/secrets/tls.crt")
    # It asks itself, over loopback: who vouches for the certificate does not matter here.
    trust = ssl._create_unverified_context() if encrypted else None  # noqa: S323 - see above
    connection = (
        http.client.HTTPSConnection("127.0.0.1", PORT, timeout=ASK_SECONDS, context=trust)
        if encrypted
        else http.client.HTTPConnection("127.0.0.1", PORT, timeout=ASK_SECONDS)
    )
    connection.request("GET", "/health/ready")
    answer = connection.getresponse()
    sys.stdout.write(answer.read(1000).decode())
    return 0 if answer.status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as absent:
        sys.exit(f"not ready: {type(absent).__name__}")
