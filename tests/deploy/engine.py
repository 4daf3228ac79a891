"""A container engine and its compose command, called as an operator would."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.source import ROOT

COMMAND_SECONDS = 1200
QUICK_SECONDS = 60


class NoEngineError(Exception):
    """There is no engine here; the message says what was tried."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One compose project, apart from any other on this engine."""

    compose: tuple[str, ...]
    project: str
    env_file: Path

    def __call__(self, *arguments: str) -> str:
        """Standard output. Raises CalledProcessError with what was said."""
        return _run([*self._command(), *arguments], self._environment())

    def refusal(self, *arguments: str, **changed: str) -> str:
        """What compose says with `changed` settings. Raises AssertionError when it does it."""
        done = subprocess.run(  # noqa: S603 - our own command
            [*self._command(), *arguments],
            cwd=ROOT,
            env=self._environment() | changed,
            capture_output=True,
            text=True,
            timeout=QUICK_SECONDS,
            check=False,
        )
        assert done.returncode != 0, "compose did what it should have refused"
        return done.stderr

    def containers(self) -> list[dict[str, Any]]:
        """All of the project, as the engine describes them."""
        label = f"label=com.docker.compose.project={self.project}"
        ids = _run(["docker", "ps", "-aq", "--filter", label]).split()
        return list(json.loads(_run(["docker", "inspect", *ids]))) if ids else []

    def leftovers(self) -> list[str]:
        """Containers, volumes and networks of the project that are still there."""
        label = f"label=com.docker.compose.project={self.project}"
        kinds = (["ps", "-a"], ["volume", "ls"], ["network", "ls"])
        return [
            name
            for kind in kinds
            for name in _run(["docker", *kind, "-q", "--filter", label]).split()
        ]

    def _command(self) -> list[str]:
        return [*self.compose, "-p", self.project, "--env-file", str(self.env_file)]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        if not buildx_is_there():
            kept["DOCKER_BUILDKIT"] = "0"
        return kept


def find_engine(project: str, env_file: Path) -> Engine:
    """Raises NoEngineError."""
    if not shutil.which("docker"):
        raise NoEngineError("there is no docker on the path")
    try:
        _run(["docker", "version"])
    except subprocess.CalledProcessError as refused:
        raise NoEngineError(f"no engine answers: {refused.stderr.strip()[-300:]}") from refused
    for compose in (("docker", "compose"), ("docker-compose",)):
        if _succeeds([*compose, "version"]):
            return Engine(compose, project, env_file)
    raise NoEngineError("there is neither `docker compose` nor docker-compose")


def buildx_is_there() -> bool:
    return _succeeds(["docker", "buildx", "version"])


def _succeeds(command: list[str]) -> bool:
    if not shutil.which(command[0]):
        return False
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, timeout=QUICK_SECONDS, check=False
    )
    return done.returncode == 0


def _run(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    return subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=True,
    ).stdout
