"""A newer release of another service says more than is known here: what is known is shown all the same."""

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest

from services.reporting.projecting import RecordsProjection
from shared.event_meta import EventMeta
from shared.eventstore.model import Append, NewEvent
from shared.ids import Kind, RecordId
from shared.projection import Checkpoint, project
from tests.service.reporting_world import ALL, NINE, OWNER, World, open_world, reader, registered


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


async def _append_newer(world: World) -> None:
    """An event with a field, and one of a type, that are not known here yet."""
    record_id = RecordId.new(Kind.ORGANISATION)
    meta = EventMeta(record_id, OWNER, "officer", OWNER, "", exercise=True).to_bytes()
    known = (registered("Invented Relief", base=ALL), registered("Never shown", base=ALL))
    first, second = await world.sealing["contacts"].seal(known, record_id, meta, NINE)
    events = _with_colour(first), replace(second, type="organisation.painted.v1", data=b"{}")
    await world.stores["contacts"].append(Append(str(record_id), 0, events))


def _with_colour(event: NewEvent) -> NewEvent:
    return replace(event, data=orjson.dumps(orjson.loads(event.data) | {"colour": "blue"}))


async def test_unknown_types_and_fields_are_passed_over_and_counted(world: World) -> None:
    await _append_newer(world)
    projection = RecordsProjection(1, world.sources["contacts"], world.book, live=True)
    events = await world.events("contacts")
    async with world.projector.acquire() as connection:
        await connection.execute(
            "insert into checkpoints values ($1, 'contacts', 0, 0)", projection.name
        )
        reached = await project(connection, projection, "contacts", Checkpoint(0, 0), events)
    assert reached == Checkpoint(1, 2)
    assert (projection.ignored, projection.ignored_fields) == (1, 1)
    assert len(await world.list(reader("un"))) == 1
