"""Signed heads: written as the chain grows, shown to witnesses and to nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.partner_api.schemas_heads import Heads
from shared.bus import Address
from shared.database import open_pool
from shared.eventstore.model import Head
from shared.eventstore.store import EventStore
from shared.heads import HeadError, HeadSigner, check_signature, load_head_signer, signed_head
from shared.heads_writing import EVERY_EVENTS, HeadBook
from shared.ids import new_bytes
from shared.principal_signing import key_id
from shared.roles import Role
from tests.service.conftest import CONDITION_SECONDS, StoreAddress
from tests.service.deciding_world import Caller
from tests.service.gateway_world import World, run_world
from tests.stack.events import an_append

NOW = datetime(2030, 1, 2, tzinfo=UTC)
CHANGED = {"position": 2, "hash": "00", "service": "other", "signed_at": "", "key_id": ""}


@pytest.fixture
def signer() -> HeadSigner:
    return load_head_signer(new_bytes(32), Address("test", "hq", "contacts"))


@pytest.fixture
async def book(store_address: StoreAddress, signer: HeadSigner) -> AsyncIterator[HeadBook]:
    async with open_pool(store_address.app, connections=2) as pool:
        yield HeadBook(pool, signer)


@pytest.fixture
async def world(layout, postgres, nats) -> AsyncIterator[World]:
    async with run_world(layout, await postgres.fresh("gateway", "keystore"), nats.url) as made:
        yield made


async def test_a_head_names_the_last_event_and_verifies_under_the_key_beside_it(
    store: EventStore, book: HeadBook, signer: HeadSigner
) -> None:
    assert await book.sign_if_due() is None
    await store.append(an_append(events=3))
    head, public = await book.sign_if_due(), signer.key.public_key()
    assert head is not None
    assert (head.told["position"], head.told["hash"]) == (3, (await store.head()).hash.hex())
    check_signature(signed_head(head.to_json()), {key_id(public): public})
    assert await book.latest() == [head]


async def test_another_is_signed_after_a_thousand_events_or_a_minute(
    store: EventStore, book: HeadBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = []
    for events in (1, EVERY_EVENTS - 1, 1, 1):
        await store.append(an_append(events=events))
        signed.append(await book.sign_if_due())
    later = datetime.now(UTC) + timedelta(seconds=61)
    monkeypatch.setattr("shared.heads_writing.utc_now", lambda: later)
    signed.append(await book.sign_if_due())
    assert [one is not None for one in signed] == [True, False, True, False, True]
    assert await book.since(datetime.now(UTC) - timedelta(minutes=1)) == [
        one for one in signed if one
    ]


@pytest.mark.parametrize("field", CHANGED)
def test_a_head_that_was_changed_does_not_verify(signer: HeadSigner, field: str) -> None:
    public = signer.key.public_key()
    told = signer.sign(Head(1, 1, bytes(32)), NOW).to_json() | {field: CHANGED[field]}
    with pytest.raises(HeadError):
        check_signature(signed_head(told), {key_id(public): public})


async def test_a_service_signs_what_it_decided_and_shows_it_to_a_witness(contacts: Caller) -> None:
    await contacts.post("/organisations", {"name": "Invented Relief"})
    witness = contacts.but(roles=frozenset({Role.WITNESS}))
    async with asyncio.timeout(CONDITION_SECONDS):
        while not (found := json.loads((await witness.download("/heads"))[1]))["items"]:
            await asyncio.sleep(0.05)
    told = Heads.model_validate(found)
    assert [(head.service, head.position) for head in told.items] == [("contacts", 1)]
    assert told.items[0].key_id == told.keys[0].key_id
    assert (await contacts.download("/heads"))[0] == 403


async def test_the_gateway_shows_heads_to_witnesses_alone(world: World, signer: HeadSigner) -> None:
    world.services.heads = [signer.sign(Head(1, 1, bytes(32)), NOW).to_json()]
    for name, path, status in (
        ("ann", "/v1/heads", 403),
        ("witness", "/v1/heads?since=yesterday", 400),
        ("witness", "/v1/heads?since=2030-01-02T00:00:00Z", 200),
    ):
        async with world.http.get(path, headers=await world.bearer(name)) as answer:
            assert answer.status == status
            told = await answer.json()
    assert Heads.model_validate(told).items[0].hash == bytes(32).hex()
    asked = {(heard.service, heard.query["since"]) for heard in world.services.heard}
    assert asked == {(name, "2030-01-02T00:00:00Z") for name in ("contacts", "engagements")}
