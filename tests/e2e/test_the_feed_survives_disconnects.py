"""Disconnects during writes over both services with relabels: exactly what an oracle says.

In CI 200 disconnects during 2,000 writes; PARLEY_DISCONNECTS=1000 breaks off a thousand times, PARLEY_SEED
chooses another course. The oracle (I11) is that of `feed_course`.
"""

import asyncio
import os
import random

from tests.e2e.conftest import Everybody
from tests.e2e.feed_course import Reader, told_as_the_oracle_says, write_last, written
from tests.thorough import times

DISCONNECTS = int(os.environ.get("PARLEY_DISCONNECTS", times(40, thorough=200)))
WRITES = DISCONNECTS * 10
SEED = int(os.environ.get("PARLEY_SEED", "20261122"))
FINISH_SECONDS = 60


async def test_a_feed_broken_again_and_again_tells_exactly_what_the_oracle_says(
    everybody: Everybody,
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    writer, watcher = everybody["liaison-officer"], everybody["un-agency"]
    start = (await watcher.get("/v1/changes"))["next_cursor"]
    reader = Reader(watcher, start, chance)
    last: asyncio.Future[set[str]] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(FINISH_SECONDS + WRITES / 20), asyncio.TaskGroup() as group:
        group.create_task(reader.follow(last))
        fates = await written(writer, chance, WRITES)
        last.set_result(await write_last(writer))
    print(f"{reader.disconnects} disconnects during {WRITES} writes")
    assert reader.disconnects >= DISCONNECTS
    told_as_the_oracle_says(reader.told, fates)
