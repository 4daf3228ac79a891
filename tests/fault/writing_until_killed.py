"""A process that appends as fast as it can, and says so after each acknowledgement. It is to be killed."""

import asyncio
import sys

from shared.eventstore.store import EventStore, open_store
from tests.stack.events import an_append

WRITERS = 8


def command_of(stream: str) -> bytes:
    return f"command of {stream}".encode()


async def main(url: str, life: str) -> None:
    async with open_store(url) as store, asyncio.TaskGroup() as group:
        for writer in range(WRITERS):
            group.create_task(_write(store, f"test_{life}_{writer}"))


async def _write(store: EventStore, prefix: str) -> None:
    number = 0
    while True:
        stream = f"{prefix}_{number}"
        await store.append(an_append(stream, command=command_of(stream)))
        print(stream, flush=True)
        number += 1


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
