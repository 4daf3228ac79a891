"""What an older release stored is read as the newest version; sealed, erased or neither."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

import pytest

from shared.contracts.event import SEALED, DomainEvent, Upcast
from shared.database import open_pool
from shared.event_types import event_types
from shared.eventstore.model import NewEvent, Recorded
from shared.eventstore.stamps import stamp
from shared.ids import Kind, RecordId
from shared.key_ring import KeyRing
from shared.keys import KeyStore, own_keys
from shared.sealing import Opened, Vault
from shared.values import Text
from tests.stack.postgres import TestPostgres

NOW = datetime(2030, 1, 2, 9, 0, tzinfo=UTC)
RECORD = RecordId.new(Kind.ENGAGEMENT)


class PatrolSeenV1(DomainEvent):
    type: Literal["patrol.seen.v1"] = "patrol.seen.v1"
    size: int
    note: Annotated[Text, SEALED]


def _with_a_range(fields: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name != "size"}
    return kept | {"at_least": fields["size"], "at_most": fields["size"]}


class PatrolSeenV2(DomainEvent):
    type: Literal["patrol.seen.v2"] = "patrol.seen.v2"
    former: ClassVar[Mapping[str, Upcast]] = {"patrol.seen.v1": _with_a_range}
    at_least: int
    at_most: int
    note: Annotated[Text, SEALED]


NOTE = Text(text="By the bridge.", lang="en")
OLD = PatrolSeenV1(size=8, note=NOTE)
NEW = PatrolSeenV2(at_least=8, at_most=8, note=NOTE)


@pytest.fixture
async def keys(postgres: TestPostgres) -> AsyncIterator[KeyStore]:
    databases = await postgres.fresh("keystore")
    async with open_pool(databases.url("keystore", "engagements"), connections=1) as pool:
        yield own_keys(pool, "engagements", KeyRing.of(bytes(range(32))))


async def test_an_older_version_is_read_as_the_newest(keys: KeyStore) -> None:
    stored = await _stored(Vault(keys, event_types(PatrolSeenV1)))

    assert (await _opened(keys, stored)).event == NEW


async def test_an_older_version_whose_key_is_destroyed_reads_as_erased(keys: KeyStore) -> None:
    stored = await _stored(Vault(keys, event_types(PatrolSeenV1)))
    await keys.destroy([str(RECORD)])

    opened = await _opened(keys, stored)

    assert opened.sealed_away
    assert opened.event == NEW.model_copy(update={"note": Text(text="[erased]", lang="zxx")})


async def test_what_is_stored_keeps_the_type_it_was_stored_as(keys: KeyStore) -> None:
    stored = await _stored(Vault(keys, event_types(PatrolSeenV1)))

    assert (await _opened(keys, stored)).recorded.type == "patrol.seen.v1"


async def test_a_new_event_is_written_as_the_newest_version(keys: KeyStore) -> None:
    [event] = await Vault(keys, event_types(PatrolSeenV2)).seal([NEW], RECORD, b"{}", NOW)

    assert event.type == "patrol.seen.v2"


async def _stored(vault: Vault) -> Recorded:
    [event] = await vault.seal([OLD], RECORD, b"{}", NOW)
    return _recorded(event)


async def _opened(keys: KeyStore, stored: Recorded) -> Opened:
    [opened] = await Vault(keys, event_types(PatrolSeenV2)).open_all([stored])
    return opened


def _recorded(event: NewEvent) -> Recorded:
    return Recorded(
        position=1,
        epoch=1,
        id_bytes=event.event_id.bytes,
        stream_id=str(RECORD),
        version=1,
        type=event.type,
        data=event.data,
        meta=event.meta,
        occurred_stamp=stamp(event.occurred_at),
        recorded_stamp=stamp(event.occurred_at),
        prev_hash=bytes(32),
        hash=bytes(32),
    )
