"""`./parley bench`: measure this checkout against a peer in the same run, on servers of its own."""

import argparse
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence

import uvloop

from cli.benching.appending import append_alone, append_bulk, append_peer, append_plain, append_two
from cli.benching.projecting import project
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


def main(arguments: Sequence[str]) -> int:
    """0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="./parley bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHES)}")
    parser.add_argument("--seed", type=int, default=SEED, help="of everything that is random")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    told = parser.parse_args(arguments)
    if strangers := sorted({*told.names} - BENCHES.keys()):
        parser.error(f"there is no {strangers[0]!r}; there are {', '.join(BENCHES)}")
    machine = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    results = uvloop.run(_measured(told.names or list(BENCHES), told.seed))
    if told.json:
        found = [one.as_json() for one in results]
        print(json.dumps({"seed": told.seed, "machine": machine, "results": found}))
    else:
        print(f"Seed {told.seed}, {machine['cores']} cores.\n\n{table(results)}")
    return 0 if all(one.met is not False for one in results) else 1


async def _measured(names: Sequence[str], seed: int) -> list[Result]:
    results = []
    for number, name in enumerate(names, start=1):
        print(f"{number} of {len(names)}: {name}", file=sys.stderr, flush=True)
        results += await BENCHES[name](seed)
    return results
