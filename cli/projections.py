"""`./parley projections`: where the projections of the read models stand, and what to do when one stops."""

import argparse
import asyncio
import getpass
from collections.abc import Sequence
from pathlib import Path

from cli.rebuild import settings_of
from cli.verify import servers
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from services.reporting.operating import Operating, Overview, Standing, UnknownProjectionError
from shared.database import open_pool
from shared.parking import Skip


def main(arguments: Sequence[str]) -> int:
    """0 when nothing is parked, or what was asked is done; else 1."""
    told = _parser().parse_args(arguments)
    return asyncio.run(_run(Layout(told.var.resolve()), told))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley projections", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    orders = parser.add_subparsers(dest="order", required=True)
    orders.add_parser("list", help="where each stands, and what is passed over")
    skip = orders.add_parser("skip", help="pass over the event before which one stands, for good")
    skip.add_argument("name", help="as the list and the health answer name it")
    skip.add_argument("position", type=int, help="the event's position, as a check")
    skip.add_argument("--reason", required=True, help="why; it is kept, and names no content")
    resume = orders.add_parser("resume", help="have one try its event again")
    resume.add_argument("name", help="as the list and the health answer name it")
    return parser


async def _run(layout: Layout, told: argparse.Namespace) -> int:
    async with (
        servers(layout) as around,
        open_pool(settings_of(around).projector_url, connections=2) as pool,
    ):
        operating = Operating(pool)
        try:
            match told.order:
                case "skip":
                    return await _skip(operating, told)
                case "resume":
                    return await _resume(operating, told)
                case _:
                    return _show(await operating.overview())
        except UnknownProjectionError as unknown:
            raise LocalError(str(unknown)) from unknown


async def _skip(operating: Operating, told: argparse.Namespace) -> int:
    if not await operating.skip(told.name, Skip(told.position, told.reason, by=getpass.getuser())):
        raise LocalError(f"{told.name} does not stand before an event at {told.position}.")
    print(f"{told.name} passes over position {told.position}, and so do rebuilds.")
    return 0


async def _resume(operating: Operating, told: argparse.Namespace) -> int:
    if not await operating.resume(told.name):
        raise LocalError(f"{told.name} is not parked.")
    print(f"{told.name} tries again.")
    return 0


def _show(overview: Overview) -> int:
    for standing in overview.standings:
        print(_line(standing))
    for row in overview.skipped:
        print(
            f"passed over: {row['name']} {row['position']} {row['event_type']}"
            f" by {row['by_whom']} at {row['at']:%Y-%m-%d %H:%M}Z: {row['reason']}"
        )
    for row in overview.rebuilds:
        print(
            f"being built: generation {row['generation']}, {row['source']}"
            f" {row['position']} of {row['target']} since {row['started_at']:%Y-%m-%d %H:%M}Z"
        )
    return 1 if any(standing.parked for standing in overview.standings) else 0


def _line(standing: Standing) -> str:
    if standing.parked:
        doing = f"PARKED before {standing.parked.position}: {standing.parked.what}"
    else:
        doing = "running" if standing.is_run else "nobody runs it"
    return f"{standing.place} at {standing.checkpoint.position}: {doing}"
