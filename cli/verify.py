"""`./parley verify`: hold a running or stopped installation against its promises, and name what breaks.

One line for each invariant; the exit code is 1 when one does not hold. What can only be shown by tests, or
needs something a client kept, is said to be so.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.verifying.kept_heads import read_heads
from cli.verifying.looking import Tell, at_acknowledged, at_checkpoints, looks_at
from cli.verifying.report import Checked, Report
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.outside import database_url, databases_of, nats_ca_file, nats_url
from deploy.local.postgres import Postgres
from deploy.local.services import Surroundings
from deploy.local.stack import Stack
from deploy.local.state import LOOPBACK, State, is_free, load_state, remembered_state
from shared.eventstore.verify import Progress
from shared.heads import SignedHead

STORES = ("contacts", "engagements", "gateway")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at besides the stores. `acknowledged`: ids of records a client was told of."""

    heads: Sequence[SignedHead] | None = None
    acknowledged: Sequence[str] | None = None


def main(arguments: Sequence[str]) -> int:
    """0 when every invariant that can be checked holds, else 1."""
    told = _parser().parse_args(arguments)
    layout = Layout(told.var.resolve())
    wanted = Wanted(
        [head for path in told.against for head in read_heads(path)] if told.against else None,
        _ids(told.acknowledged) if told.acknowledged else None,
    )
    report = asyncio.run(verified(layout, wanted, silent if told.json else progress))
    if sys.stdout.isatty() and not told.json:
        print("\r\033[K", end="")
    print(json.dumps(report.to_json(), indent=1) if told.json else report.to_table())
    return 0 if report.holds else 1


async def verified(layout: Layout, wanted: Wanted, tell: Tell) -> Report:
    async with servers(layout) as around:
        looks: list[Checked] = []
        for service in STORES:
            looks += await looks_at(around, service, wanted.heads, tell)
        return Report([*looks, *await _across(around, wanted)])


async def _across(around: Surroundings, wanted: Wanted) -> list[Checked]:
    looks = [await at_checkpoints(around, STORES)]
    if wanted.acknowledged is not None:
        looks.append(await at_acknowledged(around, STORES, wanted.acknowledged))
    return looks


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley verify", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--against", type=Path, action="append", help="signed heads that were kept; may be repeated"
    )
    parser.add_argument(
        "--acknowledged",
        type=Path,
        help='a client\'s record: one {"id": ...} of a written record a line',
    )
    return parser


def _ids(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
        return [str(json.loads(line)["id"]) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise LocalError(f"{path} does not hold one JSON object with an id a line.") from wrong


def progress(service: str, what: str) -> Progress:
    def tell(count: int) -> None:
        if sys.stdout.isatty():
            print(f"\r\033[K{service}: {count:,} {what}", end="", flush=True)

    return tell


def silent(service: str, what: str) -> Progress:
    return lambda count: None


@asynccontextmanager
async def servers(layout: Layout) -> AsyncIterator[Surroundings]:
    """The running servers, or ones started for this and stopped again."""
    state = remembered_state(layout)
    if state is None:
        raise LocalError("There is no installation here yet: ./parley up makes one.")
    if database_url() or not is_free(state.ports["postgres"]):
        yield _running(layout, state)
        return
    stopped = load_state(layout, exercise=False, gateway_port=None)
    async with Stack(layout, stopped, lambda words: None).servers() as around:
        yield around


def _running(layout: Layout, state: State) -> Surroundings:
    server = Postgres(layout, state.ports["postgres"])
    bus_url = nats_url() or f"nats://{LOOPBACK}:{state.ports['nats']}"
    databases = databases_of(layout, state, database_url() or server.admin_url)
    return Surroundings(layout, state, databases, bus_url, nats_ca_file())
