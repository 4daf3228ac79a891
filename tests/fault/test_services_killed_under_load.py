"""Fault: contacts, engagements and reporting die (SIGKILL) again and again under writes.

Promise: every acknowledged write is there, none twice, and the read model equals a rebuild.
Slow because each of sixty deaths waits for its service to be well again.
"""

import asyncio
import os
import random
import signal
from collections import Counter

from tests.e2e.partner import Partner, Persona

DEATHS = 20
WRITES_PER_SECOND = 50
SEED = int(os.environ.get("PARLEY_SEED", "20261122"))
LONGEST_PAUSE_SECONDS = 1.0


async def test_services_killed_under_load_lose_nothing_and_double_nothing(
    private_installation,
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    persona = Persona.of(private_installation.demo["personas"][0])
    async with Partner(private_installation.gateway_url, persona) as partner:
        acknowledged = await _write_while(
            partner,
            [
                _kill_often(private_installation, name, random.Random(chance.random()))
                for name in ("contacts", "engagements", "reporting")
            ],
        )
        await private_installation.until_ready()
        for kind, ids in acknowledged.items():
            stored = Counter(item["id"] for item in await partner.all_pages(f"/v1/{kind}"))
            marked = Counter(
                item["title"]["text"]
                for item in await partner.all_pages(f"/v1/{kind}", q="killtest")
            )
            assert ids <= stored.keys()
            assert max(marked.values()) == 1
            assert len(marked) >= len(ids) > 0
    assert await private_installation.digest() == await private_installation.rebuilt_digest()


async def _kill_often(installation, name: str, chance: random.Random) -> None:
    for _ in range(DEATHS):
        await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        os.kill(installation.pid(name), signal.SIGKILL)
        await installation.until_ready(name)


async def _write_while(partner: Partner, killers: list) -> dict[str, set[str]]:
    """Write at a steady rate until all killers are done; the ids acknowledged, by kind."""
    acknowledged: dict[str, set[str]] = {"engagements": set(), "organisations": set()}
    async with asyncio.TaskGroup() as group:
        deaths = [group.create_task(killer) for killer in killers]
        number = 0
        while not all(death.done() for death in deaths):
            number += 1
            group.create_task(_write(partner, number, acknowledged))
            await asyncio.sleep(1 / WRITES_PER_SECOND)
    return acknowledged


async def _write(partner: Partner, number: int, acknowledged: dict[str, set[str]]) -> None:
    if number % 2:
        body = {
            "purpose": f"killtest{number}",
            "type": "routine_liaison",
            "starts_at": "2031-01-02T09:00:00Z",
            "participants": [{"name": f"Invented {number}", "side": "counterpart"}],
        }
        kind = "engagements"
    else:
        body = {"name": f"killtest{number}", "organisation_kind": "ngo"}
        kind = "organisations"
    answer = await partner.post_until_acknowledged(f"/v1/{kind}", body)
    acknowledged[kind].add(answer["id"])
