"""Fault: somebody with the owner's rights changes the store. Promise: verify names the first bad position."""

import asyncpg
import pytest

from shared.eventstore.store import EventStore
from shared.eventstore.verify import verify_store
from tests.service.conftest import StoreAddress
from tests.stack.events import an_append

SWAP = """
update events a set event_id = b.event_id, stream_id = b.stream_id
  from events b where a.position in (6, 7) and b.position = 13 - a.position
"""


@pytest.mark.parametrize(
    ("statement", "invariant", "position"),
    [
        ("update events set data = data || '\\x20' where position = 7", "I4", 7),
        ("update events set recorded_at = now() where position = 4", "I4", 4),
        ("update events set position = -position where position in (3, 4)", "I1", 5),
        ("delete from events where position = 5", "I1", 6),
        ("update events set version = 9 where position = 2", "I3", 2),
        ("update events set epoch = 0 where position = 8", "I14", 8),
        ("update streams set version = 3 where stream_id = 'test_1'", "I3", 0),
        ("delete from streams where stream_id = 'test_1'", "I3", 0),
        ("update events set payload_digest = hash where position = 3", "I4", 3),
        ("update events set hash = prev_hash where position = 10", "I4", 10),
        (SWAP, "I4", 6),
        ("update events set occurred_at = 'infinity' where position = 3", "I4", 3),
        ("update events set recorded_at = 'infinity' where position = 9", "I4", 9),
        ("update events set recorded_at = '2000-01-01' where position = 6", "I2", 6),
        ("delete from events where position = 10", "I5", 10),
        ("update commands set record_id = 'test_1' where position = 4", "I5", 4),
    ],
)
async def test_a_changed_store_does_not_verify(
    store: EventStore, store_address: StoreAddress, statement: str, invariant: str, position: int
) -> None:
    for number in range(10):
        await store.append(an_append(f"test_{number}", command=b"command %d" % number))
    assert await verify_store(store, lambda _: None) == []
    owner = await asyncpg.connect(store_address.owner)
    try:
        await owner.execute(statement)
    finally:
        await owner.close()
    breaches = await verify_store(store, lambda _: None)
    assert (invariant, position) in {(b.invariant, b.position) for b in breaches}
