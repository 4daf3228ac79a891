"""A process that relays a store for as long as it lives. It is to be frozen, thawed and killed."""

import asyncio
import sys

from shared.bus import Address, open_bus
from shared.database import open_pool
from shared.eventstore.store import EventStore
from shared.leases import Lease
from shared.relay import Relay

# Another takes over so long after one stands still; renewed every second and a half.
HELD_SECONDS = 2.0


class ShortLease(Lease):
    async def hold(self, seconds: float = HELD_SECONDS) -> bool:
        return await super().hold(seconds)


async def main(store_url: str, bus_url: str, *address: str) -> None:
    async with (
        open_pool(store_url, connections=4) as pool,
        open_bus(bus_url, None, name="relay") as client,
    ):
        relay = Relay(EventStore(pool), client, Address(*address), lease=ShortLease(pool, "relay"))
        print("ready", flush=True)
        await relay.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
