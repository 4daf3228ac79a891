"""Two gateways on one database: one brings the messages, the other takes over when it is gone."""

from typing import Any

from tests.service.gateway_edge import soon
from tests.service.gateway_world import run_replica, run_world
from tests.service.webhook_receiver import activated, run_receiver


async def test_another_replica_takes_over_where_the_first_stopped(layout, postgres, nats) -> None:
    fresh = await postgres.fresh("gateway", "keystore")
    on_premise: dict[str, Any] = {"webhook_networks": "127.0.0.0/8"}
    async with (
        run_receiver() as receiver,
        run_world(layout, fresh, nats.url, **on_premise) as world,
        run_replica(world),
    ):
        await activated(world, await world.bearer("ann"), receiver.url)
        told = [world.services.hold("engagement", f"talks {number}") for number in range(6)]
        for held in told[:3]:
            world.services.change(held)
        await soon(lambda: len(receiver.got) == 3)
        await world.stop()
        for held in told[3:]:
            world.services.change(held)
        await soon(lambda: len(receiver.got) == 6)
    assert receiver.subjects == [held.id for held in told]
