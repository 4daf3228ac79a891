"""The compose file, with its anchors followed and its variables left as they stand."""

import re
from typing import Any

import yaml  # type: ignore[import-untyped]  # it ships no types

from tests.architecture.source import ROOT

COMPOSE = ROOT / "docker-compose.yml"
# ${NAME}, ${NAME:-default} and ${NAME:?message}.
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRETS_MOUNT = re.compile(r"\$\{PARLEY_SECRETS:\?[^}]+\}/([a-z-]+):/run/secrets:ro")

Service = dict[str, Any]  # Any: YAML


def services() -> dict[str, Service]:
    found: dict[str, Service] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return found


def variables() -> dict[str, tuple[str, str]]:
    """Name -> how it may be missing (`-` default, `?` not at all) and the default or message."""
    return {name: (how, what) for name, how, what in VARIABLE.findall(COMPOSE.read_text("utf-8"))}


def secrets_of(service: Service) -> list[str]:
    """The folders of secrets that are mounted into it."""
    found = (SECRETS_MOUNT.fullmatch(volume) for volume in service["volumes"])
    return [match[1] for match in found if match]
