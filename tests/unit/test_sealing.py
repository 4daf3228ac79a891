"""Keys are made once, read by those who may, and gone when destroyed: tombstones, never errors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from shared.contracts.engagements import (
    EngagementConfirmed,
    EngagementDebriefed,
    EngagementEvent,
    ParticipantNamed,
    PlacePinned,
)
from shared.contracts.event import DomainEvent
from shared.database import open_pool
from shared.errors import RejectedError
from shared.event_types import event_types
from shared.eventstore.model import NewEvent, Recorded
from shared.eventstore.stamps import stamp
from shared.ids import Kind, RecordId
from shared.key_ring import KeyRing
from shared.keys import KeyStore, own_keys, readable_keys
from shared.sealing import Opened, Vault
from shared.values import Name, Point, Text
from tests.stack.postgres import TestPostgres

NOW = datetime(2030, 1, 2, 9, 0, tzinfo=UTC)
WRAPPING = bytes(range(32))
DEBRIEFED = EngagementDebriefed(summary=Text(text="They agreed to the corridor.", lang="en"))
PERSON = RecordId.new(Kind.PERSON)
NAMED = ParticipantNamed(person_id=PERSON, name=Name(text="Invented Person"))
PINNED = PlacePinned(point=Point(lat=9.5, lon=31.6))

type_of_engagements = event_types(EngagementEvent)


@dataclass(frozen=True)
class Keys:
    """One service's own keys, and reporting's sight of them, each with a memory of its own."""

    engagements: "asyncpg.Pool[asyncpg.Record]"
    reporting: "asyncpg.Pool[asyncpg.Record]"

    def own(self, wrapping: bytes = WRAPPING) -> KeyStore:
        return own_keys(self.engagements, "engagements", KeyRing.of(wrapping))

    def vault(self) -> Vault:
        return Vault(self.own(), type_of_engagements)

    def reading_vault(self) -> Vault:
        keys = readable_keys(self.reporting, "engagements", KeyRing.of(WRAPPING))
        return Vault(keys, type_of_engagements)


@pytest.fixture
async def keys(postgres: TestPostgres) -> AsyncIterator[Keys]:
    databases = await postgres.fresh("keystore")
    async with AsyncExitStack() as open_:
        pools = [
            await open_.enter_async_context(
                open_pool(databases.url("keystore", role), connections=2)
            )
            for role in ("engagements", "reporting")
        ]
        yield Keys(*pools)


@pytest.fixture
def record_id() -> RecordId:
    return RecordId.new(Kind.ENGAGEMENT)


def recorded(event: NewEvent, record_id: RecordId) -> Recorded:
    return Recorded(
        position=1,
        epoch=1,
        id_bytes=event.event_id.bytes,
        stream_id=str(record_id),
        version=1,
        type=event.type,
        data=event.data,
        meta=event.meta,
        occurred_stamp=stamp(event.occurred_at),
        recorded_stamp=stamp(event.occurred_at),
        prev_hash=bytes(32),
        hash=bytes(32),
    )


async def stored(vault: Vault, record_id: RecordId, *events: DomainEvent) -> list[Recorded]:
    sealed = await vault.seal(events, record_id, b"{}", NOW)
    return [recorded(event, record_id) for event in sealed]


async def opened_one(vault: Vault, one: Recorded) -> Opened:
    [opened] = await vault.open_all([one])
    return opened


async def test_what_was_sealed_opens_again(keys: Keys, record_id: RecordId) -> None:
    events = await stored(keys.vault(), record_id, DEBRIEFED, NAMED, EngagementConfirmed())

    opened = await keys.vault().open_all(events)

    assert [one.event for one in opened] == [DEBRIEFED, NAMED, EngagementConfirmed()]
    assert not any(one.sealed_away for one in opened)


async def test_reporting_reads_through_its_view(keys: Keys, record_id: RecordId) -> None:
    [event] = await stored(keys.vault(), record_id, DEBRIEFED)

    assert (await opened_one(keys.reading_vault(), event)).event == DEBRIEFED


async def test_reporting_makes_and_destroys_no_keys(keys: Keys, record_id: RecordId) -> None:
    reporting = readable_keys(keys.reporting, "engagements", KeyRing.of(WRAPPING))

    with pytest.raises(asyncpg.PostgresError):
        await reporting.find_or_make([str(record_id)])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reporting.destroy([str(record_id)])


@pytest.mark.parametrize("table", ["contacts.keys", "readable.engagements", "gateway.keys"])
async def test_a_service_sees_no_other_schema(keys: Keys, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await KeyStore(keys.engagements, table, KeyRing.of(WRAPPING)).find(["x"])


async def test_a_service_deletes_no_key(keys: Keys) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await keys.engagements.execute("delete from engagements.keys")


async def test_two_processes_at_once_agree_on_one_key(keys: Keys, record_id: RecordId) -> None:
    subject = str(record_id)

    found = await asyncio.gather(*(keys.own().find_or_make([subject]) for _ in range(8)))

    assert len({one[subject].secret for one in found}) == 1


async def test_a_wrapped_key_is_nothing_without_the_wrapping_key(
    keys: Keys, record_id: RecordId
) -> None:
    await keys.own().find_or_make([str(record_id)])

    with pytest.raises(InvalidTag):
        await keys.own(wrapping=bytes(32)).find([str(record_id)])


async def test_a_wrapped_key_moved_to_another_subject_does_not_open(
    keys: Keys, record_id: RecordId
) -> None:
    other = str(RecordId.new(Kind.ENGAGEMENT))
    await keys.own().find_or_make([str(record_id)])
    await keys.engagements.execute(
        "insert into engagements.keys (subject, version, wrapped, created_at) "
        "select $1, version, wrapped, created_at from engagements.keys",
        other,
    )

    with pytest.raises(InvalidTag):
        await keys.own().find([other])


async def test_a_destroyed_key_leaves_a_tombstone(keys: Keys, record_id: RecordId) -> None:
    vault = keys.vault()
    [event] = await stored(vault, record_id, DEBRIEFED)

    await vault.destroy([record_id])

    opened = await opened_one(vault, event)
    assert opened.sealed_away
    assert opened.fields == {"type": "engagement.debriefed.v1"}
    assert opened.event == DEBRIEFED.model_copy(
        update={"summary": Text(text="[erased]", lang="zxx")}
    )


async def test_erasing_a_person_leaves_the_record_readable(keys: Keys, record_id: RecordId) -> None:
    vault = keys.vault()
    events = await stored(vault, record_id, DEBRIEFED, NAMED)

    await vault.destroy([PERSON])

    debriefed, named = await vault.open_all(events)
    assert debriefed.event == DEBRIEFED
    assert (named.sealed_away, "name" in named.fields) == (True, False)


async def test_an_erased_point_is_no_point_at_all(keys: Keys, record_id: RecordId) -> None:
    vault = keys.vault()
    [event] = await stored(vault, record_id, PINNED)

    await vault.destroy([record_id])

    opened = await opened_one(vault, event)
    assert (opened.sealed_away, opened.event) == (True, None)


async def test_a_key_that_is_not_there_is_a_tombstone_too(keys: Keys, record_id: RecordId) -> None:
    [event] = await stored(keys.vault(), record_id, DEBRIEFED)
    elsewhere = event._replace(data=event.data.replace(str(record_id).encode(), b"engagement_x"))

    assert (await opened_one(keys.vault(), elsewhere)).sealed_away


async def test_an_erased_record_takes_no_new_text(keys: Keys, record_id: RecordId) -> None:
    vault = keys.vault()
    await stored(vault, record_id, DEBRIEFED)
    await vault.destroy([record_id])

    with pytest.raises(RejectedError) as refused:
        await stored(vault, record_id, DEBRIEFED)

    assert refused.value.code == "erased"


async def test_another_process_forgets_a_destroyed_key_when_told(
    keys: Keys, record_id: RecordId
) -> None:
    vault, reporting = keys.vault(), keys.reading_vault()
    [event] = await stored(vault, record_id, DEBRIEFED)
    await opened_one(reporting, event)
    await vault.destroy([record_id])

    reporting.forget([record_id])

    assert (await opened_one(reporting, event)).sealed_away


async def test_an_altered_box_is_an_error_and_not_a_tombstone(
    keys: Keys, record_id: RecordId
) -> None:
    [event] = await stored(keys.vault(), record_id, DEBRIEFED)
    altered = event._replace(type="engagement.amended.v1")

    with pytest.raises(InvalidTag):
        await keys.vault().open_all([altered])


async def test_an_event_of_an_unknown_type_is_handed_on_untyped(
    keys: Keys, record_id: RecordId
) -> None:
    [event] = await stored(keys.vault(), record_id, EngagementConfirmed())
    unknown = event._replace(type="engagement.sung.v1")

    opened = await opened_one(keys.vault(), unknown)

    assert (opened.event, opened.sealed_away) == (None, False)


async def test_some_keys_were_there_and_others_are_made(keys: Keys) -> None:
    before = await keys.own().find_or_make(["person_a", "person_b"])

    found = await keys.own().find_or_make(["person_b", "person_c", "person_a"])

    assert found == await keys.own().find(["person_a", "person_b", "person_c"])
    assert before.items() <= found.items()


async def test_a_destroyed_key_is_never_made_again(keys: Keys) -> None:
    await keys.own().destroy(["person_a"])

    found = await keys.own().find_or_make(["person_a", "person_b"])

    assert found["person_a"].secret is None
    assert found["person_b"].secret is not None
