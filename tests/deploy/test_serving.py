"""How a container serves: the door is not opened to others without TLS."""

import os
import ssl
import subprocess
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from deploy.docker.certificates import make_authority, make_server
from tests.architecture.source import ROOT

SECONDS = 10
EX_CONFIG = 78


def _served(tmp_path: Path, **told: str) -> "subprocess.CompletedProcess[str]":
    """What the start script does, with a `python` that only says how it was called."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o700)
    settings = {"PARLEY_HOST": "0.0.0.0", "PARLEY_PORT": "8000", "PARLEY_SERVICE": "gateway"}  # noqa: S104
    settings["PARLEY_SECRETS_DIR"] = str(tmp_path)
    path = f"{tmp_path}:{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - our own script
        ["/bin/sh", str(ROOT / "deploy/docker/serve.sh")],
        env={"PATH": path, **settings, **told},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_gateway_is_not_opened_to_others_in_clear(tmp_path: Path) -> None:
    done = _served(tmp_path, PARLEY_BIND="0.0.0.0", PARLEY_PUBLIC_URL="http://parley.example")  # noqa: S104
    assert done.returncode == EX_CONFIG
    assert "https://" in done.stderr


def test_with_an_encrypted_address_it_is(tmp_path: Path) -> None:
    done = _served(tmp_path, PARLEY_BIND="0.0.0.0", PARLEY_PUBLIC_URL="https://parley.example")  # noqa: S104
    assert "services.gateway.app:create" in done.stdout


def test_on_this_machine_alone_it_needs_none(tmp_path: Path) -> None:
    done = _served(tmp_path, PARLEY_PUBLIC_URL="http://localhost:8080")
    assert "--port 8000" in done.stdout
    assert "--ssl-certfile" not in done.stdout


def test_no_header_of_a_callers_says_where_he_is(tmp_path: Path) -> None:
    done = _served(tmp_path, PARLEY_PUBLIC_URL="http://localhost:8080")
    assert "--no-proxy-headers" in done.stdout


BEFORE, ANOTHER, CALLER = "172.18.0.1", "172.18.0.9", "203.0.113.7"


async def _seen(tmp_path: Path, connected: str) -> str:
    """Whose request it is to the application, when `connected` forwards one that claims much."""
    proxies = {"PARLEY_PROXIES": f"{BEFORE},10.0.0.1"}
    told = _served(tmp_path, PARLEY_PUBLIC_URL="http://localhost:8080", **proxies).stdout.split()
    trusted = told[told.index("--forwarded-allow-ips") + 1]
    seen: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    config = uvicorn.Config(
        application, proxy_headers=True, forwarded_allow_ips=trusted, log_config=None
    )
    config.load()
    claims = [(b"x-forwarded-for", f"198.51.100.1, {CALLER}".encode())]
    scope = {"type": "http", "client": (connected, 1), "scheme": "http", "headers": claims}
    await config.loaded_app(scope, None, None)
    return seen[0]


async def test_a_proxy_that_is_named_says_who_calls_and_nobody_else_does(tmp_path: Path) -> None:
    assert await _seen(tmp_path, BEFORE) == CALLER
    assert await _seen(tmp_path, ANOTHER) == ANOTHER


def test_the_door_speaks_tls_as_it_is_spoken_now(tmp_path: Path) -> None:
    make_authority(tmp_path)
    make_server(tmp_path, "tls")
    done = _served(tmp_path, PARLEY_BIND="0.0.0.0", PARLEY_PUBLIC_URL="https://parley.example")  # noqa: S104
    told = done.stdout.split()
    given = {name: told[told.index(name) + 1] for name in told if name.startswith("--ssl-")}
    config = uvicorn.Config(
        Starlette(),
        log_config=None,
        ssl_certfile=given["--ssl-certfile"],
        ssl_keyfile=given["--ssl-keyfile"],
        ssl_ciphers=given.get("--ssl-ciphers"),
    )
    config.load()
    assert config.ssl is not None
    assert config.ssl.minimum_version >= ssl.TLSVersion.TLSv1_2
    offered = config.ssl.get_ciphers()
    assert {each["protocol"] for each in offered} == {"TLSv1.2", "TLSv1.3"}
    assert [each["name"] for each in offered if not each["aead"]] == []
    before = {each["name"] for each in offered if each["protocol"] == "TLSv1.2"}
    assert {name for name in before if not name.startswith("ECDHE-")} == set()
