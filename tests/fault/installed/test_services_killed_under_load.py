"""Fault: contacts, engagements and reporting die (SIGKILL) again and again under writes.

Promise: every acknowledged write is there, none twice, and the read model equals a rebuild.
Slow because each death (sixty in CI) waits for its service to be well again.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from deploy.local.layout import ROOT
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation
from tests.thorough import times

DEATHS = int(os.environ.get("PARLEY_DEATHS") or times(3, thorough=20))
WRITES_PER_SECOND = times(20, thorough=50)
SEED = int(os.environ.get("PARLEY_SEED", "20261122"))
LONGEST_PAUSE_SECONDS = 1.0
WORD = "killtest"
KINDS = ("engagements", "organisations", "people", "commitments")
KILLED = ("contacts", "engagements", "reporting")


async def test_services_killed_under_load_lose_nothing_and_double_nothing(
    killable: Installation,
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    persona = Persona.of(killable.demo["personas"][0])
    async with Partner(killable.gateway_url, persona) as partner:
        killers = [_kill_often(killable, name, chance.random()) for name in KILLED]
        acknowledged = await _write_while(partner, killers)
        await killable.until_ready()
        for kind, ids in acknowledged.items():
            await _all_there_once(partner, kind, ids)
    assert await asyncio.to_thread(rebuilt_equals_live, killable)


async def _all_there_once(partner: Partner, kind: str, ids: dict[str, str]) -> None:
    """Every acknowledged id is listed once, and every word that was sent is in one record only."""
    listed = await partner.all_pages(f"/v1/{kind}")
    stored = Counter(item["id"] for item in listed)
    titles = (item["title"]["text"] or "" for item in listed)
    words = Counter(title for title in titles if WORD in title)
    assert ids.keys() <= stored.keys()
    assert all(stored[record] == 1 for record in ids)
    assert [word for word, count in words.items() if count > 1] == []
    assert len(words) >= len(ids) > 0


async def _kill_often(installation: Installation, name: str, seed: float) -> None:
    chance = random.Random(seed)
    for _ in range(DEATHS):
        await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        await installation.kill(name)
        await installation.until_ready(name)


async def _write_while(
    partner: Partner, killers: list[Coroutine[Any, Any, None]]
) -> dict[str, dict[str, str]]:
    """Write at a steady rate until all killers are done; what was acknowledged: id -> word."""
    acknowledged: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    other = (await partner.post("/v1/organisations", {"name": "Promised to"}))["id"]
    async with asyncio.TaskGroup() as group:
        deaths = [group.create_task(killer) for killer in killers]
        number = 0
        while not all(death.done() for death in deaths):
            number += 1
            group.create_task(_write(partner, number, other, acknowledged))
            await asyncio.sleep(1 / WRITES_PER_SECOND)
    return acknowledged


async def _write(
    partner: Partner, number: int, other: str, acknowledged: dict[str, dict[str, str]]
) -> None:
    word = f"{WORD}{number}"
    kind = KINDS[number % len(KINDS)]
    answer = await partner.post_until_acknowledged(f"/v1/{kind}", _body(kind, word, other))
    acknowledged[kind][answer["id"]] = word


def _body(kind: str, word: str, other: str) -> dict[str, Any]:
    match kind:
        case "engagements":
            return {
                "purpose": word,
                "type": "routine_liaison",
                "starts_at": "2031-01-02T09:00:00Z",
                "participants": [{"name": f"Invented {word}", "side": "counterpart"}],
            }
        case "commitments":
            return {"direction": "by_us", "what": word, "to": {"organisation_id": other}}
        case "people":
            return {"described_as": word, "identity": {"name": f"Invented {word}"}}
        case _:
            return {"name": word, "organisation_kind": "ngo"}


def rebuilt_equals_live(installation: Installation) -> bool:
    """`./parley rebuild --check` builds the read model anew beside the live one and compares."""
    command = [sys.executable, "-P", "-m", "cli", "rebuild", "--check", "--json"]
    done = subprocess.run(  # noqa: S603  # our own command
        [*command, "--var", str(installation.layout.var)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    digests = json.loads(done.stdout.splitlines()[-1])
    assert digests["live"] == digests["rebuilt"], digests
    return True
