"""A deciding service while what it stands on is away for a moment."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from deploy.local.state import free_port
from shared.bus import Address
from tests.service.deciding_world import Answer, Caller

SECONDS = 20
CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"


@pytest.fixture
def stream(installed):
    return Address(installed.mission, "hq", "contacts").stream


async def test_commands_go_on_without_nats_and_health_says_so(installed, monkeypatch):
    monkeypatch.setattr("shared.continuity.PATIENCE_SECONDS", 0.5)
    alone = replace(installed, nats_url=f"nats://127.0.0.1:{free_port()}")
    async with alone.contacts() as contacts:
        assert (await contacts.post("/organisations", {"name": "River Aid"})).status == 201
        answer = await contacts.health()
    assert answer.status == 503
    failing = {"nats": "failing", "relay": "failing"}
    names = ("database", "dates", "epoch", "heads", "partitions", "removals")
    well = dict.fromkeys(names, "ok")
    assert answer.json["checks"] == well | failing


async def test_what_was_decided_is_relayed_after_the_database_cut_everyone_off(
    contacts, installed, postgres, client, stream
):
    await contacts.until_ready()
    await _cut(postgres.admin_url, installed.databases.url("contacts", "app"))
    answer = await _until_taken(contacts)
    await contacts.until_ready()
    await _until_relayed(client, stream, answer.json["position"])


async def _cut(admin_url: str, database_url: str) -> None:
    connection = await asyncpg.connect(admin_url, timeout=SECONDS)
    try:
        await connection.execute(CUT, database_url.rpartition("/")[2])
    finally:
        await connection.close()


async def _until_taken(contacts: Caller) -> Answer:
    """A caller repeats his request with its key until it is answered."""
    async with asyncio.timeout(SECONDS):
        while True:
            answer = await contacts.post("/organisations", {"name": "River Aid"}, key="k")
            if answer.status == 201:
                return answer


async def _until_relayed(client, stream: str, position: int) -> None:
    async with asyncio.timeout(SECONDS):
        while (await client.jetstream().stream_info(stream)).state.last_seq < position:
            await asyncio.sleep(0.02)
