"""`./parley bench`: measure this checkout against a peer in the same run, on servers of its own."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

from cli.benching.result import Result, table
from cli.benching.search import search

SEED = 20_301
# Name -> what measures it. Each starts what it needs and leaves nothing behind.
BENCHES: dict[str, Callable[[int], Awaitable[list[Result]]]] = {"search": search}


def main(arguments: Sequence[str]) -> int:
    """0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="./parley bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHES)}")
    parser.add_argument("--seed", type=int, default=SEED, help="of everything that is random")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    told = parser.parse_args(arguments)
    if strangers := sorted({*told.names} - BENCHES.keys()):
        parser.error(f"there is no {strangers[0]!r}; there are {', '.join(BENCHES)}")
    results = asyncio.run(_measured(told.names or list(BENCHES), told.seed))
    if told.json:
        print(json.dumps({"seed": told.seed, "results": [one.as_json() for one in results]}))
    else:
        print(f"Seed {told.seed}.\n\n{table(results)}")
    return 0 if all(one.met is not False for one in results) else 1


async def _measured(names: Sequence[str], seed: int) -> list[Result]:
    return [result for name in names for result in await BENCHES[name](seed)]
