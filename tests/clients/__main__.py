"""`./parley test --clients`: typed clients of Python and TypeScript, made from our documents and tried.

It needs node, npm and a package registry; nothing it makes is kept.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.clients.javascript import try_javascript
from tests.clients.python import try_python
from tests.stack.installation import Installation, started_installation

ASK_SECONDS = 20
Trying = Callable[[Path, str, str, dict[str, Any]], None]  # Any: JSON
TRIED: dict[str, Trying] = {"Python": try_python, "TypeScript and JavaScript": try_javascript}


def main() -> int:
    """0 when every client was made and works, else 1."""
    failed = []
    with started_installation() as running:
        gateway, token = running.gateway_url, _token(running)
        documents = {name: _read(f"{gateway}/{name}.json") for name in ("openapi", "asyncapi")}
        for name, trying in TRIED.items():
            with tempfile.TemporaryDirectory() as folder:
                try:
                    trying(Path(folder), gateway, token, documents)
                except subprocess.CalledProcessError as wrong:
                    print(f"{name}: FAILED\n{wrong.stdout}\n{wrong.stderr}")
                    failed.append(name)
                else:
                    print(f"{name}: made, and works")
    return 1 if failed else 0


def _token(running: Installation) -> str:
    line = next(each for each in running.demo["personas"] if each["id"] == "liaison-officer")
    form = {"grant_type": "client_credentials"}
    form |= {name: line[name] for name in ("client_id", "client_secret")}
    token: str = _read(f"{running.gateway_url}/oauth/token", urlencode(form).encode())[
        "access_token"
    ]
    return token


def _read(url: str, body: bytes | None = None) -> Any:  # Any: JSON
    with urlopen(Request(url, body), timeout=ASK_SECONDS) as answer:  # noqa: S310 - our own gateway
        return json.loads(answer.read())


if __name__ == "__main__":
    sys.exit(main())
