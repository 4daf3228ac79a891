"""`./parley bench`: measure this checkout against a peer in the same run, on servers of its own."""

import argparse
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence

import uvloop

from cli.benching.append_large import append_large
from cli.benching.appending import append_alone, append_bulk, append_peer, append_plain, append_two
from cli.benching.projecting import project
from cli.benching.querying import query
from cli.benching.reading_log import load, replay, verify
from cli.benching.relaying import relay, relay_durable
from cli.benching.result import Result, table
from cli.benching.sealing import seal
from cli.benching.search import search

SEED = 20_301
# Name -> what measures it. Each starts what it needs and leaves nothing behind.
BENCHES: dict[str, Callable[[int], Awaitable[list[Result]]]] = {
    "append-bulk": append_bulk,
    "append-peer": append_peer,
    "append-alone": append_alone,
    "append-plain": append_plain,
    "append-two": append_two,
    "relay": relay,
    "relay-durable": relay_durable,
    "project": project,
    "load": load,
    "replay": replay,
    "verify": verify,
    "seal": seal,
    "search": search,
}
# Only when they are named, for they take long: what measures them, and how much is stored unless --size says.
BY_HAND: dict[str, tuple[Callable[[int, int], Awaitable[list[Result]]], int]] = {
    "append-large": (append_large, 10_000_000),
    "query": (query, 1_000_000),
}
NAMES = [*BENCHES, *BY_HAND]


def main(arguments: Sequence[str]) -> int:
    """0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="./parley bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(NAMES)}")
    parser.add_argument("--seed", type=int, default=SEED, help="of everything that is random")
    parser.add_argument("--size", type=int, help=f"of what is stored, of: {', '.join(BY_HAND)}")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    told = parser.parse_args(arguments)
    if strangers := sorted({*told.names}.difference(NAMES)):
        parser.error(f"there is no {strangers[0]!r}; there are {', '.join(NAMES)}")
    machine = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    results = uvloop.run(_measured(told.names or list(BENCHES), told.seed, told.size))
    if told.json:
        found = [one.as_json() for one in results]
        print(json.dumps({"seed": told.seed, "machine": machine, "results": found}))
    else:
        print(f"Seed {told.seed}, {machine['cores']} cores.\n\n{table(results)}")
    return 0 if all(one.met is not False for one in results) else 1


async def _measured(names: Sequence[str], seed: int, size: int | None) -> list[Result]:
    results = []
    for number, name in enumerate(names, start=1):
        print(f"{number} of {len(names)}: {name}", file=sys.stderr, flush=True)
        if name in BENCHES:
            results += await BENCHES[name](seed)
        else:
            bench, usual = BY_HAND[name]
            results += await bench(seed, size or usual)
    return results
