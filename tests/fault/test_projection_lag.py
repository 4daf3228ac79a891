"""Labels must not lag: nothing is read while changes of labels a source holds have not been taken in."""

from dataclasses import dataclass

import pytest
from nats.aio.client import Client

from services.reporting.lag import LabelsBehindError, LagWatch
from shared.bus import Address
from shared.eventstore.store import EventStore
from shared.projection import Checkpoint
from shared.relay import Relay
from tests.service.conftest import running, until
from tests.stack.events import an_append


@dataclass
class Standing:
    """Where a projection of labels stands."""

    checkpoint: Checkpoint
    parked: None = None


async def test_what_the_stream_held_for_too_long_is_not_to_be_missing(
    store: EventStore, client: Client, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reporting.lag.BEHIND_SECONDS", 0.2)
    monkeypatch.setattr("services.reporting.lag.LOOK_SECONDS", 0.02)
    standing = Standing(Checkpoint(1, 1))
    watch = LagWatch(client, {"contacts": address}, {"contacts": standing})  # type: ignore[dict-item]  # stands alike
    await store.append(an_append())
    async with running(Relay(store, client, address).run(), watch.run()):
        await until(lambda: "contacts" in watch._marks and not watch._behind)
        await watch.check()
        await store.append(an_append())
        await until(lambda: bool(watch._behind))
        with pytest.raises(LabelsBehindError):
            await watch.check()
        standing.checkpoint = Checkpoint(1, 2)
        await until(lambda: not watch._behind)
        await watch.check()
