"""`./parley rebuild`: fold the read models anew beside the live ones, compare, change places.

Killed, it goes on where it was when it is called again with the same options.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from cli.verify import servers
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.services import Surroundings, environment
from services.reporting.cold_supply import RefusedError
from services.reporting.progress import SOURCES
from services.reporting.rebuild_steps import Tell, UnreadableEventError
from services.reporting.rebuilding import RebuildRunningError, Rebuilt, Wanted, rebuild
from services.reporting.settings import ReportingSettings
from shared.consumer import GapError

PREFIX = "PARLEY_"


def main(arguments: Sequence[str]) -> int:
    """0 when the rebuilt models equal the live ones, else 1."""
    parser = argparse.ArgumentParser(prog="./parley rebuild", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    parser.add_argument("--check", action="store_true", help="only compare; change nothing")
    parser.add_argument(
        "--cold", action="store_true", help="read the services' events themselves, not the streams"
    )
    parser.add_argument(
        "--retry-skipped", action="store_true", help="take in the events that were passed over"
    )
    parser.add_argument("--json", action="store_true", help="print both digests as JSON")
    told = parser.parse_args(arguments)
    layout = Layout(told.var.resolve())
    wanted = Wanted(swap=not told.check, onward=told.cold, retry_skipped=told.retry_skipped)
    rebuilt = asyncio.run(_rebuild(layout, wanted, cold=told.cold, quiet=told.json))
    print(
        json.dumps(_digests(rebuilt)) if told.json else _sentence(rebuilt, swapped=not told.check)
    )
    return 0 if rebuilt.equal else 1


async def _rebuild(layout: Layout, wanted: Wanted, *, cold: bool, quiet: bool) -> Rebuilt:
    async with servers(layout) as around:
        urls = {source: around.url(source) for source in SOURCES} if cold else None
        tell = _nothing if quiet else _progress()
        try:
            return await rebuild(settings_of(around), tell, wanted, urls)
        except GapError as gap:
            raise LocalError(f"{gap}. Its relay heals it; --cold does without the stream.") from gap
        except UnreadableEventError as poison:
            raise LocalError(
                f"{poison}. `./parley projections skip` has it passed over."
            ) from poison
        except (RebuildRunningError, RefusedError) as refused:
            raise LocalError(str(refused)) from refused
        except aiohttp.ClientConnectionError as away:
            raise LocalError("A service does not answer; --cold needs `./parley up`.") from away


def settings_of(around: Surroundings) -> ReportingSettings:
    """What the reporting service itself is told."""
    told = environment(around, "reporting")
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in told.items()
        if name.startswith(PREFIX)
    }
    return ReportingSettings.model_validate(named)


def _progress() -> Tell:
    def tell(source: str, position: int, target: int) -> None:
        if sys.stdout.isatty():
            print(f"\r\033[K{source}: {position} of {target} events", end="", flush=True)
            if position >= target:
                print()

    return tell


def _nothing(source: str, position: int, target: int) -> None:
    """For `--json`, whose only line is the answer."""


def _digests(rebuilt: Rebuilt) -> dict[str, object]:
    return {"live": rebuilt.live, "rebuilt": rebuilt.rebuilt, "equal": rebuilt.equal}


def _sentence(rebuilt: Rebuilt, *, swapped: bool) -> str:
    differing = sorted(name for name, one in rebuilt.live.items() if one != rebuilt.rebuilt[name])
    equal = "They say the same." if rebuilt.equal else f"They DIFFER in {', '.join(differing)}."
    served = "is served now" if swapped else "was only compared and is gone again"
    return f"Generation {rebuilt.generation} {served}. {equal}"
