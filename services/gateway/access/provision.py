"""Operator's command: makes or updates the people and clients of a file.

`python -m services.gateway.access.provision --personas FILE --out FILE [--organisations FILE]`
Passwords and secrets are made once; the out file (0600) is the only place they can be read. Outside an
exercise such a password holds for three days, in which its person chooses another; take its line out of the
out file to make a new one. What the file says is ordered of the same rules as everything else, and recorded
as the operator's doing.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.gateway.access.desk import AccessDesk
from services.gateway.access.opening import OperatorAccess, open_desk
from services.gateway.access.personas import Persona, read_personas
from services.gateway.access.provisioning import Provisioning
from services.gateway.settings import GatewaySettings
from shared.policy import Policy

Line = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Provision:
    """What a run works with. `kept`: lines of the out file of an earlier run, by persona."""

    mission: str
    organisations: Mapping[str, str]
    kept: Mapping[str, Line]


async def provision(desk: AccessDesk, run: Provision, personas: Sequence[Persona]) -> list[Line]:
    """The lines of the out file. Raises KeyError for a level, community, caveat or role the policy lacks;
    then nothing is changed."""
    for persona in personas:
        _check(persona, desk.kit.policy)
    known = Provisioning(desk, run.mission, run.organisations)
    return [await known.line(persona, run.kept.get(persona.id, {})) for persona in personas]


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
    run = Provision(settings.mission, organisations or {}, read_lines(arguments.out))
    async with open_desk(OperatorAccess.of(settings)) as desk:
        lines = await provision(desk, run, read_personas(arguments.personas))
    write_private(arguments.out, lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="services.gateway.access.provision", description=__doc__)
    parser.add_argument("--personas", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--organisations", type=Path, help="JSON: record id by organisation key")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(_main(_arguments()))
