"""Fault: PostgreSQL and NATS die (SIGKILL) again and again under writes.

Promise (I1-I7): every acknowledged write is there once, the chain verifies, the stream catches up with
the store and holds the same bytes. Slow because each server recovers before its next death.
"""

import asyncio
import os
import random
from uuid import uuid4

from deploy.local.secrets import seed_file
from shared.bus import Address, open_bus
from shared.eventstore.store import open_store
from shared.eventstore.verify import Breach, verify_store, verify_stream
from tests.e2e.partner import Json, Partner, Persona
from tests.stack.installation import Installation

DEATHS = 3
WRITERS = 8
SEED = int(os.environ.get("PARLEY_SEED", "20261122"))
LONGEST_PAUSE_SECONDS = 1.0
CATCH_UP_SECONDS = 60
SERVERS = ("postgres", "nats")


async def test_servers_killed_under_load_lose_nothing_and_double_nothing(
    killable: Installation,
) -> None:
    print(f"seed {SEED}")
    persona = Persona.of(killable.demo["personas"][0])
    async with Partner(killable.gateway_url, persona) as partner:
        acknowledged = await _write_through_deaths(killable, partner)
        await killable.until_ready()
        listed = await _listed(partner)
    assert len(acknowledged) > WRITERS
    assert set(acknowledged) <= set(listed)
    assert len(listed) == len(set(listed))
    assert await _breaches(killable) == []


async def _write_through_deaths(installation: Installation, partner: Partner) -> list[str]:
    """Ids acknowledged while the servers died."""
    acknowledged: list[str] = []
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(_write_until(over, partner, acknowledged))
        chance = random.Random(SEED)
        for number in range(DEATHS * len(SERVERS)):
            await _kill(installation, SERVERS[number % len(SERVERS)], chance)
        over.set()
    return acknowledged


async def _write_until(over: asyncio.Event, partner: Partner, acknowledged: list[str]) -> None:
    while not over.is_set():
        answer = await partner.post_until_acknowledged("/v1/organisations", _organisation())
        acknowledged.append(answer["id"])


async def _kill(installation: Installation, name: str, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
    await installation.kill(name)
    await installation.until_ready()


async def _listed(partner: Partner) -> list[str]:
    """Ids of all organisations, once reporting has caught up."""
    last = await partner.post("/v1/organisations", _organisation())
    listed = await partner.all_pages("/v1/organisations", at_least=last["position"])
    return [item["id"] for item in listed]


def _organisation() -> Json:
    return {"name": f"Invented {uuid4().hex}", "organisation_kind": "ngo"}


async def _breaches(installation: Installation) -> list[Breach]:
    state = installation.state
    address = Address(state.mission, state.site, "contacts")
    seed = seed_file(installation.layout.secrets, "contacts")
    async with (
        open_store(installation.databases.url("contacts", "app"), connections=2) as store,
        open_bus(installation.nats_url, seed, name="contacts") as client,
    ):
        js = client.jetstream()
        head = await store.head()
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while (await js.stream_info(address.stream)).state.last_seq < head.position:
                await asyncio.sleep(0.1)
        found = await verify_store(store, lambda _: None)
        return found + await verify_stream(store, js, address, lambda _: None)
