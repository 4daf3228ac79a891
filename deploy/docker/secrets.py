"""Makes an installation's secrets for compose: all of them once, then to each container its own.

`all/` holds every secret and is mounted nowhere; a folder per container holds copies of what it needs.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from deploy.docker import addresses
from deploy.docker.certificates import make_authority, make_server
from deploy.local.layout import PRIVATE, wiped, write_private
from deploy.local.secrets import make_secrets, passwords, public_key, seed_file
from deploy.local.state import SERVICES

ALL = "all"
# No login of a database: the name of its administrator's password among the others.
GRAFANA = "grafana"
HOSTS = ("postgres", "keystore", "nats")
# Service -> the files it reads, besides the authority's certificate and its own seed.
FILES = {
    "contacts": (
        "gateway.ed25519.pub",
        "rebuild.ed25519.pub",
        "command-contacts.key",
        "kek-contacts.key",
        "heads-contacts.key",
    ),
    "engagements": (
        "gateway.ed25519.pub",
        "rebuild.ed25519.pub",
        "command-engagements.key",
        "kek-engagements.key",
        "heads-engagements.key",
    ),
    "reporting": ("gateway.ed25519.pub", "kek-contacts.key", "kek-engagements.key"),
    "gateway": (
        "gateway.ed25519",
        "gateway.ed25519.pub",
        "tokens.key",
        "command-gateway.key",
        "kek-gateway.key",
        "heads-gateway.key",
    ),
}
# Who opens what others have wrapped: they hold a new key before anybody wraps with it.
READERS = ("operator", "reporting")
# Service -> its addresses: setting -> (database, role).
ADDRESSES = {
    service: {"database_url": (service, "app"), "keystore_url": ("keystore", service)}
    for service in ("contacts", "engagements", "gateway")
} | {
    "reporting": {
        "read_url": ("reporting_read", "reader"),
        "projector_url": ("reporting_read", "projector"),
        "keystore_url": ("keystore", "reporting"),
    }
}
# Whose history the database of a service has.
MIGRATED = {"contacts": "contacts", "engagements": "engagements", "gateway": "gateway"} | {
    "reporting": "reporting_read"
}


def make(folder: Path, owner: tuple[int, int] | None = None) -> None:
    """Everything that is missing; what is there stays. `owner` (uid, gid) is who containers run as."""
    everything = folder / ALL
    everything.mkdir(parents=True, exist_ok=True)
    make_secrets(everything)
    make_authority(everything)
    for host in HOSTS:
        make_server(everything, host)
    known = passwords(everything, [*addresses.logins(), GRAFANA])
    given = _given(everything, known)
    for container in sorted(given, key=lambda name: name not in READERS):
        _hand_out(folder / container, given[container], owner)
    _close(folder, owner)


def _given(everything: Path, known: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Container -> file -> content."""

    def held(name: str) -> str:
        return (everything / name).read_text("utf-8")

    given: dict[str, dict[str, str]] = {}
    for host in HOSTS:
        given[host] = {"server.crt": held(f"{host}.crt"), "server.key": held(f"{host}.key")}
    for server in addresses.SERVERS:
        given[server]["password"] = known[addresses.admin(server)]
    users = {service: public_key(seed_file(everything, service)) for service in SERVICES}
    given["bus"] = {"users.json": json.dumps(users, indent=1)}
    logins = {login: known[login] for login in addresses.logins()}
    given["databases"] = {"database.json": json.dumps(logins, indent=1)}
    for service in SERVICES:
        owner = addresses.url(MIGRATED[service], "owner", known)
        given[f"migrate-{service}"] = {"parley_owner_url": owner}
        seed = seed_file(everything, service).name
        given[service] = {name: held(name) for name in (seed, *FILES[service])} | {
            f"parley_{setting}": addresses.url(name, role, known)
            for setting, (name, role) in ADDRESSES[service].items()
        }
    # What enrolling the demo's people takes.
    needed = [f"{addresses.PREFIX}{login}" for login in ("gateway_app", "keystore_gateway")]
    given["demo"] = {
        "database.json": json.dumps({login: known[login] for login in needed}),
        "kek-gateway.key": held("kek-gateway.key"),
    }
    # Who backs up, restores and wraps keys anew needs what the installation cannot be made again without.
    given["operator"] = given["databases"] | {
        path.name: held(path.name) for path in everything.iterdir() if _is_made_once(path)
    }
    given |= {"prober": {}, "grafana": {"password": known[GRAFANA]}}
    authority = held("ca.crt")
    return {container: files | {"ca.crt": authority} for container, files in given.items()}


def _is_made_once(path: Path) -> bool:
    """By `make_secrets`: neither the authority and its servers' keys, nor passwords."""
    return path.suffix in (".key", ".seed", ".ed25519", ".pub") and path.stem not in ("ca", *HOSTS)


def _hand_out(folder: Path, files: Mapping[str, str], owner: tuple[int, int] | None) -> None:
    """What has changed, readable to its container at every moment; what it held before is overwritten."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != content:
            with wiped(path):
                write_private(path, content, owner)


def _close(folder: Path, owner: tuple[int, int] | None) -> None:
    """Folders and files of containers to `owner`; `all/` stays with whoever made it."""
    folder.chmod(PRIVATE)
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(PRIVATE)
        if owner and ALL not in path.relative_to(folder).parts:
            os.chown(path, *owner)
