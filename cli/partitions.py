"""`./parley partitions`: lays the events of each service into partitions by position, while everything runs.

The table that is there becomes the first partition as it is; the services make the next ones ahead of need.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from cli.safekeeping.one_sentence import with_one_sentence
from cli.verify import STORES, servers
from deploy.local.databases import Databases
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from shared.partitioning import SIZE, InTheWayError, partition

# Smaller ones could fill up before the next is made.
LEAST_SIZE = 1_000


def main(arguments: Sequence[str]) -> int:
    """0 when they lie in partitions, now or since before. Raises LocalError."""
    told = _parser().parse_args(arguments)
    if told.size < LEAST_SIZE:
        raise LocalError(f"A partition holds at least {LEAST_SIZE} positions.")
    with_one_sentence(_run(Layout(told.var.resolve()), told.size), "Not all lie in partitions")
    return 0


async def _run(layout: Layout, size: int) -> None:
    async with servers(layout) as around:
        for service in STORES:
            await _lay(around.databases, service, size)


async def _lay(databases: Databases, service: str, size: int) -> None:
    def tell(words: str) -> None:
        print(f"{service}: {words}", flush=True)

    try:
        if not await partition(databases.url(service, "owner"), size, tell):
            tell("lies in partitions already")
    except InTheWayError as held:
        raise LocalError(
            f"{service}: {held}. Nothing has changed; run it again when that is over."
        ) from held


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley partitions", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    parser.add_argument(
        "--size", type=int, default=SIZE, help=f"positions in one partition ({SIZE:,})"
    )
    return parser
