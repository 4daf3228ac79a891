"""How a container serves: the door is not opened to others without TLS."""

import os
import subprocess
from pathlib import Path

from tests.architecture.source import ROOT

SECONDS = 10
EX_CONFIG = 78


def _served(tmp_path: Path, **told: str) -> "subprocess.CompletedProcess[str]":
    """What the start script does, with a `python` that only says how it was called."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o700)
    settings = {"PARLEY_HOST": "0.0.0.0", "PARLEY_PORT": "8000", "PARLEY_SERVICE": "gateway"}  # noqa: S104
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
