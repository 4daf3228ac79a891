"""`python -m tests.worlds`: any number of programs in two worlds. Prints the first difference."""

import argparse
import asyncio
import logging
import secrets
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future

from deploy.local.secrets import make_secrets
from tests.stack.nats import TestNats
from tests.stack.postgres import TestPostgres
from tests.stack.running import run_nats, run_postgres
from tests.stack.servers import in_background, temporary_layout
from tests.worlds.twins import Difference, Twins, open_twins

PROGRAMS = 500


def main(arguments: Sequence[str]) -> int:
    """0 when no answer differed, else 1."""
    parser = argparse.ArgumentParser(prog="./parley test --worlds", description=__doc__)
    parser.add_argument("--worlds", type=int, default=PROGRAMS, help="how many programs")
    parser.add_argument("--seed", help="play those of this seed again")
    options = parser.parse_args(arguments)
    logging.disable(logging.INFO)
    seed, began = options.seed or f"{secrets.randbelow(2**32):08x}", time.monotonic()
    with temporary_layout() as layout:
        make_secrets(layout.secrets)

        async def databases(stop: asyncio.Event, made: "Future[TestPostgres]") -> None:
            await run_postgres(layout, stop, made)

        async def bus(stop: asyncio.Event, made: "Future[TestNats]") -> None:
            await run_nats(layout, stop, made)

        with in_background(databases) as postgres, in_background(bus) as nats:

            async def played() -> tuple[Twins, Difference | None, int]:
                async with open_twins(postgres, nats, layout, seed) as twins:
                    return await _play(twins, seed, options.worlds)

            twins, found, number = asyncio.run(played())
    print(
        f"{number} programs from seed {seed}: {twins.asked} answers compared, "
        f"{1 if found else 0} differed, {time.monotonic() - began:.0f} s"
    )
    if found:
        print(f"{found}\nagain: ./parley test --worlds {number} --seed {seed}")
    return 1 if found else 0


async def _play(twins: Twins, seed: str, programs: int) -> tuple[Twins, Difference | None, int]:
    for number in range(programs):
        if found := await twins.play(f"{seed}-{number}"):
            return twins, found, number + 1
    return twins, None, programs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
