"""Operator's command: makes or updates the people and clients of a file.

`python -m services.gateway.access.provision --personas FILE --out FILE [--organisations FILE]`
Passwords and secrets are made once; the out file (0600) is the only place they can be read.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from services.gateway.access.passwords import hashed
from services.gateway.access.personas import Persona, organisation_id, read_personas
from services.gateway.settings import GatewaySettings
from shared.database import open_pool
from shared.ids import new_bytes
from shared.policy import Policy, load_policy

PASSWORD_BYTES = 12
SECRET_BYTES = 32
_HAS_PASSWORD = "select 1 from accounts where account_id = $1"  # noqa: S105 - a query
_ACCOUNT = """insert into accounts (account_id, username, display_name, organisation_id, roles,
        communities, caveats, level, language, password_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, ''))
    on conflict (account_id) do update set username = excluded.username,
        display_name = excluded.display_name, organisation_id = excluded.organisation_id,
        roles = excluded.roles, communities = excluded.communities, caveats = excluded.caveats,
        level = excluded.level, language = excluded.language,
        password_hash = coalesce($10, accounts.password_hash),
        policy_epoch = accounts.policy_epoch + (
            (accounts.organisation_id, accounts.roles, accounts.communities, accounts.caveats,
             accounts.level)
            is distinct from (excluded.organisation_id, excluded.roles, excluded.communities,
             excluded.caveats, excluded.level))::int"""
_CLIENT = """insert into clients (client_id, account_id, level, secret_hash)
    values ($1, $2, $3, coalesce($4, ''))
    on conflict (client_id) do update set level = excluded.level,
        secret_hash = coalesce($4, clients.secret_hash)"""

Line = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Provision:
    """What a run works with. `kept`: lines of the out file of an earlier run, by persona."""

    policy: Policy
    mission: str
    organisations: Mapping[str, str]
    kept: Mapping[str, Line]


async def provision(
    pool: "asyncpg.Pool[asyncpg.Record]", run: Provision, personas: Sequence[Persona]
) -> list[Line]:
    """The lines of the out file. Raises KeyError for a level, community or caveat the policy lacks."""
    lines = []
    async with pool.acquire() as connection, connection.transaction():
        for persona in personas:
            _check(persona, run.policy)
            lines.append(await _one(connection, run, persona))
    return lines


async def _one(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", run: Provision, persona: Persona
) -> Line:
    there = await connection.fetchval(_HAS_PASSWORD, persona.id)
    kept = run.kept.get(persona.id, {}) if there else {}
    password = kept.get("password") or new_bytes(PASSWORD_BYTES).hex()
    secret = kept.get("client_secret") or new_bytes(SECRET_BYTES).hex()
    organisation = str(organisation_id(persona.organisation, run.mission, run.organisations))
    client_level = persona.client_level or persona.level
    await connection.execute(
        _ACCOUNT,
        persona.id,
        persona.username,
        persona.name,
        organisation,
        sorted(persona.roles),
        sorted(persona.communities),
        sorted(persona.caveats),
        persona.level,
        persona.language,
        None if "password" in kept else hashed(password),
    )
    made = None if "client_secret" in kept else hashed(secret)
    await connection.execute(_CLIENT, persona.client_id, persona.id, client_level, made)
    shown = persona.model_dump(mode="json", exclude={"client_level", "language"})
    return shown | {
        "organisation_id": organisation,
        "password": password,
        "client_id": persona.client_id,
        "client_secret": secret,
    }


def _check(persona: Persona, policy: Policy) -> None:
    policy.ordinal(persona.level)
    policy.ordinal(persona.client_level or persona.level)
    unknown = {*persona.communities} - policy.communities.keys()
    unknown |= {*persona.caveats} - policy.caveats.keys()
    unknown |= {*persona.roles} - policy.roles.keys()
    if unknown:
        raise KeyError(f"{persona.id}: the mission policy knows no {', '.join(sorted(unknown))}")


def read_lines(path: Path) -> dict[str, Line]:
    """The lines of an earlier run by persona; none when there was none."""
    if not path.exists():
        return {}
    return {line["id"]: line for line in json.loads(path.read_text("utf-8")).get("personas", ())}


def write_private(path: Path, lines: list[Line]) -> None:
    """Whole or not at all, and for its owner's eyes only."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"personas": lines}, file, indent=2, ensure_ascii=False)
    draft.replace(path)


async def _main(arguments: argparse.Namespace) -> None:
    settings = GatewaySettings()
    organisations = arguments.organisations and json.loads(
        arguments.organisations.read_text("utf-8")
    )
    run = Provision(
        load_policy(settings.policy_file),
        settings.mission,
        organisations or {},
        read_lines(arguments.out),
    )
    async with open_pool(settings.database_url, connections=1) as pool:
        lines = await provision(pool, run, read_personas(arguments.personas))
    write_private(arguments.out, lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="services.gateway.access.provision", description=__doc__)
    parser.add_argument("--personas", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--organisations", type=Path, help="JSON: record id by organisation key")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(_main(_arguments()))
