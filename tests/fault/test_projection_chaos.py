"""A transport that loses, doubles, delays and reorders: a projection takes each event once, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nats.aio.client import Client

from shared.bus import Address
from shared.consumer import Consumer, Pace
from shared.database import open_pool
from shared.eventstore.model import Recorded
from shared.eventstore.store import EventStore
from shared.projection import Checkpoint, Write
from shared.projection_runner import Runner
from shared.relay import Relay
from tests.fault.chaos_transport import ChaosClient
from tests.service.conftest import running, until
from tests.stack.events import an_append

SEEDS = range(12)
MANY = 120
QUICK = Pace(silence_seconds=0.1, rest_seconds=0.01)


@dataclass
class Taking:
    """A projection that remembers what was written with its checkpoint."""

    name: str
    family: str = "taking"
    taken: list[int] = field(default_factory=list)

    async def prepare(self, connection: Any, events: Sequence[Recorded]) -> Write:
        async def write(within: Any) -> None:
            self.taken += [event.position for event in events]

        return write


async def _nobody_waits(source: str, checkpoint: Checkpoint) -> None:
    pass


async def test_a_projection_takes_every_event_once_in_order_whatever_the_transport_does(
    postgres, store: EventStore, client: Client, address: Address
) -> None:
    await asyncio.gather(*(store.append(an_append()) for _ in range(MANY)))
    fresh = await postgres.fresh("reporting_read")
    projections = {seed: Taking(f"taking-{seed}") for seed in SEEDS}
    async with open_pool(fresh.url("reporting_read", "projector"), connections=8) as pool:

        def runner(seed: int) -> Runner:
            consumer = Consumer(ChaosClient(client, seed), address, QUICK)  # type: ignore[arg-type]  # acts as one
            return Runner(pool, projections[seed], "contacts", consumer, _nobody_waits)

        async with running(
            Relay(store, client, address).run(), *(runner(seed).run() for seed in SEEDS)
        ):
            await until(lambda: all(len(one.taken) >= MANY for one in projections.values()))
    everything = list(range(1, MANY + 1))
    assert {s: one.taken for s, one in projections.items()} == dict.fromkeys(SEEDS, everything)
