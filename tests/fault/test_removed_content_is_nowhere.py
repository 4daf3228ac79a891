"""I15: once a removal is done, what was removed is in no file: tables, log, statistics, stream, key store."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.layout import Layout
from deploy.local.state import free_port
from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from shared.eventstore.store import open_store
from shared.eventstore.verify import verify_store
from shared.principal_signing import HEADER, request_digest
from shared.roles import Role
from tests.service.deciding_world import POLICY_FILE, Caller, Installed, serving
from tests.service.reporting_world import fresh_databases
from tests.service.test_removals import ALL, PLAN, second, told
from tests.stack.nats import new_mission

PATIENCE_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.1
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class World:
    """All that decides and remembers, running; `owner` and `second` are of the owner organisation."""

    installed: Installed
    owner: Caller
    meetings: Caller
    reporting: Caller
    layout: Layout

    async def read(self, path: str) -> dict[str, Any]:
        """As the owner sees it."""
        line = self.reporting
        principal = self.owner.principal
        signed = line.signer.sign(principal, "reporting", request_digest("GET", path, b""))
        async with line.http.get(path, headers={HEADER: signed}) as answer:
            told: dict[str, Any] = await answer.json(content_type=None)
            return told

    async def until(self, path: str, condition: Any) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition(found := await self.read(path)):
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return found

    async def removed(self, line: Caller, path: str, record: str, ground: str) -> None:
        """Asked for, approved, and done."""
        asked = {"ground": ground, "reason": "Invented reason"}
        one = await line.post(f"{path}/{record}/ask_removal", asked)
        two = await second(line).post(f"{path}/{record}/approve_removal", {})
        assert (one.status, two.status) == (200, 200), (one.json, two.json)
        await self.until(f"/records/{record}/removal", _is_done)


@pytest.fixture
async def world(postgres, nats, layout) -> AsyncIterator[World]:
    fresh, mission = await fresh_databases(postgres), new_mission()
    installed = Installed(fresh, nats.url, mission, layout.secrets)
    settings = ReportingSettings(
        service="reporting",
        mission=mission,
        site="hq",
        port=free_port(),
        keystore_url=fresh.url("keystore", "reporting"),
        nats_url=nats.url,
        nats_seed_file=layout.secrets / "nats-reporting.seed",
        secrets_dir=layout.secrets,
        policy_file=POLICY_FILE,
        read_url=fresh.url("reporting_read", "reader"),
        projector_url=fresh.url("reporting_read", "projector"),
    )
    async with (
        installed.contacts() as contacts,
        installed.engagements() as meetings,
        serving(create_app(settings), settings.port, "reporting", layout.secrets) as reporting,
    ):
        officer = contacts.but(roles=frozenset({Role.OPERATIONS}))
        same = replace(meetings, principal=officer.principal)
        yield World(installed, officer, same, reporting, layout)


async def test_an_erased_person_is_in_no_file_and_the_chain_verifies(world: World) -> None:
    person, meeting_name = f"Q{uuid4().hex}", f"Q{uuid4().hex}"
    made = await world.owner.post("/people", _full_of(person))
    assert made.status == 201, made.json
    named = {**PLAN, "participants": [{"name": meeting_name, "side": "counterpart"}]}
    meeting = await world.meetings.post("/engagements", named)
    await _link(world, meeting.id, made)
    await world.until(f"/records?q={meeting_name}", lambda found: len(found.get("items", ())) > 0)
    wrapped = await _wrapped(world, "contacts", made.id)
    await _remembered_by_the_planner(world)
    assert await _found(world, person)
    assert await _found(world, wrapped)
    await world.removed(world.owner, "/people", made.id, "erasure")
    assert await _found(world, person) == []
    assert await _found(world, meeting_name) == []
    assert await _found(world, wrapped) == []
    assert await _breaches(world) == []
    [left] = (await world.read(f"/records?ids={made.id}"))["items"]
    assert (left["status"], left["title"]["text"]) == ("removed", None)


async def test_a_spilled_meeting_is_in_no_file(world: World) -> None:
    spilled = f"Q{uuid4().hex}"
    meeting = await world.meetings.post("/engagements", _meeting_full_of(spilled))
    assert meeting.status == 201, meeting.json
    await world.until(f"/records?q={spilled}", lambda found: len(found.get("items", ())) > 0)
    await world.removed(world.meetings, "/engagements", meeting.id, "spill")
    assert await _found(world, spilled) == []
    history = (await world.read(f"/records/{meeting.id}/history"))["items"]
    assert {one["type"] for one in history} == {"record.removed.v1"}


def _is_done(found: dict[str, Any]) -> bool:
    return bool(found.get("removal") and found["removal"]["state"] == "done")


def _full_of(canary: str) -> dict[str, Any]:
    """A person with the canary in every text."""
    return told(canary) | {
        "described_as": f"described {canary}",
        "note": f"noted {canary}",
        "identity": {
            "name": canary,
            "aliases": [{"name": f"alias {canary}"}],
            "form_of_address": f"addressed {canary}",
        },
        "protocol": [{"topic": "greeting", "text": f"greeted {canary}"}],
        "private": {
            "contact_details": [{"means": "mobile", "value": f"mobile {canary}"}],
            "private_note": f"private {canary}",
        },
    }


def _meeting_full_of(canary: str) -> dict[str, Any]:
    return PLAN | {
        "purpose": f"purpose {canary}",
        "series": f"series {canary}",
        "place": {"name": f"place {canary}"},
        "participants": [{"name": f"guest {canary}", "side": "counterpart"}],
        "label": ALL,
    }


async def _link(world: World, meeting: str, person: Any) -> None:
    """The one who was named at the meeting is that person."""
    connection = await asyncpg.connect(world.installed.databases.url("keystore", "engagements"))
    try:
        provisional = await connection.fetchval(
            "select subject from engagements.keys where subject like 'person%'"
        )
    finally:
        await connection.close()
    here = f"contacts={person.json['epoch']}:{person.json['position']}"
    linked = await world.meetings.saying(Parley_At_Least=here).post(
        f"/engagements/{meeting}/link", {"provisional_id": provisional, "person_id": person.id}
    )
    assert linked.status == 200, linked.json


async def _wrapped(world: World, service: str, subject: str) -> bytes:
    """The key as it lies in the key store."""
    connection = await asyncpg.connect(world.installed.databases.url("keystore", service))
    try:
        found = await connection.fetchval(
            f"select wrapped from {service}.keys where subject = $1",  # noqa: S608 - ours
            subject,
        )
    finally:
        await connection.close()
    return bytes(found)


async def _remembered_by_the_planner(world: World) -> None:
    """Statistics keep samples of what is in tables: here on purpose, and of keys never."""
    for name in ("reporting_read", "keystore"):
        connection = await asyncpg.connect(_admin(world, name))
        try:
            await connection.execute("analyze")
        finally:
            await connection.close()


def _admin(world: World, name: str) -> str:
    """A superuser's way into this test's database."""
    database = world.installed.databases.url(name, "owner").rpartition("/")[2]
    return str(world.installed.databases.template.admin_url.rpartition("/")[0] + "/" + database)


async def _breaches(world: World) -> list[Any]:
    found: list[Any] = []
    for service in ("contacts", "engagements"):
        async with open_store(world.installed.databases.url(service, "app")) as store:
            found += await verify_store(store, lambda position: None)
    return found


async def _found(world: World, secret: str | bytes) -> list[str]:
    """Files of the whole installation that hold it, in either of the ways a text is stored."""
    connection = await asyncpg.connect(_admin(world, "keystore"))
    try:
        # What only lies in memory yet would reach the files sooner or later.
        await connection.execute("checkpoint")
    finally:
        await connection.close()
    needle = secret.encode() if isinstance(secret, str) else secret
    return await asyncio.to_thread(lambda: [str(path) for path in _holding(world.layout, needle)])


def _holding(layout: Layout, needle: bytes) -> Iterator[Path]:
    for folder, _, names in os.walk(layout.var):
        for path in (Path(folder, name) for name in names):
            if _holds(path, needle):
                yield path


def _holds(path: Path, needle: bytes) -> bool:
    try:
        with path.open("rb") as file:
            tail = b""
            while chunk := file.read(CHUNK_BYTES):
                if needle in tail + chunk:
                    return True
                tail = chunk[-len(needle) :]
    except OSError:
        return False  # gone since it was listed, or a socket
    return False
